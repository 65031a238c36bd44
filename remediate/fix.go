package remediate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// A Fix removes what stands in the way of one mailbox's submission: one cause
// after the other, each with its own plan and approval, until the submission
// is accepted or only a person can go on.
type Fix struct {
	Mailbox string
	// Tenant may be nil: without it nothing is confirmed and nothing planned.
	Tenant Tenant
	// Probe makes one attempt to submit.
	Probe func(context.Context) *probe.Report
	// Approve decides on a plan; nil approves none.
	Approve func(Plan) (bool, error)
	// Rollback decides whether changes that had no effect by the end of the
	// wait are put back; nil leaves them.
	Rollback func([]Change) (bool, error)
	// Progress may be nil.
	Progress func(Event)
	Waiting  Waiting
	// JournalDir is where the journal is kept; it is made when missing.
	JournalDir string
}

// fixing is the state of one run.
type fixing struct {
	*Fix
	*Result
	journal *Journal
	changed []fact.Name // facts set, or found set, by this run
	since   time.Time   // of the last change
}

// Run diagnoses and mends. It makes a change only after its plan was approved,
// and each fact is set at most once, which bounds the rounds.
func (f *Fix) Run(ctx context.Context) *Result {
	x := &fixing{Fix: f, Result: &Result{Schema: 1, Mailbox: f.Mailbox, Steps: []Step{}}}
	seen := x.look(ctx)
	x.consult(ctx, seen)
	for {
		if ctx.Err() != nil {
			x.end(Failed, ctx.Err())
			break
		}
		plan, ok := x.plan(seen)
		if !ok || !x.approved(plan) || !x.apply(ctx, plan) {
			break
		}
		if seen, ok = x.await(ctx, seen); !ok {
			break
		}
	}
	if x.journal != nil {
		x.Err = errors.Join(x.Err, x.journal.Close())
	}
	return x.Result
}

func (x *fixing) end(o Outcome, err error) {
	x.Outcome, x.Err = o, err
}

// plan turns the diagnosis into the next plan; false means that the outcome
// is settled without one.
func (x *fixing) plan(seen Sighting) (Plan, bool) {
	d := x.Diagnosis
	switch d.Verdict {
	case diagnose.Healthy:
		x.accepted()
		return Plan{}, false
	case diagnose.Confirmed, diagnose.Named:
	default:
		x.unsettled(Unsure, nil)
		return Plan{}, false
	}
	if hopeless(seen.Reading) {
		x.end(ByHand, fmt.Errorf("%w: %s", ErrByHand, seen.Reading.Cause))
		return Plan{}, false
	}
	plan, err := planFor(x.next(seen), d, x.Fix.Mailbox, x.Tenant)
	if err != nil {
		x.unsettled(ByHand, err)
		return Plan{}, false
	}
	x.Plan = &plan
	if slices.Contains(x.changed, plan.Changes[0].Fact) {
		x.end(Ineffective, fmt.Errorf("%w: %s was changed already", ErrDrift, plan.Changes[0].Fact))
		return Plan{}, false
	}
	return plan, true
}

// unsettled ends the run with o, or as failed where it was a failure to read
// the tenant that left the matter open.
func (x *fixing) unsettled(o Outcome, err error) {
	d := x.Diagnosis
	if o == Unsure || errors.Is(err, ErrNotConfirmed) && d.Undecided() {
		if trouble := x.trouble(); trouble != nil {
			o, err = Failed, trouble
		}
	}
	x.end(o, err)
}

// trouble is why a fact could not be read: the one that would be changed, if
// it is among those, else the first.
func (x *fixing) trouble() error {
	remedy, _ := Lookup(x.Diagnosis.Cause)
	if r := x.Diagnosis.Evidence.Get(remedy.Fact); r.Trouble != nil {
		return r.Trouble
	}
	for _, r := range x.Diagnosis.Evidence {
		if r.Trouble != nil {
			return r.Trouble
		}
	}
	return nil
}

// next chooses the cause to remove. Where the reply names it, that one; where
// the tenant alone told the causes apart, the one with the narrowest remedy.
// A cause that needs a person comes before all that stands behind it.
func (x *fixing) next(seen Sighting) diagnose.Code {
	left := x.left()
	if names(seen) || len(left) == 0 {
		return x.Diagnosis.Cause
	}
	cause := left[0]
	best, ok := Lookup(cause)
	for _, code := range left[1:] {
		if r, mendable := Lookup(code); ok && mendable && rank(r.Scope) < rank(best.Scope) {
			best, cause = r, code
		}
	}
	return cause
}

// left lists the blockers that the tenant shows and this run has not removed.
func (x *fixing) left() []diagnose.Code {
	if x.Diagnosis.Verdict != diagnose.Confirmed {
		return nil
	}
	return slices.DeleteFunc(append([]diagnose.Code{x.Diagnosis.Cause}, x.Diagnosis.Also...), x.removed)
}

// removed reports whether this run has set the fact behind a cause.
func (x *fixing) removed(cause diagnose.Code) bool {
	remedy, ok := Lookup(cause)
	return ok && slices.Contains(x.changed, remedy.Fact)
}

// names reports whether the reply alone names one cause.
func names(s Sighting) bool { return s.Reading.Verdict == diagnose.Named }

func (x *fixing) approved(plan Plan) bool {
	x.Steps = append(x.Steps, Step{Cause: plan.Cause, Changes: plan.Changes})
	yes, err := false, error(nil)
	if x.Approve != nil {
		yes, err = x.Approve(plan)
	}
	switch {
	case err != nil:
		x.end(Failed, err)
	case !yes:
		x.end(Planned, nil)
	}
	return yes && err == nil
}

func (x *fixing) apply(ctx context.Context, plan Plan) bool {
	if x.journal == nil {
		x.journal = NewJournal(x.JournalDir, x.Tenant, x.Fix.Mailbox)
	}
	step, first := &x.Steps[len(x.Steps)-1], len(x.journal.entries)
	made, err := Apply(ctx, x.Tenant, plan, x.journal)
	step.Applied = len(made) == len(plan.Changes)
	for _, e := range x.journal.entries[first:] {
		step.entries = append(step.entries, e.Number)
	}
	x.Journal = x.journal.Path()
	if err != nil {
		x.end(Failed, err)
		return false
	}
	for _, c := range plan.Changes {
		x.changed = append(x.changed, c.Fact)
	}
	x.since = time.Now()
	x.tell(Event{Kind: EventApplied, Plan: &plan})
	return true
}

// accepted ends the run well.
func (x *fixing) accepted() {
	x.end(Healthy, nil)
	for i := range x.Steps {
		if x.Steps[i].Applied {
			x.end(Fixed, nil)
		}
	}
	x.movedOn()
}

// movedOn marks what was applied as effective: the refusal it was meant for
// is gone.
func (x *fixing) movedOn() {
	for i := range x.Steps {
		x.Steps[i].Effective = x.Steps[i].Applied
	}
}
