package remediate

import "smtpmend/internal/fact"

// A Policy approves plans without asking, by their scope. The zero Policy
// approves nothing: that is the dry run.
type Policy struct {
	// Yes approves what touches only this mailbox or user.
	Yes bool
	// YesTenantWide approves that, and what touches everybody too.
	YesTenantWide bool
}

// Allows reports whether the policy approves p. A scope that is not known is
// never approved.
func (y Policy) Allows(p Plan) bool {
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

// Word is what a person has to type on a terminal to approve a plan that
// touches everybody: the tenant's name. It is empty where a plain yes will do.
func (p Plan) Word() string {
	if p.Scope() != fact.ScopeTenant {
		return ""
	}
	if p.Tenant == "" {
		return p.TenantID
	}
	return p.Tenant
}
