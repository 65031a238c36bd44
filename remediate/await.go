package remediate

import (
	"context"
	"errors"
	"slices"
	"time"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

// await probes again until the reply has moved on from the refusal seen, and
// leaves the new diagnosis in the result. False means that the run is over.
//
// Where the words fit several causes they may well be the same after the next
// one: then it is the tenant that says whether there is another cause to go on
// with, and waiting for other words would be in vain.
func (x *fixing) await(ctx context.Context, seen Sighting) (Sighting, bool) {
	if !names(seen) && x.another(ctx, seen) {
		return seen, true
	}
	moved, err := x.Waiting.repeat(ctx, x.pausing, func(time.Duration) bool {
		return x.tryAgain(ctx, &seen)
	})
	switch {
	case err != nil:
		x.end(Failed, err)
	case !moved:
		x.end(Ineffective, nil)
		if !x.Last.passing() {
			x.consult(ctx, x.Last)
			x.rollback(ctx)
		}
	}
	return seen, moved && err == nil
}

// tryAgain makes one attempt; true means that there is something new to act
// upon, with seen as its sighting.
func (x *fixing) tryAgain(ctx context.Context, seen *Sighting) bool {
	now := x.look(ctx)
	same := sameCause(now.Reading, seen.Reading)
	switch {
	case ctx.Err() != nil:
		return false
	case now.passing(), x.removed(now.Reading.Cause):
		// Some of Microsoft's servers still answer from before the change.
		return false
	case same && (names(now) || !x.another(ctx, now)):
		return false
	case !same:
		x.consult(ctx, now)
	}
	if !same && now.Reading.Cause != diagnose.AccountLocked {
		x.movedOn() // a lock comes of the attempts and proves nothing
	}
	*seen = now
	return true
}

// another asks the tenant again and reports whether it shows a blocker other
// than those removed already.
func (x *fixing) another(ctx context.Context, seen Sighting) bool {
	x.consult(ctx, seen)
	return len(x.left()) > 0
}

func (x *fixing) look(ctx context.Context) Sighting {
	s := look(ctx, x.Probe)
	x.Last, x.Diagnosis = s, s.Reading
	x.Attempts++
	x.tell(Event{Kind: EventProbed})
	return s
}

// consult reads the evidence that bears on seen. A sign-in record from before
// the last change says nothing about the tenant as it is now.
func (x *fixing) consult(ctx context.Context, seen Sighting) {
	x.Diagnosis = seen.Reading
	questions := diagnose.Questions(seen.Reading)
	if x.Tenant == nil || len(questions) == 0 || ctx.Err() != nil {
		return
	}
	evidence := x.Tenant.Read(ctx, questions...)
	for i, r := range evidence {
		if r.Fact == fact.UserSignInError && r.Known() && !x.since.IsZero() && !r.At.After(x.since) {
			evidence[i] = fact.Reading{Fact: r.Fact, Error: "the newest record is older than the last change"}
		}
	}
	x.Diagnosis = seen.Reading.With(evidence, seen.At)
}

// rollback puts back, if that is wished, every change whose effect was never
// seen; what moved the reply on stays.
func (x *fixing) rollback(ctx context.Context) {
	var open []Entry
	var changes []Change
	for _, e := range x.journal.Pending() {
		if !x.effective(e.Number) {
			open, changes = append(open, e), append(changes, e.Change)
		}
	}
	if len(open) == 0 || x.Rollback == nil {
		return
	}
	yes, err := x.Rollback(changes)
	if err != nil || !yes {
		x.Err = err
		return
	}
	var r UndoResult
	r.restore(ctx, x.Tenant, x.journal, open)
	x.Err = errors.Join(r.Err)
	pending := x.journal.Pending()
	for i, s := range x.Steps {
		x.Steps[i].RolledBack = s.Applied && !s.Effective && !slices.ContainsFunc(pending, func(e Entry) bool {
			return slices.Contains(s.entries, e.Number)
		})
	}
	x.tell(Event{Kind: EventPutBack, Plan: x.Plan})
}

func (x *fixing) effective(entry int) bool {
	return slices.ContainsFunc(x.Steps, func(s Step) bool {
		return s.Effective && slices.Contains(s.entries, entry)
	})
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
