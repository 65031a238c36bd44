package main

import (
	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

// evidenceText shows what the tenant said, unread facts with the reason.
func evidenceText(p *page, d diagnose.Diagnosis) {
	if len(d.Evidence) == 0 {
		return
	}
	p.heading("What the tenant says")
	for _, r := range d.Evidence {
		row, _ := fact.Lookup(r.Fact)
		if !r.Known() {
			p.item("  ? ", "    ", row.Title+": not known. "+printable(r.Error))
			continue
		}
		text := row.Title + ": " + printable(row.Words(r.Value))
		if r.Detail != "" {
			text += " (" + printable(r.Detail) + ")"
		}
		p.item("  - ", "    ", text)
	}
	switchesText(p, d)
	for _, code := range d.Also {
		p.item("  ! ", "    ", "Also in the way: "+title(code)+" ["+string(code)+"]")
	}
}

// switchesText prints how the two SMTP AUTH switches act together, with the
// mailbox's row marked.
func switchesText(p *page, d diagnose.Diagnosis) {
	if !d.Evidence.Get(fact.MailboxSMTPAuth).Known() {
		return
	}
	p.blank()
	p.line("    mailbox   organisation   SMTP AUTH is")
	for _, row := range diagnose.Switches(d.Evidence) {
		mark := "  "
		if row.This {
			mark = "->"
		}
		p.line(" %s %-9s %-14s %s", mark, row.Mailbox, row.Org, row.Effective)
	}
	p.blank()
}
