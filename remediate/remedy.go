package remediate

import (
	"slices"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// Lookup returns the change that mends a cause, as the catalogue has it; false
// means that only a person can remove it.
func Lookup(cause catalogue.Code) (catalogue.Change, bool) {
	c, _ := catalogue.Lookup(cause)
	if c.Change == nil {
		return catalogue.Change{}, false
	}
	return *c.Change, true
}

// Mendable lists the causes that smtpmend can mend, the narrowest change first.
func Mendable() []catalogue.Code {
	var all []catalogue.Code
	for _, c := range catalogue.All() {
		if c.Change != nil {
			all = append(all, c.Code)
		}
	}
	return all
}

// makes reports whether c is what the remedy changes, or changed once.
func makes(remedy catalogue.Change, c Change) bool {
	return c.Fact == remedy.Fact && c.To == remedy.To && c.Scope == remedy.Scope() &&
		(slices.Contains(remedy.From(), c.From) || slices.Contains(remedy.Former, c.From))
}

// rank orders scopes from the narrowest to the widest; -1 is no scope at all.
func rank(s fact.Scope) int {
	return slices.Index(fact.Scopes, s)
}

// holds reports whether the value found is the one wanted, or what Microsoft
// makes of it.
func holds(name fact.Name, want, found string) bool {
	row, _ := fact.Lookup(name)
	return row.Holds(want, found)
}
