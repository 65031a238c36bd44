package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
	"smtpmend/remediate"
)

// changeWords says a change in words, with the values in positive ones.
func changeWords(c remediate.Change) string {
	row, _ := fact.Lookup(c.Fact)
	return fmt.Sprintf("%s of %s: %s -> %s", row.Title, c.Target, row.Words(c.From), row.Words(c.To))
}

// planText is what a person approves: the change, whom it touches, what it
// weakens, and the way that weakens nothing.
func planText(p *page, plan remediate.Plan) {
	remedy, _ := remediate.Lookup(plan.Cause)
	p.heading("Plan: " + remedy.Title)
	p.item("  Cause     ", "            ", fmt.Sprintf("%s [%s]", title(plan.Cause), plan.Cause))
	for _, c := range plan.Changes {
		p.item("  Change    ", "            ", changeWords(c))
		p.item("  Touches   ", "            ", fmt.Sprintf("%s (scope: %s)", remedy.ForWhom, c.Scope))
	}
	p.item("  Weakens   ", "            ", remedy.Weakens)
	p.item("  Instead   ", "            ", plan.Instead())
	p.item("  Mind      ", "            ", strings.Join(diagnose.RetirementDates[1:2], " "))
	p.item("  Needs     ", "            ", "the role "+strings.Join(remedy.Roles, " or "))
}

// fixText is the answer of fix.
func fixText(p *page, res *remediate.Result, powershell bool, next nextCommand) {
	if powershell {
		powershellText(p, res)
		return
	}
	headline(p, res.Diagnosis, res.Last.Report)
	if res.Diagnosis.Verdict != diagnose.Healthy {
		replyText(p, res.Diagnosis.Reply)
		verdictText(p, res.Diagnosis)
		evidenceText(p, res.Diagnosis)
	}
	stepsText(p, res, next)
	if res.Err != nil {
		p.heading("Why it stopped")
		p.prose("  ", whyStopped(res.Err))
	}
	adviceText(p, res, next)
}

// whyStopped says an error to a person.
func whyStopped(err error) string {
	if errors.Is(err, context.Canceled) {
		return "Interrupted. What was changed until then is in the journal."
	}
	return err.Error()
}

// stepsText lists what was changed, or would be.
func stepsText(p *page, res *remediate.Result, next nextCommand) {
	if len(res.Steps) == 0 {
		return
	}
	p.heading("Changes")
	for i, step := range res.Steps {
		state := "not made"
		switch {
		case step.RolledBack:
			state = "made, without effect, put back"
		case step.Effective:
			state = "made, took effect"
		case step.Applied:
			state = "made, no effect seen yet"
		}
		for _, c := range step.Changes {
			p.item(fmt.Sprintf("  %d. ", i+1), "     ", fmt.Sprintf("%s (%s)", changeWords(c), state))
		}
	}
	if res.Journal != "" {
		p.heading("To put it back")
		p.commands(next("undo", res.Journal))
	}
}

// adviceText says what to do now.
func adviceText(p *page, res *remediate.Result, next nextCommand) {
	cause, known := diagnose.Lookup(res.Diagnosis.Cause)
	switch res.Outcome {
	case remediate.ByHand, remediate.Planned, remediate.Unsure:
		if known {
			causeDetails(p, cause, remediate.PowerShellString(res.Mailbox))
		}
	}
	switch res.Outcome {
	case remediate.Planned:
		flag := "--yes"
		if res.Plan.Scope() == fact.ScopeTenant {
			flag = "--yes-tenant-wide"
		}
		p.heading("Next")
		p.prose("  ", "Nothing was changed by this plan. To approve it:")
		p.commands(next("fix", res.Mailbox) + " " + flag)
	case remediate.Ineffective:
		p.heading("Next")
		p.prose("  ", "The same refusal stands. The change may need more time; this waits for it without changing anything:")
		p.commands(next("verify", res.Mailbox))
	}
}

// powershellText prints only what can be run, with comments.
func powershellText(p *page, res *remediate.Result) {
	if res.Plan != nil {
		p.line("# %s", title(res.Plan.Cause))
		for _, line := range res.Plan.Commands() {
			p.line("%s", line)
		}
		p.line("# To put it back:")
		for _, line := range res.Plan.Inverse().Commands() {
			p.line("# %s", line)
		}
		return
	}
	cause, known := diagnose.Lookup(res.Diagnosis.Cause)
	switch {
	case res.Outcome == remediate.Healthy:
		p.line("# %s can submit; there is nothing to change.", res.Mailbox)
	case known && len(cause.PowerShell) > 0:
		p.line("# %s", cause.Title)
		for _, line := range cause.PowerShell {
			p.line("%s", strings.ReplaceAll(line, "MAILBOX", remediate.PowerShellString(res.Mailbox)))
		}
	default:
		p.line("# The cause is not settled, so there is no command to run yet.")
	}
}
