package view

import (
	"fmt"

	"smtpmend/internal/inventory"
	"smtpmend/internal/view/report"
)

func (v *inventoryEnd) document() report.Document {
	s := v.Summary
	d := report.Document{
		Title: "Who submits with SMTP AUTH in " + v.name(), Mood: report.Good,
		About:   []report.Pair{{Name: "Tenant", Value: v.tenant.ID}, {Name: "Since", Value: utc(s.Since)}},
		Verdict: fmt.Sprintf("%s, of which %d stop when passwords go off by default; of %d it cannot be told.", Plural(s.Mailboxes, "mailbox", "mailboxes"), s.Affected, s.Open()),
		Text:    []string{v.counts(), v.span()},
		Heading: "Ways that remain",
	}
	switch {
	case s.Affected > 0:
		d.Mood = report.Bad
	case s.Open() > 0 || v.tenant.Failed:
		d.Mood = report.Open
	}
	for _, g := range v.grouped() {
		table := report.Table{Title: g.title, Head: []string{"mailbox", "SMTP AUTH", "accepted", "OAuth", "refused", "last", "from, why"}}
		for _, r := range g.rows {
			table.Rows = append(table.Rows, []string{r.Mailbox, dash(r.Effective), dash(count(r.Used.Basic)), dash(count(r.Used.OAuth)), dash(count(r.Used.Failed)), lastWords(r), whence(r)})
		}
		d.Tables = append(d.Tables, table)
	}
	for _, w := range inventory.Ways {
		d.Steps = append(d.Steps, w.Title+": "+w.Condition)
	}
	for _, u := range s.Unread {
		d.Text = append(d.Text, "Not read: "+u.Error)
	}
	d.Next, _ = v.proposal()
	return d
}
