package view

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/view/safe"
	"smtpmend/remediate"
)

// An Ending is how a fix ended.
type Ending struct {
	Result      *remediate.Result
	Interactive bool // somebody could be asked
	SignedOut   bool // nobody is signed in to the tenant
	Forbidden   bool // who is signed in may not make the change
}

// A Fix is the answer of fix.
type Fix struct {
	*verdict
	Ending
	// Undo is the command that puts back, "" where nothing is left to, or where
	// it cannot be written.
	Undo string
}

// Fixed is the answer of fix; the case is the last one.
func Fixed(c Case, end Ending, next NextCommand) *Fix {
	f := &Fix{verdict: newVerdict("fix", c), Ending: end}
	f.s.Outcome, f.s.Change = f.outcome(), f.change()
	if end.Result.Outcome == remediate.Ineffective && len(end.Result.Steps) == 0 {
		f.s.Evidence = "contradicted"
	}
	k := f.known()
	k["JOURNAL"] = end.Result.Journal
	if end.Result.Plan != nil {
		k["APPROVED"] = approval(*end.Result.Plan)
	}
	f.next = propose(f.s, k, next)
	if f.Open() {
		f.Undo, _ = next("undo", safe.Path(end.Result.Journal))
	}
	return f
}

// approval are the flags that approve just this plan and nothing else.
func approval(plan remediate.Plan) string {
	flags := "--yes=" + string(plan.Cause)
	if plan.Scope() == fact.ScopeTenant {
		flags += " --yes-tenant-wide"
	}
	return flags
}

// block is the PowerShell of the answer and what it is for: the planned change,
// or what has to come before it; after the word of another server it changes
// nothing.
func (v *Fix) block() (what string, lines []string) {
	cause := v.Diagnosis.Cause
	switch first := v.first(); {
	case errors.Is(v.Result.Err, remediate.ErrHearsay):
		var look []catalogue.Commands
		if row, _ := catalogue.Lookup(cause); row.Change != nil {
			look = append(look, row.Change.Look())
		}
		return "", looking(v.Result.Err, v.Place, look...)
	case v.Result.Plan != nil:
		return title(v.Result.Plan.Cause), changeCommands(v.Result.Plan.Changes, v.Place)
	case len(first) > 0:
		cause = first[0]
	}
	return title(cause), blockFor(cause, v.Diagnosis, v.Place)
}

func (v *Fix) envelope() Envelope {
	_, block := v.block()
	return Envelope{Error: reason(v.Result.Err), Next: v.next.first(), Body: fixBody{
		Result: v.Result, Verdict: v.Diagnosis.Verdict, Cause: v.Diagnosis.Cause,
		Candidates: listed(v.Diagnosis.Candidates), PowerShell: block, Undo: v.Undo,
	}}
}

// outcome is how a fix ended, to the table of Next.
func (v *Fix) outcome() string {
	switch v.Result.Outcome {
	case remediate.Healthy, remediate.Fixed:
		return v.s.Outcome
	case remediate.Failed:
		return "failed"
	}
	return string(v.Diagnosis.Verdict)
}

// change is what became of the change, to the table of Next.
func (v *Fix) change() string {
	res := v.Result
	switch {
	case v.stuck():
		return "stuck"
	case v.kept():
		return "kept"
	case errors.Is(res.Err, remediate.ErrHearsay):
		return "hearsay"
	case res.Outcome == remediate.Planned && v.Interactive:
		return "declined"
	case res.Outcome == remediate.Planned:
		return "planned"
	case !v.Open() && slices.ContainsFunc(res.Steps, func(s remediate.Step) bool { return s.RolledBack }):
		return "put-back"
	case res.Outcome == remediate.Failed && v.Forbidden && !v.Open():
		return "refused"
	case res.Outcome == remediate.Fixed:
		return "arrived"
	case v.Open() && res.Outcome != remediate.ByHand:
		return "made"
	}
	return "untouched"
}

// said reports whether the reason for which the tenant could not be read stands
// in the answer already.
func (v *Fix) said(err error) bool {
	return (v.s.Evidence == "unread" || v.Diagnosis.Verdict == diagnose.Unsure) &&
		slices.ContainsFunc(v.Diagnosis.Evidence, func(r fact.Reading) bool { return r.Error == err.Error() })
}

// kept reports whether the account is an administrator's, whose second factor
// stays.
func (v *Fix) kept() bool {
	held, ok := errors.AsType[*remediate.HeldError](v.Result.Err)
	return ok && held.Roles != ""
}

// text is the answer; with room for everything it is all that is known.
func (v *Fix) text(p *page, room int) {
	v.beginning(p, room)
	if room == everything {
		evidenceText(p, v.Diagnosis)
	}
	v.steps(p)
	if why := v.whyStopped(); why != "" && (len(v.first()) == 0 || room == everything) {
		p.blank()
		p.item(p.t("Why it stopped: "), "", why)
	}
	for i, code := range v.first() {
		if cause, _ := catalogue.Lookup(code); i == 0 || room == everything {
			p.blank()
			p.prose("", "This change could not work yet. First: %s [%s]", p.t(cause.Title), cause.Code)
			causeSteps(p, cause, blockFor(cause.Code, v.Diagnosis, v.Place), room)
		}
	}
	if len(v.first()) == 0 && (v.Result.Outcome == remediate.ByHand || v.Result.Outcome == remediate.Planned && room == everything) {
		v.stepsText(p, room)
	}
	v.next.text(p)
	if v.Undo != "" && !slices.Contains(v.next.Commands, v.Undo) {
		p.heading("To put it back")
		p.commands(v.Undo)
	} else if v.Open() && v.Undo == "" {
		p.heading("To put it back")
		p.prose("  ", "Run smtpmend undo with this journal: %s", v.Result.Journal)
	}
}

// first are the causes that have to go before the plan may be made.
func (v *Fix) first() []catalogue.Code {
	if held, ok := errors.AsType[*remediate.HeldError](v.Result.Err); ok {
		return held.First
	}
	return nil
}

// whyStopped says an error to a person, "" where the cause and who can remove
// it say all.
func (v *Fix) whyStopped() string {
	switch err := v.Result.Err; {
	case err == nil:
		return ""
	case v.SignedOut && errors.Is(err, remediate.ErrNotConfirmed):
		return "" // that the tenant was not asked is said already
	case errors.Is(err, remediate.ErrByHand) && !errors.Is(err, remediate.ErrNotHere):
		return ""
	case v.said(err):
		return ""
	case errors.Is(err, remediate.ErrNotConfirmed) && v.Diagnosis.Undecided():
		return "Nothing was changed: what could not be read is neither yes nor no."
	case errors.Is(err, context.Canceled) && v.Open():
		return "Interrupted. What was changed until then is in the journal."
	case errors.Is(err, context.Canceled):
		return "Interrupted. Nothing was changed."
	default:
		return err.Error()
	}
}

// stuck reports whether a change for everybody had no effect and could not be
// put back.
func (v *Fix) stuck() bool {
	return slices.ContainsFunc(v.Result.Steps, func(s remediate.Step) bool { return s.Stuck })
}

// Open reports whether something of the fix is left to put back.
func (v *Fix) Open() bool {
	for _, s := range v.Result.Steps {
		switch s.State {
		case remediate.Intent, remediate.Sent, remediate.Applied, remediate.Restoring:
			return true
		}
	}
	return false
}

// stepWords say what became of a change.
func stepWords(s remediate.Step) string {
	switch {
	case s.RolledBack:
		return "made, without effect, put back"
	case s.Stuck && s.State == remediate.Applied:
		return "made, without effect, and STILL SO: it could not be put back"
	case s.Stuck:
		return "without effect so far; whether it stands, or was put back, is not known yet"
	case s.Effective:
		return "made, took effect"
	case s.State == remediate.Intent:
		return "sent, and the answer was lost: it may have been made, or may be yet"
	case s.State == remediate.Sent:
		return "accepted by the tenant, which does not show it yet"
	case s.Applied:
		return "made, no effect seen yet"
	case s.State == remediate.Skipped:
		return "was so already"
	case s.State == remediate.NotApplied:
		return "refused, not made"
	}
	return "not made"
}

// steps lists what was changed, or would be.
func (v *Fix) steps(p *page) {
	res := v.Result
	if len(res.Steps) == 0 {
		return
	}
	p.blank()
	p.line("Changes")
	for i, step := range res.Steps {
		for _, c := range step.Changes {
			state := stepWords(step)
			if res.Outcome == remediate.Planned && i == len(res.Steps)-1 {
				state = "planned, nothing was changed"
			}
			p.item(fmt.Sprintf("  %d. ", i+1), "     ", "%s (%s)", p.changeWords(c), p.t(state))
		}
	}
}
