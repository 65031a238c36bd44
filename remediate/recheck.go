package remediate

import (
	"context"
	"fmt"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

// recheck reads anew all that a plan for everybody rests on: a person thinks
// it over for minutes, and others are at work.
func (x *fixing) recheck(ctx context.Context, plan Plan) error {
	if plan.Scope() != fact.ScopeTenant {
		return nil
	}
	x.stale = append(x.stale, diagnose.Settings(x.Last.Reading.Mechanism)...)
	x.consult(ctx, x.Last)
	again, err := NewPlan(plan.Cause, x.Diagnosis, x.Fix.Mailbox, x.subject(ctx))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && x.removedByOthers(plan):
		return nil // Apply finds the same and writes nothing
	case err != nil:
		return fmt.Errorf("%w; nothing was changed: %w", ErrDrift, err)
	case again.Changes[0] != plan.Changes[0]:
		return fmt.Errorf("%w; nothing was changed", ErrDrift)
	}
	return nil
}

func (x *fixing) removedByOthers(plan Plan) bool {
	c := plan.Changes[0]
	return holds(c.Fact, c.To, x.Diagnosis.Evidence.Get(c.Fact).Value)
}
