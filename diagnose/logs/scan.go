// Package logs reads a log, a bounce or an export as a stream of refusals.
//
// It finds where a refusal stands. What it means is package words' knowledge.
package logs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"smtpmend/diagnose/words"
)

// Bounds of what is held of a log at any time. Lines up to pieceSize are read
// whole; of longer ones, what stands around each hint.
const (
	pieceSize   = 64 << 10
	recordSize  = 16 << 10 // of lines that belong together
	recordLines = 40
)

// Scan reads a log as a stream and calls fn for every refusal in it, with the
// number of the line (from 1) in which it begins. Lines that belong together
// are read as one: folded headers, multi-line replies, lines that were broken
// at a column. Memory is bounded whatever the length of the lines.
//
// Lines that say nothing about mail submission, and lines that report success,
// give no call. A refusal with Microsoft's mark whose words nobody knows gives
// an Unknown. An error of fn ends the scan and is returned; so is an error of
// r other than io.EOF.
func Scan(r io.Reader, fn func(line int, m words.Meaning) error) error {
	s := scan{in: bufio.NewReaderSize(r, pieceSize), fn: fn, hints: tableHints()}
	for n := 1; ; n++ {
		line, err := s.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = s.long(n, line)
		} else if len(line) > 0 {
			if failed := s.add(n, line); failed != nil {
				return failed
			}
		}
		if err == nil {
			continue
		}
		if failed := s.flush(); failed != nil || errors.Is(err, io.EOF) {
			return failed
		}
		return err
	}
}

// A scan is the state between two lines: the record that may yet go on.
type scan struct {
	in    *bufio.Reader
	fn    func(int, words.Meaning) error
	hints *hints

	record []byte // the lines so far, with their ends
	first  int    // the number of its first line
	lines  int
	last   int // where its last line begins
	hint   bool
	state  uint32 // of the search for hints, which goes on over line ends
}

// add takes one line, with its end.
func (s *scan) add(n int, line []byte) error {
	if s.lines == 0 || s.lines >= recordLines || len(s.record)+len(line) > recordSize || !s.continues(line) {
		if err := s.flush(); err != nil {
			return err
		}
		s.first = n
	}
	if !s.hint {
		var end int
		end, s.state = s.hints.find(line, s.state)
		s.hint = end > 0
	}
	s.last = len(s.record)
	s.record = append(s.record, line...)
	s.lines++
	return nil
}

// flush ends the record and explains it.
func (s *scan) flush() error {
	record, hint := s.record, s.hint
	s.record, s.lines, s.hint, s.state = s.record[:0], 0, false, 0
	if !hint {
		return nil
	}
	return s.explain(s.first, string(record))
}

// explain calls fn where text holds a refusal.
func (s *scan) explain(first int, text string) error {
	m, at, ok := words.InLog(text)
	if !ok {
		return nil
	}
	return s.fn(first+strings.Count(text[:at], "\n"), m)
}

// What is read of a line longer than a piece: the bytes around each hint.
// Hints that stand close together are read as one.
const (
	beforeHint  = 1 << 10
	afterHint   = 2 << 10
	excerptSize = 8 << 10
)

// long takes a line of which piece is the beginning, to its end.
func (s *scan) long(n int, piece []byte) error {
	if err := s.flush(); err != nil {
		return err
	}
	var held []byte
	var end error = bufio.ErrBufferFull
	for errors.Is(end, bufio.ErrBufferFull) {
		held = append(held, piece...)
		rest, err := s.excerpts(n, held, false)
		if err != nil {
			return err
		}
		held = append(held[:0], rest...)
		piece, end = s.in.ReadSlice('\n')
	}
	if _, err := s.excerpts(n, append(held, piece...), true); err != nil {
		return err
	}
	return end
}

// excerpts explains what stands around the hints in part of a line, and
// returns what has to be seen again with the next part.
func (s *scan) excerpts(n int, part []byte, end bool) (rest []byte, err error) {
	for from := 0; ; {
		more, _ := s.hints.find(part[from:], 0)
		if more < 0 {
			return part[max(from, len(part)-beforeHint):], nil
		}
		hint := from + more
		start := max(from, hint-beforeHint)
		for more > 0 && hint-start < excerptSize {
			more, _ = s.hints.find(part[hint:min(hint+afterHint, len(part))], 0)
			hint += max(more, 0)
		}
		stop := hint + afterHint
		if stop > len(part) && !end {
			return part[start:], nil
		}
		excerpt := bytes.ToValidUTF8(part[start:min(stop, len(part))], nil)
		if err := s.explain(n, strings.TrimRight(string(excerpt), "\r\n")); err != nil {
			return nil, err
		}
		from = hint
	}
}
