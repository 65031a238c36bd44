package remediate

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
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
	Cause    diagnose.Code `json:"cause"`
	Mailbox  string        `json:"mailbox"`
	TenantID string        `json:"tenant_id"`
	Tenant   string        `json:"tenant"`
	Changes  []Change      `json:"changes"`
}

// A FutileError says what a person has to remove before a change for the
// whole tenant could help. It is ErrTenantWideFutile.
type FutileError struct {
	// First lists the blockers to remove first.
	First []diagnose.Code
}

func (e *FutileError) Error() string {
	words := make([]string, len(e.First))
	for i, code := range e.First {
		words[i] = string(code)
	}
	return fmt.Sprintf("%v: remove %s first", ErrTenantWideFutile, strings.Join(words, ", "))
}

func (e *FutileError) Unwrap() error { return ErrTenantWideFutile }

// NewPlan makes the plan that removes the confirmed cause of d, with the
// evidence's reading as the value to come back to. It fails with
// ErrNotConfirmed, ErrByHand or a *FutileError.
func NewPlan(d diagnose.Diagnosis, mailbox string, t Tenant) (Plan, error) {
	return planFor(d.Cause, d, mailbox, t)
}

// planFor plans for cause, which is the confirmed one or stands behind it.
func planFor(cause diagnose.Code, d diagnose.Diagnosis, mailbox string, t Tenant) (Plan, error) {
	remedy, ok := Lookup(cause)
	if !ok {
		return Plan{}, fmt.Errorf("%w: %s", ErrByHand, cause)
	}
	found := d.Evidence.Get(remedy.Fact)
	if d.Verdict != diagnose.Confirmed || !found.Known() || !slices.Contains(remedy.From, found.Value) {
		return Plan{}, fmt.Errorf("%w %s: %s reads %s", ErrNotConfirmed, cause, remedy.Fact, inWords(found))
	}
	if first := byHand(d); remedy.Scope == fact.ScopeTenant && len(first) > 0 {
		return Plan{}, &FutileError{First: first}
	}
	return Plan{
		Cause: cause, Mailbox: mailbox, TenantID: t.ID(), Tenant: t.Name(),
		Changes: []Change{{
			Fact: remedy.Fact, Target: target(remedy.Scope, mailbox, t),
			From: found.Value, To: remedy.To, Scope: remedy.Scope,
		}},
	}, nil
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
	if !ok || len(p.Changes) != 1 || !remedy.makes(p.Changes[0]) {
		return fmt.Errorf("%w: %s", ErrInvalidPlan, p.Cause)
	}
	return nil
}

// byHand lists the blockers behind d that only a person can remove.
func byHand(d diagnose.Diagnosis) []diagnose.Code {
	var codes []diagnose.Code
	for _, code := range append([]diagnose.Code{d.Cause}, d.Also...) {
		if _, ok := Lookup(code); !ok {
			codes = append(codes, code)
		}
	}
	return codes
}

func target(s fact.Scope, mailbox string, t Tenant) string {
	if s == fact.ScopeTenant {
		return t.Name()
	}
	return mailbox
}

// inWords says what a reading holds, for a message.
func inWords(r fact.Reading) string {
	switch {
	case r.Known():
		return r.Value
	case r.Error != "":
		return "nothing: " + r.Error
	}
	return "nothing: it was not asked for"
}
