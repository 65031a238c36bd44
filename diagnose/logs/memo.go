package logs

import (
	"slices"
	"strings"
	"sync"

	"smtpmend/diagnose/words"
)

// A judged text is what words say of it, without what was variable in it.
type judged struct {
	m        words.Meaning
	at       int // where the refusal begins
	ok       bool
	from, to int // where the words of the reply stand in the text, -1 for not at all
}

// A memo keeps what texts meant that differ only in what no row of the tables
// knows: numbers, names, ids. The text is masked octet for octet, so that what
// the words of the reply were can be cut out of each.
type memo struct {
	of     map[string]judged
	before map[string]judged // of what was kept until of was begun
	held   int               // octets of texts
	mask   []byte
}

// memoSize bounds the texts that are kept; of a log with more, the last.
const (
	memoSize    = 1 << 20 // octets
	longestMemo = 2 << 10
)

func newMemo() *memo { return &memo{of: map[string]judged{}} }

// judge says what a text of a log means, and where in it the refusal begins.
func (c *memo) judge(text string) (m words.Meaning, at int, ok bool) {
	if len(text) > longestMemo || !plain(text) {
		return words.InLog(text)
	}
	c.mask = theMasker().mask(c.mask[:0], text)
	j, known := c.of[string(c.mask)]
	if !known {
		if j, known = c.before[string(c.mask)]; known {
			c.keep(j)
		}
	}
	if known {
		if j.ok && j.from >= 0 {
			j.m.Reply.Text = words.Masked(oneLine(text[j.from:j.to]))
		}
		return j.m, j.at, j.ok
	}
	m, at, ok = words.InLog(text)
	j = judged{m: m, at: at, ok: ok, from: -1}
	if ok {
		if j.from, j.to = placeOf(m.Reply.Text, text); j.from < 0 && m.Reply.Text != "" {
			return m, at, ok
		}
	}
	c.keep(j)
	return m, at, ok
}

// keep keeps what the text of mask means.
func (c *memo) keep(j judged) {
	const overhead = 400 // a judged text and its place in the map
	if c.held += overhead + len(c.mask); c.held > memoSize {
		c.before, c.of, c.held = c.of, map[string]judged{}, 0
	}
	c.of[string(c.mask)] = j
}

// plain reports whether nothing in the text has to be undone before it is read.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' || c >= 0x7f || c == '%' || c == '\\' || c == '&' {
			return false
		}
	}
	return true
}

// placeOf returns where in the text the words stand, which are on one line.
func placeOf(reply, text string) (from, to int) {
	if reply == "" {
		return -1, -1
	}
	first, _, _ := strings.Cut(reply, " ")
	for i := 0; ; i++ {
		j := strings.Index(text[i:], first)
		if j < 0 {
			return -1, -1
		}
		i += j
		if n := lengthIn(text[i:], reply); n > 0 {
			return i, i + n
		}
	}
}

// lengthIn returns how much of the beginning of text says reply, where any run
// of blanks stands for one.
func lengthIn(text, reply string) int {
	n := 0
	for i := 0; i < len(reply); i++ {
		if reply[i] == ' ' {
			from := n
			for n < len(text) && (text[n] == ' ' || text[n] == '\n') {
				n++
			}
			if n == from {
				return 0
			}
			continue
		}
		if n >= len(text) || text[n] != reply[i] {
			return 0
		}
		n++
	}
	return n
}

func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n") && !strings.Contains(s, "  ") {
		return strings.Clone(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// A masker knows which words of a text cannot be part of anything that the
// tables know: those with three letters in a row that no phrase holds, and ids.
type masker struct {
	known [1 << 15]bool // three letters that stand in some phrase, by five bits each
	words map[string]bool
	cut   []string // the last words of phrases that may go on
}

var theMasker = sync.OnceValue(func() *masker {
	m := &masker{words: map[string]bool{}}
	for _, phrase := range words.Vocabulary() {
		m.learn(phrase)
	}
	return m
})

func (m *masker) learn(phrase string) {
	if cut, ok := strings.CutSuffix(phrase, words.Cut); ok {
		cut = strings.ToLower(cut)
		m.cut = append(m.cut, cut[strings.LastIndexByte(cut, ' ')+1:])
	}
	var letters []byte
	for _, r := range strings.ToLower(phrase) {
		if r < 0x80 && words.Dropped(byte(r)) {
			continue // a phrase goes on over it
		}
		if r >= 'a' && r <= 'z' {
			letters = append(letters, byte(r))
			if n := len(letters); n >= 3 {
				m.known[triple(letters[n-3:])] = true
			}
			continue
		}
		letters = letters[:0]
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(phrase), func(r rune) bool { return !wordRune(r) }) {
		if strings.ContainsAny(word, "0123456789") {
			m.words[word] = true
		}
	}
}

func wordRune(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func triple(b []byte) int {
	return int(b[0]|0x20-'a')&31<<10 | int(b[1]|0x20-'a')&31<<5 | int(b[2]|0x20-'a')&31
}

// maskTime masks the time at the beginning of b, "2026-11-20T08:00:01.042Z", and
// returns how much of it stands behind the year.
func maskTime(b []byte) int {
	const layout = "0000-00-00T00:00:00"
	if len(b) < len(layout) {
		return 0
	}
	for i := range len(layout) {
		if digit := '0' <= b[i] && b[i] <= '9'; layout[i] == '0' && !digit || layout[i] != '0' && layout[i] != b[i] {
			return 0
		}
	}
	n := len(layout)
	for n < len(b) && (b[n] == '.' || '0' <= b[n] && b[n] <= '9') {
		n++
	}
	for i := range n {
		b[i] = 'q'
	}
	return n - len("0000")
}

// mask appends text to b with "q" for each letter and digit of a word that
// cannot matter.
func (m *masker) mask(b []byte, text string) []byte {
	b = append(b, text...)
	for i := 0; i < len(b); {
		if !isWordByte(b[i]) {
			i++
			continue
		}
		from, digits, foreign := i, 0, false
		for i < len(b) && isWordByte(b[i]) {
			if b[i] <= '9' {
				digits++
			} else if i-from >= 2 && b[i-1] > '9' && b[i-2] > '9' && !m.known[triple(b[i-2:i+1])] {
				foreign = true
			}
			i++
		}
		word := b[from:i]
		if digits == 4 && len(word) == 4 {
			i += maskTime(b[from:])
		}
		local := i < len(b) && b[i] == '@'
		if foreign && !m.isCut(word) || local || digits > 0 && len(word) > 4 && m.isID(word, digits) {
			for k := range word {
				word[k] = 'q'
			}
		}
	}
	return b
}

func (m *masker) isCut(word []byte) bool {
	return slices.ContainsFunc(m.cut, func(c string) bool { return len(word) >= len(c) && strings.EqualFold(string(word[:len(c)]), c) })
}

// isID: numbers of up to seven digits can be codes of Entra's, and some names
// have digits.
func (m *masker) isID(word []byte, digits int) bool {
	if digits == len(word) && len(word) <= 7 {
		return false
	}
	low := strings.ToLower(string(word))
	return !m.words[low] && !strings.HasPrefix(low, "aadsts")
}

func isWordByte(c byte) bool { return '0' <= c && c <= '9' || isLetter(c) }
