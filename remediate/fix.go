package remediate

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
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
	// Hearsay names the server that is probed where it is none of the cloud's
	// own submission hosts, "" where it is. On the word of such a server a
	// plan is made and shown, and never carried out.
	Hearsay string
	// Approve decides on a plan; nil approves none, and nothing is waited for.
	Approve func(Plan) (bool, error)
	// Rollback decides whether changes of a mailbox or a user that had no
	// effect by the end of the wait are put back; nil leaves them.
	Rollback func([]Change) (bool, error)
	// Keep leaves a change for everybody that had no effect; otherwise it goes
	// back by itself.
	Keep bool
	// Passing reports whether a failure to read the tenant may pass by itself,
	// as an API that is down. nil takes every failure for lasting.
	Passing func(error) bool
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
	waited  bool        // for a change of before this run
	lost    error       // of changes whose answer was lost

	known  fact.Evidence // what was read so far
	stale  []fact.Name   // of it, what a write of ours may have changed
	logged time.Time     // the attempt whose sign-in record was asked for last
}

// Run diagnoses and mends. It makes a change only after its plan was approved,
// and each fact is set at most once, which bounds the rounds. A panic of ours
// ends it as ErrCrashed, with what is known by then in the result.
func (f *Fix) Run(ctx context.Context) (r *Result) {
	r = &Result{Mailbox: f.Mailbox, Steps: []Step{}}
	x := &fixing{Fix: f, Result: r}
	defer x.close()
	defer func() {
		if p := recover(); p != nil {
			x.end(Failed, &CrashError{Value: p, Stack: debug.Stack()})
		}
	}()
	x.run(ctx)
	x.takeBack(ctx)
	return r
}

func (x *fixing) run(ctx context.Context) {
	seen := x.look(ctx)
	x.consult(ctx, seen)
	for ok := true; ok; {
		if ctx.Err() != nil {
			x.end(Failed, ctx.Err())
			return
		}
		if !x.arriving(seen) {
			plan, planned := x.plan(ctx, seen)
			if !planned || !x.approved(plan) || !x.apply(ctx, plan) {
				return
			}
		}
		if x.Approve == nil { // nothing is to be changed, only said
			x.end(Ineffective, nil)
			return
		}
		seen, ok = x.await(ctx, seen)
	}
}

// close tells, however the run ended, what the journal knows.
func (x *fixing) close() {
	if x.journal == nil {
		return
	}
	if n := len(x.journal.entries); n > 0 {
		x.Journal = x.journal.Path()
		if last := &x.Steps[len(x.Steps)-1]; last.State == "" && x.journal.entries[n-1].Cause == last.Cause {
			last.State = x.journal.entries[n-1].State
		}
	}
	x.Err = errors.Join(x.Err, x.journal.Close())
}

func (x *fixing) end(o Outcome, err error) {
	x.Outcome, x.Err = o, err
}

// plan turns the diagnosis into the next plan; false means that the outcome
// is settled without one.
func (x *fixing) plan(ctx context.Context, seen Sighting) (Plan, bool) {
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
	plan, err := NewPlan(x.next(seen), d, x.Fix.Mailbox, x.subject(ctx))
	if err != nil {
		x.unsettled(ByHand, err)
		return Plan{}, false
	}
	if slices.Contains(x.changed, plan.Changes[0].Fact) {
		x.end(Ineffective, fmt.Errorf("%w: %s was changed already", ErrDrift, plan.Changes[0].Fact))
		return Plan{}, false
	}
	if x.journal == nil {
		x.journal = NewJournal(x.JournalDir, x.Tenant, x.Fix.Mailbox)
	}
	plan.Context.Journal = x.journal.Path()
	x.Plan = &plan
	return plan, true
}

// subject is whose facts were read; where nobody is signed in there is none.
func (x *fixing) subject(ctx context.Context) fact.Subject {
	if x.Tenant == nil {
		return fact.Subject{}
	}
	return x.Tenant.Subject(ctx)
}

// unsettled ends the run with o, or as failed where it was a failure to read
// the tenant that left the matter open.
func (x *fixing) unsettled(o Outcome, err error) {
	trouble := x.trouble()
	switch {
	case isHeld(err):
		if x.passes(err) {
			o = Failed
		}
	case errors.Is(err, ErrByHand):
	case o == Unsure, errors.Is(err, ErrNotConfirmed) && x.Diagnosis.Undecided():
		if trouble != nil {
			o, err = Failed, trouble
		}
	case !errors.Is(err, ErrNotConfirmed):
		o = Failed // nobody knows whose settings they are
	}
	x.end(o, err)
}

func (x *fixing) passes(err error) bool { return x.Passing != nil && x.Passing(err) }

// trouble is why a fact could not be read: the one that would be changed, if
// it is among those, else the first.
func (x *fixing) trouble() error {
	remedy, _ := Lookup(x.Diagnosis.Cause)
	if r := x.Diagnosis.Evidence.Get(remedy.Fact); r.Trouble != nil {
		return r.Trouble
	}
	for _, r := range x.Diagnosis.Evidence {
		if r.Trouble != nil && r.Fact != fact.UserAdminRole {
			return r.Trouble
		}
	}
	return nil
}

// approved shows the plan. On hearsay nobody is asked.
func (x *fixing) approved(plan Plan) bool {
	x.Steps = append(x.Steps, Step{Cause: plan.Cause, Changes: plan.Changes})
	yes, err := false, error(nil)
	if x.Approve != nil {
		yes, err = x.Approve(plan)
	}
	switch {
	case err != nil:
		x.end(Failed, err)
	case x.Hearsay != "":
		x.end(Planned, &HearsayError{Server: x.Hearsay})
		return false
	case !yes:
		x.end(Planned, nil)
	}
	return yes && err == nil
}

func (x *fixing) apply(ctx context.Context, plan Plan) bool {
	if err := x.recheck(ctx, plan); err != nil {
		x.end(Failed, err)
		return false
	}
	step, first := &x.Steps[len(x.Steps)-1], len(x.journal.entries)
	state, err := Apply(ctx, x.Tenant, plan, x.journal)
	step.State, step.Applied = state, state == Applied || state == Sent
	for _, e := range x.journal.entries[first:] {
		step.entry = e.Number
		x.Journal = x.journal.Path()
	}
	if err != nil && !(state == Intent && errors.Is(err, ErrUncertain) && ctx.Err() == nil) {
		x.end(Failed, err)
		return false
	}
	x.lost = errors.Join(x.lost, err)
	x.changed = append(x.changed, plan.Changes[0].Fact)
	x.stale = append(x.stale, plan.Changes[0].Fact)
	x.since = time.Now()
	x.tell(Event{Kind: EventApplied, Plan: &plan, State: state})
	return true
}

// accepted ends the run well.
func (x *fixing) accepted() {
	x.end(Healthy, nil)
	for i := range x.Steps {
		if x.Steps[i].State == Intent {
			x.Steps[i].Applied = true // whatever became of the answer
		}
		if x.Steps[i].Applied {
			x.end(Fixed, nil)
		}
	}
	x.credit(x.Last)
}
