package view

import (
	"time"

	"smtpmend/internal/view/safe"
	"smtpmend/remediate"
)

type journalBody struct {
	Journal  string           `json:"journal"`
	Mailbox  string           `json:"mailbox"`
	TenantID string           `json:"tenant_id"`
	Tenant   string           `json:"tenant"`
	Started  string           `json:"started"` // RFC 3339, "" for a journal without a record
	Open     int              `json:"open"`    // changes that can be put back
	Changes  []journalledLine `json:"changes"`
}

type journalledLine struct {
	remediate.Change
	State remediate.State `json:"state"`
}

type journalled struct {
	journalBody
	next string
}

// Journalled is the answer of undo --list for one journal.
func Journalled(j *remediate.Journal, next NextCommand) Answer {
	v := journalled{journalBody: journalBody{
		Journal: j.Path(), Mailbox: j.Mailbox(), TenantID: j.TenantID(), Tenant: j.Tenant(),
		Open: len(j.Pending()), Changes: []journalledLine{},
	}}
	for _, e := range j.Entries() {
		v.Changes = append(v.Changes, journalledLine{e.Change, e.State})
	}
	if entries := j.Entries(); len(entries) > 0 {
		v.Started = entries[0].Begun.UTC().Format(time.RFC3339)
	}
	if v.Open > 0 {
		v.next, _ = next("undo", safe.Path(v.Journal))
	}
	return v
}

func (v journalled) envelope() Envelope { return Envelope{Body: v.journalBody, Next: v.next} }

func (v journalled) text(p *page, _ int) {
	p.line("%s  %s  %s  %s", v.Started, v.Mailbox, v.Tenant, p.count(v.Open, "change to put back", "changes to put back"))
	for _, c := range v.Changes {
		p.item("  - ", under, "%s: %s", p.changeWords(c.Change), p.t(string(c.State)))
	}
	p.line("  %s  %s", p.t("Journal"), v.Journal)
}
