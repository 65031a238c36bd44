package front

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"smtpmend/internal/dialogue"
)

// A conn has the dialogue with one client and keeps the record of it. It
// belongs to the goroutine of serve.
type conn struct {
	raw     net.Conn
	wire    net.Conn // raw, or TLS over it
	r       *bufio.Reader
	server  *Server
	session *Session
	ends    time.Time // when the session is over in any case

	commands int
	errors   int    // unknown commands
	unread   []byte // a line that broke off a transfer
	skip     int64  // octets of a refused BDAT still to come
	failed   error  // the first error of a read; there is no other
	hungUp   bool   // nothing more is read or said

	greeted   bool // EHLO or HELO was accepted since the last handshake
	asked     bool // AUTH was sent, whatever came of it
	challenge bool // the client's next line answers a 334
	signedIn  bool // AUTH was accepted; there is no second one
	accepted
	transfer *transfer // nil when no message comes in chunks
}

// accepted is what was of the next message so far.
type accepted struct {
	sender, recipients bool
	binary             bool // BODY=BINARYMIME: it may come by BDAT only
}

func newConn(raw net.Conn, server *Server) *conn {
	c := &conn{raw: raw, wire: raw, server: server, session: newSession(raw.RemoteAddr(), server.cfg.Flavour())}
	c.ends = c.session.Started.Add(server.cfg.Limits.Session)
	c.r = bufio.NewReaderSize(raw, server.readerSize())
	return c
}

// serve has the dialogue to its end and tells the hook.
func (c *conn) serve() {
	defer c.close()
	defer func() {
		if p := recover(); p != nil {
			c.server.cfg.ErrorLog.Printf("panic serving %v: %v\n%s", c.session.Peer, p, debug.Stack())
			c.say(Temporary)
		}
	}()
	c.greet()
	for !c.hungUp {
		if c.startsTLS() {
			c.tlsAtOnce()
			return
		}
		line, err := c.readLine()
		if err != nil {
			c.leave(err)
			return
		}
		if text, ok := c.take(line); ok {
			c.handle(text)
		}
	}
}

// greet speaks first, on a port for TLS once that stands.
func (c *conn) greet() {
	if c.server.cfg.ImplicitTLS {
		c.implicitTLS()
	}
	c.session.Begin("")
	c.send([]string{c.session.greeting()})
}

// leave says why nothing more is heard, where the client may still listen.
func (c *conn) leave(err error) {
	var timeout net.Error
	switch {
	case err == io.EOF, errors.Is(err, net.ErrClosed):
	case errors.As(err, &timeout) && timeout.Timeout():
		c.say(timedOut)
	default:
		c.say(dropped)
	}
}

func (c *conn) close() {
	c.session.Close()
	c.session.Ended = time.Now()
	if c.session.End == "" {
		c.session.End = c.whoEnded(nil)
	}
	c.wire.Close()
	c.server.forget(c)
	if hook := c.server.cfg.OnEnded; hook != nil {
		hook(c.session)
	}
}

// waitUntil is the deadline for the next line.
func (c *conn) waitUntil() time.Time {
	idle := time.Now().Add(c.server.cfg.Limits.Idle)
	if c.ends.Before(idle) {
		return c.ends
	}
	return idle
}

// readLine returns the client's next line, or as much of one as any may have,
// valid until the next read.
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

// broke takes note of why nothing more can be read. Every later read fails in
// the same way, at once: one that waited anew would have its own deadline.
func (c *conn) broke(err error) error {
	if err == nil || c.failed != nil {
		return c.failed
	}
	c.failed = err
	if c.session.End == "" {
		c.session.End = c.whoEnded(err)
	}
	return err
}

// whoEnded tells from the error of a read, nil for none, who ended the
// session.
func (c *conn) whoEnded(err error) End {
	var timeout net.Error
	switch {
	case c.server.ctx.Err() != nil:
		return EndClosed
	case c.hungUp, err == nil:
		return EndHungUp
	case errors.As(err, &timeout) && timeout.Timeout():
		return EndTimeout
	}
	return EndLeft
}

// take notes a line of the client. It returns its text, or answers itself what
// passes a limit.
func (c *conn) take(line []byte) (text string, ok bool) {
	text = strings.TrimRight(string(line), "\r\n")
	limits := c.server.cfg.Limits
	most := limits.CommandBytes
	if c.challenge || dialogue.Verb(text) == "AUTH" {
		most = limits.LineBytes
	}
	if !c.continues(text) {
		c.commands++
	}
	if last := c.session.Last(); c.transfer != nil && isBDAT(text) && isBDAT(last.Sent) {
		c.session.Drop() // of a message's chunks the newest is kept
	}
	c.session.Begin(c.redact(text))
	c.asked, c.challenge = c.asked || dialogue.IsAUTH(text), false
	switch {
	case c.commands > limits.Commands:
		c.say(tooManyErrors)
	case len(line) > most:
		c.say(lineTooLong)
	default:
		return text, true
	}
	return "", false
}

// redact returns what of a client's line may be kept.
func (c *conn) redact(line string) string {
	if c.challenge {
		return masked
	}
	return dialogue.MaskCommand(line, c.asked)
}

// say answers the command at hand; a reply without a code is none.
func (c *conn) say(r Reply) {
	if r.Code != 0 {
		c.send(r.tagged(c.session).lines())
	}
}

// send writes the lines of a reply. Microsoft closes the channel after any 421
// and any 221. What a client still said that has gone is heard; one that does
// not read is not waited for again.
func (c *conn) send(lines []string) {
	if c.hungUp {
		return
	}
	c.raw.SetWriteDeadline(time.Now().Add(time.Minute))
	_, err := io.WriteString(c.wire, strings.Join(lines, "\r\n")+"\r\n")
	stuck := errors.Is(err, os.ErrDeadlineExceeded)
	if stuck {
		c.broke(err)
	}
	c.session.Answer(lines)
	c.challenge = strings.HasPrefix(lines[0], "334 ")
	c.hungUp = stuck || strings.HasPrefix(lines[0], "421") || strings.HasPrefix(lines[0], "221")
}
