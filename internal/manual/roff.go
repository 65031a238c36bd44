package main

import (
	"fmt"
	"strings"
)

// file is the name of the page's file, as man looks for it.
func (p *page) file() string { return p.name() + "." + p.section() }

// section is where man keeps it: programs are in 1, all else in 7.
func (p *page) section() string {
	if p.topic {
		return "7"
	}
	return "1"
}

func (p *page) name() string { return strings.Join(p.words, "-") }

// roff writes the page in the macros of man(7). All pages are listed at the
// end of the first, and the first at the end of the others.
func (p *page) roff(f footer, all []*page) string {
	var b strings.Builder
	short := p.short
	if short == "" {
		short = "mend mail submission to Microsoft 365"
	}
	fmt.Fprintf(&b, ".TH %s %s %s %q \"User Commands\"\n", strings.ToUpper(p.name()), p.section(), f.date, f.version)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", text(p.name()), text(lowerFirst(short)))
	if !p.topic {
		b.WriteString(".SH SYNOPSIS\n")
	}
	for i, line := range p.synopsis {
		if i > 0 {
			b.WriteString(".br\n")
		}
		fmt.Fprintf(&b, ".B %s\n", text(line))
	}
	b.WriteString(".SH DESCRIPTION\n")
	running(&b, p.about)
	list(&b, "COMMANDS", p.commands)
	list(&b, "OPTIONS", p.flags)
	if len(p.examples) > 0 {
		b.WriteString(".SH EXAMPLES\n.nf\n" + text(strings.Join(p.examples, "\n")) + "\n.fi\n")
	}
	b.WriteString(".SH SEE ALSO\n")
	others := all[:1]
	if p == all[0] {
		others = all[1:]
	}
	for i, o := range others {
		comma := ","
		if i == len(others)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, ".BR %s (%s)%s\n", text(o.name()), o.section(), comma)
	}
	return b.String()
}

// running writes paragraphs; lines that are indented stand as they are.
func running(b *strings.Builder, lines []string) {
	about := strings.TrimSpace(strings.Join(lines, "\n"))
	for i, paragraph := range strings.Split(about, "\n\n") {
		if i > 0 && !strings.HasPrefix(paragraph, " ") {
			b.WriteString(".PP\n")
		}
		var indented []string
		for line := range strings.SplitSeq(paragraph, "\n") {
			if strings.HasPrefix(line, " ") {
				indented = append(indented, line)
				continue
			}
			verbatim(b, indented)
			indented = nil
			b.WriteString(text(line) + "\n")
		}
		verbatim(b, indented)
	}
}

// verbatim writes lines, where there are any, as they are.
func verbatim(b *strings.Builder, lines []string) {
	if len(lines) == 0 {
		return
	}
	b.WriteString(".PP\n.nf\n")
	for _, line := range lines {
		b.WriteString(text(line) + "\n")
	}
	b.WriteString(".fi\n")
}

// list writes names and what is said of each: flags in bold, their values in
// italics.
func list(b *strings.Builder, heading string, entries []entry) {
	if len(entries) == 0 {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", heading)
	for _, e := range entries {
		b.WriteString(".TP\n")
		for i, word := range strings.Fields(e.name) {
			name, value, optional := strings.Cut(word, "[")
			if i > 0 {
				b.WriteByte(' ')
			}
			if strings.HasPrefix(word, "-") || heading == "COMMANDS" {
				fmt.Fprintf(b, `\fB%s\fR`, text(name))
			} else {
				fmt.Fprintf(b, `\fI%s\fR`, text(name))
			}
			if optional {
				b.WriteString(text("[" + value))
			}
		}
		fmt.Fprintf(b, "\n%s\n", text(e.text))
	}
}

// text writes a line so that roff takes nothing in it for its own.
func text(line string) string {
	line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\t", "    ").Replace(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		line = `\&` + line
	}
	return line
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
