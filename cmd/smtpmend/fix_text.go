package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/remediate"
)

// A fixView is the answer of fix as text.
type fixView struct {
	res         *remediate.Result
	name        string // what the account signs in with, where that is another name
	powershell  bool
	place       powershell.Place
	interactive bool // a person is at the terminal
	signedOut   bool // nobody is signed in to the tenant
	next        nextCommand
}

func (v *fixView) text(p *page) {
	res := v.res
	if v.powershell {
		v.powershellText(p)
		return
	}
	d := res.Diagnosis
	headline(p, d, res.Last.Report)
	if d.Verdict != diagnose.Healthy && !interrupted(res.Last.Report) {
		replyText(p, d.Reply)
		verdictText(p, d)
		nameText(p, v.name, res.Mailbox)
		evidenceText(p, d)
	}
	v.steps(p)
	if why := v.whyStopped(); why != "" {
		p.heading("Why it stopped")
		p.prose("  ", why)
	}
	v.advice(p)
	if open(res) && !v.stuck() {
		p.heading("To put it back")
		p.commands(v.next("undo", res.Journal))
	}
}

// whyStopped says an error to a person, "" where the cause and who can remove
// it say all.
func (v *fixView) whyStopped() string {
	switch err := v.res.Err; {
	case err == nil:
		return ""
	case v.signedOut && errors.Is(err, remediate.ErrNotConfirmed):
		return "No administrator is signed in, so the tenant could not be asked, and nothing can be changed."
	case errors.Is(err, remediate.ErrByHand) && !errors.Is(err, remediate.ErrNotHere):
		return ""
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
	p.heading("Changes")
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

// advice says what to do now.
func (v *fixView) advice(p *page) {
	res := v.res
	cause, known := catalogue.Lookup(res.Diagnosis.Cause)
	held, isHeld := errors.AsType[*remediate.HeldError](res.Err)
	switch {
	case isHeld:
		for _, code := range held.First {
			first, _ := catalogue.Lookup(code)
			causeDetails(p, first, v.place)
		}
	case known && (res.Outcome == remediate.ByHand || res.Outcome == remediate.Planned):
		causeDetails(p, cause, v.place)
	}
	say := func(text string, commands ...string) {
		p.heading("Next")
		p.prose("  ", text)
		p.commands(commands...)
	}
	switch {
	case v.stuck():
		say("A change for everybody may still stand. Remove what keeps it from going back, then put it back:", v.next("undo", res.Journal))
	case v.name != "":
		say("Try the sign-in with the name that the account has:", v.next("fix", v.name))
	case res.Outcome == remediate.Planned && errors.Is(res.Err, remediate.ErrHearsay):
		say("Nothing was changed. Hear the cloud's own server:", v.next("fix", res.Mailbox))
	case res.Outcome == remediate.Planned && v.interactive:
		say("Nothing was changed by this plan. To see it again:", v.next("fix", res.Mailbox))
	case res.Outcome == remediate.Planned:
		say("Nothing was changed by this plan. To approve just this:", v.next("fix", res.Mailbox)+flagsFor(*res.Plan))
	case res.Outcome == remediate.Ineffective && len(res.Steps) == 0:
		say("The setting is right already, and nothing was changed: it has not reached the mail servers yet. Minutes are usual, an hour has been seen. This waits for it:", v.next("verify", res.Mailbox))
	case res.Outcome == remediate.Ineffective && !open(res):
		say("Nothing is changed any more: what was made had no effect. Look at the other causes that the words allow:", v.next("diagnose", res.Mailbox))
	case res.Outcome == remediate.Ineffective:
		say("The same refusal stands. The change may need more time; this waits for it without changing anything:", v.next("verify", res.Mailbox))
	}
}

// powershellText prints only what can be run, with comments.
func (v *fixView) powershellText(p *page) {
	res := v.res
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
	block := v.place.Block(cause.Commands()...)
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

// signInName is the name that the account signs in with, where a wrong user name
// or password may be why the sign-in was refused and Graph knows the account by
// another name; "" otherwise.
func signInName(ctx context.Context, ten *tenant, d diagnose.Diagnosis, mailbox string) string {
	if ten == nil || d.Cause != catalogue.BadCredentials && !slices.Contains(d.Candidates, catalogue.BadCredentials) {
		return ""
	}
	user := ten.Subject(ctx).User
	if user.Err != nil || user.Name == "" || strings.EqualFold(user.Name, mailbox) || checkAddress("mailbox", user.Name) != nil {
		return ""
	}
	return user.Name
}

// nameText says what signInName found.
func nameText(p *page, name, mailbox string) {
	if name == "" {
		return
	}
	p.item("  - ", "    ", fmt.Sprintf("The account behind %s signs in as %s, which is what the device has to use as its user name.", mailbox, name))
}
