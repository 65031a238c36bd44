// Package logs reads a log, a bounce or an export as a stream of events: who,
// from where, when, and what the server said.
//
// It finds where a refusal stands and whose it is. What it means is package
// words' knowledge. It contacts nothing, and it opens no file.
package logs

import (
	"bufio"
	"errors"
	"io"
	"time"

	"smtpmend/diagnose/words"
)

// An Event is one attempt to submit, as far as a log tells: what it does not
// tell is "".
type Event struct {
	File string // as it was given
	Line int    // from 1, in which the event begins
	// Time is in RFC 3339, with a zone only where the log has one. A year that
	// the log leaves out is the one in which it lies before the log's own end.
	Time string
	// Mailbox is the login, else MAIL FROM, in small letters.
	Mailbox string
	// Device is the client's name and address, "name[address]", or what there is
	// of them.
	Device string
	// Session is the log's name for it: a queue id, a connection, a process.
	Session string
	words.Meaning

	at int64 // orders times
}

func (e *Event) setTime(s stamp) {
	if e.Time = s.String(); e.Time != "" {
		e.at = s.seconds()
	}
}

func timeOf(s stamp) time.Time { return time.Unix(s.seconds(), 0) }

// A Reader reads files that belong together: what one tells of a session, such
// as whose a queue id is, counts in the next.
type Reader struct {
	sessions *sessions
	memos    []*memo
}

// NewReader returns a Reader that has read nothing.
func NewReader() *Reader { return &Reader{sessions: newSessions()} }

// Read reads a file, in whatever format and compression, and calls fn for every
// event in it, in the order of their beginnings. newest is when the file was
// last written, or now. It returns the number of lines, also beside an error:
// that of fn, a *FormatError, or that of r, to which what came before has been
// read. Memory is bounded whatever the file holds.
func (l *Reader) Read(file string, r io.Reader, newest time.Time, fn func(Event) error) (lines int, err error) {
	in, err := open(r)
	if err != nil {
		return 0, err
	}
	sample, err := in.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) && len(sample) == 0 {
		return 0, err
	}
	for _, f := range formats {
		if f.is(sample) {
			return f.read(l, file, in, newest, fn)
		}
	}
	s := newScanner(l, file, newest, fn)
	s.calendar.dayFirst = dayComesFirst(sample)
	err = blocks(in, s.block)
	if err == nil || s.failed == nil {
		if flushed := s.flush(); err == nil {
			err = flushed
		}
	}
	return s.lines, err
}

// A format is of files that are no lines of a log.
type format struct {
	is   func(sample []byte) bool
	read func(l *Reader, file string, in io.Reader, newest time.Time, fn func(Event) error) (int, error)
}

var formats = []format{
	{isMessage, readMessages},
	{isSignInCSV, readSignInCSV},
	{isSignInJSON, readSignInJSON},
	{isEventLog, readEventLog},
}

// peek returns the beginning of what is read next.
func peek(in io.Reader) []byte {
	b, ok := in.(*bufio.Reader)
	if !ok {
		return nil
	}
	sample, _ := b.Peek(sampleSize)
	return sample
}
