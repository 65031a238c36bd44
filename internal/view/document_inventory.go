package view

import (
	"smtpmend/internal/inventory"
	"smtpmend/internal/view/report"
)

func (v *inventoryEnd) document(p *page) report.Document {
	s := v.Summary
	d := report.Document{
		Title: p.t("Who submits with SMTP AUTH in %s", v.name()), Mood: report.Good,
		About:   []report.Pair{{Name: p.t("Tenant"), Value: v.tenant.ID}, {Name: p.t("Since"), Value: utc(s.Since)}},
		Verdict: p.t("%s, of which %d stop when passwords go off by default; of %d it cannot be told.", p.count(s.Mailboxes, "mailbox", "mailboxes"), s.Affected, s.Open()),
		Text:    []string{v.counts(p), v.span(p)},
		Heading: p.t("Ways that remain"),
	}
	if !s.Listed {
		d.Verdict += " " + p.t(notWhole)
	}
	switch {
	case s.Affected > 0:
		d.Mood = report.Bad
	case s.Open() > 0, v.tenant.Failed, !s.Told():
		d.Mood = report.Open
	}
	for _, g := range v.grouped(p) {
		table := report.Table{Title: g.title, Head: []string{p.t("mailbox"), "SMTP AUTH", p.t("accepted"), "OAuth", p.t("refused"), p.t("last"), p.t("from, why")}}
		for _, r := range g.rows {
			table.Rows = append(table.Rows, []string{r.Mailbox, dash(r.Effective), dash(count(r.Used.Basic)), dash(count(r.Used.OAuth)), dash(count(r.Used.Failed)), lastWords(r), p.whence(r)})
		}
		d.Tables = append(d.Tables, table)
	}
	for _, w := range inventory.Ways {
		d.Steps = append(d.Steps, p.t(w.Title)+": "+p.t(w.Condition))
	}
	for _, u := range s.Unread {
		d.Text = append(d.Text, p.t("Not read: %s", p.t(u.Error)))
	}
	say, _ := v.proposal(p)
	d.Next = p.t(say)
	return d
}
