package probe

import (
	"strings"
)

// Bounds on what a server may send. RFC 5321 section 4.5.3.1.5 allows 512
// octets a line; go-smtp's client gives up at 2000.
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
	tooLong bool
}

// feed takes bytes as they came and returns the first reply that they
// complete, with the bytes behind it.
func (r *replyReader) feed(b []byte) (*Reply, []byte) {
	for i, c := range b {
		if c != '\n' {
			if len(r.partial) < maxReplyLine {
				r.partial = append(r.partial, c)
			} else {
				r.tooLong = true
			}
			continue
		}
		line := strings.TrimSuffix(string(r.partial), "\r")
		r.partial = r.partial[:0]
		r.lines = append(r.lines, line)
		if lastLine(line) || len(r.lines) == maxReplyLines {
			return r.take(), b[i+1:]
		}
	}
	return nil, nil
}

// pending reports whether part of a reply is there, and whether it has grown
// past what a reply may be.
func (r *replyReader) pending() (some, tooLong bool) {
	return len(r.lines)+len(r.partial) > 0, r.tooLong
}

// take returns what is there, complete or not, and starts over.
func (r *replyReader) take() *Reply {
	if len(r.partial) > 0 {
		r.lines = append(r.lines, string(r.partial))
	}
	lines := r.lines
	*r = replyReader{}
	return parseReply(lines)
}

// lastLine reports whether line ends a reply: its code is not followed by a
// hyphen, or there is no code at all.
func lastLine(line string) bool {
	return replyCode(line) == 0 || len(line) == 3 || line[3] != '-'
}

// parseReply reads code and enhanced status code off the lines of one reply.
func parseReply(lines []string) *Reply {
	reply := &Reply{Lines: lines}
	if len(lines) == 0 {
		return reply
	}
	reply.Code = replyCode(lines[len(lines)-1])
	for _, line := range lines {
		if replyCode(line) != reply.Code || len(line) < 5 {
			continue
		}
		word, _, _ := strings.Cut(line[4:], " ")
		if isStatus(word, line[0]) {
			reply.Status = word
		}
	}
	return reply
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
