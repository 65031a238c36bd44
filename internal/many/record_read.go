package many

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line of the record. A probe is recorded with a megabyte of
// dialogue at most; JSON may write a byte in six.
const maxLine = 16 << 20

// read takes in what the file holds. What a crash cut off does not count,
// also where another run went on behind it.
func (r *Record) read() error {
	in := bufio.NewReaderSize(r.file, 64<<10)
	begun := map[string]bool{}
	at := int64(0)
	for number := 1; ; number++ {
		line, err := oneLine(in)
		length := int64(len(line))
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil
		case err != nil && !errors.Is(err, io.EOF):
			return fmt.Errorf("%w: line %d: %w", ErrRecord, number, err)
		}
		r.torn = err != nil
		if line = bytes.TrimRight(line, filling); len(line) > 0 && !cutOff(line) {
			if err := r.take(line, place{at, len(line), number}, begun); err != nil {
				return fmt.Errorf("%w: line %d %w", ErrRecord, number, err)
			}
		}
		at += length
	}
}

// oneLine reads a line with its end; with io.EOF one that has none.
func oneLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, fmt.Errorf("it is longer than %d MB", maxLine>>20)
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// A head is what tells the lines apart. A report of probe has started too, and
// an outcome.
type head struct {
	Schema                    int
	Mailbox, Verdict, Started string
	Outcome                   *string
	Summary                   json.RawMessage
}

// take takes over a whole line.
func (r *Record) take(line []byte, at place, begun map[string]bool) error {
	var h head
	err := json.Unmarshal(line, &h)
	switch {
	case err != nil || h.Schema != 1 || !beginsLike(line):
		return errors.New("is none of its lines")
	case h.Summary != nil:
		return nil
	case !isAddress(h.Mailbox):
		return errors.New("names no mailbox")
	case len(r.begun)+len(r.results) >= 2*maxMailboxes:
		return fmt.Errorf("is about one mailbox too many; %d are the most", maxMailboxes)
	}
	key := Key(h.Mailbox)
	switch {
	case h.Verdict != "":
		if !r.Has(h.Mailbox) {
			r.results = append(r.results, h.Mailbox)
			r.places[key] = at
		}
	case h.Started == "" || h.Outcome != nil:
		return errors.New("is none of its lines")
	case !begun[key]:
		begun[key] = true
		r.begun = append(r.begun, h.Mailbox)
	}
	return nil
}

// filling is what may stand behind a line: its end, and the zeros that a file
// system fills up with after a crash.
const filling = "\x00\r\n"

// first is how each line begins.
const first = `{"schema":1,`

// beginsLike reports whether a line may be one of ours.
func beginsLike(line []byte) bool {
	return bytes.HasPrefix(line, []byte(first)) || bytes.HasPrefix([]byte(first), line)
}

// cutOff reports whether line is the beginning of one of ours.
func cutOff(line []byte) bool {
	var any json.RawMessage
	err := json.NewDecoder(bytes.NewReader(line)).Decode(&any)
	return beginsLike(line) && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF))
}
