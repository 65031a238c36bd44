package many

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"smtpmend/internal/ownfile"
)

var (
	// ErrRecord: the file is no record of a run over many mailboxes.
	ErrRecord = errors.New("no record of an earlier run")
	// ErrBusy: another run is writing to the record.
	ErrBusy = errors.New("another smtpmend is writing to it")
)

// A Record is the file of one run and of those that went on with it: JSON
// Lines, only ever appended to. Before each attempt a line that says so is on
// disk; its result follows. While it is open no other run has it. It is not for
// use from several goroutines.
type Record struct {
	file disk
	torn bool  // the file does not end with the end of a line
	err  error // of a write that failed; nothing may follow it

	// What it held when it was opened, in the order of the file.
	begun, results []string
	places         map[string]place // of the results, by Key
}

// A disk is what a record needs of its file.
type disk interface {
	io.ReadWriteCloser
	io.ReaderAt
	Sync() error
}

// A place is where a line stands.
type place struct {
	at     int64
	length int
	number int // of the line, from 1
}

// OpenRecord takes the file at path for this run, and makes it where there is
// none. It fails with ErrBusy while another run has it, and with ErrRecord for
// what is no regular file and for one that does not look like this program's
// work. The last line may be cut off by a crash: it does not count, and nor
// does the beginning of one before it.
func OpenRecord(path string) (*Record, error) {
	f, err := ownfile.Open(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, ownfile.ErrLink), errors.Is(err, ownfile.ErrNoFile):
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	case err != nil:
		return nil, err
	}
	r := &Record{file: f, places: map[string]place{}}
	err = ownfile.Lock(f)
	if errors.Is(err, ownfile.ErrBusy) {
		err = ErrBusy
	}
	if err == nil {
		err = r.read()
	}
	if err == nil {
		err = ownfile.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// Has reports whether the record held a result of the mailbox when it was
// opened.
func (r *Record) Has(mailbox string) bool {
	_, has := r.places[Key(mailbox)]
	return has
}

// Result returns the line with that result.
func (r *Record) Result(mailbox string) (json.RawMessage, error) {
	at, has := r.places[Key(mailbox)]
	if !has {
		return nil, fmt.Errorf("there is no result of %s", mailbox)
	}
	line := make([]byte, at.length)
	_, err := r.file.ReadAt(line, at.at)
	return line, err
}

// Line is the number of the line with that result, from 1; 0 for none.
func (r *Record) Line(mailbox string) int { return r.places[Key(mailbox)].number }

// Results are the mailboxes whose results it held, in the order of the file.
func (r *Record) Results() []string { return slices.Clone(r.results) }

// Open are the mailboxes whose attempt had begun and had no result: whether the
// sign-in was tried is not known.
func (r *Record) Open() []string {
	return slices.DeleteFunc(slices.Clone(r.begun), r.Has)
}

// Begin appends the line that announces an attempt, with the mailbox and when it
// started. It is on disk when Begin returns nil.
func (r *Record) Begin(line []byte) error {
	if err := r.Add(line); err != nil {
		return err
	}
	return r.Sync()
}

// Add appends a line of JSON, such as a result or a summary; it may end in a
// line end. A kill does not lose it; the next Begin, Sync or Close has it on disk.
func (r *Record) Add(line []byte) error {
	if r.err != nil {
		return r.err
	}
	line = append(bytes.TrimRight(line, "\n"), '\n')
	if r.torn {
		line = append([]byte{'\n'}, line...)
	}
	r.torn = true
	if _, r.err = r.file.Write(line); r.err == nil {
		r.torn = false
	}
	return r.err
}

// Sync has everything on disk, before a time in which no attempt begins.
func (r *Record) Sync() error {
	if r.err == nil {
		r.err = r.file.Sync()
	}
	return r.err
}

// Close has everything on disk and frees the record for others.
func (r *Record) Close() error {
	return errors.Join(r.file.Sync(), r.file.Close())
}
