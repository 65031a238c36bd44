package view

import (
	"slices"
	"strings"
	"unicode/utf8"

	"smtpmend/internal/view/safe"
)

// The screen that a default answer fits.
const (
	ScreenRows    = 24
	screenColumns = 80
)

// mostSteps is how many steps a default answer shows, where they fit.
const mostSteps = 4

// everything is room for all of it.
const everything = 1000

// Height counts the rows that a text takes on that screen. A command to paste counts as
// one row.
func Height(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if long := utf8.RuneCountInString(strings.TrimRight(line, "\n")); long > screenColumns && !strings.HasPrefix(line, "    smtpmend ") {
			n += (long - 1) / screenColumns
		}
	}
	return n
}

// onOneScreen draws with less room until the answer fits.
func (p *page) onOneScreen(draw func(p *page, room int)) {
	for room := mostSteps; ; room-- {
		trial := &page{lang: p.lang}
		if draw(trial, room); room == 0 || Height(trial.String()) <= ScreenRows {
			draw(p, room)
			return
		}
	}
}

// quoted sets words that are not ours, with a mark on each line, cut where they
// are very long.
func (p *page) quoted(text string, room int) {
	lines, most := markedLines(text), room+2
	if len(lines) > most {
		lines = append(lines[:most-1], mark+p.t("... (all of it: --verbose)")+"\n")
	}
	p.WriteString(strings.Join(lines, ""))
}

// mark stands before each line of foreign text, so that none passes for ours.
const mark = "  | "

// markedLines are the lines of foreign text as they stand on a page.
func markedLines(text string) []string {
	q := newPage(false)
	for line := range strings.Lines(text) {
		var words []string
		for _, word := range strings.Fields(safe.Text(safe.Untagged(line))) {
			for utf8.RuneCountInString(word) > width-len(mark) {
				cut := string([]rune(word)[:width-len(mark)])
				words, word = append(words, cut), word[len(cut):]
			}
			words = append(words, word)
		}
		if len(words) > 0 {
			q.words(mark, mark, strings.Join(words, " "))
		}
	}
	return slices.Collect(strings.Lines(q.String()))
}
