package words

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText is how much of a text is read; of a longer one its two halves at
// either end.
const maxText = 128 << 10

// An undoing takes back one thing that a program did to a text on its way.
type undoing struct {
	name string
	do   func(string) string
}

// undoings are in the order in which they are done.
var undoings = []undoing{
	{"UTF-16", fromUTF16},
	{"odd blanks and quotes", plainSpaces},
	{"records of other protocols", ofSubmissions},
	{"compatibility characters", norm.NFKC.String},
	{"colours", replaced("\x1b", pattern(`\x1b\[[0-9;]*[A-Za-z]`), "")},
	{"boxes", replaced("\xe2", pattern(`[\x{2500}-\x{259f}]`), " ")},
	{"percent signs", fromPercent},
	{"plus signs", fromPlus},
	{"a container's JSON", replaced(`"stream":"`, pattern(`(?m)^\{"log":"(.*?)(?:\\n)?","stream":"[^"]*"(?:,"[^\n]*)?\}\r?$`), "$1")},
	{"escapes", fromEscapes},
	{"prefixes", withoutPrefixes},
	{"quoted-printable", fromQuotedPrintable},
	{"entities", func(text string) string { return strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ") }},
	{"tags of blocks", replaced("</ /> <br <BR <p> <P>", pattern(`(?i)</?(?:br|p|div|tr|pre|li)(?:\s[^<>]*)?/?>`), "\n")},
	{"other tags", replaced("</", pattern(`(?i)</?(?:span|td|th|table|b|i|em|strong|code|ul|ol|wbr|font|a)(?:\s[^<>]*)?/?>`), " ")},
	{"joined literals", replaced("\n", pattern(`(?i)(["'])\s*[+,]?\s*\n\s*\+?\s*[bru]{0,2}(["'])`), " ")},
	{"columns", unwrap},
	{"many blanks", replaced("  ", pattern(`  +`), " ")},
}

// clean undoes what logs, mail clients and programming languages do to a
// text. The result is valid UTF-8 with plain line feeds.
func clean(text string) string {
	if len(text) > maxText {
		text = text[:maxText/2] + "\n" + text[len(text)-maxText/2:]
	}
	for _, u := range undoings {
		text = u.do(text)
	}
	return text
}

// pattern compiles expr when it is first needed; most texts need none of them.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// squeeze reduces text to what a phrase is recognised by: lower case, and no
// blanks, quotes, line ends or quoting marks, so that a line broken in the
// middle of a word reads as one.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && Dropped(byte(r)) || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// squeezed is squeeze, with the offset in text of every octet it returns.
func squeezed(text string) (string, []int32) {
	b, at := make([]byte, 0, len(text)), make([]int32, 0, len(text))
	for i, r := range text {
		if r < utf8.RuneSelf && Dropped(byte(r)) || unicode.IsSpace(r) {
			continue
		}
		b = utf8.AppendRune(b, unicode.ToLower(r))
		for len(at) < len(b) {
			at = append(at, int32(i))
		}
	}
	return string(b), at
}

// Dropped reports whether c does not count where words are compared.
func Dropped(c byte) bool {
	switch c {
	case '"', '\'', '`', '\\', '>', '|', '*':
		return true
	}
	return c <= ' ' || c == 0x7f
}

// lowerASCII is strings.ToLower without a change of length.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
