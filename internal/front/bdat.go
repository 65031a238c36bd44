package front

import (
	"io"
	"slices"
	"strconv"
	"strings"
)

// A transfer is a message that comes in the chunks of BDAT (RFC 3030). Its
// reader asks for the next chunk when one is at its end.
type transfer struct {
	conn *conn
	left int64 // of the chunk at hand
	size int64 // of all chunks so far
	last bool  // whether the chunk at hand is the last one
	err  error // why the message does not come whole
}

// bdat answers the BDAT that begins a message, with what is said to its end.
func (c *conn) bdat(arg string) Reply {
	size, last, ok := parseBDAT(arg)
	switch {
	case !ok:
		return invalidArguments
	case !c.hasRecipient():
		c.skip = size
		return needRecipient
	}
	c.transfer = &transfer{conn: c}
	defer func() { c.transfer, c.accepted = nil, accepted{} }()
	if c.transfer.add(size, last); c.transfer.err != nil {
		return tooLarge
	}
	return c.message(c.transfer)
}

// parseBDAT reads a size and, perhaps, LAST.
func parseBDAT(arg string) (size int64, last, ok bool) {
	words := strings.Fields(strings.ToUpper(arg))
	if len(words) == 0 {
		return 0, false, false
	}
	n, err := strconv.ParseUint(words[0], 10, 32)
	last = slices.Equal(words[1:], []string{"LAST"})
	return int64(n), last, err == nil && (last || len(words) == 1)
}

// fullChunk is the size of a chunk, in octets, from which on it counts as a
// part of the message, which has its own limit, and not as a command.
const fullChunk = 1024

// isChunk reports whether a line announces another chunk of the message under
// way, and whether that is a full one.
func (c *conn) isChunk(text string) (chunk, full bool) {
	verb, arg := cutCommand(text)
	chunk = c.transfer != nil && verb == "BDAT"
	size, _, ok := parseBDAT(arg)
	return chunk, chunk && ok && size >= fullChunk
}

func (t *transfer) add(size int64, last bool) {
	t.left, t.last = size, last
	if t.size += size; t.size > t.conn.server.cfg.Limits.MessageBytes {
		t.conn.skip, t.err = size, errTooLarge
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
		t.err = t.next()
	}
	if t.err == nil {
		t.err = t.conn.ready()
	}
	if t.err != nil {
		return 0, t.err
	}
	n, err := t.conn.r.Read(p[:min(int64(len(p)), t.left)])
	t.left -= int64(n)
	t.err = t.conn.broke(err)
	return n, t.err
}

// next reads on to the next chunk. Any command but BDAT and NOOP breaks the
// message off and is answered afterwards.
func (t *transfer) next() error {
	for {
		line, err := t.conn.readLine()
		if err != nil {
			return err
		}
		verb, arg := cutCommand(strings.TrimRight(string(line), "\r\n"))
		if verb != "BDAT" && verb != "NOOP" {
			t.conn.unread = slices.Clone(line)
			return errBrokenOff
		}
		if _, ok := t.conn.take(line); !ok {
			continue // the channel is closed
		}
		size, last, ok := parseBDAT(arg)
		switch {
		case verb == "NOOP":
			t.conn.say(noopOK)
		case !ok:
			t.conn.say(invalidArguments)
		default:
			t.add(size, last)
			return t.err
		}
	}
}
