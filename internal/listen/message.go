package listen

import (
	"bufio"
	"context"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"strings"

	"smtpmend/internal/front"
)

// maxHeader bounds how far the From field is looked for.
const maxHeader = 64 << 10

// Message implements front.Backend.
func (b *listener) Message(_ context.Context, s *front.Session, r io.Reader) front.Reply {
	h := b.of(s)
	buffered := bufio.NewReaderSize(r, maxHeader)
	start, _ := buffered.Peek(maxHeader) // an error comes again below
	h.headerFrom = fromField(string(start))
	message, finish, err := b.tee(s, h, buffered)
	if err != nil {
		h.notes = append(h.notes, "The message could not be saved: "+err.Error())
	}
	defer finish()
	if b.config.Forward != nil {
		return b.config.Forward.submit(s, h, message)
	}
	if _, err := io.Copy(io.Discard, message); err != nil {
		return temporary
	}
	if h.foreign() {
		return front.Say(front.SendAsDenied, s.Flavour)
	}
	return front.Say(front.MessageOK, s.Flavour)
}

var temporary = front.Reply{Code: 451, Status: "4.7.0", Text: "Temporary server error. Please try again later."}

// tee saves what is read of a message, where that is wanted.
func (b *listener) tee(s *front.Session, h *heard, r io.Reader) (io.Reader, func(), error) {
	nothing := func() {}
	if b.config.Save == "" {
		return r, nothing, nil
	}
	f, err := os.OpenFile(filepath.Join(b.config.Save, s.ID+".eml"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return r, nothing, err
	}
	h.saved = f.Name()
	finish := func() {
		if err := f.Close(); err != nil {
			h.notes = append(h.notes, "The message could not be saved: "+err.Error())
		}
	}
	return io.TeeReader(r, f), finish, nil
}

// spool reads r to its end into a file that is gone once remove was called,
// and on most systems has no name before that either.
func spool(r io.Reader) (text io.Reader, remove func(), err error) {
	f, err := os.CreateTemp("", "smtpmend-*.eml")
	if err != nil {
		return nil, nil, err
	}
	nameless := os.Remove(f.Name()) == nil // Windows keeps the name of an open file
	remove = func() {
		f.Close() // nothing in it is needed any more
		if !nameless {
			os.Remove(f.Name())
		}
	}
	if _, err = io.Copy(f, r); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		remove()
		return nil, nil, err
	}
	return f, remove, nil
}

// fromField is the first address of the From field, "" where there is none.
func fromField(start string) string {
	m, err := mail.ReadMessage(strings.NewReader(start))
	if err != nil {
		return ""
	}
	list, err := m.Header.AddressList("From")
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0].Address
}
