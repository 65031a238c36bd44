package view

import (
	"smtpmend/internal/fact"
	"smtpmend/internal/inventory"
)

// A Shelf keeps the rows of an inventory that a person is shown: those that
// submit or try to, or with All every mailbox. It keeps so many at most.
type Shelf struct {
	All  bool
	rows []inventory.Row
	more int
}

// shelfRoom is how many rows a person is shown, unless all are wanted.
const shelfRoom = 1000

// Put takes a row.
func (s *Shelf) Put(r inventory.Row) {
	switch {
	case !s.All && !telling(r):
	case !s.All && len(s.rows) == shelfRoom:
		s.more++
	default:
		s.rows = append(s.rows, r)
	}
}

// telling reports whether something submits as the mailbox, or tries to.
func telling(r inventory.Row) bool {
	some := func(n *int) bool { return n != nil && *n > 0 }
	u := r.Used
	return some(u.Basic) || some(u.OAuth) || some(u.Failed) || u.Undetermined > 0 || u.SMTPApp != nil && *u.SMTPApp
}

// An inventoryEnd is the end of an inventory.
type inventoryEnd struct {
	inventory.Summary
	tenant InventoriedTenant
	shelf  *Shelf
	next   NextCommand
}

// An InventoriedTenant is whose mailboxes they are.
type InventoriedTenant struct {
	ID, Name     string
	Organisation string // "" where it was not read
	// Failed: it did not come to its end.
	Failed bool
}

// InventoryTaken is the end of an inventory: in JSON the summary, as text and as
// a document everything. shelf holds the rows for people; nil for none.
func InventoryTaken(sum inventory.Summary, tenant InventoriedTenant, shelf *Shelf, next NextCommand) Kept {
	return &inventoryEnd{Summary: sum, tenant: tenant, shelf: shelf, next: next}
}

type inventorySummary struct {
	Tenant        string                 `json:"tenant"`
	TenantID      string                 `json:"tenant_id"`
	Since         *string                `json:"since"`
	Mailboxes     int                    `json:"mailboxes"`
	On            int                    `json:"on"`
	Off           int                    `json:"off"`
	Basic         int                    `json:"basic"`
	OAuth         int                    `json:"oauth"`
	Failing       int                    `json:"failing"`
	Affected      int                    `json:"affected"`
	Unaffected    int                    `json:"unaffected"`
	Open          int                    `json:"open"`
	Strangers     int                    `json:"strangers"`
	Accepted      int                    `json:"strangers_accepted"`
	Listed        bool                   `json:"listed"`
	Unmatched     []string               `json:"unmatched"`
	MoreUnmatched int                    `json:"more_unmatched"`
	Sources       []inventory.SourceName `json:"sources"`
	Ways          []wayBody              `json:"ways"`
}

type wayBody struct {
	Way       inventory.WayName `json:"way"`
	Condition string            `json:"condition"`
}

type unreadBody struct {
	Fact  fact.Name `json:"fact"`
	Error string    `json:"error"`
}

func (v *inventoryEnd) envelope() Envelope {
	s := v.Summary
	sum := inventorySummary{
		Tenant: v.tenant.Name, TenantID: v.tenant.ID, Since: stamp(s.Since), Mailboxes: s.Mailboxes, On: s.On, Off: s.Off,
		Basic: s.Basic, OAuth: s.OAuth, Failing: s.Failing, Affected: s.Affected, Unaffected: s.Unaffected, Open: s.Open(),
		Strangers: s.Strangers, Accepted: s.Accepted, Listed: s.Listed, Unmatched: listed(s.Unmatched), MoreUnmatched: s.MoreUnmatched, Sources: listed(s.Sources), Ways: []wayBody{},
	}
	for _, w := range inventory.Ways {
		sum.Ways = append(sum.Ways, wayBody{w.Name, w.Condition})
	}
	unread := []unreadBody{}
	for _, u := range s.Unread {
		unread = append(unread, unreadBody{u.Fact, u.Error})
	}
	return Envelope{Bare: true, Body: struct {
		Summary inventorySummary `json:"summary"`
		Unread  []unreadBody     `json:"unread"`
	}{sum, unread}}
}

// table is empty: a table has rows of mailboxes and no others.
func (v *inventoryEnd) table() [][]string { return nil }

// InventoryUnread is each thing that was not read, in a sentence.
func InventoryUnread(sum inventory.Summary) []string {
	var all []string
	for _, u := range sum.Unread {
		all = append(all, u.Error)
	}
	return all
}
