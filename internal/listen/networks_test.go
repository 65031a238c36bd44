package listen

import (
	"net/netip"
	"testing"
)

func TestNetworks(t *testing.T) {
	table := []Interface{
		{Name: "lo", Addresses: prefixes("127.0.0.1/8", "::1/128")},
		{Name: "eth0", Addresses: prefixes("192.168.7.5/24", "2001:db8::5/64", "fd00:7::5/64", "fe80::5/64")},
		{Name: "eth1", Addresses: prefixes("203.0.113.9/28")},
		{Name: "wide", Addresses: prefixes("172.16.0.9/3")},
		{Name: "tun0", PointToPoint: true, Addresses: prefixes("10.8.0.2/24")},
		{Name: "Tailscale", Addresses: prefixes("100.100.1.1/32", "fd7a:115c:a1e0::1/48")},
		{Name: "wg0", Addresses: prefixes("192.168.7.64/26")},
	}
	ask := func(n Networks, addr string) bool { return n.Serves(netip.MustParseAddr(addr)) }
	for _, tt := range []struct {
		addr  string
		serve bool
		allow string // makes it served
	}{
		{"127.0.0.1", true, ""},
		{"127.99.1.1", true, ""},
		{"::1", true, ""},
		{"192.168.7.200", true, ""},
		{"::ffff:192.168.7.200", true, ""},
		{"fd00:7::99", true, ""},
		{"fe80::99%eth0", true, ""},
		{"172.17.0.2", true, ""},
		{"172.32.0.2", false, "172.32.0.0/16"},     // in the prefix of wide, but public
		{"192.168.7.70", false, "192.168.7.64/26"}, // behind wg0, in the prefix of eth0
		{"192.168.8.1", false, "192.168.8.1/32"},   // another private network
		{"10.8.0.7", false, "10.8.0.0/16"},         // a VPN
		{"fd7a:115c:a1e0::7", false, "fd7a::/16"},  // a VPN by its name
		{"203.0.113.10", false, "203.0.113.10/32"}, // public
		{"2001:db8::7", false, "2001:db8::/64"},    // public
		{"198.51.100.1", false, "0.0.0.0/0"},       // anybody
		{"100.100.1.1", false, "100.100.0.0/16"},   // shared address space
		{"169.254.3.3", false, "169.254.0.0/16"},   // no interface of ours is there
		{"::ffff:10.8.0.7", false, "10.8.0.7/32"},  // a VPN, mapped
		{"fe80::1", true, ""},                      // the zone does not count
	} {
		if got := ask(Choose(table, nil), tt.addr); got != tt.serve {
			t.Errorf("%s: served %v", tt.addr, got)
		}
		if tt.allow != "" && !ask(Choose(table, prefixes(tt.allow)), tt.addr) {
			t.Errorf("%s: not served in spite of --allow %s", tt.addr, tt.allow)
		}
	}
	because := map[string]string{}
	for _, l := range Choose(table, nil).LeftOut {
		because[l.Prefix.String()] = l.Because
	}
	for prefix, why := range map[string]string{"10.8.0.0/24": "a VPN", "fd7a:115c:a1e0::/48": "a VPN", "203.0.113.0/28": "not private", "192.168.7.64/26": "a VPN"} {
		if because[prefix] != why {
			t.Errorf("%s is left out as %q", prefix, because[prefix])
		}
	}
	var none Networks
	if !ask(none, "127.0.0.1") || ask(none, "192.168.7.200") {
		t.Error("the zero value serves something else than loopback")
	}
}
