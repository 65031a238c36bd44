package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

// The default answer of every verb fits a screen, in every scenario, whether
// or not somebody is signed in and a password at hand.
func TestEveryAnswerFitsTheScreen(t *testing.T) {
	for _, s := range tenantsim.Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, s.State())
			if s.Device.WrongPassword {
				w.env[envPassword] += "x"
			}
			journals := filepath.Join(w.dir, "journals")
			const bare = "535 5.7.3 Authentication unsuccessful"
			lines := [][]string{
				{"diagnose", w.typed},
				{"diagnose", w.typed, "--auth", "none"},
				{"diagnose", w.typed, "--reply", bare},
				{"diagnose", w.typed, "--reply", bare, "--auth", "none"},
				{"verify", w.typed, "--wait", "0"},
				{"fix", w.typed, "--auth", "none", "--journal-dir", journals},
				{"fix", w.typed, "--journal-dir", journals},
				{"fix", w.typed, "--poll", "1ms", "--wait", "20ms", "--yes-tenant-wide", "--rollback", "--journal-dir", journals},
				{"undo", "--last", "--yes", "--journal-dir", journals},
			}
			for _, line := range lines {
				w.fits(t, line)
			}
			w.env["AZURE_CLIENT_SECRET"] = "wrong"
			w.fits(t, []string{"diagnose", w.typed})
			w.fits(t, []string{"fix", w.typed, "--journal-dir", journals})
			delete(w.env, envPassword)
			w.fits(t, []string{"diagnose", w.typed})
		})
	}
}

func (w *world) fits(t *testing.T, line []string) {
	t.Helper()
	var out bytes.Buffer
	w.runTo(t.Context(), &out, w.cloud(line...)...)
	if n := rows(out.String()); n > screenRows || n == 0 {
		t.Errorf("%s: %d rows\n%s", strings.Join(line, " "), n, out.String())
	}
	t.Logf("%d rows: %s", rows(out.String()), strings.Join(line[:min(len(line), 4)], " "))
}

// Every cause fits, named and confirmed, and all of them as what words may
// leave open; with the longest reply that a server may send.
func TestEveryVerdictFitsTheScreen(t *testing.T) {
	long := words.Reply{Code: 535, Status: "5.7.139", Text: strings.Repeat("Authentication unsuccessful, and more of it. ", 40)}
	line := func(args ...string) (string, bool) { return view.Command(append([]string{"smtpmend"}, args...)...) }
	fits := func(d diagnose.Diagnosis) {
		for _, verb := range []string{"diagnose", "explain"} {
			for _, asked := range []bool{true, false} {
				v := &verdictView{mailbox: tenantsim.Mailbox, d: d, s: situation(verb, d, asked)}
				v.next = propose(v.s, v.known(), line)
				p, short := newPage(false), v.text
				if verb == "explain" {
					short = newExplainView(d, line).text
				}
				if p.onOneScreen(short); rows(p.String()) > screenRows {
					t.Errorf("%s: %d rows\n%s", verb, rows(p.String()), p.String())
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
