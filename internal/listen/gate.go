package listen

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"smtpmend/internal/front"
)

// What clients hear that are turned away. 554 in place of the greeting is for
// those that are not served at all (RFC 5321 section 3.1).
const (
	sayStranger = "554 5.7.1 smtpmend serves the networks of its own machine only\r\n"
	sayFull     = "421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel\r\n"
)

// Bounds on what clients that are turned away can use up: how many of them are
// answered at once, the others are hung up on, and how many are told apart.
const (
	maxAnswered = 64
	maxTurned   = 256
)

// A gate accepts the devices that are served, as many as fit, and tells of the
// others, which are no sessions.
type gate struct {
	net.Listener
	networks Networks
	limits   front.Limits
	tell     func(format string, args ...any)
	answers  chan struct{}

	mu     sync.Mutex
	all    int
	of     map[netip.Addr]int // connections, of one address
	turned []turned
	others int // connections of addresses that are not in turned
}

// A turned is an address that was turned away, and why.
type turned struct {
	addr     netip.Addr
	stranger bool
	times    int
}

func newGate(l net.Listener, c Config, tell func(string, ...any)) *gate {
	return &gate{
		Listener: l, networks: c.Networks, limits: c.limits(), tell: tell,
		answers: make(chan struct{}, maxAnswered), of: map[netip.Addr]int{},
	}
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr := addrOf(conn)
		switch {
		case !g.networks.Serves(addr):
			g.turnAway(conn, addr, true, sayStranger)
		case !g.enter(addr):
			g.turnAway(conn, addr, false, sayFull)
		default:
			return &guest{Conn: conn, leave: sync.OnceFunc(func() { g.leave(addr) })}, nil
		}
	}
}

func addrOf(conn net.Conn) netip.Addr {
	ap, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Addr{} // which no network holds
	}
	return ap.Addr().Unmap().WithZone("")
}

func (g *gate) enter(addr netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= g.limits.Sessions || g.of[addr] >= g.limits.PerPeer {
		return false
	}
	g.all++
	g.of[addr]++
	return true
}

func (g *gate) leave(addr netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.of[addr]--; g.of[addr] == 0 {
		delete(g.of, addr)
	}
}

// A guest is the connection of a device that was let in.
type guest struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *guest) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

func (g *gate) turnAway(conn net.Conn, addr netip.Addr, stranger bool, words string) {
	if g.first(addr, stranger) {
		if stranger {
			g.tell("%s was turned away: it is in none of the networks served; --allow %s serves it", addr, netip.PrefixFrom(addr, addr.BitLen()))
		} else {
			g.tell("%s was turned away: too many devices are connected at once", addr)
		}
	}
	select {
	case g.answers <- struct{}{}:
		go func() {
			answer(conn, words)
			<-g.answers
		}()
	default:
		conn.Close()
	}
}

func answer(conn net.Conn, words string) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	conn.Write([]byte(words)) // to somebody who is not served
}

// first counts a connection that is turned away, and reports whether a line
// about its address is due.
func (g *gate) first(addr netip.Addr, stranger bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.IndexFunc(g.turned, func(t turned) bool { return t.addr == addr && t.stranger == stranger })
	switch {
	case i >= 0:
		g.turned[i].times++
		return false
	case len(g.turned) == maxTurned:
		g.others++
		return false
	}
	g.turned = append(g.turned, turned{addr, stranger, 1})
	return true
}

func often(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// sum says at the end who was turned away, and how often.
func (g *gate) sum() {
	const most = 20
	g.mu.Lock()
	defer g.mu.Unlock()
	rest := g.others
	for i, t := range g.turned {
		if i >= most {
			rest += t.times
			continue
		}
		why := "too many at once"
		if t.stranger {
			why = fmt.Sprintf("not served; --allow %s", netip.PrefixFrom(t.addr, t.addr.BitLen()))
		}
		g.tell("turned away: %s, %s (%s)", t.addr, often(t.times), why)
	}
	if rest > 0 {
		g.tell("turned away: %d more connections of other addresses", rest)
	}
}
