package words

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
	if len(parts) == 0 {
		return text
	}
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

// markAt reads a code, a status, or both at the beginning of s; n is how long
// the mark is, 0 for none. wrong is true for four numbers with points.
func markAt(s string) (code, status string, n int, wrong bool) {
	if i := statusBehindCode(s); i > 0 {
		if m := statusLength(s[i:]); m > 0 {
			return s[:3], s[i : i+m], i + m, isFourth(s[i+m:])
		}
	}
	if m := statusLength(s); m > 0 {
		return "", s[:m], m, isFourth(s[m:])
	}
	return "", "", 0, false
}

// isCode reports whether s begins with three digits that can be a code.
func isCode(s string) bool {
	return len(s) >= 3 && s[0] >= '2' && s[0] <= '5' && (s[1] >= '0' && s[1] <= '5' || s[1] == '7') && isDigit(s[2])
}

// statusBehindCode returns where a status can begin behind a code: behind a
// point, or behind punctuation in which a literal of Python's may open.
func statusBehindCode(s string) int {
	if !isCode(s) || len(s) < 4 {
		return 0
	}
	if s[3] == '.' {
		return 4
	}
	n, signs := apart(s, 3, 10)
	if signs > 0 && signs <= 7 && n+1 < len(s) && (s[n] == 'b' || s[n] == 'u') && (s[n+1] == '"' || s[n+1] == '\'') {
		n, _ = apart(s, n+2, 3)
	} else if signs == 0 {
		return 0
	}
	return n
}

// apart goes over at most so many signs from i on, and counts them.
func apart(s string, i, most int) (end, signs int) {
	for i < len(s) && signs < most && !isWord(s[i]) && s[i] != '.' {
		_, n := utf8.DecodeRuneInString(s[i:])
		i, signs = i+n, signs+1
	}
	return i, signs
}

// statusLength returns the length of a status at the beginning of s.
func statusLength(s string) int {
	if len(s) < 5 || s[0] != '2' && s[0] != '4' && s[0] != '5' || s[1] != '.' {
		return 0
	}
	i := 2
	for part := range 2 {
		from := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if i == from || i > from+3 {
			return 0
		}
		if part == 0 {
			if i == len(s) || s[i] != '.' {
				return 0
			}
			i++
		}
	}
	if i < len(s) && isWord(s[i]) {
		return 0
	}
	return i
}

func isFourth(s string) bool { return len(s) > 1 && s[0] == '.' && isDigit(s[1]) }

// endsCode reports whether s can stand behind a code.
func endsCode(s string) bool {
	return s == "" || s[0] >= utf8.RuneSelf || strings.IndexByte(" -:,)\"'}\n;", s[0]) >= 0
}

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
	if code, status, n, wrong := markAt(mark); n > 0 && !wrong {
		seg.Code, _ = strconv.Atoi(code) // digits, or none
		seg.Status, seg.start, seg.end, seg.body = status, i, i+n, i+n
		seg.more = code != "" && text[i+len(code)] == '-'
		return seg, seg.Code != 0 || isNoVersion(text, i)
	}
	if !isCode(mark) || !endsCode(mark[3:]) || mark[:3] == "443" {
		return segment{}, false
	}
	seg.Code, _ = strconv.Atoi(mark[:3])
	seg.start, seg.end, seg.body = i, i+3, i+3
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
