package stand

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"smtpmend/internal/listen"
)

// Networks are those of this machine and those of --allow. Interfaces is
// listen.Interfaces, or what stands for it.
func Networks(allow []string, interfaces func() ([]listen.Interface, error)) (listen.Networks, error) {
	var also []netip.Prefix
	for _, text := range allow {
		p, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil && addr.Zone() == "" {
			p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return listen.Networks{}, flagError("--allow %q is not a network such as 192.0.2.0/24, or an address", text)
		}
		also = append(also, p)
	}
	table, err := interfaces()
	if err != nil {
		return listen.Networks{}, fmt.Errorf("the networks of this machine could not be read: %s", err)
	}
	return listen.Choose(table, also), nil
}

// A Place is how a stand is reached.
type Place struct {
	Networks listen.Networks
	At       net.Addr
	Implicit bool          // TLS at once, else STARTTLS
	Count    int           // of sessions, 0 for no end
	Lasts    time.Duration // 0 for no end
	Forward  string        // HOST:PORT of the server that sign-ins go on to, "" for none
}

// Notes say what to type into the device, who can reach it there and how long.
func (l Place) Notes(now time.Time) (notes []string) {
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	n, bound := l.Networks, l.At.(*net.TCPAddr).AddrPort()
	encryption := "STARTTLS"
	if l.Implicit {
		encryption = "SSL/TLS"
	}
	for _, p := range reachable(n.Served, bound.Addr()) {
		note("type into the device: Server %s, port %d, encryption %s, authentication on; devices in %s reach it", p.Address, bound.Port(), encryption, p.Prefix)
	}
	for _, s := range n.Served {
		if !s.Address.IsValid() {
			note("devices in %s are served as well (--allow)", s.Prefix)
		}
	}
	for _, o := range n.LeftOut {
		if here(o.Address, bound.Addr()) {
			note("not served: %s behind %s (%s); --allow %s serves it", o.Prefix, o.Interface, o.Because, o.Prefix)
		}
	}
	passwords := "any password is taken, none is kept or sent on"
	if l.Forward != "" {
		passwords = "sign-ins are handed on to " + l.Forward
	}
	note("%s; it ends %s", passwords, l.until(now))
	note("listening on %s; Ctrl-C ends it", l.At)
	return notes
}

// reachable are the networks in which a device can be given an address of this
// machine to type in. Loopback is one where nothing else is.
func reachable(served []listen.Network, bound netip.Addr) []listen.Network {
	var near, local []listen.Network
	for _, s := range served {
		switch {
		case !s.Address.IsValid(), !here(s.Address, bound), s.Address.Is6() && s.Address.IsLinkLocalUnicast():
		case s.Address.IsLoopback():
			local = append(local, s)
		default:
			near = append(near, s)
		}
	}
	if len(near) == 0 {
		return local
	}
	return near
}

// here reports whether who listens on bound hears what comes to addr.
func here(addr, bound netip.Addr) bool {
	bound = bound.WithZone("").Unmap()
	return bound == addr || bound == netip.IPv6Unspecified() || bound == netip.IPv4Unspecified() && addr.Is4() ||
		bound.IsLoopback() && addr.IsLoopback() && bound.Is4() == addr.Is4()
}

// until is when it ends, in words.
func (l Place) until(now time.Time) string {
	text := "with Ctrl-C"
	if l.Lasts > 0 {
		format := "15:04"
		if l.Lasts > 12*time.Hour {
			format = "Mon 2 Jan 15:04"
		}
		text = fmt.Sprintf("at %s (--for %s), or %s", now.Add(l.Lasts).Format(format), short(l.Lasts), text)
	}
	switch {
	case l.Count == 1:
		text = "after 1 session, or " + text
	case l.Count > 1:
		text = fmt.Sprintf("after %d sessions, or %s", l.Count, text)
	}
	return text
}

// short writes "8h", not "8h0m0s".
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
