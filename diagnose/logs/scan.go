package logs

import (
	"bytes"
	"hash/maphash"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"smtpmend/diagnose/words"
)

// Bounds of what is held of a log at any time. Lines up to longLine are read
// whole; of longer ones, what stands around each hint.
const (
	longLine    = 16 << 10
	recordSize  = 16 << 10 // of lines that belong together
	recordLines = 40
	tailSize    = 4 << 10 // of the block before
)

// A scanner is the state between two lines of a log.
type scanner struct {
	*Reader
	file     string
	fn       func(Event) error
	calendar calendar
	lastHead int
	key      []byte
	speaks   map[string]*dialect // by program

	stampOf     int // the length of the rest of a line that begins with lastStamp
	lastStamp   stamp
	stampLength int

	lines     int    // line ends before the block, or all
	tail      []byte // of the block before
	taken     int    // the last line of the last record
	above     entryHead
	receiving bool // the log is of a receive connector
	watch     int  // lines to be looked at for who signs in

	record   *record   // the one that may yet go on
	batch    []*record // those that are to be judged
	open     []*attempt
	held     []byte // of a line that is longer than a block
	inLong   bool
	longFrom int
	failed   error
}

// A record is lines that belong together, with what they mean.
type record struct {
	first, last int // lines
	indent      int
	headed      bool
	lead        string // with which the first line begins
	head        line
	text        []byte // the lines without their heads
	lastText    int    // where in it the last one begins
	lines       int
	session     *session
	ends        bool
	folded      bool // what comes before the refusal belongs to it
	at          int64

	m            words.Meaning
	ok           bool
	surroundings uint64
	tag          string
}

func newScanner(l *Reader, file string, newest time.Time, fn func(Event) error) *scanner {
	for len(l.memos) < runtime.GOMAXPROCS(0) {
		l.memos = append(l.memos, newMemo())
	}
	return &scanner{Reader: l, file: file, fn: fn, calendar: calendar{newest: newest}, speaks: map[string]*dialect{}}
}

// block reads the lines of a block that the filter let through, and those that
// belong to them.
func (s *scanner) block(b *block) error {
	data, marks, pos, n := b.data, b.marks, 0, s.lines+1
	if s.inLong || b.open {
		pos = s.long(data, n)
		if pos > 0 && data[pos-1] == '\n' {
			n++
		}
	}
	for pos < len(data) {
		for len(marks) > 0 && int(marks[0].from) < pos {
			marks = marks[1:]
		}
		if s.record == nil && s.watch == 0 {
			if len(marks) == 0 {
				break
			}
			n += bytes.Count(data[pos:marks[0].from], []byte("\n"))
			pos = int(marks[0].from)
		}
		end, next := len(data), len(data)
		if i := bytes.IndexByte(data[pos:], '\n'); i >= 0 {
			end, next = pos+i, pos+i+1
		}
		raw := bytes.TrimSuffix(data[pos:end], []byte("\r"))
		marked := len(marks) > 0 && int(marks[0].from) == pos
		switch {
		case s.record != nil && s.continues(raw, n):
		case marked && len(raw) > longLine:
			s.close()
			s.excerpts(n, raw, true)
		case marked:
			s.close()
			s.line(raw, n, marks[0].hint, data[:pos])
		default:
			s.close()
			if s.watch > 0 {
				s.watch--
				s.line(raw, n, false, nil)
			}
		}
		pos, n = next, n+1
	}
	s.lines += b.lines
	s.tail = append(s.tail[:0], data[max(0, len(data)-tailSize):]...)
	s.failed = s.judge()
	return s.failed
}

// flush ends the log.
func (s *scanner) flush() error {
	if s.inLong {
		s.long([]byte("\n"), s.lines+1)
	}
	s.close()
	if len(s.tail) > 0 && s.tail[len(s.tail)-1] != '\n' {
		s.lines++
	}
	if err := s.judge(); err != nil {
		return err
	}
	return s.emit(len(s.open))
}

// line takes one line. before is the block up to it.
func (s *scanner) line(raw []byte, n int, hint bool, before []byte) {
	if bytes.HasPrefix(raw, []byte("#Log-type:")) {
		s.receiving = indexFold(raw, "receive") > 0
		return
	}
	if l, ok := quick(raw); ok {
		switch l.dialect = s.speaks[string(l.program)]; l.dialect {
		case others:
			return
		case postfixQuiet:
			if opensSession(l.text) {
				queued(s, &l)
				s.learn(s.sessionOf(&l), &l)
			}
			return
		}
	}
	l := s.read(raw)
	if l.dialect == clients {
		if d := contentOf(l.text); d != nil {
			l.dialect = d
			if d.take != nil {
				d.take(s, &l)
			}
		}
	}
	if l.dialect == others {
		return
	}
	if hint && l.dialect == clients && len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t' || raw[0] == '(') {
		if s.queueListing(raw, &l, n, before) {
			return
		}
		if first, lines := s.folded(raw, before, n-s.taken-1); lines > 0 {
			s.fold(first, raw, n, lines)
			return
		}
	}
	headless := hint && l.dialect == clients && len(l.text) == len(raw)
	if headless {
		s.entry(&l, n, before)
	}
	sess := s.sessionOf(&l)
	s.learn(sess, &l)
	if !hint && l.dialect == iis { // whose words were in columns
		end, _ := tableHints().find(l.text, 0)
		hint = end >= 0
	}
	if !hint || l.dialect.quiet || isStrange(&l) {
		return
	}
	if _, who := spokenBy(l.text); l.dialect.spoken && (who == byClient || string(l.event) == ">" || string(l.event) == ">>") {
		return
	}
	s.begin(raw, l, n, sess)
	s.record.headed = !headless
}

// opensSession reports whether a line of Postfix tells whose a queue id is:
// "4F5D21A2B3C: client=", "4F5D21A2B3C: from=<".
func opensSession(said []byte) bool {
	i := bytes.IndexByte(said[:min(len(said), 32)], ':')
	return i > 0 && (bytes.HasPrefix(said[i+1:], []byte(" client=")) || bytes.HasPrefix(said[i+1:], []byte(" from=<")))
}

// begin opens a record.
func (s *scanner) begin(raw []byte, l line, n int, sess *session) {
	r := &record{first: n, last: n, indent: indent(raw), headed: len(raw) > len(l.text), lead: string(raw[:min(3, len(raw))]), head: l, text: bytes.Clone(l.text), lines: 1, session: sess}
	r.head.host, r.head.program, r.head.thread = bytes.Clone(l.host), bytes.Clone(l.program), bytes.Clone(l.thread)
	for _, e := range l.dialect.ends {
		r.ends = r.ends || bytes.HasPrefix(l.text, []byte(e)) || len(e) > 3 && bytes.Contains(l.text, []byte(e))
	}
	if at := s.calendar.dated(l.at); at.known() && at.year > 0 {
		r.at = at.seconds()
	}
	if words, _ := spokenBy(l.text); l.dialect.spoken {
		code, _, _ := replyStart(words)
		sess.refused = sess.refused || code != nil && code[0] >= '4'
	}
	s.record = r
}

// close ends the record; it is judged with its block.
func (s *scanner) close() {
	if s.record != nil {
		s.taken = s.record.last
		s.batch = append(s.batch, s.record)
		s.record = nil
	}
}

func isStrange(l *line) bool {
	for _, words := range l.dialect.strange {
		if bytes.Contains(l.text, []byte(words)) {
			return true
		}
	}
	return false
}

// few is how many records are not worth a second core.
const few = 16

// judge says of each record that was found what it means, on all cores, and
// adds them in their order.
func (s *scanner) judge() error {
	batch := s.batch
	s.batch = s.batch[:0]
	workers := min(len(s.memos), len(batch)/few+1)
	var wait sync.WaitGroup
	for w := range workers {
		part := batch[len(batch)*w/workers : len(batch)*(w+1)/workers]
		work := func() {
			for _, r := range part {
				r.judge(s.memos[w])
			}
		}
		if w == workers-1 {
			work()
			break
		}
		wait.Go(work)
	}
	wait.Wait()
	for i, r := range batch {
		batch[i] = nil
		if r.ok {
			if err := s.add(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge says what the words mean.
func (r *record) judge(memo *memo) {
	said := r.text
	if r.head.dialect.judged != nil {
		said = r.head.dialect.judged(said)
	}
	words := text(said)
	if strings.TrimSpace(words) == "" {
		return
	}
	introduction := r.session.introduction(r.head.dialect)
	if introduction == "" && r.head.dialect == clients && aboutMail(r.head.program) {
		introduction = string(r.head.program) + ": "
	}
	var at int
	if r.m, at, r.ok = memo.judge(introduction + words); !r.ok {
		return
	}
	r.m.Reply.Text = strings.TrimPrefix(r.m.Reply.Text, introduction)
	at = max(0, at-len(introduction))
	if r.head.dialect.judged != nil {
		at = 0 // another text
	}
	if r.folded {
		r.first += bytes.Count(r.text[:min(at, len(r.text))], []byte("\n"))
	}
	r.tag = tagOf(r.m.Reply.Text)
	r.surroundings = r.surroundingsOf(min(at, len(r.text)))
}

// introduction names the server before the words of a dialogue where it is not
// Microsoft's, and the mechanism where Microsoft has none of the name: then the
// words are not Microsoft's either.
func (s *session) introduction(d *dialect) string {
	switch {
	case !d.spoken:
		return ""
	case s.mechanism != "" && !slices.Contains(mechanisms[:3], s.mechanism):
		return "AUTH " + s.mechanism + "\n"
	case s.server == "" || words.IsMicrosoft(s.server) || !isFullName(s.server):
		return ""
	}
	return "host " + s.server + "[] said: "
}

// aboutMail reports whether a program's name says that it sends mail: words that
// every network client uses are meant of a submission then.
func aboutMail(program []byte) bool {
	return indexFold(program, "mail") >= 0 || indexFold(program, "smtp") >= 0
}

func isFullName(host string) bool {
	i := strings.LastIndexByte(host, '.')
	return i > 0 && i+1 < len(host) && isLetter(host[i+1])
}

var seed = maphash.MakeSeed()

// surroundingsOf tells one place of a program that prints refusals from
// another: by what it prints before them, but for numbers.
func (r *record) surroundingsOf(at int) uint64 {
	if at == 0 && (len(r.text) == 0 || r.text[0] < '2' || r.text[0] > '5') {
		at = min(len(r.text), 200)
	}
	var h maphash.Hash
	h.SetSeed(seed)
	if r.indent > 0 {
		h.WriteByte(' ')
	}
	for _, c := range r.text[:min(at, 300)] {
		if c < '0' || c > '9' {
			h.WriteByte(c)
		}
	}
	return h.Sum64()
}
