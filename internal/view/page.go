package view

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"smtpmend/internal/view/safe"
)

// width is how wide prose is set. Dialogue lines stay as they came.
const width = 78

// A page is text on its way to a person, in the language of that person. It
// colours only where that is wanted, and no meaning is in the colour alone. All
// that is put on it is made harmless, whoever said it.
//
// What is put on it is a format of ours, which is constant and has its text in
// each language, and what belongs into it; or a single text, which may come
// from a table or have been made elsewhere, and is looked up as it stands.
type page struct {
	bytes.Buffer
	lang  Language
	color bool
}

func newPage(color bool) *page { return &page{color: color} }

func (f Form) page() *page { return &page{lang: f.Language, color: f.Colour} }

// The colours, as SGR parameters.
const (
	bold  = safe.Bold
	faint = safe.Faint
	red   = safe.Red
	green = safe.Green
)

// painted is harmless text with colours in it.
type painted string

func (p *page) paint(sgr, s string) painted {
	s = safe.Text(s)
	if !p.color || s == "" {
		return painted(s)
	}
	return painted("\x1b[" + sgr + "m" + s + "\x1b[0m")
}

// harmless makes whatever is not painted so.
func harmless(text any) string {
	if done, ok := text.(painted); ok {
		return string(done)
	}
	return safe.Text(fmt.Sprint(text))
}

// t is a text in the page's language, harmless.
func (p *page) t(format string, args ...any) string {
	if len(args) == 0 {
		return safe.Text(p.lang.Say(format))
	}
	for i, arg := range args {
		switch arg.(type) {
		case int, int64:
		default:
			args[i] = harmless(arg)
		}
	}
	return p.lang.Say(format, args...)
}

// line prints one line.
func (p *page) line(format string, args ...any) {
	p.WriteString(p.t(format, args...))
	p.blank()
}

func (p *page) blank() { p.WriteByte('\n') }

// heading starts a section.
func (p *page) heading(format string, args ...any) {
	p.blank()
	p.line("%s", p.paint(bold, p.t(format, args...)))
}

// prose sets text in lines of at most width, each behind indent.
func (p *page) prose(indent, format string, args ...any) { p.item(indent, indent, format, args...) }

// under is the indent of what belongs to an item of a list. Four blanks are
// those of commands: whatever else stands behind them could pass for one.
const under = "      "

// item is prose whose first line has another indent, such as a number.
func (p *page) item(first any, rest, format string, args ...any) {
	p.words(harmless(first), rest, p.t(format, args...))
}

// words sets what others said, or what is harmless and in the language already.
// Of words many are foreign, so no line but the first begins with the name of the
// program, as those do that are to be pasted.
func (p *page) words(first, rest, text string) {
	line, indent := "", first
	for _, word := range p.unbroken(strings.Fields(text)) {
		if line != "" && utf8.RuneCountInString(indent)+utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			if last := strings.LastIndexByte(line, ' '); strings.Contains(strings.ToLower(word), "smtpmend") {
				line, word = line[:max(last, 0)], line[last+1:]+" "+word
			}
			if line != "" {
				p.line("%s%s", painted(indent), painted(line))
				line, indent = "", rest
			}
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	p.line("%s%s", painted(indent), painted(line))
}

// unbroken are words as they may stand at the end of a line: in Czech a
// preposition or conjunction of one letter goes with the word that it is before.
func (p *page) unbroken(words []string) []string {
	if p.lang != Czech {
		return words
	}
	var all []string
	held := ""
	for _, word := range words {
		if utf8.RuneCountInString(word) == 1 && strings.Contains("ksvzouaiKSVZOUAI", word) {
			held += word + " "
			continue
		}
		all, held = append(all, held+word), ""
	}
	if held != "" {
		all = append(all, strings.TrimSpace(held))
	}
	return all
}

// numbered prints steps.
func (p *page) numbered(steps []string) {
	for i, step := range steps {
		p.item(fmt.Sprintf("  %d. ", i+1), "     ", step)
	}
}

// commands prints lines to be copied, each alone.
func (p *page) commands(lines ...string) {
	for _, line := range lines {
		p.line("    %s", line)
	}
}

func (p *page) count(n int, one, many string) string { return p.lang.Count(n, one, many) }

// took says milliseconds to a person.
func (p *page) took(ms int64) string {
	if ms < 10_000 {
		return fmt.Sprintf("%d ms", ms)
	}
	text := fmt.Sprintf("%.1f s", float64(ms)/1000)
	if p.lang == Czech {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}
