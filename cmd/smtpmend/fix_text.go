package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/m365"
	"smtpmend/remediate"
)

// A fixView is the answer of fix as text.
type fixView struct {
	*verdictView
	res       *remediate.Result
	signedOut bool   // nobody is signed in to the tenant
	undo      string // the command that puts back, "" where nothing is left to
}

// newFixView chooses what comes next, and how to put back.
func newFixView(v *verdictView, res *remediate.Result, signedOut, interactive bool, line nextCommand) *fixView {
	f := &fixView{verdictView: v, res: res, signedOut: signedOut}
	f.s.Outcome, f.s.Change = f.outcome(), f.change(interactive)
	if res.Outcome == remediate.Ineffective && len(res.Steps) == 0 {
		f.s.Evidence = "contradicted"
	}
	k := v.known()
	k["JOURNAL"] = res.Journal
	if res.Plan != nil {
		k["APPROVED"] = flagsFor(*res.Plan)
	}
	f.next = propose(f.s, k, line)
	if open(res) {
		f.undo, _ = line("undo", res.Journal)
	}
	return f
}

// outcome is how a fix ended, to the table of Next.
func (v *fixView) outcome() string {
	switch v.res.Outcome {
	case remediate.Healthy, remediate.Fixed:
		return "healthy"
	case remediate.Failed:
		return "failed"
	}
	return string(v.d.Verdict)
}

// change is what became of the change, to the table of Next.
func (v *fixView) change(interactive bool) string {
	res := v.res
	switch {
	case v.stuck():
		return "stuck"
	case v.kept():
		return "kept"
	case errors.Is(res.Err, remediate.ErrHearsay):
		return "hearsay"
	case res.Outcome == remediate.Planned && interactive:
		return "declined"
	case res.Outcome == remediate.Planned:
		return "planned"
	case !open(res) && slices.ContainsFunc(res.Steps, func(s remediate.Step) bool { return s.RolledBack }):
		return "put-back"
	case res.Outcome == remediate.Failed && errors.Is(res.Err, m365.ErrPermission) && !open(res):
		return "refused"
	case res.Outcome == remediate.Fixed:
		return "arrived"
	case open(res) && res.Outcome != remediate.ByHand:
		return "made"
	}
	return "untouched"
}

// said reports whether the reason for which the tenant could not be read stands
// in the answer already.
func (v *fixView) said(err error) bool {
	return (v.s.Evidence == "unread" || v.d.Verdict == diagnose.Unsure) &&
		slices.ContainsFunc(v.d.Evidence, func(r fact.Reading) bool { return r.Error == err.Error() })
}

// kept reports whether the account is an administrator's, whose second factor
// stays.
func (v *fixView) kept() bool {
	held, ok := errors.AsType[*remediate.HeldError](v.res.Err)
	return ok && held.Roles != ""
}

// text is the answer; with room for everything it is all that is known.
func (v *fixView) text(p *page, room int) {
	v.beginning(p, room)
	if room == everything {
		evidenceText(p, v.d)
	}
	v.steps(p)
	if why := v.whyStopped(); why != "" && (len(v.first()) == 0 || room == everything) {
		p.blank()
		p.item("Why it stopped: ", "", why)
	}
	for i, code := range v.first() {
		if cause, _ := catalogue.Lookup(code); i == 0 || room == everything {
			p.blank()
			p.prose("", fmt.Sprintf("This change could not work yet. First: %s [%s]", cause.Title, cause.Code))
			causeSteps(p, cause, blockFor(cause.Code, v.d, v.place), room)
		}
	}
	if len(v.first()) == 0 && (v.res.Outcome == remediate.ByHand || v.res.Outcome == remediate.Planned && room == everything) {
		v.stepsText(p, room)
	}
	v.next.text(p)
	if v.undo != "" && !slices.Contains(v.next.Commands, v.undo) {
		p.heading("To put it back")
		p.commands(v.undo)
	} else if open(v.res) && v.undo == "" {
		p.heading("To put it back")
		p.prose("  ", "Run smtpmend undo with this journal: "+v.res.Journal)
	}
}

// first are the causes that have to go before the plan may be made.
func (v *fixView) first() []catalogue.Code {
	if held, ok := errors.AsType[*remediate.HeldError](v.res.Err); ok {
		return held.First
	}
	return nil
}

// whyStopped says an error to a person, "" where the cause and who can remove
// it say all.
func (v *fixView) whyStopped() string {
	switch err := v.res.Err; {
	case err == nil:
		return ""
	case v.signedOut && errors.Is(err, remediate.ErrNotConfirmed):
		return "" // that the tenant was not asked is said already
	case errors.Is(err, remediate.ErrByHand) && !errors.Is(err, remediate.ErrNotHere):
		return ""
	case v.said(err):
		return ""
	case errors.Is(err, remediate.ErrNotConfirmed) && v.d.Undecided():
		return "Nothing was changed: what could not be read is neither yes nor no."
	case errors.Is(err, context.Canceled) && open(v.res):
		return "Interrupted. What was changed until then is in the journal."
	case errors.Is(err, context.Canceled):
		return "Interrupted. Nothing was changed."
	default:
		return err.Error()
	}
}

// stuck reports whether a change for everybody had no effect and could not be
// put back.
func (v *fixView) stuck() bool {
	return slices.ContainsFunc(v.res.Steps, func(s remediate.Step) bool { return s.Stuck })
}

// open reports whether something of a fix is left to put back.
func open(res *remediate.Result) bool {
	for _, s := range res.Steps {
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
func (v *fixView) steps(p *page) {
	res := v.res
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
			p.item(fmt.Sprintf("  %d. ", i+1), "     ", fmt.Sprintf("%s (%s)", changeWords(c), state))
		}
	}
}

// hearsay is the PowerShell after the word of another server: it changes
// nothing.
func (v *fixView) hearsay() []string {
	var look []catalogue.Commands
	if cause, _ := catalogue.Lookup(v.d.Cause); cause.Change != nil {
		look = append(look, cause.Change.Look())
	}
	return looking(v.res.Err, v.place, look...)
}

// powershellText prints only what can be run, with comments.
func (v *fixView) powershellText(p *page) {
	res := v.res
	if errors.Is(res.Err, remediate.ErrHearsay) {
		for _, line := range v.hearsay() {
			p.line("%s", line)
		}
		return
	}
	if res.Plan != nil {
		p.line("# %s", title(res.Plan.Cause))
		for _, line := range changeCommands(res.Plan.Changes, v.place) {
			p.line("%s", line)
		}
		p.line("# To put it back:")
		for _, line := range changeCommands(res.Plan.Inverse().Changes, v.place) {
			p.line("# %s", line)
		}
		return
	}
	cause, _ := catalogue.Lookup(res.Diagnosis.Cause)
	block := blockFor(cause.Code, v.d, v.place)
	switch {
	case res.Outcome == remediate.Healthy:
		p.line("# %s can submit; there is nothing to change.", res.Mailbox)
	case len(block) > 0:
		p.line("# %s", cause.Title)
		for _, line := range block {
			p.line("%s", line)
		}
	default:
		p.line("# The cause is not settled, so there is no command to run yet.")
	}
}
