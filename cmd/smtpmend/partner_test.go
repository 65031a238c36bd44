package main

import (
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// A partner's administrator mends the mailbox of one of three customers and
// puts it back: the plan says who is signed in and where, the block for
// PowerShell is bound to the customer, and of the other two and the partner's
// own tenant nothing is asked but who they are.
func TestPartnerMendsOneCustomer(t *testing.T) {
	var all []*tenantsim.State
	for i, domain := range []string{"contoso.com", "fabrikam.com", "northwind.example", "partner.example"} {
		s := scenario(t, "smtp-auth-off-mailbox")
		s.TenantID = strings.Replace(s.TenantID, "0d6c1a52", "0d6c1a5"+string(rune('2'+i)), 1)
		s.Name, s.Domain, s.Domains = strings.ToUpper(domain[:1])+domain[1:], domain, nil
		s.Users = s.Users[:1]
		s.Users[0].Mailbox = "scanner@" + domain
		s.Admin = tenantsim.Admin{User: "pat@partner.example", Roles: []string{"Exchange Administrator", "Global Reader"}, DeviceCode: "approve"}
		all = append(all, s)
	}
	w := newWorldOf(t, all[0], all[1:]...)
	w.typed = "scanner@fabrikam.com"
	for name := range w.env {
		if strings.HasPrefix(name, "AZURE_") {
			delete(w.env, name)
		}
	}
	journals, chosen := filepath.Join(w.dir, "journals"), all[1].TenantID
	admin := []string{"--auth", "device-code", "--tenant", "fabrikam.com"}

	if code := w.run(t.Context(), w.fixing(journals, admin...)...); code != exitCause {
		t.Errorf("planned: exit %d", code)
	}
	w.says(t, "as an administrator of fabrikam.com", "signed in as pat@partner.example in fabrikam.com",
		"Signed in pat@partner.example, an account of another organisation, in fabrikam.com", "("+chosen+")")
	if code := w.run(t.Context(), w.fixing(journals, append(admin, "--powershell")...)...); code != exitCause {
		t.Errorf("--powershell: exit %d", code)
	}
	w.says(t, "-DelegatedOrganization")
	if code := w.run(t.Context(), w.fixing(journals, append(admin, "--yes")...)...); code != exitOK {
		t.Fatalf("fix: exit %d\n%s", code, w.said.String())
	}
	if got := w.StateOf(chosen).Fact(w.typed, fact.MailboxSMTPAuth); got != "on" {
		t.Errorf("the switch is %s", got)
	}
	for _, journal := range journalsIn(t, journals) {
		if code := w.run(t.Context(), append(w.cloud("undo", journal, "--yes"), admin...)...); code != exitOK {
			t.Errorf("undo: exit %d\n%s", code, w.said.String())
		}
	}
	if got := w.StateOf(chosen).Fact(w.typed, fact.MailboxSMTPAuth); got != "off" {
		t.Errorf("the switch was put back to %s", got)
	}
	for _, r := range w.Requests() {
		if r.Tenant != chosen && !strings.Contains(r.Path, "/.well-known/") {
			t.Errorf("%s %s was asked of %s", r.Method, r.Path, r.Tenant)
		}
	}
}
