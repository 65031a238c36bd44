package front

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-smtp"
)

// A transfer is a message that comes in the chunks of BDAT (RFC 3030). Its
// reader asks for the next chunk when one is at its end.
//
// go-smtp would run the backend beside the session, and mix up the replies of
// a message that was broken off and of the next one. So it hears RSET where
// the client says BDAT: the message is read meanwhile, and afterwards go-smtp
// is in the state that the end of a message leads to.
type transfer struct {
	conn *conn
	left int64 // of the chunk at hand
	size int64 // of all chunks so far
	last bool  // whether the chunk at hand is the last one
	err  error // why the message does not come whole
}

// bdat takes a BDAT command and returns what go-smtp gets in its place, nil
// for nothing.
func (c *conn) bdat(text string) []byte {
	size, last, ok := parseBDAT(text)
	switch {
	case !ok:
		c.say(invalidArguments)
		return nil
	case c.transfer == nil && !c.recipients:
		c.skip = size
		c.say(needRecipient)
		return nil
	case c.transfer == nil:
		c.transfer = &transfer{conn: c}
	}
	c.transfer.add(size, last)
	return []byte("RSET\r\n")
}

// parseBDAT reads a size and, perhaps, LAST.
func parseBDAT(text string) (size int64, last, ok bool) {
	words := strings.Fields(strings.ToUpper(text))
	if len(words) < 2 {
		return 0, false, false
	}
	n, err := strconv.ParseUint(words[1], 10, 32)
	last = slices.Equal(words[2:], []string{"LAST"})
	return int64(n), last, err == nil && (last || len(words) == 2)
}

// fullChunk is the size of a chunk, in octets, from which on it counts as a
// part of the message, which has its own limit, and not as a command.
const fullChunk = 1024

// continues reports whether a line is the BDAT of one more full chunk.
func (c *conn) continues(text string) bool {
	if c.transfer == nil || !isBDAT(text) {
		return false
	}
	size, _, ok := parseBDAT(text)
	return ok && size >= fullChunk
}

func isBDAT(text string) bool {
	return len(text) > 4 && strings.EqualFold(text[:5], "BDAT ")
}

func (t *transfer) add(size int64, last bool) {
	t.left, t.last = size, last
	if t.size += size; t.size > t.conn.server.cfg.Limits.MessageBytes {
		t.conn.skip, t.err = size, smtp.ErrDataTooLarge
	}
}

// Read implements io.Reader. All errors but io.EOF mean that the message is
// not whole.
func (t *transfer) Read(p []byte) (int, error) {
	for t.err == nil && t.left == 0 {
		if t.last {
			return 0, io.EOF
		}
		t.conn.say(chunkOK)
		t.err = early(t.next())
	}
	if t.err != nil {
		return 0, t.err
	}
	n, err := t.conn.readChunk(p[:min(int64(len(p)), t.left)])
	t.left -= int64(n)
	t.err = early(err)
	return n, t.err
}

// early keeps the end of the connection from being that of the message.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// next reads on to the next chunk. Any command but BDAT and NOOP breaks the
// message off and is answered afterwards.
func (t *transfer) next() error {
	for {
		line, err := t.conn.readLine()
		if err != nil {
			return err
		}
		word, _, _ := strings.Cut(strings.ToUpper(strings.TrimRight(string(line), "\r\n")), " ")
		if word != "BDAT" && word != "NOOP" {
			t.conn.unread = slices.Clone(line)
			return smtp.ErrDataReset
		}
		switch taken := t.conn.command(line); {
		case taken == nil: // it was wrong, and answered
		case word == "BDAT":
			return t.err
		default:
			t.conn.say(noopOK)
		}
	}
}

// receive has the backend read the message and makes its decision the reply.
// One that was broken off gets none.
func (d talk) receive(t *transfer) {
	defer func() { d.conn.transfer = nil }()
	var reply Reply
	err := t.err
	if err == nil {
		reply, err = d.message(t)
	}
	switch err {
	case nil:
	case smtp.ErrDataReset:
		reply = Reply{}
	case smtp.ErrDataTooLarge:
		reply = tooLarge
	default:
		reply = Temporary
	}
	d.answer(reply)
}
