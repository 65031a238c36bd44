package listen

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"smtpmend/internal/front"
)

// maxHeader bounds how far the From field is looked for.
const maxHeader = 64 << 10

// Message implements front.Backend.
func (b *listener) Message(_ context.Context, s *front.Session, r io.Reader) (reply front.Reply) {
	defer b.survive(s, &reply)
	h := b.of(s)
	buffered := bufio.NewReaderSize(r, maxHeader)
	start, _ := buffered.Peek(maxHeader) // an error comes again below
	for _, address := range fromField(string(start)) {
		h.headerFrom = address
		h.sends(s.Login, address)
	}
	ends := &lineEnds{Reader: buffered}
	text, done, err := b.take(s, h, ends)
	if h.broken = err != nil; h.broken {
		h.notes = append(h.notes, notTaken(err))
		return front.Temporary
	}
	defer done()
	if ends.bare {
		h.notes = append(h.notes, noteBare)
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
	if errors.As(err, &file) {
		return fmt.Sprintf("The message could not be written to %s: %s.", filepath.Dir(file.Path), file.Err)
	}
	return "The message did not come whole."
}

// take reads a message to its end, before any of it is handed on: a slow
// device must not make the service look slow, nor one that breaks off have
// half a message sent. Only a whole message is saved.
func (b *listener) take(s *front.Session, h *heard, r io.Reader) (text io.Reader, done func(), err error) {
	if b.config.Save == "" && b.config.Forward == nil {
		_, err := io.Copy(io.Discard, r)
		return nil, func() {}, err
	}
	f, remove, err := b.file(s, h)
	if err != nil {
		return nil, nil, err
	}
	if _, err = io.Copy(f, r); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		remove()
		return nil, nil, err
	}
	if b.config.Save != "" {
		h.saved = append(h.saved, f.Name())
		remove = func() {}
	}
	return f, func() { f.Close(); remove() }, nil
}

// file is where a message waits. Unless it is to be saved, the file has no
// name on most systems and is gone with the program.
func (b *listener) file(s *front.Session, h *heard) (f *os.File, remove func(), err error) {
	if b.config.Save == "" {
		if f, err = os.CreateTemp("", "smtpmend-*.eml"); err != nil {
			return nil, nil, err
		}
		if os.Remove(f.Name()) == nil { // Windows keeps the name of an open file
			return f, func() {}, nil
		}
	} else {
		name := fmt.Sprintf("%s-%d.eml", s.ID, len(h.saved)+1)
		f, err = os.OpenFile(filepath.Join(b.config.Save, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, nil, err
		}
	}
	return f, func() { os.Remove(f.Name()) }, nil
}
