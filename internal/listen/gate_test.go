package listen

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/front"
)

// told keeps what a person was told.
type told struct {
	mu  sync.Mutex
	all []string
}

func (s *told) tell(sentence string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, sentence)
}

func (s *told) count(part string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, sentence := range s.all {
		if strings.Contains(sentence, part) {
			n++
		}
	}
	return n
}

// dialFrom connects from one of the addresses of loopback.
func dialFrom(t *testing.T, from, addr string) *device {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := d.Dial("tcp", addr)
	if err != nil {
		t.Skip("this system has no further addresses of loopback: ", err)
	}
	return newDevice(t, conn)
}

// Half of loopback stands for the own network, the other half for strangers.
var halfOfLoopback = Choose([]Interface{{Name: "lo", Addresses: prefixes("127.0.0.1/9")}}, nil)

// A stranger is turned away at once and in words, however often it comes; the
// person learns of it once and at the end; it is no session.
func TestStrangersAreTurnedAway(t *testing.T) {
	var s told
	t.Run("serving", func(t *testing.T) {
		addr, reports := start(t, func(c *Config) {
			c.Networks, c.Tell, c.Count = halfOfLoopback, s.tell, 1
			c.Limits.Idle = 20 * time.Second
		})
		for range 3 {
			d := dialFrom(t, "127.128.0.9", addr)
			if got := d.line(); !strings.HasPrefix(got, "554 5.7.1 ") {
				t.Fatalf("a stranger heard %q", got)
			}
			if _, err := d.r.ReadByte(); err == nil {
				t.Error("and more")
			}
		}
		if n := s.count("127.128.0.9 was turned away: it is in none of the networks served; --allow 127.128.0.9/32 serves it"); n != 1 {
			t.Errorf("told %d times: %q", n, s.all)
		}
		d := dialFrom(t, "127.1.2.3", addr)
		if got := d.line(); !strings.HasPrefix(got, "220 ") {
			t.Errorf("a neighbour heard %q", got)
		}
		d.cmd("QUIT")
		if r := <-reports; !strings.HasPrefix(r.Peer, "127.1.2.3:") {
			t.Errorf("reported %s", r.Peer)
		}
	})
	if n := s.count("turned away: 127.128.0.9, 3 times (not served; --allow 127.128.0.9/32)"); n != 1 {
		t.Errorf("at the end: %q", s.all)
	}
}

// Devices that are one too many are told so, and so is the person; when one
// leaves, there is room again.
func TestTooManyAreTurnedAway(t *testing.T) {
	for _, tt := range []struct {
		name   string
		limits front.Limits
		other  string // address of the device that is one too many
	}{
		{"in all", front.Limits{Sessions: 2, PerPeer: 2}, "127.0.0.3"},
		{"of one address", front.Limits{Sessions: 9, PerPeer: 2}, "127.0.0.2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s told
			addr, reports := start(t, func(c *Config) { c.Limits, c.Tell = tt.limits, s.tell })
			first := dialFrom(t, "127.0.0.2", addr)
			first.line()
			dialFrom(t, "127.0.0.2", addr).line()
			for range 2 {
				if got := dialFrom(t, tt.other, addr).line(); !strings.HasPrefix(got, "421 4.3.2 ") {
					t.Errorf("one too many heard %q", got)
				}
			}
			if s.count(tt.other+" was turned away: too many devices") != 1 {
				t.Errorf("told: %q", s.all)
			}
			first.cmd("QUIT")
			<-reports
			if got := dialFrom(t, tt.other, addr).line(); !strings.HasPrefix(got, "220 ") {
				t.Errorf("where there is room again: %q", got)
			}
		})
	}
}

// What is remembered of those that are turned away is bounded.
func TestTurnedAwayIsBounded(t *testing.T) {
	var s told
	g := &gate{tell: func(format string, args ...any) { s.tell(format) }}
	lines := 0
	for i := range 10_000 {
		if g.first(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), true) {
			lines++
		}
	}
	g.sum()
	if lines != maxTurned || len(g.turned) != maxTurned || len(s.all) != 21 {
		t.Errorf("%d lines, %d remembered, %d at the end", lines, len(g.turned), len(s.all))
	}
}
