package remediate

import (
	"slices"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A Policy approves plans without asking, by scope and cause. The zero Policy
// approves nothing: that is the dry run.
type Policy struct {
	// Yes approves what touches only this mailbox or user.
	Yes bool
	// YesTenantWide approves that, and what touches everybody too.
	YesTenantWide bool
	// Causes, when there are any, limits both to the plans for these causes.
	Causes []catalogue.Code
}

// Allows reports whether the policy approves p. A scope that is not known is
// never approved, and what has to be named is approved by name alone.
func (y Policy) Allows(p Plan) bool {
	named := slices.Contains(y.Causes, p.Cause)
	if len(y.Causes) > 0 && !named || p.MustBeNamed() && !named {
		return false
	}
	switch p.Scope() {
	case fact.ScopeMailbox, fact.ScopeUser:
		return y.Yes || y.YesTenantWide
	case fact.ScopeTenant:
		return y.YesTenantWide
	}
	return false
}

// Approve is Allows in the form that Fix takes.
func (y Policy) Approve(p Plan) (bool, error) { return y.Allows(p), nil }

// MustBeNamed reports whether a plan is so grave that a mere yes does not do:
// what touches everybody, and a user's second factor while nobody knows
// whether the user is an administrator. For a change of everybody the flag
// has a name of its own.
func (p Plan) MustBeNamed() bool {
	return p.Scope() == fact.ScopeUser && !p.Context.Roles.Known()
}

// Word is what a person has to type on a terminal to approve a plan that a
// mere yes does not approve: a domain of the tenant where it touches
// everybody, the mailbox where it has to be named. It is empty where yes will
// do.
func (p Plan) Word() string {
	switch {
	case p.Scope() == fact.ScopeTenant && p.Tenant != "":
		return p.Tenant
	case p.Scope() == fact.ScopeTenant:
		return p.TenantID
	case p.MustBeNamed():
		return p.Mailbox
	}
	return ""
}
