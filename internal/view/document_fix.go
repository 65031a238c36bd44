package view

import (
	"fmt"
	"strings"
	"time"

	"smtpmend/internal/fact"
	"smtpmend/internal/view/report"
	"smtpmend/remediate"
)

func (v *Fix) document(p *page) report.Document {
	d := v.verdict.document(p)
	d.Title = p.t("Fix of the mail submission of %s", v.Mailbox)
	if first := v.Result.First; v.Result.Outcome == remediate.Fixed {
		d.Said = saidLines(first.Reading.Reply)
		d.Text = append(d.Text, p.t("That was before the change; the last attempt was accepted."))
		for i := range d.Dialogues {
			d.Dialogues[i].Title = p.t("The last attempt")
		}
		d.Dialogues = append([]report.Dialogue{p.dialogueOf("The first attempt", first.Report.Stages, first.Report)}, d.Dialogues...)
		d.Ticket = append(d.Ticket, p.t("Before the change the server said: %s", strings.Join(strings.Fields(replyWords(first.Reading.Reply)), " ")))
	}
	for _, step := range v.Result.Steps {
		for _, c := range step.Changes {
			row, _ := fact.Lookup(c.Fact)
			d.Changes = append(d.Changes, report.Change{
				What: p.t(row.Title), Target: c.Target, From: p.valueWords(row, c.From), To: p.valueWords(row, c.To), Scope: p.t(scopeWords[c.Scope]),
				State: p.t(v.stateOf(step)), Approved: p.t(v.approvedOf(step)), Undo: v.Undo,
			})
		}
	}
	if why := v.whyStopped(); why != "" {
		d.Text = append(d.Text, p.t(why))
	}
	d.Ticket = append(d.Ticket, v.ticketOfChanges(p)...)
	if v.Result.Outcome == remediate.Fixed {
		d.Customer = []string{
			p.t("Sending mail as %s through Microsoft 365 works again.", v.Mailbox),
			p.t("%s changed for it, and nothing else; it can be put back.", p.count(len(d.Changes), "setting was", "settings were")),
			p.t("Please send a test from the device and tell us if it does not arrive."),
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

func (v *Fix) ticketOfChanges(p *page) []string {
	var lines []string
	for _, step := range v.Result.Steps {
		for _, c := range step.Changes {
			lines = append(lines, p.t("Change: %s (%s)", p.changeWords(c), p.t(v.stateOf(step))))
		}
	}
	if v.Undo != "" {
		lines = append(lines, p.t("Put back with: %s", v.Undo))
	}
	if v.Result.Journal != "" {
		lines = append(lines, p.t("Journal: %s", v.Result.Journal))
	}
	return lines
}

func (v verified) document(p *page) report.Document {
	d := v.verdict.document(p)
	d.Title = p.t("Verification of the mail submission of %s", v.Mailbox)
	t := report.Table{Title: p.t("Replies"), Head: []string{p.t("Sent after"), p.t("Reply")}}
	for _, said := range v.res.Replies {
		words := replyWords(said.Reply)
		if words == "" {
			words = string(said.Verdict)
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(Round(time.Duration(said.AfterMS) * time.Millisecond)), words})
	}
	d.About = append(d.About, report.Pair{Name: p.t("Attempts"), Value: p.t("%d in %s", v.res.Attempts, Round(time.Duration(v.res.WaitedMS)*time.Millisecond))})
	if len(t.Rows) > 1 {
		d.Tables = append(d.Tables, t)
	}
	return d
}
