package remediate

import (
	"slices"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A Remedy is one row of the table: the narrowest change that removes its
// causes, what it costs, and its PowerShell. The steps in Microsoft's admin
// pages and the way that weakens nothing stand with the cause, in the
// catalogue of package diagnose; Plan.Steps and Plan.Instead fetch them.
type Remedy struct {
	Causes []catalogue.Code
	Fact   fact.Name
	// From lists the values that stand in the way, To is the one that does not.
	From []string
	To   string
	// Former lists the values that earlier versions changed as well; nothing
	// is planned from them any more, but their journals can be undone.
	Former []string
	Scope  fact.Scope
	// Title says in a verb phrase what is done.
	Title string
	// Weakens and ForWhom are sentences: what is lost, and by whom.
	Weakens, ForWhom string
	// Connect, Set and Show are PowerShell. MAILBOX stands for the quoted
	// address, PATH for the address in a URL, VALUE for one of the Literals.
	Connect, Set, Show string
	Literals           []Literal
	// Roles names the Entra roles of which any one may make the change.
	Roles []string
}

// A Literal is the PowerShell form of a fact's value.
type Literal struct{ Value, PowerShell string }

// Remedies returns the table, the narrowest scope first.
func Remedies() []Remedy { return slices.Clone(remedies) }

// Lookup returns the remedy of a cause; false means that only a person can
// remove it.
func Lookup(cause catalogue.Code) (Remedy, bool) {
	i := slices.IndexFunc(remedies, func(r Remedy) bool { return slices.Contains(r.Causes, cause) })
	if i < 0 {
		return Remedy{}, false
	}
	return remedies[i], true
}

// makes reports whether c is a change that the remedy makes, or made once.
func (r Remedy) makes(c Change) bool {
	return c.Fact == r.Fact && c.To == r.To && c.Scope == r.Scope &&
		(slices.Contains(r.From, c.From) || slices.Contains(r.Former, c.From))
}

// rank orders scopes from the narrowest to the widest; -1 is no scope at all.
func rank(s fact.Scope) int {
	return slices.Index([]fact.Scope{fact.ScopeMailbox, fact.ScopeUser, fact.ScopeTenant}, s)
}

// holds reports whether the value found is the one wanted, or what Microsoft
// makes of it.
func holds(name fact.Name, want, found string) bool {
	row, _ := fact.Lookup(name)
	return row.Holds(want, found)
}
