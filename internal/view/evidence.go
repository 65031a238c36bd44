package view

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

// evidenceText shows what the tenant said, and why some of it could not be
// read. The same reason is given once.
func evidenceText(p *page, d diagnose.Diagnosis) {
	if len(d.Evidence) == 0 {
		return
	}
	p.heading("What the tenant says")
	for _, r := range d.Evidence {
		if !r.Known() {
			continue
		}
		row, _ := fact.Lookup(r.Fact)
		text := p.t(row.Title) + ": " + p.valueWords(row, r.Value)
		if r.Detail != "" {
			text += " (" + r.Detail + ")"
		}
		p.item("  - ", under, "%s", text)
	}
	for _, u := range unreadReasons(d.Evidence) {
		p.item("  ? ", under, "Not known: %s. %s", p.titles(u, "; "), p.t(u.reason))
	}
	switchesText(p, d)
}

// An unreadReason is why one or several facts could not be read.
type unreadReason struct {
	titles []string
	reason string
}

// unreadReasons groups what could not be read by the reason, which is the same
// where only the fact's name differs.
func unreadReasons(ev fact.Evidence) []unreadReason {
	var all []unreadReason
	for _, r := range ev {
		if r.Known() {
			continue
		}
		row, _ := fact.Lookup(r.Fact)
		shared := strings.NewReplacer(string(r.Fact)+" was not read: ", "", string(r.Fact), "it").Replace(r.Error)
		i := slices.IndexFunc(all, func(u unreadReason) bool { return u.reason == shared })
		if i < 0 {
			all = append(all, unreadReason{reason: shared})
			i = len(all) - 1
		}
		all[i].titles = append(all[i].titles, row.Title)
	}
	return all
}

// titles are those of the facts that a reason is about.
func (p *page) titles(u unreadReason, between string) string {
	all := make([]string, len(u.titles))
	for i, title := range u.titles {
		all[i] = p.t(title)
	}
	return strings.Join(all, between)
}

// valueWords says a fact's value.
func (p *page) valueWords(row fact.Row, value string) string {
	words := row.Words(value)
	if free := row.Free; free != "" && words == fmt.Sprintf(free, value) && value != fact.None {
		return p.lang.Say(free, harmless(value)) // the table's own format
	}
	return p.t(words)
}

// switchesText prints how the two SMTP AUTH switches act together, with the
// mailbox's row marked.
func switchesText(p *page, d diagnose.Diagnosis) {
	if !d.Evidence.Get(fact.MailboxSMTPAuth).Known() {
		return
	}
	p.blank()
	p.line("    %-9s %-14s %s", p.t("mailbox"), p.t("organisation"), p.t("SMTP AUTH is"))
	for _, row := range diagnose.Switches(d.Evidence) {
		mark := "  "
		if row.This {
			mark = "->"
		}
		p.line(" %s %-9s %-14s %s", mark, p.t(row.Mailbox), p.t(row.Org), p.t(row.Effective))
	}
	p.blank()
}
