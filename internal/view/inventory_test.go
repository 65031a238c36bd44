package view

import (
	"strings"
	"testing"

	"smtpmend/internal/inventory"
	"smtpmend/internal/view/report"
)

// Only whole lists, without sign-ins of others, are an all-clear.
func TestInventoryAllClear(t *testing.T) {
	whole := inventory.Summary{Mailboxes: 2, Unaffected: 2, Listed: true, Sources: []inventory.SourceName{inventory.SignInLog}}
	for _, tt := range []struct {
		name   string
		change func(*inventory.Summary)
		clear  bool
		says   string
	}{
		{"whole", func(*inventory.Summary) {}, true, "Nothing was seen that submits"},
		{"refused sign-ins of others", func(s *inventory.Summary) { s.Strangers = 4 }, true, "4 sign-ins of names that are no mailbox here"},
		{"accepted sign-ins of others", func(s *inventory.Summary) { s.Strangers, s.Accepted = 4, 1 }, false, "Look up in the sign-in log"},
		{"a list was cut", func(s *inventory.Summary) { s.Listed = false }, false, "The lists of mailboxes are not whole"},
		{"a list was cut, and sign-ins are left", func(s *inventory.Summary) { s.Listed, s.Strangers, s.Accepted = false, 4, 4 }, false, "4 sign-ins not matched to a mailbox"},
		{"a list was cut, and senders are left", func(s *inventory.Summary) { s.Listed, s.Unmatched = false, []string{"a@b.example"} }, false, "report not matched to a mailbox: a@b.example"},
		{"a log was cut", func(s *inventory.Summary) { s.LogCut, s.Unaffected = true, 0 }, false, "Have read what was not"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sum := whole
			tt.change(&sum)
			end := &inventoryEnd{Summary: sum, tenant: InventoriedTenant{Name: "contoso.com"}, shelf: &Shelf{}}
			p := newPage(false)
			end.text(p, everything)
			said := strings.Join(strings.Fields(p.String()), " ")
			if !strings.Contains(said, tt.says) || strings.Contains(said, "Nothing stops") != tt.clear {
				t.Error(p)
			}
			if strings.Contains(said, "Nothing was seen") != (tt.name == "whole") {
				t.Error(p)
			}
			if !sum.Listed && strings.Contains(said, "no mailbox here") {
				t.Error(p)
			}
			d := end.document(newPage(false))
			if (d.Mood == report.Good) != tt.clear || strings.Contains(d.Next, "Nothing stops") != tt.clear || sum.Listed == strings.Contains(d.Verdict, "not whole") {
				t.Errorf("%+v", d)
			}
		})
	}
}
