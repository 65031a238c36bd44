// Package safe makes what is printed harmless. What a server, a device, a log, a
// tenant or a file said may hold characters that move the cursor, change the
// colour, turn the direction of writing, or cannot be seen; none of them reaches
// a terminal, and in JSON they stand as escapes that lose nothing. It writes the
// commands that people paste.
//
// It does not judge what the words mean, and it does not take secrets out: that
// is package dialogue's mask.
package safe

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// invisible are the characters beyond unicode.Cc that a terminal shows as
// nothing or lets act on their neighbours: format characters (the bidirectional
// controls, zero-width and soft hyphens, tags among them), variation selectors,
// fillers, and the line and paragraph separators.
var invisible = []*unicode.RangeTable{
	unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
	unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point,
}

// raw reports whether r must not reach a terminal as it is.
func raw(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return false // nearly all there is
	}
	return r == utf8.RuneError || unicode.In(r, invisible...) || !unicode.IsGraphic(r)
}

// Line is Text without runs of blanks, with which the end of a long line could
// be moved to where a terminal begins a row, as far in as a command stands.
func Line(s string) string { return run().ReplaceAllString(Text(s), " ") }

var run = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\pZ{4,}`) })

// Text returns s for a terminal, on one line: line ends and tabs are blanks,
// and each character that must not be seen raw, or is no UTF-8, is U+FFFD.
func Text(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case raw(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
