//go:build !race

package listen

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/front"
)

// One session takes no more than sessionBytes, and as many as are served no
// more than 64 MB, however the device goes about it. What the test's own end
// of the connection takes counts as well.
func TestMemoryOfOneSession(t *testing.T) {
	if n := (Config{}).limits().Sessions; n*sessionBytes > 64<<20 || n < 500 {
		t.Errorf("%d sessions take %d MB", n, n*sessionBytes>>20)
	}
	const n = 20
	long := strings.Repeat("a", 1900)
	for _, tt := range []struct {
		name  string
		tls   *tls.Config
		begin []string
		line  func(i int) string
		times int
	}{
		{"EHLO", nil, nil, func(int) string { return "EHLO " + long }, 400},
		{"unknown commands", nil, []string{"EHLO printer"}, func(int) string { return "X " + long }, 3},
		{"short commands", nil, nil, func(int) string { return "NOOP" }, 400},
		{"padded commands", nil, nil, func(int) string { return "NOOP" + strings.Repeat(" ", 1900) }, 400},
		{"padded recipients", &tls.Config{}, append(signIn[:3:3], "MAIL FROM:<"+login+">"), func(i int) string {
			return fmt.Sprintf("RCPT TO:<%d@contoso.com>%s", i, strings.Repeat(" ", 1900))
		}, 400},
		{"mechanisms", &tls.Config{}, []string{"EHLO printer"}, func(int) string { return "AUTH PLAIN " + strings.Repeat("A", 12000) }, 150},
		{"names of mechanisms", &tls.Config{}, []string{"EHLO printer"}, func(i int) string { return fmt.Sprintf("AUTH X%d %s", i, long) }, 400},
		{"sign-ins", &tls.Config{}, []string{"EHLO printer"}, func(int) string { return "AUTH LOGIN " + b64(login) + "\r\n" }, 300},
		{"recipients", &tls.Config{}, append(signIn[:3:3], "MAIL FROM:<"+login+">"), func(i int) string { return fmt.Sprintf("RCPT TO:<%d%s@contoso.com>", i, long) }, 400},
		{"messages", &tls.Config{}, signIn, func(int) string { return strings.Join(send(login)[:4], "\r\n") }, 150},
		{"a long ClientHello", &tls.Config{NextProtos: protocols(28 << 10)}, []string{"EHLO printer"}, func(int) string { return "NOOP" }, 1},
		{"a longer ClientHello", &tls.Config{NextProtos: protocols(60 << 10)}, nil, func(int) string { return "NOOP" }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr, _ := start(t, func(c *Config) { c.Limits = front.Limits{} })
			before := inUse()
			var held []net.Conn
			for range n {
				held = append(held, misbehave(t, addr, tt.tls, tt.begin, tt.line, tt.times))
			}
			each := (inUse() - before) / n
			for i := 0; each > sessionBytes && i < 50; i++ { // some may be at their last line yet
				time.Sleep(20 * time.Millisecond)
				each = (inUse() - before) / n
			}
			t.Logf("%d kB", each>>10)
			if each > sessionBytes {
				t.Errorf("%d kB", each>>10)
			}
			runtime.KeepAlive(held)
		})
	}
}

// misbehave returns a connection once everything was answered.
func misbehave(t *testing.T, addr string, config *tls.Config, begin []string, line func(int) string, times int) net.Conn {
	t.Helper()
	d := dial(t, addr)
	d.line()
	if config != nil {
		d.cmd("EHLO printer", "STARTTLS")
		config := config.Clone()
		config.InsecureSkipVerify = true
		conn := tls.Client(d.conn, config)
		if err := conn.Handshake(); err != nil {
			return d.conn // the ClientHello was too long
		}
		d.conn = conn
		d.r.Reset(conn)
	}
	d.cmd(begin...)
	for i := range times {
		if io.WriteString(d.conn, line(i)+"\r\n"); d.line() == "" {
			break // it was hung up on
		}
	}
	return d.conn
}

// protocols fill a ClientHello.
func protocols(octets int) (all []string) {
	for n := 0; n < octets; n += 201 {
		all = append(all, fmt.Sprintf("%0200d", n))
	}
	return all
}

// inUse is the memory of what is alive.
func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
