package words

import (
	"slices"
	"testing"

	"smtpmend/internal/cases"
	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// A password that is made of a server's own words must not change what they
// mean.
func TestVerdictsStandBesideAMaskedSecret(t *testing.T) {
	changed, all := 0, 0
	for _, c := range cases.Load(t, casesDir) {
		want, r := read(c.Text)
		if r == nil || len(r.Words) < 8 {
			continue
		}
		for _, password := range []string{r.Words, r.Words + " ", "Authentication1!", "Microsoft2024", "outlook.com", "the account is "} {
			all++
			mask := dialogue.NewMasker(secret.New(password), []string{"scanner@contoso.com"}, Phrases())
			got := Text(mask.Line(c.Text))
			if got.Verdict != want.Verdict || got.Cause != want.Cause || !slices.Equal(got.Candidates, want.Candidates) {
				changed++
				t.Errorf("%s with the password %q: %s %s %v, not %s %s %v", c.Name, password,
					got.Verdict, got.Cause, got.Candidates, want.Verdict, want.Cause, want.Candidates)
			}
		}
	}
	if all < 500 {
		t.Errorf("only %d were tried", all)
	}
}
