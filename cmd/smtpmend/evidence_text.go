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
	for _, code := range d.Also {
		p.item("  ! ", "    ", "Also in the way: "+title(code)+" ["+string(code)+"]")
	}
}
