package words

import (
	"fmt"
	"slices"
	"testing"

	"smtpmend/internal/cases"
)

// Every rule of the policy has a case that comes out otherwise without it.
// What no case needs is not kept.
func TestEveryStepIsNeeded(t *testing.T) {
	var texts []string
	for _, c := range cases.Load(t, casesDir) {
		texts = append(texts, c.Text)
	}
	needs := neededBy(t, texts)
	all := policy
	t.Cleanup(func() { policy = all })
	for i, s := range all {
		policy = slices.Delete(slices.Clone(all), i, i+1)
		needs(s.name)
	}
}

// So does everything that is undone before, of the disguises that cases wear.
func TestEveryUndoingIsNeeded(t *testing.T) {
	var texts []string
	for i, c := range cases.Load(t, casesDir) {
		if texts = append(texts, c.Text); i%17 != 0 {
			continue
		}
		for _, d := range disguises {
			texts = append(texts, d.wear(c.Text))
		}
	}
	needs := neededBy(t, texts)
	all := undoings
	t.Cleanup(func() { undoings = all })
	for i, u := range all {
		undoings = slices.Delete(slices.Clone(all), i, i+1)
		needs(u.name)
	}
}

// neededBy returns a function that fails when no text means something else now
// than at first.
func neededBy(t *testing.T, texts []string) func(name string) {
	means := func(text string) string {
		m := Text(text)
		return fmt.Sprint(m.Verdict, m.Cause, m.Candidates, m.Others, m.Reply.Text)
	}
	want := make([]string, len(texts))
	for i, text := range texts {
		want[i] = means(text)
	}
	return func(name string) {
		n := 0
		for i, text := range texts {
			if means(text) != want[i] {
				n++
			}
		}
		t.Logf("%4d texts need: %s", n, name)
		if n == 0 {
			t.Errorf("no text needs: %s", name)
		}
	}
}
