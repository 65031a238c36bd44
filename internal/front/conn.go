package front

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"smtpmend/internal/dialogue"
)

// A conn stands between a client and go-smtp's server. It hands over one
// line at a time, so that it knows which line a reply belongs to, ends TLS
// itself, because what go-smtp writes can only be reworded while it is plain
// text, and keeps the record.
//
// Read and Write belong to the session's goroutine. Close may come from
// another one.
type conn struct {
	raw     net.Conn
	tls     atomic.Pointer[tls.Conn] // nil before the handshake
	server  *Server
	session *Session
	ends    time.Time // when the session is over in any case
	closing sync.Once

	r         *bufio.Reader
	pending   []byte // of a line that go-smtp has not taken yet
	commands  int
	unread    []byte // a line that broke off a transfer
	skip      int64  // bytes of a refused BDAT still to come
	failed    error  // the first error of a read; there is no other
	initial   string // response in the AUTH command at hand, in base64
	challenge bool   // the client's next line answers a 334
	message   bool   // between 354 and its final reply
	greeted   bool   // EHLO or HELO was accepted since the last handshake
	asked     bool   // AUTH was sent, whatever came of it
	hungUp    bool   // nothing more is read

	sender     bool      // MAIL was accepted since the last message
	recipients bool      // RCPT was, too
	transfer   *transfer // nil when no message comes in chunks

	out    []byte    // a reply line that go-smtp has not finished
	hello  bool      // in go-smtp's reply to EHLO
	answer *Reply    // what dialogue says to the command at hand
	open   bool      // the last exchange has no final reply yet
	opened time.Time // when it began
	lines  []string  // said to it
}

func newConn(raw net.Conn, server *Server) *conn {
	c := &conn{
		raw:     raw,
		server:  server,
		session: newSession(raw.RemoteAddr(), server.cfg.Flavour()),
		r:       bufio.NewReaderSize(raw, server.readerSize()),
	}
	c.ends = c.session.Started.Add(server.cfg.Limits.Session)
	if !server.cfg.ImplicitTLS {
		c.begin("")
	}
	return c
}

// The deadlines are the conn's own.

func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

func (c *conn) LocalAddr() net.Addr  { return c.raw.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr { return c.raw.RemoteAddr() }

// Close ends the session and tells the hook.
func (c *conn) Close() error {
	err := net.ErrClosed
	c.closing.Do(func() {
		c.finish()
		c.session.Ended = time.Now()
		if c.session.End == "" {
			c.session.End = c.whoEnded(nil)
		}
		if t := c.tls.Load(); t != nil {
			err = t.Close()
		} else {
			err = c.raw.Close()
		}
		c.server.forget(c)
		if hook := c.server.cfg.OnEnded; hook != nil {
			hook(c.session)
		}
	})
	return err
}

// waitUntil is the deadline for the next line.
func (c *conn) waitUntil() time.Time {
	idle := time.Now().Add(c.server.cfg.Limits.Idle)
	if c.ends.Before(idle) {
		return c.ends
	}
	return idle
}

// Read implements net.Conn: at most one line of the client.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.pending) == 0 {
		if c.unread == nil && c.startsTLS() {
			c.tlsAtOnce()
		}
		line, err := c.readLine()
		if err != nil {
			return 0, err
		}
		if !c.message {
			line = c.command(line)
		}
		c.pending = line
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// readLine returns the client's next line, valid until the next read.
func (c *conn) readLine() ([]byte, error) {
	if line := c.unread; line != nil {
		c.unread = nil
		return line, nil
	}
	for c.skip > 0 && c.ready() == nil {
		n, err := c.r.Discard(int(min(c.skip, int64(max(1, c.r.Buffered())))))
		c.skip -= int64(n)
		c.broke(err)
	}
	if err := c.ready(); err != nil {
		return nil, err
	}
	line, err := c.r.ReadSlice('\n')
	if err != nil && err != bufio.ErrBufferFull {
		c.session.Unfinished = len(line)
		return nil, c.broke(err)
	}
	return line, nil
}

// readChunk reads a piece of a message that comes in chunks.
func (c *conn) readChunk(p []byte) (int, error) {
	if err := c.ready(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	return n, c.broke(err)
}

// ready sets the deadline of a read, or returns why there is none.
func (c *conn) ready() error {
	if c.failed == nil && c.hungUp {
		return io.EOF
	}
	if c.failed == nil {
		c.raw.SetReadDeadline(c.waitUntil())
	}
	return c.failed
}

// command takes note of a line and returns what go-smtp gets of it, nil when
// the conn has dealt with it itself.
func (c *conn) command(line []byte) []byte {
	text := strings.TrimRight(string(line), "\r\n")
	if !c.continues(text) {
		c.commands++
	}
	if c.commands > c.server.cfg.Limits.Commands {
		c.say(tooManyErrors)
		return nil
	}
	c.begin(c.redact(text))
	c.asked = c.asked || dialogue.IsAUTH(text)
	if c.challenge {
		c.challenge = false
		return line
	}
	verb := strings.ToUpper(text)
	c.initial = initialResponse(text)
	switch {
	case len(line) > c.server.cfg.Limits.CommandBytes && !strings.HasPrefix(verb, "AUTH "):
		c.say(lineTooLong)
		return nil
	case strings.HasPrefix(verb, "STARTTLS") && c.tls.Load() == nil && c.greeted:
		c.startTLS()
		return nil
	case verb == "BDAT", strings.HasPrefix(verb, "BDAT "):
		return c.bdat(text)
	}
	return line
}

// Write implements net.Conn. It takes go-smtp's replies line by line and
// sends Microsoft's.
func (c *conn) Write(p []byte) (int, error) {
	if c.expectsTLS() {
		c.implicitTLS()
	}
	c.out = append(c.out, p...)
	for {
		line, rest, ok := bytes.Cut(c.out, []byte("\r\n"))
		if !ok {
			return len(p), nil
		}
		c.out = rest
		for _, reply := range c.reword(string(line)) {
			if err := c.send(reply); err != nil {
				return len(p), err
			}
		}
	}
}

// say sends a reply that go-smtp knows nothing of.
func (c *conn) say(r Reply) {
	for _, line := range r.tagged(c.session).lines() {
		c.send(line)
	}
}

// send writes one line of a reply and keeps the state that depends on it.
func (c *conn) send(line string) error {
	if c.hungUp {
		return net.ErrClosed
	}
	c.raw.SetWriteDeadline(time.Now().Add(time.Minute))
	var err error
	if t := c.tls.Load(); t != nil {
		_, err = io.WriteString(t, line+"\r\n")
	} else {
		_, err = io.WriteString(c.raw, line+"\r\n")
	}
	c.answered(line)
	c.message = strings.HasPrefix(line, "354 ")
	c.challenge = strings.HasPrefix(line, "334 ")
	if strings.HasPrefix(line, "421 ") {
		c.hungUp = true // Microsoft closes the channel after any 421
	}
	return err
}
