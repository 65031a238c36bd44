package words

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"smtpmend/diagnose/words/signs"
)

// A reading is one text on its way to a meaning. What it says is marked once:
// the replies in it, and the places of every phrase that some row knows. The
// steps of the policy then weigh what was found.
type reading struct {
	text    string
	plain   string   // the text as phrases are compared: see squeeze
	at      []int32  // where each octet of plain stands in text
	places  [][]span // by phrase, where it stands in plain
	replies []segment
	stage   Stage // which the words name, "" for none
	ctx     context

	found  []finding // the refusals that still count
	pick   finding   // the one that decides; its row is nil while none does
	rivals []finding // others of the same rank
	all    []finding // all refusals, but for one told twice
	m      Meaning
}

// A finding is a reply with the row that read it.
type finding struct {
	seg    segment
	row    *row // nil when no row knows the words
	ours   bool // the words carry a mark of Microsoft
	host   string
	rank   int
	squish string
}

// mark marks what a cleaned text says. outer is the reply whose words the text
// is, nil where replies stand in the text.
func mark(text string, outer *segment) *reading {
	r := &reading{text: text}
	skip := strangers(text)
	replies, dropped := segments(text, skip, outer)
	r.replies, dropped = replies, append(dropped, skip...)
	slices.SortFunc(dropped, func(a, b span) int { return a.from - b.from })
	r.plain, r.at = squeezeWithout(text, dropped)
	r.places = locate(r)
	r.stage = stageOf(r.plain)
	r.ctx = contextOf(r)
	return r
}

// A span is a part of a text, from its first octet to the one behind its last.
type span struct{ from, to int }

// squeezed returns where what stands in text[from:to] stands in plain.
func (r *reading) squeezed(from, to int) span {
	i := sort.Search(len(r.at), func(i int) bool { return int(r.at[i]) >= from })
	j := sort.Search(len(r.at), func(j int) bool { return int(r.at[j]) >= to })
	return span{i, j}
}

// phrases lists the distinct phrases of the table, squeezed, and what stands
// for each in other languages.
var phrases = sync.OnceValue(func() []phrase {
	var all []phrase
	for _, s := range signs.All {
		for _, words := range []string{s.Words, s.And} {
			if words != "" && !slices.ContainsFunc(all, func(p phrase) bool { return p.words == words }) {
				all = append(all, newPhrase(words))
			}
		}
	}
	return all
})

// A phrase is what is looked for. The words of one that is cut may go on.
type phrase struct {
	words string // as the row writes it
	plain string
	cut   bool
	forms []phrase // the same sentence in other languages
}

func newPhrase(words string) phrase {
	plain, cut := strings.CutSuffix(words, signs.Cut)
	p := phrase{words: words, plain: squeeze(plain), cut: cut}
	for _, form := range signs.InOtherLanguages[words] {
		p.forms = append(p.forms, newPhrase(form))
	}
	return p
}

// opening is how many octets of a phrase it is looked up by.
const opening = 3

// A form is one way in which a phrase is written.
type form struct {
	phrase int
	plain  string
	cut    bool
}

// byOpening lists the forms of all phrases by their first octets.
var byOpening = sync.OnceValue(func() map[[opening]byte][]form {
	all := map[[opening]byte][]form{}
	for i, p := range phrases() {
		for _, f := range append(p.forms, p) {
			key := [opening]byte([]byte(f.plain))
			all[key] = append(all[key], form{i, f.plain, f.cut})
		}
	}
	return all
})

// locate finds every phrase of the table in one pass, each at most a thousand
// times. A phrase begins and ends with whole words; inside, line ends and
// quotes do not count.
func locate(r *reading) [][]span {
	places := make([][]span, len(phrases()))
	forms := byOpening()
	for i := 0; i+opening <= len(r.plain); i++ {
		for _, f := range forms[[opening]byte([]byte(r.plain[i:i+opening]))] {
			to := i + len(f.plain)
			if strings.HasPrefix(r.plain[i:], f.plain) && r.bounded(i, to, f.cut) && len(places[f.phrase]) < 1000 {
				places[f.phrase] = append(places[f.phrase], span{i, to})
			}
		}
	}
	return places
}

// bounded reports whether plain[from:to] begins a word in the text and, unless
// it is cut, ends one.
func (r *reading) bounded(from, to int, cut bool) bool {
	first, _ := utf8.DecodeRuneInString(r.plain[from:])
	start := int(r.at[from])
	before, _ := utf8.DecodeLastRuneInString(r.text[:start])
	if inWord(first) && inWord(before) {
		return false
	}
	last, size := utf8.DecodeLastRuneInString(r.plain[:to])
	end := int(r.at[to-1])
	if size == 1 {
		end++
	} else {
		_, n := utf8.DecodeRuneInString(r.text[end:])
		end += n
	}
	after, _ := utf8.DecodeRuneInString(r.text[end:])
	return cut || !inWord(last) || !inWord(after)
}

// inWord is for the scripts that put blanks between words.
func inWord(r rune) bool {
	return r < 0x2000 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// has reports whether the phrase stands in part of the plain text; opens, that
// it begins it.
func (r *reading) has(p int, in span, opens bool) bool {
	if p < 0 {
		return true
	}
	return slices.ContainsFunc(r.places[p], func(at span) bool {
		return at.from >= in.from && at.to <= in.to && (!opens || at.from == in.from)
	})
}
