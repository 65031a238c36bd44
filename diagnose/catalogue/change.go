package catalogue

import (
	"slices"

	"smtpmend/internal/fact"
)

// A Change is what smtpmend does about a cause: the narrowest change that
// removes it, what it costs, and how a person makes it in PowerShell. Whom it
// touches, where it is made and who may make it stand with the fact. Causes that
// one change removes share it.
type Change struct {
	Fact fact.Name
	// To is the value that does not stand in the way. Those that do are what the
	// tenant shows for the causes.
	To string
	// Former lists the values that earlier versions changed as well; nothing
	// is planned from them any more, but their journals can be undone.
	Former []string
	// Title says in a verb phrase what is done.
	Title string
	// Weakens and ForWhom are sentences: what is lost, and by whom.
	Weakens, ForWhom string

	// Show and Set are PowerShell. Show prints the value; Set ends with the words
	// of the Literal for the value wanted.
	Show, Set string
	Literals  []Literal
}

// A Literal is what Set ends with for a fact's value.
type Literal struct{ Value, Words string }

// Scope says whom the change touches.
func (c *Change) Scope() fact.Scope { return c.row().Scope }

// From lists the values that stand in the way.
func (c *Change) From() []string {
	var all []string
	for _, cause := range causes {
		for _, t := range slices.Concat(cause.Shown...) {
			if cause.Change != nil && cause.Change.Fact == c.Fact && t.Fact == c.Fact {
				all = append(all, t.Values...)
			}
		}
	}
	return all
}

// Role names the roles of which any may make the change.
func (c *Change) Role() string { return c.row().Write.Role }

func (c *Change) row() fact.Row {
	row, _ := fact.Lookup(c.Fact)
	if row.Write == nil {
		row.Write = &fact.Access{} // a test refuses such a change
	}
	return row
}

// Commands makes the fact have value: before and after it shows the one it has.
func (c *Change) Commands(value string) Commands {
	i := slices.IndexFunc(c.Literals, func(l Literal) bool { return l.Value == value })
	if i < 0 {
		return Commands{}
	}
	row, lines := c.row(), []string{c.Show, c.Set + c.Literals[i].Words, c.Show}
	if row.API == fact.APIExchange {
		return Commands{At: Exchange, Lines: lines}
	}
	scopes := slices.Sorted(slices.Values(slices.Concat(row.Read.Delegated, row.Write.Delegated)))
	return Commands{At: Graph, Scopes: slices.Compact(scopes), Lines: lines}
}

// Look only shows the value that the fact has.
func (c *Change) Look() Commands {
	all := c.Commands(c.To)
	all.Lines, all.Scopes = []string{c.Show}, slices.Sorted(slices.Values(c.row().Read.Delegated))
	if all.At == Exchange {
		all.Scopes = nil
	}
	return all
}

// A Service is where commands run.
type Service string

const (
	Here     Service = "" // on the machine itself, without a sign-in
	Graph    Service = fact.APIGraph
	Exchange Service = fact.APIExchange
)

// Commands are lines of PowerShell for one service. MAILBOX stands for the
// mailbox as a quoted word, PATH for it as a quoted word of a URL's path; neither
// may stand inside quotes. Whatever else a person has to fill in is asked for
// with Read-Host.
type Commands struct {
	At     Service
	Scopes []string // delegated permissions, of Graph alone
	Lines  []string
}

// Commands are all that an administrator runs about the cause, its change
// included.
func (c Cause) Commands() []Commands {
	if c.Change == nil {
		return c.PowerShell
	}
	return append(slices.Clone(c.PowerShell), c.Change.Commands(c.Change.To))
}
