package listen

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"smtpmend/internal/front"
)

// maxHeader bounds how far the From field is looked for.
const maxHeader = 16 << 10

// Message implements front.Backend.
func (b *listener) Message(s *front.Session, r io.Reader) (reply front.Reply) {
	h := of(s)
	defer h.survive(&reply)
	buffered := bufio.NewReaderSize(r, maxHeader)
	start, _ := buffered.Peek(maxHeader) // an error comes again below
	for _, address := range fromField(string(start)) {
		h.headerFrom = clip(strings.Clone(address)) // not the whole header
		h.sends(s.Login, address)
	}
	ends := &lineEnds{Reader: buffered}
	text, done, err := b.take(s, h, ends)
	if h.broken = err != nil; h.broken {
		h.note("%s", notTaken(err))
		if errors.Is(err, errFull) {
			return diskFull
		}
		return front.Temporary
	}
	defer done()
	if ends.bare {
		h.note(noteBare)
	}
	switch {
	case b.config.Forward != nil:
		return b.config.Forward.submit(s, h, text)
	case h.foreign:
		return front.Say(front.SendAsDenied, s.Flavour)
	}
	return front.Say(front.MessageOK, s.Flavour)
}

const noteBare = "The message holds line feeds without carriage returns, or the reverse. Servers may refuse it for that, and --forward hands it on with both (RFC 5321 section 2.3.8)."

// lineEnds notices a CR or LF that stands alone in what it reads.
type lineEnds struct {
	io.Reader
	last byte
	bare bool
}

func (l *lineEnds) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	for _, b := range p[:n] {
		l.bare = l.bare || (b == '\n') != (l.last == '\r')
		l.last = b
	}
	return n, err
}

func notTaken(err error) string {
	var file *fs.PathError
	switch {
	case errors.Is(err, errFull):
		return "The message was not taken: too much is waiting to be handed on."
	case errors.As(err, &file):
		return fmt.Sprintf("The message could not be written to %s: %s.", filepath.Dir(file.Path), file.Err)
	}
	return "The message did not come whole."
}
