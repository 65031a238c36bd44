package words

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"smtpmend/diagnose/words/signs"
)

// A phrase is what is looked for. The words of one that is cut may go on.
type phrase struct {
	words string // as the row writes it
	plain string
	cut   bool
	forms []phrase // what stands for it, as the same sentence in other languages
}

func newPhrase(words string, forms ...string) phrase {
	plain, cut := strings.CutSuffix(words, signs.Cut)
	p := phrase{words: words, plain: squeeze(plain), cut: cut}
	for _, form := range forms {
		p.forms = append(p.forms, newPhrase(form))
	}
	return p
}

// entraMark is the place in phrases of what stands before a code of Entra's.
const entraMark = 0

// phrases lists the distinct phrases of the tables.
var phrases = sync.OnceValue(func() []phrase {
	all := []phrase{newPhrase(signs.EntraMarks[0], signs.EntraMarks[1:]...)}
	known := map[string]bool{"": true}
	for _, s := range signs.All {
		for _, words := range []string{s.Words, s.And} {
			if !known[words] {
				known[words] = true
				all = append(all, newPhrase(words, signs.InOtherLanguages[words]...))
			}
		}
	}
	return all
})

// opening is how many octets of a phrase it is looked up by.
const opening = 3

// A form is one way in which a phrase is written.
type form struct {
	phrase int
	plain  string
	cut    bool
}

// openings is a table of the forms of all phrases by their first octets.
type openings struct {
	from  [openingsSize + 1]int32
	forms []form
}

const openingsSize = 1 << 12

func openingOf(s string) uint32 {
	return (uint32(s[0])<<16 | uint32(s[1])<<8 | uint32(s[2])) * 0x9E3779B1 >> 20
}

var byOpening = sync.OnceValue(func() *openings {
	var lists [openingsSize][]form
	for i, p := range phrases() {
		for _, f := range append(p.forms, p) {
			key := openingOf(f.plain)
			lists[key] = append(lists[key], form{i, f.plain, f.cut})
		}
	}
	t := &openings{}
	for key, list := range lists {
		t.forms = append(t.forms, list...)
		t.from[key+1] = int32(len(t.forms))
	}
	return t
})

// spare keeps lists of places for the next text.
var spare = sync.Pool{New: func() any {
	places := make([][]span, len(phrases()))
	return &places
}}

// locate finds every phrase of the table in one pass, each at most a thousand
// times. A phrase begins and ends with whole words; inside, line ends and
// quotes do not count.
func locate(r *reading) {
	r.spare = spare.Get().(*[][]span)
	r.places = *r.spare
	t := byOpening()
	for i := 0; i+opening <= len(r.plain); i++ {
		key := openingOf(r.plain[i : i+opening])
		for _, f := range t.forms[t.from[key]:t.from[key+1]] {
			to := i + len(f.plain)
			if strings.HasPrefix(r.plain[i:], f.plain) && r.bounded(i, to, f.cut) && len(r.places[f.phrase]) < 1000 {
				if len(r.places[f.phrase]) == 0 {
					r.located = append(r.located, f.phrase)
				}
				r.places[f.phrase] = append(r.places[f.phrase], span{i, to})
			}
		}
	}
}

// release gives back what the next text can use; the reading is of no use then.
func (r *reading) release() {
	for _, p := range r.located {
		r.places[p] = r.places[p][:0]
	}
	spare.Put(r.spare)
	r.places, r.spare = nil, nil
}

// bounded reports whether plain[from:to] begins a word in the text and, unless
// it is cut, ends one.
func (r *reading) bounded(from, to int, cut bool) bool {
	first, _ := utf8.DecodeRuneInString(r.plain[from:])
	before, _ := utf8.DecodeLastRuneInString(r.text[:r.at[from]])
	if inWord(first) && inWord(before) {
		return false
	}
	end := r.text[r.at[to-1]:]
	last, size := utf8.DecodeRuneInString(end)
	after, _ := utf8.DecodeRuneInString(end[size:])
	return cut || !inWord(last) || !inWord(after)
}

// inWord is for the scripts that put blanks between words.
func inWord(r rune) bool {
	return r < 0x2000 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
