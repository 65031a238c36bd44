package logs

import (
	"bytes"
	"regexp"
	"sync"
)

// restOfSentence begins with a word, and not like a line of a log: no time, no
// host, no label.
var restOfSentence = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[a-z][A-Za-z]*(?:[ .,;)]|$)|[A-Z][A-Za-z .,']{15}|[A-Z][A-Za-z .,']*$)`)
})

// brokenAt is the narrowest column at which logs are broken.
const brokenAt = 40

// continues reports whether a line goes on with the record, and adds it: a
// folded line, the next of a multi-line reply, the rest of one that was broken,
// with its head printed again or without.
func (s *scanner) continues(raw []byte, n int) bool {
	r := s.record
	if r.lines >= recordLines || len(r.text)+len(raw) > recordSize || r.head.dialect.whole {
		return false
	}
	words := bytes.TrimLeft(raw, " \t")
	if len(words) == 0 {
		return false
	}
	text := raw
	if r.headed && bytes.HasPrefix(raw, []byte(r.lead)) {
		if len(r.head.dialect.ends) > 0 || !r.unfinished() {
			return false
		}
		l := s.read(raw)
		if len(l.text) == len(raw) || !sameSpeaker(&l, &r.head) || !r.goesOn(l.text) {
			return false
		}
		text = l.text
	} else if r.headed && s.hasHead(raw) || !r.headed && raw[0] != ' ' && s.hasHead(raw) {
		return false
	} else if indent(raw) <= r.indent && !r.goesOn(raw) {
		return false
	} else if indent(raw) > r.indent {
		if _, who := spokenBy(raw); who != byNobody {
			return false
		}
		if code, _, status := replyStart(raw); code != nil && status {
			return false
		}
		if bytes.HasPrefix(words, []byte("at ")) { // where in a program it happened
			r.last, r.lines = n, r.lines+1
			return true
		}
	}
	r.text = append(r.text, '\n')
	r.lastText = len(r.text)
	r.text = append(r.text, text...)
	r.last, r.lines = n, r.lines+1
	return true
}

// hasHead reports whether a line begins as lines of logs do, with a time.
func (s *scanner) hasHead(raw []byte) bool {
	if len(raw) > 0 && (raw[0] == '[' || raw[0] == '<') {
		raw = raw[1:]
	}
	_, n := s.calendar.stampAt(raw)
	return n > 0
}

// sameSpeaker reports whether two lines have the same head.
func sameSpeaker(a, b *line) bool {
	return a.dialect == b.dialect && bytes.Equal(a.host, b.host) && bytes.Equal(a.program, b.program) && bytes.Equal(a.thread, b.thread) &&
		bytes.Equal(a.device, b.device) && bytes.Equal(a.session, b.session)
}

// unfinished reports whether the last line of the record was broken inside a
// sentence or a reply of several lines.
func (r *record) unfinished() bool {
	last := bytes.TrimRight(r.text[r.lastText:], " ")
	if len(last) == 0 {
		return false
	}
	if _, sep, _ := replyStart(last); sep == '-' {
		return true
	}
	c := last[len(last)-1]
	return len(last) >= brokenAt && (isLetter(c) || '0' <= c && c <= '9' || bytes.IndexByte([]byte(",/-_="), c) >= 0 || len(last) < len(r.text)-r.lastText)
}

// goesOn reports whether text goes on with the last line of the record.
func (r *record) goesOn(text []byte) bool {
	last := r.text[r.lastText:]
	words := bytes.TrimLeft(text, " \t")
	code, _, status := replyStart(text)
	before, sep, _ := replyStart(last)
	switch {
	case before != nil && sep == '-':
		return code != nil && bytes.Equal(code, before)
	case bytes.Contains(last, []byte("5.7.57 ")) && bytes.HasPrefix(words, []byte("Error: 535 ")):
		return true // the reason, which .NET and Microsoft put on a line of its own
	case len(last) < brokenAt || code != nil && status:
		return false
	case bytes.HasSuffix(last, []byte("=")): // quoted-printable
		return true
	}
	return r.unfinished() && restOfSentence().Match(bytes.TrimLeft(text, "> "))
}

// replyStart finds the code with which a line begins, behind no more than the
// marks of a transcript, what stands behind it, and whether a status follows.
func replyStart(b []byte) (code []byte, sep byte, status bool) {
	b = b[:min(len(b), 64)]
	for i := 0; i+3 < len(b); i++ {
		if b[i] < '2' || b[i] > '5' || !isDigits(b[i:i+3]) || i > 0 && (isWordByte(b[i-1]) || b[i-1] == '.') {
			continue
		}
		if b[i+3] != ' ' && b[i+3] != '-' {
			return nil, 0, false
		}
		if i > 0 && bytes.IndexByte([]byte(" <>~*'\":\t"), b[i-1]) < 0 {
			return nil, 0, false
		}
		return b[i : i+3], b[i+3], i+5 < len(b) && isDigits(b[i+4:i+5]) && b[i+5] == '.'
	}
	return nil, 0, false
}

// indent counts the blanks at the start of a line.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }

// lookback bounds the lines before a folded one that belong to it.
const lookback = 8

// folded returns the lines before a folded one that it goes on with, the first
// of them less indented, and their number: 0 for none. free is how many are not
// of another record.
func (s *scanner) folded(raw, before []byte, free int) (text []byte, lines int) {
	depth := indent(raw)
	if depth == 0 {
		return nil, 0
	}
	all := s.withTail(before)
	rest := bytes.TrimSuffix(all, []byte("\n"))
	for lines < min(lookback, free) && len(rest) > 0 {
		from := bytes.LastIndexByte(rest, '\n') + 1
		l := bytes.TrimRight(rest[from:], "\r")
		if len(bytes.TrimSpace(l)) == 0 || len(l) > longLine {
			return nil, 0
		}
		lines++
		if d := indent(l); d < depth {
			if s.hasHead(l) {
				return nil, 0 // a line of its own
			}
			return all[from:], lines
		}
		rest = rest[:max(0, from-1)]
	}
	return nil, 0
}

// withTail returns what comes before a line, in whole lines: of the block before
// where little of this one does.
func (s *scanner) withTail(before []byte) []byte {
	all := before
	if len(all) < tailSize {
		all = append(bytes.Clone(s.tail), before...)
	}
	if len(all) <= tailSize {
		if s.lines == 0 || len(s.tail) < tailSize {
			return all
		}
	} else {
		all = all[len(all)-tailSize:]
	}
	return all[bytes.IndexByte(all, '\n')+1:]
}

// fold begins a record that others come before.
func (s *scanner) fold(first, raw []byte, n, lines int) {
	whole := append(bytes.Clone(first), raw...)
	l := line{text: whole, dialect: clients}
	s.begin(whole, l, n-lines, s.sessionOf(&l))
	r := s.record
	r.folded, r.last, r.lines = true, n, lines+1
	r.lastText = len(r.text) - len(raw)
}

// queueListing takes a reason out of the listing of a queue: the line before it
// has the message's id, size, time and sender.
func (s *scanner) queueListing(raw []byte, l *line, n int, before []byte) bool {
	reason := bytes.TrimLeft(raw, " \t")
	if len(reason) == 0 || reason[0] != '(' {
		return false
	}
	all := bytes.TrimRight(s.withTail(before), "\r\n")
	entry := bytes.Fields(all[bytes.LastIndexByte(all, '\n')+1:])
	if len(entry) < 7 || !isDigits(entry[1]) {
		return false
	}
	at, length := s.calendar.stampAt(bytes.Join(entry[2:len(entry)-1], []byte(" ")))
	if length == 0 {
		return false
	}
	sess := &session{name: string(bytes.TrimRight(entry[0], "*!")), from: string(bytes.Trim(entry[len(entry)-1], "<>"))}
	s.begin(reason, line{at: at, text: reason, dialect: mailq}, n-1, sess)
	s.record.last = n
	s.close()
	return true
}

// maxEntry is how many lines of a trace or the like may stand below the head of
// an entry.
const maxEntry = 60

// An entryHead is the head of the entry that was looked for last.
type entryHead struct {
	line
	at       int // its line, 0 for none
	searched int // the line from which it was looked for
}

// entry gives a line without a head that of the entry to which it belongs: a
// trace stands below the line that tells when, and often whose mail it was. What
// was found from the line before is not looked for again.
func (s *scanner) entry(l *line, n int, before []byte) {
	most := min(maxEntry, n-s.above.searched)
	s.above.searched = n
	if most > 0 {
		rest := bytes.TrimSuffix(s.withTail(before), []byte("\n"))
		for back := 1; back <= most; back++ {
			from := bytes.LastIndexByte(rest, '\n') + 1
			raw := bytes.TrimSuffix(rest[from:], []byte("\r"))
			if s.hasHead(raw) && len(raw) <= longLine {
				s.above.at, s.above.line = n-back, s.headOf(raw)
				break
			}
			if from == 0 {
				break
			}
			rest = rest[:from-1]
		}
	}
	if s.above.at == 0 || n-s.above.at > maxEntry || s.above.dialect != clients {
		return
	}
	text := l.text
	*l = s.above.line
	l.text = text
}

// headOf reads a head that is kept when its block is gone.
func (s *scanner) headOf(raw []byte) line {
	h := s.read(bytes.Clone(raw))
	s.stampOf = -1
	if h.session == nil && h.dialect == clients {
		if sess := s.sessionOf(&h); sess.mailbox() == "" && sess.name == "" {
			h.about = onlyAddress(h.text)
		}
	}
	return h
}

// onlyAddress returns the mailbox in a text that has just one.
func onlyAddress(text []byte) string {
	found := ""
	for _, word := range bytes.FieldsFunc(text, func(r rune) bool { return r <= ' ' || bytes.ContainsRune([]byte("<>\"',;:()[]="), r) }) {
		if bytes.IndexByte(word, '@') < 0 {
			continue
		}
		address := string(bytes.Trim(word, "."))
		if !isAddress(address) || found != "" && found != address {
			return ""
		}
		found = address
	}
	return found
}
