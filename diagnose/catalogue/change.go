package catalogue

import (
	"slices"

	"smtpmend/internal/fact"
)

// A Change is what smtpmend does about a cause: the narrowest change that
// removes it, what it costs, and how a person makes it in PowerShell. Causes
// that one change removes share it.
type Change struct {
	Fact fact.Name
	// From lists the values that stand in the way, To is the one that does not.
	From []string
	To   string
	// Former lists the values that earlier versions changed as well; nothing
	// is planned from them any more, but their journals can be undone.
	Former []string
	// Title says in a verb phrase what is done.
	Title string
	// Weakens and ForWhom are sentences: what is lost, and by whom.
	Weakens, ForWhom string
	// Roles names the Entra roles of which any one may make the change.
	Roles []string

	// At is where Show and Set run, Scopes what they need there. Show prints the
	// value; Set ends with the words of the Literal for the value wanted.
	At        Service
	Scopes    []string
	Show, Set string
	Literals  []Literal
}

// A Literal is what Set ends with for a fact's value.
type Literal struct{ Value, Words string }

// Scope says whom the change touches.
func (c *Change) Scope() fact.Scope {
	row, _ := fact.Lookup(c.Fact)
	return row.Scope
}

// Commands makes the fact have value: before and after it shows the one it has.
func (c *Change) Commands(value string) Commands {
	i := slices.IndexFunc(c.Literals, func(l Literal) bool { return l.Value == value })
	if i < 0 {
		return Commands{}
	}
	return Commands{At: c.At, Scopes: c.Scopes, Lines: []string{c.Show, c.Set + c.Literals[i].Words, c.Show}}
}

// A Service is where commands run.
type Service string

const (
	Here     Service = "" // on the machine itself, without a sign-in
	Graph    Service = "Microsoft Graph"
	Exchange Service = "Exchange Online"
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
