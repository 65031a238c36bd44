package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

// The default answer of every verb fits a screen, in every scenario and
// language, whether or not somebody is signed in and a password at hand.
func TestEveryAnswerFitsTheScreen(t *testing.T) {
	for i := range len(tenantsim.Scenarios) * len(view.Languages) {
		s, language := tenantsim.Scenarios[i/len(view.Languages)], view.Languages[i%len(view.Languages)]
		t.Run(s.Name+"/"+string(language), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, s.State())
			w.locale = string(language)
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
	if n := view.Height(out.String()); n > view.ScreenRows || n == 0 {
		t.Errorf("%s: %d rows\n%s", strings.Join(line, " "), n, out.String())
	}
	if w.locale == string(view.Czech) {
		for said := range strings.Lines(foreign.ReplaceAllString(out.String(), "")) {
			if english.MatchString(said) {
				t.Errorf("%s: English among Czech: %s", strings.Join(line, " "), said)
			}
		}
	}
	t.Logf("%d rows: %s", view.Height(out.String()), strings.Join(line[:min(len(line), 4)], " "))
}

// foreign is what is English in every language: the words of servers, which
// stand with a mark, Entra's, commands, and what is quoted or in brackets.
var foreign = regexp.MustCompile(`(?m)^  \| .*$|^    smtpmend .*$|"[^"]*"|„[^“]*“|\[[a-z-]+\]|AADSTS\d+:(?s:.*?)client\s+secret\s+ID`)

// english are words that no Czech sentence has.
var english = regexp.MustCompile(`(?:^|[\s(])(?:[Tt]he|is|of|and|with|was|has|not|[Tt]his|for|it)(?:[\s,.;:)]|$)`)
