package front

import (
	"bytes"
	"errors"
	"io"
)

// Why a message does not come whole.
var (
	errTooLarge  = errors.New("front: the message is too large")
	errBrokenOff = errors.New("front: the message was broken off")
	errLongLine  = errors.New("front: a line of the message is too long")
)

// message has the backend decide on a message, and reads the rest of it: only
// then the reply is due. One that was broken off gets none.
func (c *conn) message(r io.Reader) Reply {
	reply := c.server.cfg.Backend.Message(c.server.ctx, c.session, r)
	_, err := io.Copy(io.Discard, r)
	switch err {
	case nil:
		return reply
	case errBrokenOff:
		return Reply{}
	case errTooLarge:
		return tooLarge
	}
	return Temporary
}

// data answers DATA, and then the message.
func (c *conn) data(arg string) Reply {
	switch {
	case arg != "":
		return invalidArguments
	case c.binary:
		return badSequence
	case !c.recipients:
		return needRecipient
	}
	c.say(sendNow)
	d := &dataReader{conn: c, begins: true, left: c.server.cfg.Limits.MessageBytes}
	reply := c.message(d)
	c.accepted = accepted{}
	if d.err == errLongLine {
		c.say(reply)
		return lineTooLong
	}
	d.drain()
	return reply
}

// A dataReader yields a message as it was sent, dots unstuffed (RFC 5321
// section 4.5.2). net/textproto's rewrites line ends, takes a bare LF for one,
// and so for the end of a message what is none.
type dataReader struct {
	conn    *conn
	pending []byte // of a line, unstuffed
	begins  bool   // a line begins: CR LF came before
	cr      bool   // the last octet was CR
	length  int    // of the line at hand
	left    int64  // octets that the message may still have
	err     error
}

// Read implements io.Reader. All errors but io.EOF mean that the message is
// not whole.
func (d *dataReader) Read(p []byte) (int, error) {
	for d.err == nil && len(d.pending) == 0 {
		d.next()
	}
	if d.err == nil && d.left <= 0 {
		d.err = errTooLarge
	}
	if d.err != nil {
		return 0, d.err
	}
	n := copy(p[:min(int64(len(p)), d.left)], d.pending)
	d.pending = d.pending[n:]
	d.left -= int64(n)
	return n, nil
}

// next reads a line, or a piece of a long one.
func (d *dataReader) next() {
	line, err := d.conn.readLine()
	if err != nil {
		d.err = early(err)
		return
	}
	begins := d.begins
	if begins {
		d.length = 0
	}
	d.length += len(line)
	d.begins = bytes.HasSuffix(line, []byte("\r\n")) || d.cr && string(line) == "\n"
	d.cr = line[len(line)-1] == '\r'
	switch {
	case begins && string(line) == ".\r\n":
		d.err = io.EOF
	case d.length > d.conn.server.cfg.Limits.LineBytes:
		d.err = errLongLine
	case begins:
		line = bytes.TrimPrefix(line, []byte("."))
	}
	d.pending = line
}

// drain reads on to the end of a message that is not taken.
func (d *dataReader) drain() {
	for d.err == errTooLarge {
		d.err = nil
		if d.next(); d.err == nil {
			d.err = errTooLarge
		}
	}
}

// early keeps the end of the connection from being that of the message.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
