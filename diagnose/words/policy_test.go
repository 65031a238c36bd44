package words

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpmend/diagnose/words/signs"
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

// TestHearsayMarks: whatever the expression of hearsay matches holds a mark of
// it, so that the marks may be asked first.
func TestHearsayMarks(t *testing.T) {
	matched := 0
	for _, c := range cases.Load(t, casesDir) {
		for _, words := range hearsayWords().FindAllString(c.Text, -1) {
			matched++
			if !containsAny(lowerASCII(words), signs.HearsayMarks) {
				t.Errorf("%s: %q holds no mark", c.Name, words)
			}
		}
	}
	for alternative := range strings.SplitSeq("it is not|isn't an error|not the reply|does not show|did not see|never got|no longer|i now see a instead of|i get b rather than|any more|"+
		"anymore|went away|is gone|was fixed|been solved|has resolved|nicht mehr|n'avons plus|we never had|there is no|without any|ruled out|not this error|differs from|"+
		"yesterday|last week|previously|before i|does it be|could it be|is it true|is it possible that i|how do i|ist das|will get|to expect|according to|my colleague|"+
		"thread title|e.g.x|lists|is false|i've read|i read|i assume|i guess|i suppose|if you|docs say|page said|means|it does", "|") {
		if !hearsayWords().MatchString(alternative) {
			t.Errorf("%q is not matched", alternative)
		}
		if !containsAny(alternative, signs.HearsayMarks) {
			t.Errorf("%q holds no mark", alternative)
		}
	}
	if matched == 0 {
		t.Error("no case holds hearsay")
	}
}
