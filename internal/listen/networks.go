package listen

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// An Interface is one network interface of this machine, as far as it matters
// who can be behind it.
type Interface struct {
	Name         string
	PointToPoint bool // both ends of a tunnel or a dial-up
	// Addresses holds each address of the machine with the length of its
	// network's prefix.
	Addresses []netip.Prefix
}

// Interfaces lists those that are up.
func Interfaces() ([]Interface, error) {
	cards, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all []Interface
	for _, card := range cards {
		addrs, err := card.Addrs()
		if err != nil || card.Flags&net.FlagUp == 0 {
			continue // one that has just gone has nobody behind it
		}
		i := Interface{Name: card.Name, PointToPoint: card.Flags&net.FlagPointToPoint != 0}
		for _, addr := range addrs {
			if p, err := netip.ParsePrefix(addr.String()); err == nil {
				i.Addresses = append(i.Addresses, p)
			}
		}
		all = append(all, i)
	}
	return all, nil
}

// A Network is where devices may be.
type Network struct {
	Prefix netip.Prefix
	// Address is the machine's own in it, the zero Addr where it has none.
	Address netip.Addr
	// Interface is its name, "" for a network that a person named.
	Interface string
	// Because says why a network is left out: "a VPN" or "not private".
	Because string
}

// Networks say whom to serve. The zero value serves loopback alone.
type Networks struct {
	Served, LeftOut []Network
}

// nearby are the networks that are not routed over the internet: loopback,
// private (RFC 1918), unique local (RFC 4193) and link-local (RFC 3927,
// RFC 4291).
var nearby = prefixes("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
	"fc00::/7", "169.254.0.0/16", "fe80::/10")

var loopback = nearby[:2]

// tunnels are how interfaces of VPNs are called that do not say of themselves
// that they have two ends only.
var tunnels = []string{"tun", "tap", "utun", "wg", "ppp", "ipsec", "gpd", "zt", "tailscale", "nordlynx", "openvpn", "wireguard", "vpn"}

func prefixes(all ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range all {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}

// Choose serves loopback, the private networks of this machine's own
// interfaces and what a person allows besides. VPNs and public networks are
// left out.
func Choose(table []Interface, allow []netip.Prefix) Networks {
	var n Networks
	for _, i := range table {
		for _, own := range i.Addresses {
			n.add(i, own, allow)
		}
	}
	for _, p := range allow {
		if !n.has(p) {
			n.Served = append(n.Served, Network{Prefix: p.Masked()})
		}
	}
	return n
}

func (n *Networks) add(i Interface, own netip.Prefix, allow []netip.Prefix) {
	network := Network{Prefix: own.Masked(), Address: own.Addr().WithZone(""), Interface: i.Name}
	within := slices.IndexFunc(nearby, func(p netip.Prefix) bool { return p.Contains(network.Address) })
	allowed := slices.ContainsFunc(allow, func(p netip.Prefix) bool {
		return p.Bits() <= network.Prefix.Bits() && p.Contains(network.Address)
	})
	switch {
	case allowed:
	case within < 0:
		network.Because = "not private"
	case network.Address.IsLoopback():
	case i.PointToPoint, isTunnel(i.Name):
		network.Because = "a VPN"
	case nearby[within].Bits() > network.Prefix.Bits():
		network.Prefix = nearby[within]
	}
	if network.Because != "" {
		n.LeftOut = append(n.LeftOut, network)
	} else {
		n.Served = append(n.Served, network)
	}
}

func isTunnel(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(tunnels, func(t string) bool { return strings.HasPrefix(name, t) })
}

// has reports whether a prefix is among the networks served.
func (n *Networks) has(p netip.Prefix) bool {
	return slices.ContainsFunc(n.Served, func(s Network) bool { return s.Prefix == p.Masked() })
}

// Serves reports whether a device with that address is served. What a VPN of
// this machine reaches is not, though its addresses may lie in a network that
// is, unless a person allowed it.
func (n *Networks) Serves(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if len(n.Served) == 0 {
		return slices.ContainsFunc(loopback, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
	served := longest(n.Served, addr)
	return served >= 0 && served >= longest(n.LeftOut, addr)
}

// longest is the length of the longest prefix with addr in it, -1 for none.
func longest(all []Network, addr netip.Addr) int {
	bits := -1
	for _, n := range all {
		if n.Prefix.Contains(addr) {
			bits = max(bits, n.Prefix.Bits())
		}
	}
	return bits
}
