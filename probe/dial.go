package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

const (
	// dialWait is how long one address may take to answer.
	dialWait = 10 * time.Second
	// dialStagger is the head start of an address over the next one (RFC
	// 8305 section 5 recommends 250 ms).
	dialStagger = 250 * time.Millisecond
)

// longAgo is a deadline that ends a wait at once.
var longAgo = time.Unix(1, 0)

func (s *session) resolve(ctx context.Context) bool {
	s.begin(StageResolve)
	if _, _, err := net.SplitHostPort(s.Server); err != nil {
		return s.fail(FaultNoSuchHost, fmt.Sprintf("%q is not host:port.", s.Server))
	}
	var err error
	if s.addresses, err = net.DefaultResolver.LookupIPAddr(ctx, s.host); err != nil {
		var dns *net.DNSError
		if errors.As(err, &dns) && dns.IsNotFound {
			return s.fail(FaultNoSuchHost, fmt.Sprintf("No address is known for %s; check the name and this machine's DNS.", s.host))
		}
		if ctx.Err() != nil {
			return s.broke(ctx, err)
		}
		return s.fail(FaultNoSuchHost, fmt.Sprintf("The DNS server gave no answer for %s; check this machine's network and DNS.", s.host))
	}
	s.addresses = alternate(s.addresses)
	for _, a := range s.addresses {
		s.stage.Addresses = append(s.stage.Addresses, Address{IP: a.String()})
	}
	return s.end()
}

// alternate orders addresses so that IPv6 and IPv4 take turns, as RFC 8305
// section 4 asks.
func alternate(all []net.IPAddr) []net.IPAddr {
	var families [2][]net.IPAddr
	for _, a := range all {
		family := 0
		if a.IP.To4() != nil {
			family = 1
		}
		families[family] = append(families[family], a)
	}
	var out []net.IPAddr
	for i := range all {
		for _, family := range families {
			if i < len(family) {
				out = append(out, family[i])
			}
		}
	}
	return out
}

// A dialled is what became of one address.
type dialled struct {
	index int
	conn  net.Conn
	err   error
	took  time.Duration
	crash *crash
}

// connect tries every address, each a little after the one before, and keeps
// the first that answers.
func (s *session) connect(ctx context.Context) bool {
	s.begin(StageConnect)
	dialCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan dialled)
	for i, a := range s.addresses {
		go func() { results <- s.dialOne(dialCtx, i, net.JoinHostPort(a.String(), s.port)) }()
	}
	tried := make([]Address, len(s.addresses))
	var won *dialled
	var failures []error
	var broken *crash
	for range s.addresses {
		d := <-results
		broken = cmp.Or(broken, d.crash)
		address := Address{IP: s.addresses[d.index].String(), MS: d.took.Milliseconds()}
		switch {
		case d.err == nil && won == nil:
			won = &d
			cancel()
		case d.err == nil:
			d.conn.Close()
			address.Error = "not needed"
		case won != nil && dialCtx.Err() != nil:
			address.Error = "not needed"
		default:
			failures = append(failures, d.err)
			address.Error = reason(d.err)
		}
		tried[d.index] = address
	}
	s.stage.Addresses = tried
	if broken != nil {
		if won != nil {
			won.conn.Close()
		}
		panic(*broken)
	}
	if won == nil {
		return s.unreachable(ctx, failures)
	}
	s.adopt(ctx, won.conn, won.took)
	return s.end()
}

// dialOne connects to one address. A panic of this goroutine is handed on to
// that of the session.
func (s *session) dialOne(ctx context.Context, i int, address string) (d dialled) {
	started := time.Now()
	defer func() {
		d.index, d.took = i, time.Since(started)
		if p := recover(); p != nil {
			c := newCrash(p)
			d.crash, d.err = &c, errors.New("smtpmend itself failed")
		}
	}()
	select {
	case <-time.After(time.Duration(i) * dialStagger):
	case <-ctx.Done():
		return dialled{err: ctx.Err()}
	}
	conn, err := s.dial(ctx, "tcp", address)
	return dialled{conn: conn, err: err}
}

// adopt makes conn, which took so long, the session's wire and has ctx end
// every wait on it.
func (s *session) adopt(ctx context.Context, conn net.Conn, took time.Duration) {
	below := newSocket(conn, took)
	s.wire = &wire{Conn: below, raw: below, hide: s.hide}
	s.watch(ctx)
	if s.Hello == "" {
		s.Hello = addressLiteral(conn.LocalAddr())
	}
}

// watch has ctx, and nothing else, end every wait on the wire.
func (s *session) watch(ctx context.Context) {
	s.wire.restart()
	s.unwatch = context.AfterFunc(ctx, s.wire.timeUp)
}

// unreachable says why no address could be connected to. All refused is
// another matter than silence.
func (s *session) unreachable(ctx context.Context, failures []error) bool {
	if ctx.Err() != nil {
		return s.broke(ctx, ctx.Err())
	}
	refused, silent := true, true
	var reasons []string
	for i, err := range failures {
		refused = refused && isRefused(err)
		silent = silent && isTimeout(err)
		reasons = append(reasons, s.addresses[i].String()+": "+reason(err))
	}
	switch {
	case refused:
		return s.fail(FaultRefused, fmt.Sprintf("%s refuses the connection; check the port, and the firewall in between.", s.Server))
	case silent:
		return s.fail(FaultTimeout, fmt.Sprintf("%s does not answer; a firewall or the internet provider may block port %s.", s.Server, s.port))
	}
	return s.fail(FaultUnreachable, fmt.Sprintf("%s cannot be reached (%s).", s.Server, strings.Join(reasons, "; ")))
}

// addressLiteral writes an address as RFC 5321 section 4.1.3 wants it.
func addressLiteral(a net.Addr) string {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return "localhost"
	}
	ip := ap.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return "[" + ip.String() + "]"
	}
	return "[IPv6:" + ip.String() + "]"
}
