package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// width is how wide prose is set. Dialogue lines stay as they came.
const width = 78

// A page is text on its way to a person. It colours only where that is
// wanted, and no meaning is in the colour alone.
type page struct {
	bytes.Buffer
	color bool
}

func newPage(color bool) *page { return &page{color: color} }

// The colours, as SGR parameters.
const (
	bold  = "1"
	faint = "2"
	red   = "31"
	green = "32"
)

func (p *page) paint(sgr, s string) string {
	if !p.color || s == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// line prints one line as it is.
func (p *page) line(format string, args ...any) {
	fmt.Fprintf(p, format+"\n", args...)
}

func (p *page) blank() { p.WriteByte('\n') }

// heading starts a section.
func (p *page) heading(title string) {
	p.blank()
	p.line("%s", p.paint(bold, title))
}

// prose sets text in lines of at most width, each behind indent.
func (p *page) prose(indent, text string) { p.item(indent, indent, text) }

// item is prose whose first line has another indent, such as a number.
func (p *page) item(first, rest, text string) {
	line, indent := "", first
	for _, word := range strings.Fields(text) {
		if line != "" && len(indent)+len(line)+1+len(word) > width {
			p.line("%s%s", indent, line)
			line, indent = "", rest
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	p.line("%s%s", indent, line)
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

// printable makes what a server or a file said safe for a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// plural counts things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// took says milliseconds to a person.
func took(ms int64) string {
	if ms < 10_000 {
		return fmt.Sprintf("%d ms", ms)
	}
	return fmt.Sprintf("%.1f s", float64(ms)/1000)
}
