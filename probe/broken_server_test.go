package probe_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"smtpmend/internal/wiretest"
)

// A turn is one point of the dialogue: what the server says there, in answer
// to one line, to a message, or to nothing.
type turn struct {
	name string
	says string
}

// turns is a whole dialogue with STARTTLS and LOGIN, the end of it with and
// without a message.
func turns(send bool) []turn {
	all := []turn{
		{"greeting", "220 mx.example ready\r\n"},
		{"first EHLO", "250-mx.example\r\n250 STARTTLS\r\n"},
		{"STARTTLS", "220 go ahead\r\n"},
		{"second EHLO", "250-mx.example\r\n250 AUTH LOGIN PLAIN XOAUTH2\r\n"},
		{"AUTH prompt", "334 UGFzc3dvcmQ6\r\n"},
		{"AUTH final", "235 2.7.0 signed in\r\n"},
		{"MAIL", "250 2.1.0 sender ok\r\n"},
		{"RCPT", "250 2.1.5 recipient ok\r\n"},
	}
	if send {
		return append(all, turn{"DATA", "354 go on\r\n"}, turn{"message", "250 2.0.0 queued\r\n"}, turn{"QUIT", "221 2.0.0 bye\r\n"})
	}
	return append(all, turn{"RSET", "250 2.0.0 reset\r\n"}, turn{"QUIT", "221 2.0.0 bye\r\n"})
}

// A breaking is what a server does in place of a good reply. It returns
// whether the dialogue goes on.
type breaking func(conn net.Conn, raw *net.TCPConn, good string) bool

// A breaker is a server without an SMTP library that breaks one turn.
type breaker struct {
	turns  []turn
	at     string // the turn to break, "" for none
	breaks breaking
	cert   tls.Certificate
	rings  *alarm // once the break was heard, nil for none
	slow   bool   // TLS records come in pieces

	wiretest.Heard // marked at the break
}

// start returns the server's address; it serves one connection.
func (b *breaker) start(t testing.TB) string {
	return serve(t, func(conn net.Conn) {
		raw := conn.(*net.TCPConn)
		in := bufio.NewReader(conn)
		under := false
		for _, turn := range b.turns {
			if turn.name != "greeting" && !b.Line(in, under, turn.name == "message") {
				return
			}
			if turn.name == b.at {
				b.Mark()
				if !b.breaks(conn, raw, turn.says) {
					if b.rings != nil {
						time.AfterFunc(heardBy, b.rings.ring)
					}
					for b.Line(in, under, false) {
					}
					return
				}
			} else {
				io.WriteString(conn, turn.says)
			}
			if turn.name == "STARTTLS" {
				if b.slow {
					conn = dribbling{conn}
				}
				secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{b.cert}})
				conn, in, under = secure, bufio.NewReader(secure), true
			}
		}
	})
}

// dribbling cuts what is written into pieces that come later than a probe
// waits for what nobody asked for.
type dribbling struct{ net.Conn }

func (d dribbling) Write(b []byte) (n int, err error) {
	for len(b) > n && err == nil {
		var m int
		m, err = d.Conn.Write(b[n:min(n+9, len(b))])
		n += m
		time.Sleep(300 * time.Microsecond)
	}
	return n, err
}

// heardBy is when loopback has surely delivered what was said.
const heardBy = 500 * time.Millisecond

// An alarm is a context whose time is up when it rings, however slow the
// machine is.
type alarm struct {
	context.Context
	done chan struct{}
}

func newAlarm(parent context.Context) *alarm { return &alarm{parent, make(chan struct{})} }

func (a *alarm) ring()                 { close(a.done) }
func (a *alarm) Done() <-chan struct{} { return a.done }
func (a *alarm) Err() error {
	select {
	case <-a.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
