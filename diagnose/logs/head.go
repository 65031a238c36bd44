package logs

import (
	"bytes"
	"strings"
	"sync"
)

// A line is a line of a log, taken apart. Its parts are pieces of the log.
type line struct {
	at      stamp
	host    []byte // that wrote it
	program []byte
	thread  []byte // process or thread: its lines belong together while nothing says otherwise
	session []byte // the name that the log gives to the session
	device  []byte
	server  []byte
	event   []byte // the direction or kind, in logs of columns
	text    []byte // what is left
	about   string // the mailbox of which the entry speaks
	dialect *dialect
}

// A head is how a line begins, as a template. {field} stands for a word, a blank
// for one or more, a letter for itself; {text} is the rest. Where nested is
// true the rest may have a head of its own.
type head struct {
	template string
	nested   bool
	dialect  *dialect // nil: the program's, or that of any client
	loose    bool     // other heads go before it, also where it fitted the line before
}

// A part of a template: a literal, or the name of a field.
type part struct {
	literal string
	field   string
	lead    string // of the literal that ends the field
}

type form struct {
	head
	parts []part
}

var forms = sync.OnceValue(func() []form {
	all := make([]form, len(heads))
	for i, h := range heads {
		all[i].head = h
		for rest := h.template; rest != ""; {
			if rest[0] != '{' {
				literal, _, _ := strings.Cut(rest, "{")
				all[i].parts = append(all[i].parts, part{literal: literal})
				rest = rest[len(literal):]
				continue
			}
			name, after, _ := strings.Cut(rest[1:], "}")
			lead, _, _ := strings.Cut(after, "{")
			all[i].parts = append(all[i].parts, part{field: name, lead: lead})
			rest = after
		}
	}
	return all
})

// longestField bounds a field of a head.
const longestField = 160

// read takes the heads off a line: at most three, one in another.
func (s *scanner) read(b []byte) (l line) {
	l.text = b
	for range 3 {
		f := s.head(&l)
		if f == nil {
			break
		}
		if f.dialect != nil {
			l.dialect = f.dialect
		}
		if !f.nested {
			break
		}
	}
	if l.dialect == nil {
		l.dialect = s.dialectOf(l.program)
	}
	if l.dialect.take != nil {
		l.dialect.take(s, &l)
	}
	return l
}

// quick finds the host and the program of a line of syslog without a look at
// its time, and what it says; ok is false for other lines.
func quick(raw []byte) (l line, ok bool) {
	b := raw[:min(len(raw), longestField)]
	skip := 16 // "Nov 20 08:00:01 "
	if len(b) > 20 && b[0] >= '0' && b[0] <= '9' {
		if skip = bytes.IndexByte(b, ' ') + 1; skip < 20 || b[10] != 'T' {
			return l, false
		}
	} else if len(b) < 20 || b[3] != ' ' || b[6] != ' ' || b[9] != ':' || b[15] != ' ' {
		return l, false
	}
	host := bytes.IndexByte(b[skip:], ' ')
	if host <= 0 {
		return l, false
	}
	at := skip + host + 1
	for i := at; i < len(b); i++ {
		switch b[i] {
		case '[', ':':
			if i == at {
				return l, false
			}
			if n := bytes.Index(b[i:], []byte(": ")); n >= 0 {
				return line{host: b[skip : skip+host], program: b[at:i], text: raw[i+n+2:]}, true
			}
			return l, false
		case ' ', '=':
			return l, false
		}
	}
	return l, false
}

// head takes one head off; that of the line before is tried first.
func (s *scanner) head(l *line) *form {
	all := forms()
	s.stampOf = -1
	last := &all[s.lastHead]
	if !last.loose && last.take(s, l) {
		return last
	}
	for i := range all {
		if (last.loose || i != s.lastHead) && all[i].take(s, l) {
			s.lastHead = i
			return &all[i]
		}
	}
	return nil
}

// take fills l from a line that begins as f does; otherwise it leaves l alone.
func (f *form) take(s *scanner, l *line) bool {
	to, b := *l, l.text
	for _, p := range f.parts {
		if p.field == "" {
			n := literalAt(b, p.literal)
			if n < 0 {
				return false
			}
			b = b[n:]
			continue
		}
		if p.field == "time" || p.field == "syslog" {
			at, n := s.stamp(b)
			if n == 0 || p.field == "syslog" && at.year != 0 && at.zone == "" {
				return false
			}
			to.at, b = at, b[n:]
			continue
		}
		if p.field == "text" {
			to.text = b
			break
		}
		n := wordLength(b, p)
		if n <= 0 || !to.set(p.field, b[:n]) {
			return false
		}
		b = b[n:]
	}
	*l = to
	return true
}

// stamp reads a time; heads that are tried in turn look for it in one place.
func (s *scanner) stamp(b []byte) (stamp, int) {
	if s.stampOf != len(b) {
		s.stampOf = len(b)
		s.lastStamp, s.stampLength = s.calendar.stampAt(b)
	}
	return s.lastStamp, s.stampLength
}

// literalAt returns the length of a literal at the beginning of b, in which a
// blank stands for one or more; -1 when it is not there.
func literalAt(b []byte, literal string) (n int) {
	for i := range len(literal) {
		if literal[i] == ' ' {
			from := n
			for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
				n++
			}
			if n == from {
				return -1
			}
			continue
		}
		if n >= len(b) || b[n] != literal[i] {
			return -1
		}
		n++
	}
	return n
}

// wordLength returns the length of a field that ends where its literal begins.
// Only names in round brackets, quotes and columns hold blanks.
func wordLength(b []byte, p part) int {
	b = b[:min(len(b), longestField)]
	lead := byte(' ')
	if p.lead != "" {
		lead = p.lead[0]
	}
	for i, c := range b {
		switch {
		case c == lead && literalAt(b[i:], strings.TrimRight(p.lead, " ")) >= 0:
			return i
		case c == ' ' && p.field != "any" || c == '\n':
			return -1
		}
	}
	return -1
}

// set puts a field into the line; it is false for what the field cannot be.
func (l *line) set(field string, value []byte) bool {
	switch field {
	case "host":
		l.host = value
		return isName(value) && !isLevel(value)
	case "program":
		l.program = value
		return isName(value)
	case "pid":
		l.thread = value
		return isDigits(value)
	case "thread":
		l.thread = value
	case "container":
		l.device = value
		return isLetter(value[0])
	case "device":
		l.device = value
	case "server":
		l.server = value
	case "event":
		l.event = value
	case "session":
		l.session = value
	case "n":
		return isDigits(value)
	case "exim":
		l.session = value
		return isEximID(value)
	case "level":
		return isLevel(value)
	}
	return true
}

func isDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLevel(b []byte) bool {
	switch string(b) {
	case "TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "NOTICE", "CRITICAL", "SEVERE", "VERBOSE",
		"trace", "debug", "info", "warn", "warning", "error", "fatal", "notice", "critical", "verbose", "Error", "Warning", "Info", "Debug":
		return true
	}
	return false
}

// notInName marks what stands in no name of a host or program.
var notInName = func() (marks [256]bool) {
	for _, c := range []byte("=<>[]()\"',;!|{}") {
		marks[c] = true
	}
	return marks
}()

func isName(b []byte) bool {
	for _, c := range b {
		if notInName[c] {
			return false
		}
	}
	return true
}

// isEximID: "1rB2c3-0004dE-5F" and, since Exim 4.97, "1rB2c3-00000004dE5-F6gH".
func isEximID(b []byte) bool {
	if len(b) != 16 && len(b) != 23 || b[6] != '-' || b[len(b)-len("-5F")] != '-' && b[len(b)-len("-F6gH")] != '-' {
		return false
	}
	for _, c := range b {
		if c != '-' && !isLetter(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
