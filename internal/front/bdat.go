package front

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"smtpmend/internal/dialogue"
)

// A transfer is a message that comes in the chunks of BDAT (RFC 3030). Its
// reader asks for the next chunk when one is at its end.
type transfer struct {
	*conn
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
	t := &transfer{conn: c}
	if t.add(size, last); t.err != nil {
		c.accepted = accepted{}
		return tooLarge
	}
	return c.message(t)
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

func (t *transfer) add(size int64, last bool) {
	t.left, t.last = size, last
	if t.size += size; t.size > t.server.cfg.Limits.MessageBytes {
		t.skip, t.err = size, errTooLarge
	}
}

// Read implements io.Reader. All errors but io.EOF mean that the message is
// not whole.
func (t *transfer) Read(p []byte) (int, error) {
	for t.err == nil && t.left == 0 {
		if t.last {
			return 0, io.EOF
		}
		t.say(chunkOK)
		t.err = t.next()
	}
	if t.err == nil {
		t.err = t.ready()
	}
	if t.err != nil {
		return 0, t.err
	}
	n, err := t.r.Read(p[:min(int64(len(p)), t.left)])
	t.left -= int64(n)
	t.err = t.broke(err)
	return n, t.err
}

// fullChunk is the size of a chunk, in octets, from which on it counts as a
// part of the message, which has its own limit, and not as a command.
const fullChunk = 1024

// next reads on to the next chunk. Any command but BDAT and NOOP breaks the
// message off and is answered afterwards.
func (t *transfer) next() error {
	for {
		line, err := t.readLine()
		if err != nil {
			return err
		}
		verb, arg := cutCommand(strings.TrimRight(string(line), "\r\n"))
		if verb != "BDAT" && verb != "NOOP" {
			t.unread = slices.Clone(line)
			return errBrokenOff
		}
		size, last, chunk := parseBDAT(arg)
		chunk = chunk && verb == "BDAT"
		if chunk && size >= fullChunk {
			t.commands--
		}
		if verb == "BDAT" && dialogue.Verb(t.session.Last().Sent) == "BDAT" {
			t.session.Drop() // of a message's chunks the newest is kept
		}
		switch text, ok := t.take(line); {
		case ok && chunk:
			t.add(size, last)
			return t.err
		case ok:
			t.handle(text)
		}
	}
}
