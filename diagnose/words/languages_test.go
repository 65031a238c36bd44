package words

import (
	"slices"
	"strings"
	"testing"

	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/cases"
)

// TestEveryFormIsProven: whatever stands for an English phrase of a row occurs
// in a case, and is said once.
func TestEveryFormIsProven(t *testing.T) {
	var texts []string
	for _, c := range cases.Load(t, casesDir) {
		texts = append(texts, squeeze(clean(c.Text)))
	}
	for words := range signs.InOtherLanguages {
		if !slices.ContainsFunc(signs.All, func(s signs.Sign) bool { return s.Words == words || s.And == words }) {
			t.Errorf("no row says %q", words)
		}
		said := []string{squeeze(words)}
		for _, f := range newPhrase(words).forms {
			if slices.Contains(said, f.plain) {
				t.Errorf("%q says %q twice", words, f.words)
			}
			said = append(said, f.plain)
			if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, f.plain) }) {
				t.Errorf("no case for %q", f.words)
			}
		}
	}
}
