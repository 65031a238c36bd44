package listen

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"smtpmend/internal/front"
)

// maxTurned is how many clients that are turned away are told apart.
const maxTurned = 256

// A gate says who is served, and tells of the others, which are no sessions.
type gate struct {
	networks Networks
	tell     func(format string, args ...any)

	mu     sync.Mutex
	turned []turned
	others int // connections of addresses that are not in turned
}

// A turned is an address that was turned away, and why.
type turned struct {
	addr     netip.Addr
	stranger bool
	times    int
}

// notServed stands in place of the greeting (RFC 5321 section 3.1).
var notServed = front.Reply{Code: 554, Text: "5.7.1 smtpmend serves the networks of its own machine only"}

// stranger is what a client hears that is in none of the networks served.
func (g *gate) stranger(addr netip.Addr) front.Reply {
	if g.networks.Serves(addr) {
		return front.Reply{}
	}
	if g.first(addr, true) {
		g.tell("%s was turned away: it is in none of the networks served; %s serves it", addr, allow(addr))
	}
	return notServed
}

// full takes note of a client that is one too many.
func (g *gate) full(addr netip.Addr) {
	if g.first(addr, false) {
		g.tell("%s was turned away: too many devices are connected at once", addr)
	}
}

// allow is the flag that has a client served.
func allow(addr netip.Addr) string {
	return "--allow " + netip.PrefixFrom(addr, addr.BitLen()).String()
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
			why = "not served; " + allow(t.addr)
		}
		g.tell("turned away: %s, %s (%s)", t.addr, often(t.times), why)
	}
	if rest > 0 {
		g.tell("turned away: %d more connections of other addresses", rest)
	}
}
