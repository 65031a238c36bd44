package main

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"smtpmend/internal/listen"
	"smtpmend/internal/tenantsim"
)

func oneInterface(name string, pointToPoint bool, addrs ...string) listen.Interface {
	i := listen.Interface{Name: name, PointToPoint: pointToPoint}
	for _, a := range addrs {
		i.Addresses = append(i.Addresses, netip.MustParsePrefix(a))
	}
	return i
}

// office stands for a machine with a network of its own, a VPN and a public
// address, all of them loopback.
func office() ([]listen.Interface, error) {
	return []listen.Interface{
		oneInterface("lo", false, "127.0.0.1/9"),
		oneInterface("eth0", false, "192.168.7.5/24", "fd00:7::5/64", "fe80::5/64"),
		oneInterface("wg0", true, "10.8.0.2/24"),
		oneInterface("eth1", false, "203.0.113.9/28"),
	}, nil
}

// At the start a person reads what to type into the device, for each address,
// who reaches it there and how long.
func TestListenSaysWhatToType(t *testing.T) {
	for _, tt := range []struct {
		name      string
		args      []string
		says, not []string
	}{
		{"every address", []string{"--addr", "0.0.0.0:0"}, []string{
			"Server 192.168.7.5, port ", ", encryption STARTTLS, authentication on; devices in 192.168.7.0/24 reach it",
			"not served: 10.8.0.0/24 behind wg0 (a VPN); --allow 10.8.0.0/24 serves it",
			"not served: 203.0.113.0/28 behind eth1 (not private); --allow 203.0.113.0/28 serves it",
			"any password is taken, none is kept or sent on; it ends at ", "(--for 8h), or with Ctrl-C",
		}, []string{"Server 127.", "Server 10.8", "Server 203", "Server fe80"}},
		{"every address, in short", []string{"--addr", ":0"}, []string{"Server 192.168.7.5,"}, []string{"Server fe80"}},
		{"one address", []string{"--addr", "127.0.0.1:0", "--for", "90m", "--implicit-tls"}, []string{
			"Server 127.0.0.1, port ", "encryption SSL/TLS, authentication on; devices in 127.0.0.0/9 reach it", "(--for 1h30m)",
		}, []string{"Server 192", "not served"}},
		{"allowed", []string{"--addr", "0.0.0.0:0", "--allow", "10.8.0.0/16", "--allow", "198.51.100.7", "--for", "0"}, []string{
			"Server 10.8.0.2, port ", "devices in 10.8.0.0/16 are served as well (--allow)",
			"devices in 198.51.100.7/32 are served as well (--allow)", "; it ends with Ctrl-C",
		}, []string{"not served: 10.8", "--for"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startOn(t, nil, office, tt.args...)
			s.stop()
			s.wait()
			for _, want := range tt.says {
				if !strings.Contains(s.said(), want) {
					t.Errorf("does not say %q:\n%s", want, s.said())
				}
			}
			for _, not := range tt.not {
				if strings.Contains(s.said(), not) {
					t.Errorf("says %q:\n%s", not, s.said())
				}
			}
		})
	}
}

// A stranger hears a refusal at once, the person the --allow, and it is none
// of the sessions.
func TestListenTurnsStrangersAway(t *testing.T) {
	s := startOn(t, nil, office, "--addr", "127.0.0.1:0", "--count", "1")
	for range 2 {
		if _, greeting := dialFrom(t, "127.128.0.5", s.addr); !strings.HasPrefix(greeting, "554 5.7.1 ") {
			t.Errorf("a stranger heard %q", greeting)
		}
	}
	if err := submit(s.addr, tenantsim.Mailbox, "Paper-Jam-41"); err != nil {
		t.Errorf("a neighbour: %v", err)
	}
	if code := s.wait(); code != exitOK {
		t.Errorf("exit %d", code)
	}
	for want, times := range map[string]int{
		"127.128.0.5 was turned away: it is in none of the networks served; --allow 127.128.0.5/32 serves it": 1,
		"turned away: 127.128.0.5, 2 times (not served; --allow 127.128.0.5/32)":                              1,
		"1 session: 1 healthy": 1,
	} {
		if n := strings.Count(s.notes.String(), want); n != times {
			t.Errorf("%q was said %d times:\n%s", want, n, s.notes.String())
		}
	}
	s = startOn(t, nil, office, "--addr", "127.0.0.1:0", "--allow", "127.128.0.5/32")
	if _, greeting := dialFrom(t, "127.128.0.5", s.addr); !strings.HasPrefix(greeting, "220 ") {
		t.Errorf("allowed, it heard %q", greeting)
	}
}

// --for ends it as Ctrl-C does: with the last session's exit code.
func TestListenEndsAfterItsTime(t *testing.T) {
	s := startStand(t, "--for", "1s")
	if err := submit(s.addr, tenantsim.Mailbox, "Paper-Jam-41"); err != nil {
		t.Fatal(err)
	}
	if code := s.wait(); code != exitOK || !strings.Contains(s.said(), "1 session: 1 healthy") {
		t.Errorf("exit %d: %s", code, s.said())
	}
	s = startStand(t, "--for", "1ms")
	if code := s.wait(); code != exitUnsettled || !strings.Contains(s.said(), "no device connected") {
		t.Errorf("without a session: exit %d: %s", code, s.said())
	}
}

// A device that does everything right is pointed back at the service.
func TestListenSaysWhatComesNext(t *testing.T) {
	s := startStand(t, "--count", "1", "--allow", "127.0.0.0/8", "--allow", "10.0.0.0/8")
	if err := submit(s.addr, tenantsim.Mailbox, "Paper-Jam-41"); err != nil {
		t.Fatal(err)
	}
	s.wait()
	for _, want := range []string{
		"Point the device back at smtp.office365.com, port 587, STARTTLS.",
		"Where it was told to trust this test's certificate, remove that from it again.",
		"smtpmend listen --addr 127.0.0.1:0 --allow 127.0.0.0/8 --allow 10.0.0.0/8 --count 1 --forward",
		"smtpmend diagnose " + tenantsim.Mailbox,
		"should forget it again",
	} {
		if !strings.Contains(flat(s.said()), want) {
			t.Errorf("does not say %q:\n%s", want, s.said())
		}
	}
	s = startStand(t, "--count", "1")
	if err := submitAll(s.addr, tenantsim.Mailbox, "Paper-Jam-41", "boss@contoso.com", "hello\r\n"); err == nil {
		t.Fatal("accepted")
	}
	if s.wait(); strings.Contains(s.said(), "Point the device back") {
		t.Errorf("a device with a fault of its own is sent back:\n%s", s.said())
	}
}

func TestListenAllowIsANetwork(t *testing.T) {
	for _, allow := range []string{"", "office", "10.0.0.0/33", "fe80::1%eth0"} {
		var said bytes.Buffer
		c := &console{Out: &said, Err: &said, interfaces: office}
		if code := run(t.Context(), c, []string{"listen", "--addr", "127.0.0.1:0", "--allow", allow}); code != exitUsage || !strings.Contains(said.String(), "is not a network such as") {
			t.Errorf("--allow %q: exit %d: %s", allow, code, &said)
		}
	}
}
