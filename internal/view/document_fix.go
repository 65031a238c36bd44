package view

import (
	"fmt"
	"strings"
	"time"

	"smtpmend/internal/fact"
	"smtpmend/internal/view/report"
	"smtpmend/remediate"
)

func (v *Fix) document() report.Document {
	d := v.verdict.document()
	d.Title = "Fix of the mail submission of " + v.Mailbox
	if first := v.Result.First; v.Result.Outcome == remediate.Fixed {
		d.Said = saidLines(first.Reading.Reply)
		d.Text = append(d.Text, "That was before the change; the last attempt was accepted.")
		for i := range d.Dialogues {
			d.Dialogues[i].Title = "The last attempt"
		}
		d.Dialogues = append([]report.Dialogue{dialogueOf("The first attempt", first.Report.Stages, first.Report)}, d.Dialogues...)
		d.Ticket = append(d.Ticket, "Before the change the server said: "+strings.Join(strings.Fields(replyWords(first.Reading.Reply)), " "))
	}
	for _, step := range v.Result.Steps {
		for _, c := range step.Changes {
			row, _ := fact.Lookup(c.Fact)
			d.Changes = append(d.Changes, report.Change{
				What: row.Title, Target: c.Target, From: row.Words(c.From), To: row.Words(c.To), Scope: scopeWords[c.Scope],
				State: v.stateOf(step), Approved: v.approvedOf(step), Undo: v.Undo,
			})
		}
	}
	if why := v.whyStopped(); why != "" {
		d.Text = append(d.Text, why)
	}
	d.Ticket = append(d.Ticket, v.ticketOfChanges()...)
	if v.Result.Outcome == remediate.Fixed {
		d.Customer = []string{
			"Sending mail as " + v.Mailbox + " through Microsoft 365 works again.",
			fmt.Sprintf("%s changed for it, and nothing else; it can be put back.", Plural(len(d.Changes), "setting was", "settings were")),
			"Please send a test from the device and tell us if it does not arrive.",
		}
	}
	return d
}

// scopeWords say whom a change touches.
var scopeWords = map[fact.Scope]string{
	fact.ScopeMailbox: "this mailbox alone", fact.ScopeUser: "this user alone", fact.ScopeTenant: "everybody in the organisation",
}

func (v *Fix) stateOf(step remediate.Step) string {
	if v.Result.Outcome == remediate.Planned && !step.Applied && step.State == "" {
		return "planned, nothing was changed"
	}
	return stepWords(step)
}

// approvedOf says how a change that was made was approved.
func (v *Fix) approvedOf(step remediate.Step) string {
	switch {
	case step.State == "" && !step.Applied:
		return ""
	case v.Interactive:
		return "at the terminal"
	}
	return "by the flags of the command line"
}

func (v *Fix) ticketOfChanges() []string {
	var lines []string
	for _, step := range v.Result.Steps {
		for _, c := range step.Changes {
			lines = append(lines, fmt.Sprintf("Change: %s (%s)", changeWords(c), v.stateOf(step)))
		}
	}
	if v.Undo != "" {
		lines = append(lines, "Put back with: "+v.Undo)
	}
	if v.Result.Journal != "" {
		lines = append(lines, "Journal: "+v.Result.Journal)
	}
	return lines
}

func (v verified) document() report.Document {
	d := v.verdict.document()
	d.Title = "Verification of the mail submission of " + v.Mailbox
	t := report.Table{Title: "Replies", Head: []string{"After", "Reply"}}
	for _, said := range v.res.Replies {
		words := replyWords(said.Reply)
		if words == "" {
			words = string(said.Verdict)
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(Round(time.Duration(said.AfterMS) * time.Millisecond)), words})
	}
	d.About = append(d.About, report.Pair{Name: "Attempts", Value: fmt.Sprintf("%d in %s", v.res.Attempts, Round(time.Duration(v.res.WaitedMS)*time.Millisecond))})
	if len(t.Rows) > 1 {
		d.Tables = append(d.Tables, t)
	}
	return d
}
