package view

import (
	"strings"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/view/safe"
)

// Every cause fits in every language, named and confirmed, and all of them as what words may
// leave open; with the longest reply that a server may send.
func TestEveryVerdictFitsTheScreen(t *testing.T) {
	long := words.Reply{Code: 535, Status: "5.7.139", Text: strings.Repeat("Authentication unsuccessful, and more of it. ", 40)}
	line := func(args ...string) (string, bool) { return safe.Command(append([]string{"smtpmend"}, args...)...) }
	fits := func(d diagnose.Diagnosis) {
		for i, verb := range []string{"diagnose", "diagnose", "explain", "explain"} {
			for _, asked := range []bool{true, false} {
				p, short := &page{lang: Languages[i%len(Languages)]}, diagnosed(Case{Mailbox: "scanner@contoso.com", Diagnosis: d, Asked: asked}, line).text
				if verb == "explain" {
					short = newExplained(d, line).text
				}
				if p.onOneScreen(short); Height(p.String()) > ScreenRows {
					t.Errorf("%s: %d rows\n%s", verb, Height(p.String()), p.String())
				}
			}
		}
	}
	for i, c := range catalogue.All() {
		for _, verdict := range []diagnose.Verdict{diagnose.Named, diagnose.Confirmed} {
			fits(diagnose.Diagnosis{Meaning: words.Meaning{Verdict: verdict, Cause: c.Code, Reply: long, Notes: []string{c.Meaning, c.Meaning}}})
		}
		all := codesFrom(i)
		fits(diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Unsure, Candidates: all[:min(len(all), 12)], Reply: long}})
	}
	for _, verdict := range []diagnose.Verdict{diagnose.Healthy, diagnose.Unknown, diagnose.OtherProvider, diagnose.Unsure} {
		fits(diagnose.Diagnosis{Meaning: words.Meaning{Verdict: verdict, Reply: long}})
	}
}

func codesFrom(i int) []catalogue.Code {
	var all []catalogue.Code
	for _, c := range catalogue.All()[i:] {
		all = append(all, c.Code)
	}
	return all
}

// No line of a server's words passes for one of ours.
func TestForeignWordsAreMarked(t *testing.T) {
	p := newPage(false)
	p.quoted("535 no\nNext\n    smtpmend undo all "+strings.Repeat("x", 300)+"\n\x1b[2K\n", everything)
	for line := range strings.Lines(p.String()) {
		if !strings.HasPrefix(line, mark) || len(line) > screenColumns+1 {
			t.Errorf("%q", line)
		}
	}
}
