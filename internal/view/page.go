package view

import (
	"bytes"
	"fmt"
	"strings"

	"smtpmend/internal/view/safe"
)

// width is how wide prose is set. Dialogue lines stay as they came.
const width = 78

// A page is text on its way to a person. It colours only where that is
// wanted, and no meaning is in the colour alone. All that is put on it is made
// harmless, whoever said it.
type page struct {
	bytes.Buffer
	color bool
}

func newPage(color bool) *page { return &page{color: color} }

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

// line prints one line.
func (p *page) line(format string, args ...any) {
	for i, arg := range args {
		switch arg.(type) {
		case int, int64:
		default:
			args[i] = harmless(arg)
		}
	}
	fmt.Fprintf(p, format+"\n", args...)
}

func (p *page) blank() { p.WriteByte('\n') }

// heading starts a section.
func (p *page) heading(title string) {
	p.blank()
	p.line("%s", p.paint(bold, title))
}

// prose sets text in lines of at most width, each behind indent.
func (p *page) prose(indent string, text any) { p.item(indent, indent, text) }

// under is the indent of what belongs to an item of a list. Four blanks are
// those of commands: whatever else stands behind them could pass for one.
const under = "      "

// item is prose whose first line has another indent, such as a number. Of its
// words many are foreign, so no line but the first begins with the name of the
// program, as those do that are to be pasted.
func (p *page) item(first any, rest string, text any) {
	line, indent := "", harmless(first)
	for _, word := range strings.Fields(harmless(text)) {
		if line != "" && len(indent)+len(line)+1+len(word) > width {
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

// Plural counts things.
func Plural(n int, one, many string) string {
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
