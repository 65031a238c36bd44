package front

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A pipeListener lets clients connect without sockets, so that a test can
// run in a synctest bubble.
type pipeListener struct {
	conns chan net.Conn
	gone  chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}
func (l pipeListener) Close() error   { close(l.gone); return nil }
func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// inBubble runs f with a client of a server whose clock is fake.
func inBubble(t *testing.T, change func(*Config), f func(*client)) {
	cfg := testConfig(t)
	change(&cfg)
	synctest.Test(t, func(t *testing.T) {
		l := pipeListener{make(chan net.Conn), make(chan struct{})}
		s := New(cfg)
		go s.Serve(l)
		near, far := net.Pipe()
		l.conns <- far
		defer s.Close()
		defer near.Close()
		f(newClient(t, near))
	})
}

func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func TestDelays(t *testing.T) {
	set := func(cfg *Config) { cfg.RefusalDelay, cfg.UnknownDelay = 6*time.Second, 5*time.Second }
	inBubble(t, set, func(c *client) {
		if d := took(func() { signIn(c, &tls.Config{}, "wrong") }); d != 6*time.Second {
			t.Errorf("a refused sign-in took %v", d)
		}
		if d := took(func() { c.cmd("*") }); d != 5*time.Second {
			t.Errorf("an unknown command took %v", d)
		}
		if d := took(func() { c.cmd("NOOP") }); d != 0 {
			t.Errorf("NOOP took %v", d)
		}
	})
}

// A client that is far away waits for a reply of several lines once.
func TestReplyDelay(t *testing.T) {
	far := func(cfg *Config) { cfg.ReplyDelay = 50 * time.Millisecond }
	inBubble(t, far, func(c *client) {
		if d := took(func() { c.line() }); d != 50*time.Millisecond {
			t.Errorf("the greeting took %v", d)
		}
		if d := took(func() { c.cmd("EHLO a") }); d != 50*time.Millisecond {
			t.Errorf("EHLO took %v", d)
		}
	})
}

func TestIdleAndSessionTime(t *testing.T) {
	idle := func(cfg *Config) { cfg.Limits = Limits{Idle: time.Second, Session: 3 * time.Second} }
	inBubble(t, idle, func(c *client) {
		c.line()
		c.send("EHL") // a line must be whole in time
		if got := c.line(); !strings.HasPrefix(got, "421 4.4.1 Connection timed out [") {
			t.Errorf("idle: %q", got)
		}
	})
	inBubble(t, idle, func(c *client) {
		d := took(func() {
			c.line()
			for range 3 {
				time.Sleep(900 * time.Millisecond)
				c.cmd("NOOP")
			}
			if got := c.line(); !strings.HasPrefix(got, "421 4.4.1 ") {
				t.Errorf("at the end of the session: %q", got)
			}
		})
		if d != 3*time.Second {
			t.Errorf("the session ended after %v", d)
		}
	})
}

// Within a message all that reads it gives up at once.
func TestIdleInMessage(t *testing.T) {
	idle := func(cfg *Config) { cfg.Limits = Limits{Idle: time.Second} }
	for _, sent := range []string{"DATA\r\nSubject: te", "DATA\r\nSubject: test\r\n", "BDAT 9\r\nhalf", "BDAT 4\r\nfull", "BDAT 9 LAST\r\nhalf"} {
		inBubble(t, idle, func(c *client) {
			signIn(c, &tls.Config{}, "right")
			c.cmd("MAIL FROM:<a@contoso.com>")
			c.cmd("RCPT TO:<b@example.com>")
			go io.WriteString(c.conn, sent)
			var lines []string
			d := took(func() {
				for line := c.line(); line[0] != '('; line = c.line() {
					lines = append(lines, line)
				}
			})
			replies := strings.Join(lines, "|")
			if !strings.Contains(replies, "451 4.7.0 Temporary") || !strings.Contains(replies, "|421 4.4.1 Connection timed out [") || d != time.Second {
				t.Errorf("%q: %q after %v", sent, replies, d)
			}
		})
	}
}

// A client that does not read what it is told is left after a minute.
func TestClientThatDoesNotRead(t *testing.T) {
	inBubble(t, func(*Config) {}, func(c *client) {
		c.line()
		d := took(func() {
			go io.WriteString(c.conn, "NOOP\r\nNOOP\r\nNOOP\r\n")
			time.Sleep(90 * time.Second)
			if got := c.line(); got != "(EOF)" {
				t.Errorf("got %q", got)
			}
		})
		if d != 90*time.Second {
			t.Errorf("it took %v", d)
		}
	})
}

func TestLimits(t *testing.T) {
	cfg := testConfig(t)
	cfg.Limits = Limits{PerPeer: 2, Commands: 5}
	addr := start(t, cfg)
	first, second := dial(t, addr), dial(t, addr)
	first.line()
	second.line()
	if got := dial(t, addr).line(); !strings.HasPrefix(got, "421 4.3.2 ") {
		t.Errorf("third connection: %q", got)
	}
	for range 5 {
		first.cmd("NOOP")
	}
	if got := first.cmd("NOOP"); !strings.HasPrefix(got, "421 4.7.0 Too many errors") {
		t.Errorf("sixth command: %q", got)
	}
	if got := second.cmd("NOOP " + strings.Repeat("x", maxCommand)); !strings.HasPrefix(got, "421 4.7.0 Line too long") {
		t.Errorf("long line: %q", got)
	}
}

func TestTooLargeMessage(t *testing.T) {
	cfg := testConfig(t)
	cfg.Limits = Limits{MessageBytes: 100}
	c := dial(t, start(t, cfg))
	signIn(c, &tls.Config{}, "right")
	c.cmd("MAIL FROM:<a@contoso.com>")
	c.cmd("RCPT TO:<b@example.com>")
	c.cmd("DATA")
	c.send(strings.Repeat("0123456789\r\n", 20))
	if got := c.cmd("."); !strings.HasPrefix(got, "552 5.3.4 Message size exceeds") {
		t.Errorf("got %q", got)
	}
	if got := c.cmd("NOOP"); got != "250 2.0.0 OK" {
		t.Errorf("afterwards: %q", got)
	}
}
