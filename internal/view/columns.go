package view

import (
	"strings"

	"smtpmend/internal/listen"
	"smtpmend/probe"
)

// dialogueText shows the lines of a dialogue without the stages' names and
// times.
func dialogueText(p *page, stages []probe.Stage) {
	secure := false
	for _, stage := range stages {
		secure = secure || stage.Name == probe.StageTLS && stage.Error == ""
		for _, ex := range stage.Exchanges {
			exchangeText(p, ex, secure)
		}
		if stage.Error != "" {
			p.item("   ! ", "     ", stage.Error)
		}
	}
}

// A column is one of two dialogues that are shown beside each other.
type column struct {
	title string
	parts []part
}

// A part is a stage of a dialogue as it is shown.
type part struct {
	stage probe.StageName
	lines []string
}

func (p *page) deviceColumn(r *listen.Report) column {
	return column{p.t("The device"), p.parts(r.Stages, r.TLS.Used)}
}

// serviceColumn joins the sign-ins that one session of a device led to.
func (p *page) serviceColumn(all []*listen.Upstream) column {
	c := column{title: p.t("Handed on to %s", all[0].Probe.Server)}
	for _, u := range all {
		version := ""
		if u.Probe.TLS != nil {
			version = u.Probe.TLS.Version
		}
		c.parts = append(c.parts, p.parts(u.Probe.Stages, version)...)
	}
	return c
}

func (p *page) parts(stages []probe.Stage, version string) []part {
	var out []part
	secure := false
	for _, stage := range stages {
		p := &page{lang: p.lang} // colours would count as width
		for _, ex := range stage.Exchanges {
			exchangeText(p, ex, secure)
		}
		for _, a := range stage.Addresses {
			p.line("     %s", a.IP)
		}
		if stage.Name == probe.StageTLS && stage.Error == "" {
			secure = true
			p.line("     %s", version)
		}
		if stage.Error != "" {
			p.line("   ! %s", p.t(stage.Error))
		}
		out = append(out, part{stage.Name, strings.Split(strings.TrimRight(p.String(), "\n"), "\n")})
	}
	return out
}

// columnWidth leaves room for the rule between two columns.
const columnWidth = (width - len(rule)) / 2

const rule = " | "

// sideBySide sets two dialogues in columns, the same stages in the same rows.
func sideBySide(p *page, left, right column) {
	row := func(l, r string) { p.line("%s", strings.TrimRight(pad(l, columnWidth)+rule+r, " ")) }
	row(left.title, right.title)
	both := func(l, r part) {
		row("", "")
		row(string(l.stage), string(r.stage))
		a, b := wrap(l.lines), wrap(r.lines)
		for i := range max(len(a), len(b)) {
			row(at(a, i), at(b, i))
		}
	}
	rest := right.parts
	for _, l := range left.parts {
		i := indexStage(rest, l.stage)
		if i < 0 {
			both(l, part{})
			continue
		}
		for _, r := range rest[:i] {
			both(part{}, r)
		}
		both(l, rest[i])
		rest = rest[i+1:]
	}
	for _, r := range rest {
		both(part{}, r)
	}
}

func indexStage(parts []part, stage probe.StageName) int {
	for i, p := range parts {
		if p.stage == stage {
			return i
		}
	}
	return -1
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// pad fills s up to width.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-len([]rune(s))))
}

// wrap breaks lines at the width of a column, at a blank where one is near.
func wrap(lines []string) []string {
	const indent = "    | "
	var out []string
	for _, line := range lines {
		text := []rune(line)
		for len(text) > columnWidth {
			n := columnWidth
			if blank := lastBlank(text[:n+1]); blank > n/2 {
				n = blank
			}
			out = append(out, string(text[:n]))
			rest := strings.TrimLeft(string(text[n:]), " ")
			text = []rune(indent + rest)
		}
		out = append(out, string(text))
	}
	return out
}

func lastBlank(text []rune) int {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == ' ' {
			return i
		}
	}
	return -1
}
