package listen

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"smtpmend/internal/front"
)

// A quota is how many octets of the disk may still be taken.
type quota struct {
	mu   sync.Mutex
	left int64
	full sync.Once // a person was told
}

// take reports whether n octets were left; then they are taken.
func (q *quota) take(n int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n > q.left {
		return false
	}
	q.left -= n
	return true
}

func (q *quota) give(n int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left += n
}

// errFull is what a file gets that may not grow any more.
var errFull = errors.New("too much is waiting")

// diskFull is RFC 5321's reply to that (section 4.2.2).
var diskFull = ownReply(452, "4.3.1", "too many messages are waiting; try again later")

// A waiting is a file that takes its size from a quota.
type waiting struct {
	file *os.File
	from *quota
	size int64
}

// Write implements io.Writer.
func (w *waiting) Write(p []byte) (int, error) {
	if !w.from.take(int64(len(p))) {
		return 0, errFull
	}
	w.size += int64(len(p))
	return w.file.Write(p)
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
	w := &waiting{file: f, from: &b.waits}
	done = func() {
		f.Close()
		remove()
		b.waits.give(w.size)
	}
	if _, err = io.Copy(w, r); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	if b.config.Save != "" && b.keeps(h, f.Name(), w.size) {
		remove = func() {}
	}
	return f, done, nil
}

// keeps reports whether a message stays where it was saved.
func (b *listener) keeps(h *heard, name string, size int64) bool {
	switch {
	case !b.saves.take(size):
		b.saves.full.Do(func() {
			b.tell("--save has taken all that it may take; from now on messages that do not fit are accepted and not kept")
		})
		h.note("A message was not kept: --save has taken all that it may take.")
		return false
	case len(h.saved) >= maxSaved:
		h.note("More messages were kept than are listed.")
	default:
		h.saved = append(h.saved, name)
	}
	h.kept++
	return true
}

// maxSaved is how many files the report of a session lists.
const maxSaved = 100

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
		name := fmt.Sprintf("%s-%d.eml", s.ID, h.kept+1)
		f, err = os.OpenFile(filepath.Join(b.config.Save, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, nil, err
		}
	}
	return f, func() { os.Remove(f.Name()) }, nil
}
