package probe

import (
	"bytes"
	"fmt"
	"strings"
)

// Bounds on one reply. RFC 5321 section 4.5.3.1.5 allows 512 octets a line,
// its end included; go-smtp's client gives up at 2000. Microsoft 365 lists
// about ten capabilities.
const (
	maxReplyLine  = 2000
	maxReplyLines = 200
)

// replyReader cuts the bytes of a connection into replies (RFC 5321 section
// 4.2.1). It never fails: a line that is no reply line is kept and ends the
// reply with code 0.
type replyReader struct {
	partial []byte
	lines   []string
	bare    bool   // a line ended without CR
	excess  string // which bound was passed, "" for none; then feed takes no more
}

// feed takes bytes as they came and returns the first reply that they
// complete, with the bytes behind it.
func (r *replyReader) feed(b []byte) (*Reply, []byte) {
	for i, c := range b {
		switch {
		case r.excess != "":
			return nil, nil
		case c != '\n' && len(r.partial) == maxReplyLine-1:
			r.excess = fmt.Sprintf("a line of more than %d octets", maxReplyLine)
		case c != '\n':
			r.partial = append(r.partial, c)
		case r.endLine():
			return r.take(), b[i+1:]
		case len(r.lines) == maxReplyLines:
			r.excess = fmt.Sprintf("a reply of more than %d lines", maxReplyLines)
		}
	}
	return nil, nil
}

// endLine ends the line at hand, and reports whether the reply ends with it.
func (r *replyReader) endLine() bool {
	line, cr := strings.CutSuffix(string(r.partial), "\r")
	r.bare = r.bare || !cr
	r.partial = r.partial[:0]
	r.lines = append(r.lines, line)
	return lastLine(line)
}

// begun reports whether part of a reply is there.
func (r *replyReader) begun() bool { return len(r.lines)+len(r.partial) > 0 }

// begin returns the first line of what is there, as far as it came.
func (r *replyReader) begin() string {
	if len(r.lines) > 0 {
		return r.lines[0]
	}
	return string(r.partial)
}

// take returns the reply that is whole, and starts over.
func (r *replyReader) take() *Reply {
	lines := r.lines
	*r = replyReader{bare: r.bare}
	return parseReply(lines)
}

// rest returns what there is of a reply that did not come whole, and starts
// over. It has no code: nothing follows from it.
func (r *replyReader) rest() *Reply {
	lines := r.lines
	if len(r.partial) > 0 {
		lines = append(lines, string(r.partial))
	}
	*r = replyReader{bare: r.bare}
	return &Reply{Lines: lines, Partial: true}
}

// lastLine reports whether line ends a reply: its code is not followed by a
// hyphen, or there is no code at all.
func lastLine(line string) bool {
	return replyCode(line) == 0 || len(line) == 3 || line[3] != '-'
}

// parseReply reads code and enhanced status code off the lines of one reply.
// Lines that differ in the code are no reply (RFC 5321 section 4.2.1): nobody
// can say which of them counts.
func parseReply(lines []string) *Reply {
	reply := &Reply{Lines: lines}
	for i, line := range lines {
		code := replyCode(line)
		if code == 0 || i > 0 && code != reply.Code {
			return &Reply{Lines: lines}
		}
		reply.Code = code
		if len(line) < 5 {
			continue
		}
		word, _, _ := strings.Cut(line[4:], " ")
		if isStatus(word, line[0]) {
			reply.Status = word
		}
	}
	return reply
}

// bytes writes a whole reply for go-smtp's client, which wants a separator
// behind each code and counts the line end.
func (r *Reply) bytes() []byte {
	var b bytes.Buffer
	for i, line := range r.Lines {
		separator := "-"
		if i == len(r.Lines)-1 {
			separator = " "
		}
		fmt.Fprintf(&b, "%03d%s%s\n", r.Code, separator, line[min(4, len(line)):])
	}
	return b.Bytes()
}

// replyCode returns the three-digit code that line begins with, 200 to 599,
// or 0.
func replyCode(line string) int {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' {
		return 0
	}
	if len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0
	}
	code := 0
	for _, c := range []byte(line[:3]) {
		if c < '0' || c > '9' {
			return 0
		}
		code = code*10 + int(c-'0')
	}
	return code
}

// beginsReply reports whether text may be the beginning of a reply line.
func beginsReply(text string) bool {
	const shortest = "200 "
	if len(text) < len(shortest) {
		text += shortest[len(text):]
	}
	return replyCode(text) != 0
}

// isStatus reports whether word is an enhanced status code (RFC 3463: class,
// subject and detail of one to three digits) that may stand in a reply whose
// code begins with class. Microsoft answers 451 with 5.7.3, so the class
// need not be the same.
func isStatus(word string, class byte) bool {
	parts := strings.Split(word, ".")
	if len(parts) != 3 || len(parts[0]) != 1 || !strings.Contains("245", parts[0]) {
		return false
	}
	if (class < '4') != (parts[0] == "2") {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) < 1 || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}

// text joins the lines of a reply without codes, the enhanced status code
// included.
func (r *Reply) text() string {
	var b strings.Builder
	for i, line := range r.Lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		if replyCode(line) != 0 {
			line = strings.TrimLeft(line[3:], "- ")
		}
		b.WriteString(line)
	}
	return b.String()
}
