package front

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
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

	commands int
	errors   int    // unknown commands
	unread   []byte // a line that broke off a transfer
	skip     int64  // octets of a refused BDAT still to come
	failed   error  // the first error of a read; there is no other
	hungUp   bool   // nothing more is read or said
	accepted
}

// accepted is what was of the next message so far, besides its recipients.
type accepted struct {
	sender bool
	binary bool // BODY=BINARYMIME: it may come by BDAT only
}

// errGone is what reads get once the client has left, or was hung up on.
// io.EOF is the end of a message.
var errGone = errors.New("front: the client has gone")

func newConn(raw net.Conn, server *Server) *conn {
	c := &conn{raw: raw, server: server, session: newSession(raw.RemoteAddr(), server.cfg.Flavour())}
	c.speakOver(raw)
	return c
}

// speakOver has the dialogue go on over wire. Any line that is allowed can be
// read in one piece.
func (c *conn) speakOver(wire net.Conn) {
	c.wire, c.r = wire, bufio.NewReaderSize(wire, maxLine+2)
}

// serve has the dialogue to its end and tells the hook. A panic ends this
// session only.
func (c *conn) serve() {
	defer c.close()
	defer func() {
		if recover() != nil {
			c.say(Temporary)
		}
	}()
	if c.server.cfg.ImplicitTLS {
		c.implicitTLS()
	}
	c.session.Begin("")
	c.send([]string{c.session.greeting()})
	if c.startsTLS() {
		c.tlsAtOnce()
		return
	}
	for !c.hungUp {
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

// leave says why nothing more is heard, where the client may still listen.
func (c *conn) leave(err error) {
	switch {
	case err == errGone, errors.Is(err, net.ErrClosed):
	case os.IsTimeout(err):
		c.say(timedOut)
	default:
		c.say(dropped)
	}
}

func (c *conn) close() {
	c.session.Close()
	c.session.Ended = time.Now()
	c.ended(nil)
	c.wire.Close()
	c.server.forget(c)
	if hook := c.server.cfg.OnEnded; hook != nil {
		hook(c.session)
	}
}

// deadline is that of the next line.
func (c *conn) deadline() time.Time {
	limits := c.server.cfg.Limits
	idle, session := time.Now().Add(limits.Idle), c.session.Started.Add(limits.Session)
	if session.Before(idle) {
		return session
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
		return errGone
	}
	c.raw.SetReadDeadline(c.deadline())
	return c.failed
}

// broke takes note of why nothing more can be read. Every later read fails in
// the same way, at once: one that waited anew would have its own deadline.
func (c *conn) broke(err error) error {
	if err == nil || c.failed != nil {
		return c.failed
	}
	c.ended(err)
	if c.failed = err; err == io.EOF {
		c.failed = errGone
	}
	return c.failed
}

// ended takes note of who ended the session, by the error of a read, nil for
// none.
func (c *conn) ended(err error) {
	switch {
	case c.session.End != "":
	case c.server.ctx.Err() != nil:
		c.session.End = EndClosed
	case c.hungUp, err == nil:
		c.session.End = EndHungUp
	case os.IsTimeout(err):
		c.session.End = EndTimeout
	default:
		c.session.End = EndLeft
	}
}

// take notes a line of the client. It returns its text, or answers itself what
// passes a limit.
func (c *conn) take(line []byte) (text string, ok bool) {
	text = strings.TrimRight(string(line), "\r\n")
	most := maxCommand
	if c.session.Challenged() || dialogue.Verb(text) == "AUTH" {
		most = maxLine
	}
	c.session.Hear(text)
	c.commands++
	switch {
	case c.commands > c.server.cfg.Limits.Commands:
		c.say(tooManyErrors)
	case len(line) > most:
		c.say(lineTooLong)
	default:
		return text, true
	}
	return "", false
}

// say answers the command at hand; a reply without a code is none.
func (c *conn) say(r Reply) {
	if r.Code != 0 {
		c.send(dialogue.Lines(r.Code, strings.Split(r.tagged(c.session).Text, "\n")))
	}
}

// send writes the lines of a reply. Microsoft closes the channel after any 421
// and any 221. What a client still said that has gone is heard; one that does
// not read is not waited for again.
func (c *conn) send(lines []string) {
	if c.hungUp {
		return
	}
	if c.server.cfg.ReplyDelay > 0 {
		c.server.wait(c.server.cfg.ReplyDelay)
	}
	c.raw.SetWriteDeadline(time.Now().Add(time.Minute))
	_, err := io.WriteString(c.wire, strings.Join(lines, "\r\n")+"\r\n")
	stuck := os.IsTimeout(err)
	if stuck {
		c.broke(err)
	}
	c.session.Answer(lines)
	c.hungUp = stuck || strings.HasPrefix(lines[0], "421") || strings.HasPrefix(lines[0], "221")
}
