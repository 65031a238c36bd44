package main

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"smtpmend/internal/listen"
	"smtpmend/internal/view"
)

// networks are those of this machine and those of --allow.
func (a *app) networks(allow []string) (listen.Networks, error) {
	var also []netip.Prefix
	for _, text := range allow {
		p, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil && addr.Zone() == "" {
			p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return listen.Networks{}, usage("--allow %q is not a network such as 192.0.2.0/24, or an address", text)
		}
		also = append(also, p)
	}
	interfaces := a.interfaces
	if interfaces == nil {
		interfaces = listen.Interfaces
	}
	table, err := interfaces()
	if err != nil {
		return listen.Networks{}, trouble("the networks of this machine could not be read: %s", err)
	}
	return listen.Choose(table, also), nil
}

// placesNotes say what to type into the device, who can reach it there and
// how long.
func (a *app) placesNotes(l listening, n listen.Networks, at net.Addr) {
	bound := at.(*net.TCPAddr).AddrPort()
	encryption := "STARTTLS"
	if l.implicit {
		encryption = "SSL/TLS"
	}
	for _, p := range reachable(n.Served, bound.Addr()) {
		a.note("type into the device: Server %s, port %d, encryption %s, authentication on; devices in %s reach it", p.Address, bound.Port(), encryption, p.Prefix)
	}
	for _, s := range n.Served {
		if !s.Address.IsValid() {
			a.note("devices in %s are served as well (--allow)", s.Prefix)
		}
	}
	for _, o := range n.LeftOut {
		if here(o.Address, bound.Addr()) {
			a.note("not served: %s behind %s (%s); --allow %s serves it", o.Prefix, o.Interface, o.Because, o.Prefix)
		}
	}
	passwords := "any password is taken, none is kept or sent on"
	if l.forward {
		passwords = "sign-ins are handed on to " + l.server
	}
	a.note("%s; it ends %s", passwords, l.until(time.Now()))
	a.note("listening on %s; Ctrl-C ends it", at)
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
func (l *listening) until(now time.Time) string {
	var ends []string
	if l.count > 0 {
		ends = append(ends, fmt.Sprintf("after %s", view.Plural(l.count, "session", "sessions")))
	}
	if l.lasts > 0 {
		format := "15:04"
		if l.lasts > 12*time.Hour {
			format = "Mon 2 Jan 15:04"
		}
		ends = append(ends, fmt.Sprintf("at %s (--for %s)", now.Add(l.lasts).Format(format), short(l.lasts)))
	}
	return strings.Join(append(ends, "with Ctrl-C"), ", or ")
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
