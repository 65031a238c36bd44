package words

import (
	"slices"
	"strconv"
	"strings"
)

// A segment is one reply found in a text, with the words up to the next one.
type segment struct {
	Reply
	more       bool // a line of a multi-line reply that goes on: "535-"
	opens      bool // stands at the start of a line
	start, end int  // in the cleaned text, its code and status included
	body       int  // where its words begin
}

// refusal reports whether the server said no.
func (s segment) refusal() bool {
	if s.Code != 0 {
		return s.Code >= 400
	}
	return s.Status == "" || s.Status[0] != '2'
}

// agrees reports whether two marks contradict each other neither in the code
// nor in the status.
func (s segment) agrees(o segment) bool {
	return (s.Code == o.Code || s.Code == 0 || o.Code == 0) && (s.Status == o.Status || s.Status == "" || o.Status == "")
}

// maxSegments bounds how many replies of one text are weighed. Of more, the
// first few, with the greeting, and the last ones are.
const maxSegments = 512

// segments finds the replies in a cleaned text, in order. What a reply of
// several lines repeats on each is dropped: its code, and what a log puts
// before it. What stands in
// skip is not read; all the text is in reply to outer, where that is not nil.
func segments(text string, skip []span, outer *segment) (found []segment, dropped []span) {
	if outer != nil {
		found = append(found, *outer)
	}
	for i := 0; i < len(text); {
		for len(skip) > 0 && i >= skip[0].to {
			skip = skip[1:]
		}
		if len(skip) > 0 && i >= skip[0].from {
			i = skip[0].to
			continue
		}
		seg, ok := replyAt(text, i)
		if !ok {
			i++
			continue
		}
		if n := len(found); n > 0 {
			found[n-1].end = seg.start
		}
		i, seg.body = seg.end, seg.end
		if outer != nil && (seg.Code == 0 || seg.Status == "") {
			continue // a number in its words
		}
		found = append(found, seg)
	}
	if n := len(found); n > 0 {
		found[n-1].end = len(text)
	}
	if n := len(found); n > maxSegments {
		found = slices.Delete(found, maxSegments/8, n-maxSegments*7/8)
	}
	return joined(text, found)
}

// joined puts together what belongs to one reply.
func joined(text string, in []segment) (out []segment, dropped []span) {
	for _, s := range in {
		s.opens = s.start > 0 && text[s.start-1] == '\n'
		s.Text = strings.TrimLeft(text[s.body:s.end], " \t\n:-,;'\")=—")
		s.body = s.end - len(s.Text)
		if n := len(out); n > 0 {
			words, belongs := absorb(&out[n-1], s)
			if belongs {
				dropped = append(dropped, span{s.start - len(words), s.body})
				continue
			}
		}
		out = append(out, s)
	}
	return slices.DeleteFunc(out, func(s segment) bool { return s.Code == 0 && s.Status == "" }), dropped
}

// absorb adds s to the segment before it and reports whether it belonged
// there: the next line of a reply, or a mark that says no other code and no
// other status where one of the two has no words of its own. mark is what a
// log put before it.
func absorb(last *segment, s segment) (mark string, belongs bool) {
	same := s.agrees(*last)
	switch {
	case last.more && (s.Code == last.Code || s.Code == 0): // 535-... 535 ...
		before := withoutMark(last.Text)
		mark = last.Text[len(before):]
		last.Text, last.more = before+" "+s.Text, s.more
	case same && last.Status == "" && s.Status != "" && announces(last.Text): // code: 535, response: 5.7.3 ...
		last.Text, last.body = s.Text, s.body
	case same && s.Code == 0 && s.Status == last.Status && s.opens: // (535, b'5.7.139 ...\n5.7.139 ...')
		last.Text += " " + s.Text
	case same && s.Status == "" && bare(s.Text): // 5.7.60 ... SMTP code: 550
	default:
		return "", false
	}
	last.Code, last.Status, last.end = max(last.Code, s.Code), max(last.Status, s.Status), s.end
	return mark, true
}

// withoutMark cuts off what a transcript puts before the code of the next
// line: "S: ", "<~  ", "msmtp: server message: ".
func withoutMark(words string) string {
	i := strings.LastIndexByte(words, '\n')
	mark := strings.TrimRight(words[i+1:], " \t")
	if i >= 0 && len(mark) < 32 && (mark == "" || strings.IndexByte(":<>~-", mark[len(mark)-1]) >= 0) {
		return words[:i]
	}
	return words
}

// announcements are words of clients between a code and the rest of the reply.
var announcements = []string{"response", "message", "detail", "additional smtp info"}

// announces reports whether words only lead over from a code to the reply.
func announces(words string) bool {
	words = strings.ToLower(words)
	return len(words) < 40 && slices.ContainsFunc(announcements, func(a string) bool { return strings.Contains(words, a) }) ||
		strings.Trim(words, " \t\n\"'([{:,;=-") == ""
}

// bare reports whether what follows a code is no reply text.
func bare(words string) bool {
	end := strings.IndexByte(words, '\n')
	if end < 0 {
		end = len(words)
	}
	head := strings.TrimSpace(words[:end])
	return head == "" || !isWord(head[0]) || strings.HasPrefix(head, "command:") || strings.HasPrefix(head, "Additional SMTP info")
}

// replyAt reads a reply's code, its status, or both at i.
func replyAt(text string, i int) (segment, bool) {
	if !isDigit(text[i]) || i > 0 && (isWord(text[i-1]) || text[i-1] == '.') {
		return segment{}, false
	}
	if status, end := statusAt(text, i); end > 0 {
		if !mayStand(text, i) {
			return segment{}, false
		}
		return segment{Reply: Reply{Status: status}, start: i, end: end}, true
	}
	if status, end := statusAfterDot(text, i); end > 0 {
		code, _ := strconv.Atoi(text[i : i+3]) // three digits
		return segment{Reply: Reply{Code: code, Status: status}, start: i, end: end}, true
	}
	code, ok := codeAt(text, i)
	if !ok {
		return segment{}, false
	}
	seg := segment{Reply: Reply{Code: code}, start: i, end: i + 3}
	seg.more = i+3 < len(text) && text[i+3] == '-'
	if at, ok := statusAfter(text, i+3); ok {
		seg.Status, seg.end = statusAt(text, at)
		if seg.Status[0] == text[i] || seg.Status[0] != '2' {
			return seg, true
		}
	}
	return seg, codeMayStand(text, i)
}

// statusAfterDot reads "504.5.7.4", in which a client left the blank out.
func statusAfterDot(text string, i int) (status string, end int) {
	if i+4 >= len(text) || !isDigit(text[i+1]) || !isDigit(text[i+2]) || text[i+3] != '.' || text[i+4] != text[i] {
		return "", 0
	}
	return statusAt(text, i+4)
}

// statusAfter finds a status that follows a code with nothing but punctuation
// between: "535 5.7.3", "(535, b'5.7.3", "535: 5.7.3", "550 #5.7.1".
func statusAfter(text string, i int) (int, bool) {
	for end := min(i+8, len(text)); i < end; i++ {
		switch c := text[i]; {
		case isDigit(c):
			if _, n := statusAt(text, i); n > 0 {
				return i, true
			}
			return 0, false
		case c == 'b' || c == 'u':
			if i+1 >= len(text) || text[i+1] != '\'' && text[i+1] != '"' {
				return 0, false
			}
		case isLetter(c) || c == '.':
			return 0, false
		}
	}
	return 0, false
}

// statusAt parses an enhanced status code (RFC 3463) at i; end is 0 when there
// is none. Addresses and longer version numbers are none.
func statusAt(text string, i int) (status string, end int) {
	if c := text[i]; c != '2' && c != '4' && c != '5' {
		return "", 0
	}
	j := i + 1
	for range 2 {
		if j >= len(text) || text[j] != '.' {
			return "", 0
		}
		j++
		from := j
		for j < len(text) && j < from+3 && isDigit(text[j]) {
			j++
		}
		if j == from {
			return "", 0
		}
	}
	if j < len(text) && (isWord(text[j]) || text[j] == '.' && j+1 < len(text) && isDigit(text[j+1])) {
		return "", 0
	}
	return text[i:j], j
}

// codeAt parses a reply code (RFC 5321 section 4.2.1) at i. The second digit
// keeps ports such as 587 out.
func codeAt(text string, i int) (int, bool) {
	if i+3 > len(text) || !isDigit(text[i+1]) || !isDigit(text[i+2]) || text[i] < '2' || text[i] > '5' {
		return 0, false
	}
	if text[i+1] > '5' && text[i+1] != '7' || text[i:i+3] == "443" {
		return 0, false
	}
	if i+3 < len(text) && (isWord(text[i+3]) || text[i+3] == '.' && i+4 < len(text) && isDigit(text[i+4])) {
		return 0, false
	}
	code, err := strconv.Atoi(text[i : i+3])
	return code, err == nil
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isWord(c byte) bool   { return isDigit(c) || isLetter(c) || c == '_' }
