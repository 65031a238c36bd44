package remediate

import (
	"slices"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// What smtpmend changes are facts that may be written, the narrowest first, and
// not the organisation's own switch: the mailbox overrides it.
func TestMendable(t *testing.T) {
	for _, cause := range Mendable() {
		r, ok := Lookup(cause)
		row, _ := fact.Lookup(r.Fact)
		if !ok || row.Write == nil || r.Fact == fact.OrgSMTPAuth {
			t.Errorf("%s: %s may not be written", cause, r.Fact)
		}
	}
	byScope := func(a, b catalogue.Code) int {
		x, _ := Lookup(a)
		y, _ := Lookup(b)
		return rank(x.Scope()) - rank(y.Scope())
	}
	if !slices.IsSortedFunc(Mendable(), byScope) {
		t.Error("the table does not go from narrow to wide")
	}
	if _, ok := Lookup(catalogue.ConditionalAccess); ok {
		t.Error("a cause for a person has a change")
	}
}
