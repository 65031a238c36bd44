package front

import (
	"bytes"
	"errors"
	"io"
)

// Why a message does not come whole, besides the errors of the connection.
var (
	errTooLarge  = errors.New("front: the message is too large")
	errBrokenOff = errors.New("front: the message was broken off")
	errLongLine  = errors.New("front: a line of the message is too long")
)

// message has the backend decide on a message, and reads the rest of it: only
// then the reply is due. One that was broken off gets none.
func (c *conn) message(r io.Reader) Reply {
	reply := c.server.cfg.Backend.Message(c.session, r)
	_, err := io.Copy(io.Discard, r)
	c.accepted = accepted{}
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
	case !c.hasRecipient():
		return needRecipient
	}
	c.say(sendNow)
	d := &dataReader{conn: c, left: c.server.cfg.Limits.MessageBytes}
	reply := c.message(d)
	if d.err == errLongLine {
		c.say(reply)
		return lineTooLong
	}
	return reply
}

// A dataReader yields a message as it was sent, dots unstuffed (RFC 5321
// section 4.5.2). net/textproto's rewrites line ends, takes a bare LF for one,
// and so for the end of a message what is none. One that is too large is read
// to its end all the same.
type dataReader struct {
	conn    *conn
	pending []byte // unstuffed
	length  int    // of the line at hand so far; a bare LF does not end it
	left    int64  // octets that the message may still have
	err     error
}

// Read implements io.Reader. All errors but io.EOF mean that the message is
// not whole.
func (d *dataReader) Read(p []byte) (int, error) {
	for d.err == nil && len(d.pending) == 0 {
		d.next()
	}
	if d.err != nil {
		return 0, d.err
	}
	n := copy(p, d.pending)
	d.pending = d.pending[n:]
	return n, nil
}

// next reads on to a LF.
func (d *dataReader) next() {
	line, err := d.conn.readLine()
	begins := d.length == 0
	d.length += len(line)
	switch {
	case err != nil:
		d.err = err
	case begins && string(line) == ".\r\n" && d.left < 0:
		d.err = errTooLarge
	case begins && string(line) == ".\r\n":
		d.err = io.EOF
	case d.length > maxLine:
		d.err = errLongLine
	}
	if bytes.HasSuffix(line, []byte("\r\n")) {
		d.length = 0
	}
	if begins {
		line = bytes.TrimPrefix(line, []byte("."))
	}
	if d.left -= int64(len(line)); d.left >= 0 {
		d.pending = line
	}
}
