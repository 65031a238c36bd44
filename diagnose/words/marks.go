package words

import (
	"slices"
	"strconv"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// A segment is one reply found in a text, with the words up to the next one.
type segment struct {
	Reply
	more       bool // a line of a multi-line reply that goes on: "535-"
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

// agrees reports whether two replies contradict each other neither in the code
// nor in the status.
func (r Reply) agrees(o Reply) bool {
	return (r.Code == o.Code || r.Code == 0 || o.Code == 0) && (r.Status == o.Status || r.Status == "" || o.Status == "")
}

// maxSegments bounds how many replies of one text are weighed. Of more, the
// first few, with the greeting, and the last ones are.
const maxSegments = 512

// segments finds the replies in a cleaned text, in order. What stands in skip
// is not read; all the text is in reply to outer, where that is not nil.
// dropped is what a reply of several lines repeats on each: its code, and what
// a log puts before it.
func segments(text string, skip []span, outer *segment) (found []segment, dropped []span) {
	if outer != nil {
		found = append(found, *outer)
	}
	for i, read := 0, blanked(text, skip); i < len(read); i++ {
		seg, ok := replyAt(read, i)
		if !ok {
			continue
		}
		i = seg.end - 1
		if outer != nil && (seg.Code == 0 || seg.Status == "") {
			continue // a number in its words
		}
		found = append(found, seg)
	}
	if n := len(found); n > maxSegments {
		found = slices.Delete(found, maxSegments/8, n-maxSegments*7/8)
	}
	for i := range found {
		s := &found[i]
		if s.end = len(text); i+1 < len(found) {
			s.end = found[i+1].start
		}
		s.Text = strings.TrimLeft(text[s.body:s.end], " \t\n:-,;'\")=—")
		s.body = s.end - len(s.Text)
	}
	return joined(text, found)
}

// blanked returns text with blanks in place of parts of it.
func blanked(text string, parts []span) string {
	b := []byte(text)
	for _, part := range parts {
		for i := part.from; i < part.to; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}

// joined puts together what belongs to one reply.
func joined(text string, in []segment) (out []segment, dropped []span) {
	for _, s := range in {
		if n := len(out); n > 0 {
			if mark, belongs := absorb(&out[n-1], s, text); belongs {
				dropped = append(dropped, span{s.start - len(mark), s.body})
				continue
			}
		}
		out = append(out, s)
	}
	return slices.DeleteFunc(out, func(s segment) bool { return s.Code == 0 && s.Status == "" }), dropped
}

// lineMark is what a transcript puts before the code of the next line: "S: ",
// "<~  ", "msmtp: server message: ".
var lineMark = pattern(`\n(?:[^\n]{0,30}[:<>~-])?[ \t]*$`)

// absorb adds s to the segment before it and reports whether it belonged
// there: the next line of a reply, or a mark that says no other code and no
// other status where one of the two has no words of its own. mark is what a
// log put before it.
func absorb(last *segment, s segment, text string) (mark string, belongs bool) {
	same := s.agrees(last.Reply)
	switch {
	case last.more && (s.Code == last.Code || s.Code == 0): // 535-... 535 ...
		mark = lineMark().FindString(last.Text)
		last.Text, last.more = strings.TrimSuffix(last.Text, mark)+" "+s.Text, s.more
	case same && last.Status == "" && s.Status != "" && leadsOver(last.Text): // code: 535, response: 5.7.3 ...
		last.Text, last.body = s.Text, s.body
	case same && s.Code == 0 && s.Status == last.Status && text[s.start-1] == '\n': // (535, b'5.7.139 ...\n5.7.139 ...')
		last.Text += " " + s.Text
	case same && s.Status == "" && leadsOver(s.Text): // 5.7.60 ... SMTP code: 550
	default:
		return "", false
	}
	last.Code, last.Status, last.end = max(last.Code, s.Code), max(last.Status, s.Status), s.end
	return mark, true
}

// leadsOver reports whether words only lead over from one mark of a reply to
// the next.
func leadsOver(words string) bool {
	words = strings.Trim(words, " \t\n\"'([{:,;=-")
	return words == "" || len(words) < 40 && containsAny(strings.ToLower(words), signs.LeadsOver)
}

// A reply begins with a code (RFC 5321 section 4.2.1; the second digit keeps
// ports such as 587 out), an enhanced status (RFC 3463), or both, with nothing
// but punctuation between: "535 5.7.3", "(535, b'5.7.3", "550 #5.7.1",
// "504.5.7.4". Addresses and longer version numbers are none.
var (
	statusMark = pattern(`^(?:([2-5][0-57]\d)(?:\.|\b[^\w.]{1,7}?(?:[bu]["'])?[^\w.]{0,3}?))?([245]\.\d{1,3}\.\d{1,3})\b(\.\d)?`)
	codeMark   = pattern(`^([2-5][0-57]\d)(?:$|[ \-:,)"'}\n…;]|[^\x00-\x7f])`)
)

// longestMark is more than any mark of a reply.
const longestMark = 32

// replyAt reads a reply's code, its status, or both at i.
func replyAt(text string, i int) (seg segment, ok bool) {
	if text[i] < '2' || text[i] > '5' || i > 0 && (isWord(text[i-1]) || text[i-1] == '.') {
		return segment{}, false
	}
	mark := text[i:min(len(text), i+longestMark)]
	if len(mark) < 3 || !isDigit(mark[2]) {
		return segment{}, false // most numbers
	}
	var m []string
	if strings.Contains(mark, ".") {
		m = statusMark().FindStringSubmatch(mark)
	}
	if m != nil && m[3] == "" {
		seg.Code, _ = strconv.Atoi(m[1]) // digits, or none
		seg.Status, seg.start, seg.end, seg.body = m[2], i, i+len(m[0]), i+len(m[0])
		seg.more = m[1] != "" && text[i+len(m[1])] == '-'
		return seg, seg.Code != 0 || isNoVersion(text, i)
	}
	m = codeMark().FindStringSubmatch(mark)
	if m == nil || m[1] == "443" {
		return segment{}, false
	}
	seg.Code, _ = strconv.Atoi(m[1])
	seg.start, seg.end, seg.body = i, i+len(m[1]), i+len(m[1])
	seg.more = strings.HasPrefix(text[seg.end:], "-")
	return seg, isIntroduced(text, i)
}

// isNoVersion reports whether a status without a code at i can be a server's.
func isNoVersion(text string, i int) bool {
	before := strings.TrimRight(text[max(0, i-longestMark):i], " \t\"'`(:=-#")
	return !slices.Contains(signs.NotReplies, strings.ToLower(lastWord(before)))
}

// introduction is how far before a code what introduces it can begin.
const introduction = 200

// isIntroduced reports whether a code at i that no status follows can be a
// server's: at the start of a line, behind its marks, or after a word that
// introduces it.
func isIntroduced(text string, i int) bool {
	line := text[max(0, i-introduction):i]
	line = strings.TrimRight(line[strings.LastIndexByte(line, '\n')+1:], " \t\"'`(#[")
	words := strings.TrimRight(line, ":=,;-><~ \"'`*")
	if words == "" {
		return true
	}
	word, last := strings.ToLower(lastWord(words)), line[len(line)-1]
	switch {
	case isExpected(words):
		return false
	case strings.IndexByte("><~*;", last) >= 0, last >= 0x80:
		return true
	case last == ':' && (!isDigit(words[len(words)-1]) || slices.Contains([]string{"25", "465", "587"}, word)):
		return !slices.Contains(signs.Counts, word)
	}
	return slices.Contains(signs.Introduces, word)
}

// isExpected reports whether words say that the code behind them is the one
// that should have come: Expected response code "235" but got code "535".
func isExpected(words string) bool {
	words = strings.TrimSuffix(squeeze(words), "code")
	return strings.HasSuffix(strings.TrimSuffix(words, "response"), "expected")
}

// lastWord returns the letters and digits at the end of s.
func lastWord(s string) string {
	i := len(s)
	for i > 0 && isWord(s[i-1]) {
		i--
	}
	return s[i:]
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isWord(c byte) bool   { return isDigit(c) || isLetter(c) || c == '_' }
