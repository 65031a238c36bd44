package remediate

import (
	"context"
	"slices"

	"smtpmend/internal/fact"
)

// takeBack puts back what had no effect: a change for everybody by itself,
// what touches the mailbox or the user alone where that is wished at the end
// of a wait in vain. What had an effect stays.
func (x *fixing) takeBack(ctx context.Context) {
	if ctx.Err() != nil || x.Outcome == Healthy || x.Outcome == Fixed {
		return
	}
	if !x.Keep {
		x.putBack(ctx, x.ineffective(func(c Change) bool { return c.Scope == fact.ScopeTenant }))
	}
	if x.Outcome != Ineffective || x.Last.passing() || x.Rollback == nil {
		return
	}
	open := x.ineffective(func(c Change) bool { return c.Scope != fact.ScopeTenant })
	if len(open) == 0 {
		return
	}
	var changes []Change
	for _, e := range open {
		changes = append(changes, e.Change)
	}
	yes, err := x.Rollback(changes)
	if err != nil {
		x.Err = err
	} else if yes {
		x.putBack(ctx, open)
	}
}

// ineffective returns the open entries of steps without effect.
func (x *fixing) ineffective(among func(Change) bool) []Entry {
	if x.journal == nil {
		return nil
	}
	return slices.DeleteFunc(x.journal.Pending(), func(e Entry) bool {
		return !among(e.Change) || !slices.ContainsFunc(x.Steps, func(s Step) bool {
			return s.entry == e.Number && (s.Applied || s.State == Intent) && !s.Effective
		})
	})
}

func (x *fixing) putBack(ctx context.Context, open []Entry) {
	if len(open) == 0 {
		return
	}
	u := undoing{Tenant: x.Tenant, Journal: x.journal, result: new(UndoResult)}
	for _, e := range slices.Backward(open) {
		u.restore(ctx, e)
	}
	u.sumUp()
	for i, s := range x.Steps {
		if !slices.ContainsFunc(open, func(e Entry) bool { return e.Number == s.entry }) {
			continue
		}
		step := &x.Steps[i]
		step.State = x.journal.entries[s.entry-1].State
		step.RolledBack = s.Applied && step.State.final()
		step.Stuck = !step.State.final()
	}
	if u.result.Err != nil {
		x.end(Failed, u.result.Err)
		return
	}
	x.tell(Event{Kind: EventPutBack, Plan: x.Plan})
}
