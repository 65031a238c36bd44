package remediate

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Apply makes the changes of an approved plan, each one entered in the journal
// and on disk before it is sent. It returns the changes that the tenant showed
// as made, also when it ends in an error.
//
// Nothing is sent when the plan is not of the table (ErrInvalidPlan), is of
// another tenant (ErrOtherTenant), when the value cannot be read
// (ErrUnreadable) or is no longer what the plan says (ErrDrift). What holds
// already is skipped. After ErrUncertain the journal holds the change open.
func Apply(ctx context.Context, t Tenant, p Plan, j *Journal) ([]Change, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.TenantID != t.ID() || p.TenantID != j.TenantID() || p.Mailbox != j.Mailbox() {
		return nil, fmt.Errorf("the plan: %w", ErrOtherTenant)
	}
	var made []Change
	for _, c := range p.Changes {
		ok, err := applyOne(ctx, t, p, c, j)
		if ok {
			made = append(made, c)
		}
		if err != nil {
			return made, err
		}
	}
	return made, nil
}

// applyOne makes one change; true means that the tenant showed it as made.
func applyOne(ctx context.Context, t Tenant, p Plan, c Change, j *Journal) (bool, error) {
	found := read(ctx, t, c.Fact)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case !found.Known():
		return false, fmt.Errorf("%s of %s: %w, so nothing was changed: %s", c.Fact, c.Target, ErrUnreadable, inWords(found))
	case holds(c.Fact, c.To, found.Value):
		_, err := j.begin(p.Cause, c, Skipped)
		return false, err
	case found.Value != c.From:
		return false, fmt.Errorf("%w: %s of %s is %s, the plan says %s; nothing was changed", ErrDrift, c.Fact, c.Target, found.Value, c.From)
	}
	n, err := j.begin(p.Cause, c, Intent)
	if err != nil {
		return false, fmt.Errorf("nothing was changed: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return false, errors.Join(err, j.mark(n, NotApplied))
	}
	return settle(ctx, t, c, j, n)
}

// settle sends the change that entry n announces and enters what became of it.
func settle(ctx context.Context, t Tenant, c Change, j *Journal, n int) (bool, error) {
	state, err := put(ctx, t, c)
	if state == Intent {
		return false, fmt.Errorf("%w; to put it back: %s", err, UndoCommand(j.Path()))
	}
	if jerr := j.mark(n, state); jerr != nil && state == Applied {
		return true, fmt.Errorf("%s of %s is %s now, but that could not be written down: %w; to put it back: %s",
			c.Fact, c.Target, c.To, jerr, UndoCommand(j.Path()))
	}
	return state == Applied, err
}

// UndoCommand is the command line that undoes the journal at path.
func UndoCommand(path string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:\\@"
	if strings.Trim(path, plain) != "" {
		path = `"` + path + `"`
	}
	return "smtpmend undo " + path
}
