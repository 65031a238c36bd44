package logs

import (
	"bytes"
	"regexp"
)

var (
	// replyLine begins with a code, behind the marks of a transcript; a status
	// makes it a reply of its own.
	replyLine = regexp.MustCompile(`^[ \t<>~*=-]*(?:S: )?(\d{3})([ -])(\d\.)?`)
	// unfinished ends a line that was broken, inside a sentence.
	unfinished = regexp.MustCompile(`[\w ,/-]$`)
	// restOfSentence begins with a word, and not like a line of a log: no time,
	// no host, no label.
	restOfSentence = regexp.MustCompile(`^(?:[a-z][A-Za-z]*(?:[ .,;)]|$)|[A-Z][A-Za-z .,']{15}|[A-Z][A-Za-z .,']*$)`)
)

// brokenAt is the narrowest column at which logs are broken.
const brokenAt = 40

// continues reports whether a line goes on with the record: a folded line, or,
// where the record holds a hint, the next line of a multi-line reply and the
// rest of one that was broken.
func (s *scan) continues(line []byte) bool {
	if !s.hint && line[0] != ' ' && line[0] != '\t' {
		return false // most lines
	}
	line = bytes.TrimRight(line, "\r\n")
	last := bytes.TrimRight(s.record[s.last:], "\r\n")
	words := bytes.TrimLeft(line, " \t")
	if len(words) == 0 {
		return false
	}
	reply := replyLine.FindSubmatch(line)
	if indent(line) > indent(s.record) {
		return !s.hint || reply == nil || reply[3] == nil
	}
	before := replyLine.FindSubmatch(last)
	switch {
	case !s.hint:
		return false
	case before != nil && before[2][0] == '-':
		return reply != nil && bytes.Equal(reply[1], before[1])
	case bytes.Contains(last, []byte("5.7.57 ")) && bytes.HasPrefix(words, []byte("Error: 535 ")):
		return true // the reason, which .NET and Microsoft put on a line of its own
	case len(last) < brokenAt:
		return false
	}
	quotedPrintable := bytes.HasSuffix(last, []byte("="))
	return quotedPrintable || unfinished.Match(last[len(last)-1:]) && restOfSentence.Match(unquote(line))
}

// unquote drops the marks of a quotation in a mail.
func unquote(line []byte) []byte { return bytes.TrimLeft(line, "> ") }

// indent counts the blanks at the start of a line.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }
