package words

import (
	"path"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/cases"
)

const casesDir = "../../testdata/cases"

func TestCases(t *testing.T) {
	for _, c := range cases.Load(t, casesDir) {
		t.Run(c.Name, func(t *testing.T) {
			if dir := path.Dir(c.Name); dir != c.Want.Directory() {
				t.Errorf("is in %s, belongs in %s", dir, c.Want.Directory())
			}
			d, won := read(c.Text)
			if c.Exempt != "" {
				if d.Verdict != Unsure || !slices.Contains(d.Candidates, c.Want.Cause) {
					t.Errorf("exempt from being named, so it must be unsure with %s among the candidates: %+v", c.Want.Cause, d)
				}
				return
			}
			if string(d.Verdict) != c.Want.Verdict || d.Cause != c.Want.Cause {
				t.Errorf("got %s %s, want %s %s\nreply %+v\nby %s", d.Verdict, d.Cause, c.Want.Verdict, c.Want.Cause, d.Reply, won.describe())
			}
			all := slices.Concat(c.Want.Candidates, c.Want.Wider)
			if diff := cmp.Diff(slices.Sorted(slices.Values(all)), slices.Sorted(slices.Values(d.Candidates))); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
			if strange := c.Want.Truth != "" && d.Verdict == Unsure && !slices.Contains(d.Candidates, c.Want.Truth); strange && isCause(c.Want.Truth) {
				t.Errorf("the true cause %s is not among %v", c.Want.Truth, d.Candidates)
			}
			if d.Verdict == OtherProvider && (d.Cause != "" || len(d.Candidates) > 0) {
				t.Errorf("another provider's words got a cause of Microsoft's: %+v", d)
			}
		})
	}
}

// isCause is false for "other-provider", which is what some texts with
// Microsoft's words turned out to be.
func isCause(c Code) bool {
	_, ok := catalogue.Lookup(c)
	return ok
}

// TestNamedShare holds the share of the texts that ought to be named and are.
func TestNamedShare(t *testing.T) {
	due, named := 0, 0
	for _, c := range cases.Load(t, casesDir) {
		if c.Want.Verdict != string(Named) {
			continue
		}
		due++
		if d := Text(c.Text); d.Verdict == Named && d.Cause == c.Want.Cause {
			named++
		}
	}
	if share := float64(named) / float64(due); share < 0.98 {
		t.Errorf("%d of %d are named", named, due)
	}
}
