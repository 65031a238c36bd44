package remediate

import (
	"fmt"
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A Change sets one fact of the tenant.
type Change struct {
	Fact fact.Name `json:"fact"`
	// Target is whose fact it is: the mailbox's address, or the tenant's name.
	Target string     `json:"target"`
	From   string     `json:"from"`
	To     string     `json:"to"`
	Scope  fact.Scope `json:"scope"`
}

// A Plan is what would be changed, all of it and nothing else. It is data:
// shown, approved, stored, applied and inverted as it stands.
type Plan struct {
	Cause    catalogue.Code `json:"cause"`
	Mailbox  string         `json:"mailbox"`
	TenantID string         `json:"tenant_id"`
	Tenant   string         `json:"tenant"`
	Changes  []Change       `json:"changes"`

	Context Context `json:"-"`
}

// A Context is what a person has to know besides the changes to approve them.
type Context struct {
	// Subject says in whose name, in which tenant and on which objects.
	Subject fact.Subject
	// Others lists the other blockers that the tenant shows.
	Others []catalogue.Code
	// Unread holds the settings that could not be read, with the reasons.
	Unread fact.Evidence
	// Roles is the reading of the administrator's roles of the account.
	Roles fact.Reading
	// Told is whether the words, or the sign-in log, name the cause. If not,
	// the tenant's settings alone do, and the password is not proven.
	Told bool
	// Journal is the file that the changes will be in.
	Journal string
}

// NewPlan makes the plan that removes cause, which d confirms as its own or as
// one that stands behind, with the evidence's reading as the value to come
// back to. It fails with ErrByHand, ErrNotConfirmed, the error of a subject
// that is not proven, or a *HeldError.
func NewPlan(cause catalogue.Code, d diagnose.Diagnosis, mailbox string, s fact.Subject) (Plan, error) {
	remedy, ok := Lookup(cause)
	if !ok {
		return Plan{}, fmt.Errorf("%w: %s", ErrByHand, cause)
	}
	found := d.Evidence.Get(remedy.Fact)
	if d.Verdict != diagnose.Confirmed || !found.Known() || !slices.Contains(remedy.From(), found.Value) {
		return Plan{}, fmt.Errorf("%w %s: %s %s", ErrNotConfirmed, cause, remedy.Fact, inWords(found))
	}
	if err := s.Proven(remedy.Scope()); err != nil {
		return Plan{}, err
	}
	p := Plan{
		Cause: cause, Mailbox: mailbox, TenantID: s.TenantID, Tenant: s.Domain,
		Changes: []Change{{
			Fact: remedy.Fact, Target: target(remedy.Scope(), mailbox, s),
			From: found.Value, To: remedy.To, Scope: remedy.Scope(),
		}},
		Context: contextOf(cause, d),
	}
	p.Context.Subject = s
	if held := p.held(); held != nil {
		return Plan{}, held
	}
	return p, nil
}

// contextOf is what d says around the change for cause.
func contextOf(cause catalogue.Code, d diagnose.Diagnosis) Context {
	return Context{
		Others: others(d, cause), Unread: unread(d),
		Roles: d.Evidence.Get(fact.UserAdminRole), Told: d.Told && cause == d.Cause,
	}
}

// others lists the blockers that d shows besides cause.
func others(d diagnose.Diagnosis, cause catalogue.Code) []catalogue.Code {
	all := append([]catalogue.Code{d.Cause}, d.Also...)
	return slices.DeleteFunc(all, func(c catalogue.Code) bool { return c == cause || c == "" })
}

// unread returns the settings that can stop the sign-in of d and of which
// nothing is known. The sign-in log is no setting.
func unread(d diagnose.Diagnosis) fact.Evidence {
	var open fact.Evidence
	for _, name := range diagnose.Settings(d.Mechanism) {
		if r := d.Evidence.Get(name); !r.Known() {
			open = append(open, r)
		}
	}
	return open
}

// Inverse is the plan that puts everything back, in the reverse order.
func (p Plan) Inverse() Plan {
	back := p
	back.Changes = nil
	for _, c := range slices.Backward(p.Changes) {
		back.Changes = append(back.Changes, c.inverse())
	}
	return back
}

func (c Change) inverse() Change {
	c.From, c.To = c.To, c.From
	return c
}

// Scope is the widest scope of the plan's changes; one that is not known
// counts as the widest of all.
func (p Plan) Scope() fact.Scope {
	widest := fact.ScopeMailbox
	for _, c := range p.Changes {
		switch {
		case rank(c.Scope) < 0:
			return c.Scope
		case rank(c.Scope) > rank(widest):
			widest = c.Scope
		}
	}
	return widest
}

// check refuses a plan that the table does not make, wherever it came from.
func (p Plan) check() error {
	remedy, ok := Lookup(p.Cause)
	if !ok || len(p.Changes) != 1 || !makes(remedy, p.Changes[0]) {
		return fmt.Errorf("%w: %s", ErrInvalidPlan, p.Cause)
	}
	return nil
}

func target(s fact.Scope, mailbox string, subject fact.Subject) string {
	if s == fact.ScopeTenant {
		return subject.Domain
	}
	return mailbox
}

// inWords says what a reading holds, for a message.
func inWords(r fact.Reading) string {
	switch {
	case r.Known():
		return "reads " + r.Value
	case r.Error != "":
		return "could not be read: " + r.Error
	}
	return "was not asked for"
}
