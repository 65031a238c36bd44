package remediate

import (
	"context"
	"slices"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// await probes again until the reply has moved on from the refusal seen, and
// leaves the new diagnosis in the result. False means that the run is over.
//
// Where the reply does not tell of the change just made, because its words fit
// several causes or name another one, it may well be the same after it: then
// it is the tenant that says whether there is another cause to go on with, and
// waiting for other words would be in vain.
func (x *fixing) await(ctx context.Context, seen Sighting) (Sighting, bool) {
	if len(x.changed) > 0 && !(names(seen) && x.removed(seen.Reading.Cause)) && x.another(ctx, seen) {
		return seen, true
	}
	moved, err := x.Waiting.repeat(ctx, x.pausing, func(time.Duration) bool {
		return x.tryAgain(ctx, &seen)
	})
	x.settle(ctx)
	switch {
	case err != nil:
		x.end(Failed, err)
	case !moved:
		x.end(Ineffective, nil)
		if x.uncertain() {
			x.end(Failed, x.lost)
		}
		if !x.Last.passing() {
			x.consult(ctx, x.Last)
		}
	}
	return seen, moved && err == nil
}

// tryAgain makes one attempt; true means that there is something new to act
// upon, with seen as its sighting.
func (x *fixing) tryAgain(ctx context.Context, seen *Sighting) bool {
	now := x.look(ctx)
	same := sameCause(now.Reading, seen.Reading)
	over := now.Reading.Verdict == diagnose.Healthy || hopeless(now.Reading)
	x.settle(ctx)
	switch {
	case ctx.Err() != nil:
		return false
	case over:
		x.consult(ctx, now)
	case now.passing(), x.removed(now.Reading.Cause), x.lagging():
		// Some of Microsoft's servers still answer from before the change.
		return false
	case same && !x.another(ctx, now):
		return false
	case !same:
		x.consult(ctx, now)
	}
	if !same {
		x.credit(now)
	}
	*seen = now
	return true
}

// another asks the tenant again and reports whether it shows a blocker other
// than those removed already.
func (x *fixing) another(ctx context.Context, seen Sighting) bool {
	x.consult(ctx, seen)
	return !x.lagging() && len(x.left()) > 0
}

// lagging reports whether a change was sent and does not show yet. Until it
// does, the tenant's word is about yesterday.
func (x *fixing) lagging() bool {
	return slices.ContainsFunc(x.Steps, func(s Step) bool { return s.State == Sent || s.State == Intent })
}

// uncertain reports whether the answer to a change was lost and it does not
// show either.
func (x *fixing) uncertain() bool {
	return slices.ContainsFunc(x.Steps, func(s Step) bool { return s.State == Intent })
}

// settle looks whether the changes that were sent show by now.
func (x *fixing) settle(ctx context.Context) {
	for i, s := range x.Steps {
		if s.State != Sent && s.State != Intent || ctx.Err() != nil {
			continue
		}
		c := s.Changes[0]
		if found := read(ctx, x.Tenant, c.Fact); holds(c.Fact, c.To, found.Value) && x.journal.mark(s.entry, Applied) == nil {
			x.Steps[i].State, x.Steps[i].Applied = Applied, true
			x.stale = append(x.stale, c.Fact)
		}
	}
}

// credit marks as effective what the sighting shows to have had an effect. For
// a change of everybody that is an accepted sign-in, or a reply that names a
// cause standing behind it; for the others, that the refusal is another one.
// A lock comes of the attempts and proves nothing.
func (x *fixing) credit(now Sighting) {
	healthy := now.Reading.Verdict == diagnose.Healthy
	for i, s := range x.Steps {
		effect := now.Reading.Cause != catalogue.AccountLocked
		if s.Changes[0].Scope == fact.ScopeTenant {
			effect = names(now) && diagnose.StandsBehind(now.Reading.Cause, s.Cause)
		}
		if s.Applied && (healthy || effect) {
			x.Steps[i].Effective = true
		}
	}
}

func (x *fixing) look(ctx context.Context) Sighting {
	s := look(ctx, x.Probe)
	x.Last, x.Diagnosis = s, s.Reading
	if x.Attempts++; x.Attempts == 1 {
		x.First = s
	}
	x.tell(Event{Kind: EventProbed})
	return s
}

func (x *fixing) pausing(waited, next time.Duration) {
	x.tell(Event{Kind: EventWaiting, Waited: waited, Next: next})
}

func (x *fixing) tell(e Event) {
	if x.Progress == nil {
		return
	}
	e.Sighting, e.Attempts, e.Journal = x.Last, x.Attempts, x.Result.Journal
	x.Progress(e)
}
