package dialogue

import (
	"strings"

	"smtpmend/internal/secret"
)

const (
	// runLength is the length in octets from which on a run of a secret, or of
	// an encoding of it, is masked wherever it stands. It is also the length
	// below which a secret is looked for as a whole only.
	runLength = 8
	// minInside is the shortest secret that is looked for inside of words: a
	// shorter one would turn ordinary replies into asterisks.
	minInside = 4
)

// A Masker replaces a secret by "****" in what a server says: a server may
// repeat what it was told, in part or in an encoding, in upper or lower case.
// What a line means has to be decided before it is masked.
//
// Words that everybody knows stay as they are: the account, the host that was
// asked, what Microsoft 365 says to anybody. A password made of one of them
// would blind the record, and they give nothing away.
type Masker struct {
	runs  map[[runLength]byte]struct{} // of a secret of at least runLength
	whole []string                     // what a shorter one is looked for as
	words bool                         // it counts only as a word of its own
	known string                       // what stays, folded, one a line
	stay  []string                     // of that the words that stay beside the secret, too
}

// NewMasker returns the masker of a secret; an empty one masks nothing. Names
// stay, encoded or not, and so do words, those of at least eight octets even
// in the middle of the secret: what is decided by them stays decided.
func NewMasker(s secret.Secret, names, words []string) *Masker {
	text := s.Reveal()
	m := &Masker{words: len(text) < minInside}
	switch {
	case text == "":
		return m
	case len(text) < runLength:
		m.whole = forms(text)
	default:
		m.runs = map[[runLength]byte]struct{}{}
		for _, form := range forms(text) {
			for i := range len(form) - runLength + 1 {
				m.runs[[runLength]byte([]byte(form[i:i+runLength]))] = struct{}{}
			}
		}
	}
	for _, word := range words {
		if len(word) >= runLength {
			m.stay = append(m.stay, string(fold(word)))
		}
	}
	known := append(prompts[:len(prompts):len(prompts)], words...)
	for _, name := range names {
		known = append(known, forms(name)...)
	}
	m.known = string(fold(strings.Join(known, "\n")))
	return m
}

// Line returns a line of text without the secret.
func (m *Masker) Line(line string) string {
	if m.runs == nil && m.whole == nil {
		return line
	}
	folded, found := fold(line), false
	hide := make([]bool, len(line))
	for from, to := m.next(folded, 0); from < to; from, to = m.next(folded, to) {
		if strings.Contains(m.known, string(folded[from:to])) {
			continue
		}
		found = true
		for i := from; i < to; i++ {
			hide[i] = true
		}
	}
	if !found {
		return line
	}
	m.show(string(folded), hide)
	var b strings.Builder
	for i, hidden := range hide {
		switch {
		case !hidden:
			b.WriteByte(line[i])
		case i == 0 || !hide[i-1]:
			b.WriteString(secret.Mask)
		}
	}
	return b.String()
}

// show takes back what would hide one of the words that stay.
func (m *Masker) show(folded string, hide []bool) {
	for _, word := range m.stay {
		for from := 0; ; {
			i := strings.Index(folded[from:], word)
			if i < 0 {
				break
			}
			from += i + len(word)
			for j := from - len(word); j < from; j++ {
				hide[j] = false
			}
		}
	}
}

// Reply returns a copy of reply without the secret. Its codes stay: they are
// what it means.
func (m *Masker) Reply(reply *Reply) *Reply {
	masked := *reply
	masked.Lines = make([]string, len(reply.Lines))
	for i, line := range reply.Lines {
		head := 0
		if reply.Code != 0 {
			head = len(line) - len(AfterCode(line)) + len(statusOf(line))
		}
		masked.Lines[i] = line[:head] + m.Line(line[head:])
	}
	return &masked
}

// next returns where a piece of the secret stands in a folded line from i on;
// from and to are equal where there is none.
func (m *Masker) next(line []byte, i int) (from, to int) {
	if m.runs == nil {
		return m.nextWhole(line, i)
	}
	for ; i+runLength <= len(line); i++ {
		if !m.hit(line, i) {
			continue
		}
		from, to = i, i+runLength
		for ; i <= to && i+runLength <= len(line); i++ {
			if m.hit(line, i) {
				to = i + runLength
			}
		}
		return from, to
	}
	return len(line), len(line)
}

func (m *Masker) hit(line []byte, i int) bool {
	_, ok := m.runs[[runLength]byte(line[i:i+runLength])]
	return ok
}

func (m *Masker) nextWhole(line []byte, i int) (from, to int) {
	for ; i < len(line); i++ {
		for _, form := range m.whole {
			to := i + len(form)
			if to > len(line) || string(line[i:to]) != form {
				continue
			}
			if !m.words || !wordAt(line, i-1) && !wordAt(line, to) {
				return i, to
			}
		}
	}
	return len(line), len(line)
}

// wordAt reports whether a letter or digit stands at i.
func wordAt(line []byte, i int) bool {
	if i < 0 || i >= len(line) {
		return false
	}
	c := line[i]
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}
