package view

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A book is English texts with what they are in another language.
type book struct {
	texts map[string]string
	made  []made
}

// A made is a format of which another room makes sentences, by what of it is
// always the same.
type made struct {
	format string
	fixed  []string // around the verbs
	errs   []bool   // the verb takes an error, whose words are a text too
}

// verb is a verb of package fmt.
var verb = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`%(\[\d+\])?[-+#0 ]*\d*(?:\.\d+)?([a-z])`)
})

// take takes a table in, and whether its formats are met as sentences.
func (b *book) take(table [][2]string, sentences bool) {
	for _, row := range table {
		row = withVerbs(row)
		b.texts[row[0]] = row[1]
		verbs := verb().FindAllString(row[0], -1)
		if !sentences || len(verbs) == 0 {
			continue
		}
		m := made{format: row[0], fixed: verb().Split(row[0], -1)}
		for _, v := range verbs {
			m.errs = append(m.errs, strings.HasSuffix(v, "v") || strings.HasSuffix(v, "w"))
		}
		b.made = append(b.made, m)
	}
	slices.SortStableFunc(b.made, func(a, b made) int { // what is the same in most of it tells most
		return cmp.Or(len(strings.Join(b.fixed, ""))-len(strings.Join(a.fixed, "")), strings.Compare(a.format, b.format))
	})
}

// withVerbs has verbs for names in braces, for which a room puts something in.
func withVerbs(row [2]string) [2]string {
	for n := 1; ; n++ {
		_, from, found := strings.Cut(row[0], "{")
		name, _, closed := strings.Cut(from, "}")
		if !found || !closed {
			return row
		}
		row[0] = strings.Replace(row[0], "{"+name+"}", "%s", 1)
		row[1] = strings.Replace(row[1], "{"+name+"}", fmt.Sprintf("%%[%d]s", n), 1)
	}
}

// longestText and mostSentences are more than any text of ours has: what others
// said is not gone through in vain.
const (
	longestText   = 4000
	mostSentences = 20
)

// told is a text in the other language, and whether all of it has one: a text
// of the tables, a sentence made of one of their formats, or several of them
// behind each other.
func (b *book) told(text string) (string, bool) {
	if len(text) > longestText {
		return text, false
	}
	if own, ok := b.one(text); ok {
		return own, true
	}
	for i, tries := len(text)-2, mostSentences; i > 0 && tries > 0; i-- {
		if text[i] != ' ' || !strings.ContainsRune(".:?!", rune(text[i-1])) {
			continue
		}
		tries--
		if head, ok := b.one(text[:i]); ok {
			tail, all := b.told(text[i+1:])
			return head + " " + tail, all
		}
	}
	return text, false
}

// one is a text of the tables, or one sentence made of a format; an error may
// have become a sentence.
func (b *book) one(text string) (string, bool) {
	if own, ok := b.texts[text]; ok {
		return own, true
	}
	for _, m := range b.made {
		if values, ok := m.values(text); ok {
			return b.put(m, values), true
		}
	}
	begin, ended := strings.CutSuffix(text, ".")
	if low := firstLetter(begin, unicode.ToLower); ended && low != begin {
		if own, ok := b.one(low); ok {
			return firstLetter(own, unicode.ToUpper) + ".", true
		}
	}
	return text, false
}

// part is an error within a sentence, which it may begin.
func (b *book) part(text string) string {
	own, ok := b.told(text)
	if low := firstLetter(text, unicode.ToLower); !ok && low != text {
		if own, ok := b.one(low); ok {
			return firstLetter(own, unicode.ToUpper)
		}
	}
	return own
}

func firstLetter(text string, as func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(as(r)) + text[size:]
}

// values is what stands in a sentence where the format has verbs, and whether
// the sentence is of that format.
func (m made) values(sentence string) ([]string, bool) {
	last := len(m.fixed) - 1
	rest, ok := strings.CutPrefix(sentence, m.fixed[0])
	if !ok {
		return nil, false
	}
	if rest, ok = strings.CutSuffix(rest, m.fixed[last]); !ok {
		return nil, false
	}
	var all []string
	for _, fixed := range m.fixed[1:last] {
		var value string
		if value, rest, ok = strings.Cut(rest, fixed); !ok {
			return nil, false
		}
		all = append(all, value)
	}
	return append(all, rest), true
}

// put writes the sentence in the other language.
func (b *book) put(m made, values []string) string {
	args := make([]any, len(values))
	for i, value := range values {
		if m.errs[i] {
			value = b.part(value)
		}
		args[i] = value
	}
	return fmt.Sprintf(verb().ReplaceAllString(b.texts[m.format], "%${1}s"), args...)
}
