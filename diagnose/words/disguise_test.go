package words

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"smtpmend/internal/cases"
)

// disguises are what people's programs do to a text before it is pasted.
var disguises = []struct {
	name string
	wear func(string) string
}{
	{"CRLF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
	{"CR", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }},
	{"lines around", func(s string) string { return "\n\n" + s + "\n\n" }},
	{"blanks behind lines", eachLine("", "   ")},
	{"indented", eachLine("    ", "")},
	{"tabs", eachLine("\t", "")},
	{"wrapped at 72", func(s string) string { return wrap(s, 72) }},
	{"wrapped at 100", func(s string) string { return wrap(s, 100) }},
	{"wrapped between words", wrapWords},
	{"quoted in a mail", eachLine("> ", "")},
	{"quoted twice", eachLine("> > ", "")},
	{"in double quotes", func(s string) string { return `"` + s + `"` }},
	{"in single quotes", func(s string) string { return "'" + s + "'" }},
	{"in typographic quotes", func(s string) string { return "“" + s + "”" }},
	{"typographic inside", func(s string) string { return strings.NewReplacer("'", "’", `"`, "”").Replace(s) }},
	{"in backticks", func(s string) string { return "`" + s + "`" }},
	{"fenced", func(s string) string { return "```\n" + s + "\n```" }},
	{"bold", func(s string) string { return "**" + s + "**" }},
	{"HTML", func(s string) string {
		return "<p>" + strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") + "</p>"
	}},
	{"HTML in a table", func(s string) string { return "<table><tr><td>" + html.EscapeString(s) + "</td></tr></table>" }},
	{"HTML's blanks", func(s string) string { return strings.ReplaceAll(html.EscapeString(s), " ", "&nbsp;") }},
	{"JSON", asJSON},
	{"JSON in an object", func(s string) string { return `{"level":"error","msg":` + asJSON(s) + `,"time":1700000000}` }},
	{"JSON twice", func(s string) string { return asJSON(asJSON(s)) }},
	{"Docker's JSON", func(s string) string {
		var b strings.Builder
		for line := range strings.Lines(s) {
			fmt.Fprintf(&b, `{"log":%s,"stream":"stderr","time":"2026-11-20T08:00:01.123456789Z"}`+"\n", asJSON(strings.TrimSuffix(line, "\n")+"\n"))
		}
		return b.String()
	}},
	{"docker compose", eachLine("mailer_1  | ", "")},
	{"Kubernetes", eachLine("2026-11-20T08:00:01.123456789Z stderr F ", "")},
	{"times", eachLine("2026-11-20 08:00:01,123 ", "")},
	{"times in brackets", eachLine("[2026-11-20T08:00:01+01:00] ", "")},
	{"syslog", eachLine("Nov 20 08:00:01 relay1 app[905]: ", "")},
	{"percent", url.PathEscape},
	{"percent and plus", url.QueryEscape},
	{"IIS", func(s string) string { return strings.NewReplacer("+", "%2B", " ", "+").Replace(s) }},
	{"quoted-printable", asQuotedPrintable},
	{"UTF-16 little", func(s string) string { return asUTF16(s, true, true) }},
	{"UTF-16 big", func(s string) string { return asUTF16(s, false, true) }},
	{"UTF-16 without a mark", func(s string) string { return asUTF16(s, true, false) }},
	{"a byte order mark", func(s string) string { return "\ufeff" + s }},
	{"no-break blanks", func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }},
	{"invisible characters", func(s string) string { return strings.ReplaceAll(s, "e", "e\u200b") }},
	{"box drawing", func(s string) string {
		return "┌──────┐\n" + eachLine("│ ", " │")(s) + "\n└──────┘"
	}},
	{"colours", func(s string) string { return "\x1b[31m" + s + "\x1b[0m" }},
	{"upper case", strings.ToUpper},
	{"lower case", strings.ToLower},
	{"full-width digits", func(s string) string {
		return strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return r - '0' + '０'
			}
			return r
		}, s)
	}},
	{"two blanks", func(s string) string { return strings.ReplaceAll(s, " ", "  ") }},
	{"a word before", func(s string) string { return "Error: " + s }},
	{"foreign words around", func(s string) string {
		return "Fehlermeldung des Gerätes für Größe übel:\n" + s + "\nВот и всё, 以上です。"
	}},
}

func eachLine(before, behind string) func(string) string {
	return func(s string) string {
		lines := strings.Split(s, "\n")
		for i := range lines {
			lines[i] = before + lines[i] + behind
		}
		return strings.Join(lines, "\n")
	}
}

func wrapWords(s string) string {
	var b strings.Builder
	column := 0
	for word := range strings.SplitSeq(s, " ") {
		if column > 60 {
			b.WriteByte('\n')
			column = 0
		} else if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		column += len(word) + 1
		if i := strings.LastIndexByte(word, '\n'); i >= 0 {
			column = len(word) - i
		}
	}
	return b.String()
}

func asJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func asQuotedPrintable(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func asUTF16(s string, little, mark bool) string {
	var b strings.Builder
	if mark {
		s = "\ufeff" + s
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			b.Write([]byte{byte(u), byte(u >> 8)})
		} else {
			b.Write([]byte{byte(u >> 8), byte(u)})
		}
	}
	return b.String()
}

// TestDisguises: however a text was pasted, it means the same. A disguise may
// cost a verdict, but never turn it into another cause.
func TestDisguises(t *testing.T) {
	all := cases.Load(t, casesDir)
	kept, tried := 0, 0
	for _, d := range disguises {
		lost := 0
		for _, c := range all {
			want, got := Text(c.Text), Text(d.wear(c.Text))
			tried++
			switch {
			case got.Verdict == want.Verdict && got.Cause == want.Cause && slices.Equal(got.Candidates, want.Candidates):
				kept++
				continue
			case got.Verdict == Named && want.Verdict != Named:
				t.Errorf("%s: %s: %s %v became %s", d.name, c.Name, want.Verdict, want.Candidates, got.Cause)
			case got.Verdict == Named && got.Cause != want.Cause:
				t.Errorf("%s: %s: %s became %s", d.name, c.Name, want.Cause, got.Cause)
			}
			lost++
			t.Logf("%s: %s: %s %s %v became %s %s %v", d.name, c.Name, want.Verdict, want.Cause, want.Candidates, got.Verdict, got.Cause, got.Candidates)
		}
		if lost > len(all)/20 {
			t.Errorf("%s: %d of %d verdicts are lost", d.name, lost, len(all))
		}
	}
	t.Logf("%d disguises, %d of %d verdicts stay", len(disguises), kept, tried)
	if share := float64(kept) / float64(tried); share < 0.99 {
		t.Errorf("only %.4f of the verdicts stay", share)
	}
}
