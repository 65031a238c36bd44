//go:build linux && !race

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
)

// What listen may take with as many devices at once as it serves, in MB. The race detector
// takes several times as much for itself, so this is not run under it.
const mostMemory = 128

// Of 200 devices that are connected at once, half are silent or drip; the
// others have what they send handed on, large messages among it. The peak is
// the real program's, as the kernel counts it.
func TestMemoryOfManyDevices(t *testing.T) {
	const quiet, busy, large = 100, 100, 4
	scenario, _ := tenantsim.LookupScenario("healthy")
	w := newWorld(t, scenario.State())
	s := startListen(t, "--forward", "--cloud-file", w.EndpointFile())
	hold(t, s.addr, quiet)
	each(busy, busy, func(_, i int) {
		text := "hello\r\n"
		if i < large {
			text = strings.Repeat(strings.Repeat("0123456789", 7)+"\r\n", 25<<20/72)
		}
		if err := submitAll(s.addr, tenantsim.Mailbox, w.env[envPassword], tenantsim.Mailbox, text); err != nil {
			t.Errorf("a device was disturbed: %v", err)
		}
	})
	if n := len(w.Inbox()); n != busy {
		t.Errorf("%d messages arrived", n)
	}
	peak := peakMemory(t, s.cmd.Process.Pid)
	t.Logf("%d MB", peak)
	if peak > mostMemory {
		t.Errorf("%d MB, more than %d", peak, mostMemory)
	}
}

// The worst that sessions can do to memory, in as many commands as they get:
// long lines, of which part is recorded; many; long lists; and large messages.
var worst = []struct {
	name  string
	plain bool
	begin []string
	line  string // said over and over
	times int
}{
	{name: "endless EHLO", plain: true, line: "EHLO " + strings.Repeat("a.", 500), times: 400},
	{name: "endless EHLO over TLS", line: "EHLO " + strings.Repeat("a.", 500), times: 400},
	{name: "long unknown lines", plain: true, begin: []string{"EHLO printer"}, line: "NOOP " + strings.Repeat("x", 2000), times: 400},
	{name: "many short commands", plain: true, line: "NOOP", times: 400},
	{name: "long mechanisms", begin: []string{"EHLO printer"}, line: "AUTH PLAIN " + strings.Repeat("A", 12000), times: 200},
	{name: "sign-ins that are refused", begin: []string{"EHLO printer"}, line: "AUTH LOGIN " + inBase64("scanner@contoso.com") + "\r\n", times: 200},
	{name: "a long envelope", begin: []string{"EHLO printer", "AUTH LOGIN " + inBase64("scanner@contoso.com"), inBase64("Paper-Jam-41"), "MAIL FROM:<scanner@contoso.com>"},
		line: "RCPT TO:<" + strings.Repeat("a", 1500) + "@contoso.com>", times: 400},
	{name: "a long message", begin: []string{"EHLO printer", "AUTH LOGIN " + inBase64("scanner@contoso.com"), inBase64("Paper-Jam-41"),
		"MAIL FROM:<scanner@contoso.com>", "RCPT TO:<b@contoso.com>", "DATA"}, line: strings.Repeat("From: ", 100), times: 500},
}

// 500 sessions of the worst kinds, from several addresses, that are all held
// to the end: the peak is what they take together.
func TestMemoryOfTheWorst(t *testing.T) {
	const sessions = 500
	s := startListen(t)
	each(sessions, 50, func(_, i int) {
		kind := worst[i%len(worst)]
		from := fmt.Sprintf("127.0.0.%d", 2+i%5)
		var d *lineDevice
		if kind.plain {
			d, _ = dialFrom(t, from, s.addr)
		} else {
			d = dialTLS(t, from, s.addr)
		}
		d.cmd(kind.begin...)
		go io.Copy(io.Discard, d.r) // until the test ends
		for range kind.times {
			if _, err := io.WriteString(d.conn, kind.line+"\r\n"); err != nil {
				return // it was hung up on
			}
		}
	})
	peak := peakMemory(t, s.cmd.Process.Pid)
	t.Logf("%d MB", peak)
	if peak > mostMemory {
		t.Errorf("%d MB, more than %d", peak, mostMemory)
	}
}

// hold keeps n connections open until the test ends, every second of them
// with a byte now and then.
func hold(t *testing.T, addr string, n int) {
	t.Helper()
	for i := range n {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if i%2 == 0 {
			continue
		}
		go func() {
			for {
				if _, err := conn.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
	}
}

// peakMemory is the most physical memory that a process ever took, in MB
// (VmHWM of proc(5)).
func peakMemory(t *testing.T, pid int) (mb int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kb int
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	return kb >> 10
}
