package remediate

import (
	"context"
	"errors"
	"fmt"

	"smtpmend/internal/fact"
)

// Apply makes the change of an approved plan, entered in the journal and on
// disk before it is sent, and says what the journal knows of it by then: Sent
// or Applied when the tenant accepted it, Skipped when it held already,
// NotApplied when it was refused, Intent when that is uncertain, "" when
// nothing was entered.
//
// Nothing is sent when the plan is not of the table (ErrInvalidPlan), is of
// another tenant (ErrOtherTenant), when the value cannot be read
// (ErrUnreadable) or is no longer what the plan says (ErrDrift). After
// ErrUncertain the journal holds the change open.
func Apply(ctx context.Context, t Tenant, p Plan, j *Journal) (State, error) {
	if err := p.check(); err != nil {
		return "", err
	}
	if p.TenantID != t.ID() || p.TenantID != j.TenantID() || p.Mailbox != j.Mailbox() {
		return "", fmt.Errorf("the plan: %w", ErrOtherTenant)
	}
	c := p.Changes[0]
	found := read(ctx, t, c.Fact)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case !found.Known():
		return "", fmt.Errorf("%s of %s: %w, so nothing was changed: %w", c.Fact, c.Target, ErrUnreadable, found.Err())
	case holds(c.Fact, c.To, found.Value):
		_, err := j.begin(p.Cause, c, p.object(), Skipped)
		return Skipped, err
	case found.Value != c.From:
		return "", fmt.Errorf("%w: %s of %s is %s, the plan says %s; nothing was changed", ErrDrift, c.Fact, c.Target, found.Value, c.From)
	}
	n, err := j.begin(p.Cause, c, p.object(), Intent)
	if err != nil {
		return "", fmt.Errorf("nothing was changed: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return NotApplied, errors.Join(err, j.mark(n, NotApplied))
	}
	state, err := put(ctx, t, c, nil)
	if state == Intent {
		return Intent, err
	}
	if jerr := j.mark(n, state); jerr != nil && state != NotApplied {
		return state, fmt.Errorf("%s of %s was changed to %s, but that could not be written down: %w", c.Fact, c.Target, c.To, jerr)
	}
	return state, err
}

// object is the directory's id of whatever the plan changes, "" for a tenant.
func (p Plan) object() string {
	switch p.Scope() {
	case fact.ScopeMailbox:
		return p.Context.Subject.Mailbox.ID
	case fact.ScopeUser:
		return p.Context.Subject.User.ID
	}
	return ""
}
