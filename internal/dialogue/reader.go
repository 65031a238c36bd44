package dialogue

import (
	"fmt"
	"strings"
)

// Bounds on one reply. RFC 5321 section 4.5.3.1.5 allows 512 octets a line,
// its end included; go-smtp's client gives up at 2000. Microsoft 365 lists
// about ten capabilities.
const (
	maxReplyLine  = 2000
	MaxReplyLines = 200
)

// A Reader cuts the bytes of a connection into replies (RFC 5321 section
// 4.2.1). It never fails: a line that is no reply line is kept and ends the
// reply with code 0, and so does one whose code is not that of the line before.
// The zero value is ready for use.
type Reader struct {
	// Bare: a line ended without CR.
	Bare bool
	// Excess says which bound was passed, "" for none; then Feed takes no more.
	Excess string

	partial []byte
	lines   []string
}

// Feed takes bytes as they came and returns the first reply that they
// complete, with the bytes behind it.
func (r *Reader) Feed(b []byte) (*Reply, []byte) {
	for i, c := range b {
		switch {
		case r.Excess != "":
			return nil, nil
		case c != '\n' && len(r.partial) == maxReplyLine-1:
			r.Excess = fmt.Sprintf("a line of more than %d octets", maxReplyLine)
		case c != '\n':
			r.partial = append(r.partial, c)
		case r.endLine():
			return r.take(), b[i+1:]
		case len(r.lines) == MaxReplyLines:
			r.Excess = fmt.Sprintf("a reply of more than %d lines", MaxReplyLines)
		}
	}
	return nil, nil
}

// endLine ends the line at hand, and reports whether the reply ends with it.
func (r *Reader) endLine() bool {
	line, cr := strings.CutSuffix(string(r.partial), "\r")
	r.Bare = r.Bare || !cr
	r.partial = r.partial[:0]
	r.lines = append(r.lines, line)
	code := replyCode(line)
	return code == 0 || len(line) == 3 || line[3] != '-' || code != replyCode(r.lines[0])
}

// Begun reports whether part of a reply is there.
func (r *Reader) Begun() bool { return len(r.lines)+len(r.partial) > 0 }

// Begin returns the first line of what is there, as far as it came.
func (r *Reader) Begin() string {
	if len(r.lines) > 0 {
		return r.lines[0]
	}
	return string(r.partial)
}

// take returns the reply that is whole, and starts over.
func (r *Reader) take() *Reply {
	lines := r.lines
	*r = Reader{Bare: r.Bare}
	return Parse(lines)
}

// Rest returns what there is of a reply that did not come whole, and starts
// over. It has no code: nothing follows from it.
func (r *Reader) Rest() *Reply {
	lines := r.lines
	if len(r.partial) > 0 {
		lines = append(lines, string(r.partial))
	}
	*r = Reader{Bare: r.Bare}
	return &Reply{Lines: lines, Partial: true}
}
