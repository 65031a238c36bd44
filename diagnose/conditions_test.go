package diagnose

import (
	"slices"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
)

// elsewhere are the facts that no question of diagnose asks for, with the one
// who does.
var elsewhere = map[fact.Name]string{
	fact.OrgPremium: "package m365, to judge what it may not read",
}

// A fact that nobody asks the tenant for might as well not be.
func TestEveryFactIsAskedFor(t *testing.T) {
	var asked []fact.Name
	for _, c := range catalogue.All() {
		asked = append(asked, Questions(Diagnosis{Meaning: words.Meaning{Verdict: Named, Cause: c.Code}})...)
	}
	for _, row := range fact.Table {
		if !slices.Contains(asked, row.Name) && elsewhere[row.Name] == "" {
			t.Errorf("%s is never asked for; see conditions.go, and Questions in evidence.go", row.Name)
		}
	}
}
