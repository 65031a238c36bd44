package main

import (
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/tenantsim"
)

// fabrikam is a second tenant, with the same application.
func fabrikam() *tenantsim.State {
	s := tenantsim.Default()
	s.TenantID, s.Name, s.Domain = "7b1e6f9a-0000-4c55-9a53-6d0a8f2f7c22", "Fabrikam", "fabrikam.com"
	s.Users[0].ID, s.Users[0].Mailbox = "3f5c9f0a-52f5-4f0e-8f0a-0c1d7b6a2001", "mfp@fabrikam.com"
	s.Users, s.Admin.User = s.Users[:1], "admin@fabrikam.com"
	return s
}

// twoTenants are Contoso, whose mailbox is asked for, and Fabrikam; security
// defaults are on in both and nothing else stands in the way.
func twoTenants(t *testing.T) (w *world, journals string) {
	ours, theirs := scenario(t, "security-defaults"), fabrikam()
	theirs.Org.SecurityDefaults = "on"
	w = newWorldOf(t, ours, theirs)
	return w, filepath.Join(w.dir, "journals")
}

// untouched checks that nothing but sign-in endpoints were spoken to since the
// request given, and that both tenants are as they were.
func (w *world) untouched(t *testing.T, from int) {
	t.Helper()
	for _, r := range w.Requests()[from:] {
		if r.API != "login" || strings.HasSuffix(r.Path, "/token") {
			t.Errorf("asked: %s %s %s", r.API, r.Method, r.Path)
		}
	}
	for domain, before := range map[string]*tenantsim.State{"contoso.com": scenario(t, "security-defaults"), "fabrikam.com": fabrikam()} {
		before.Org.SecurityDefaults = "on"
		if diff := diffStates(before, w.StateOf(domain)); diff != "" {
			t.Errorf("%s was changed:\n%s", domain, diff)
		}
	}
}

// says checks that what was printed holds each of the words, whatever the line
// breaks.
func (w *world) says(t *testing.T, words ...string) {
	t.Helper()
	for _, want := range words {
		if !strings.Contains(flat(w.said.String()), want) {
			t.Errorf("does not say %q:\n%s", want, w.said.String())
		}
	}
}

// Whoever names another tenant than the mailbox's, by GUID or by domain, in
// the environment or on the command line, has nothing read or written in
// either, and both named.
func TestWrongTenant(t *testing.T) {
	ours, theirs := tenantsim.Default().TenantID, fabrikam().TenantID
	for _, tt := range []struct{ name, env, flag string }{
		{"AZURE_TENANT_ID, GUID", theirs, ""},
		{"AZURE_TENANT_ID, domain", "fabrikam.com", ""},
		{"--tenant, GUID", ours, theirs},
		{"--tenant, domain", ours, "fabrikam.com"},
		{"AZURE_TENANT_ID beside the right --tenant", theirs, "contoso.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, journals := twoTenants(t)
			w.env["AZURE_TENANT_ID"] = tt.env
			var flags []string
			if tt.flag != "" {
				flags = []string{"--tenant", tt.flag}
			}
			if code, _ := w.fix(t, journals, flags...); code != exitUnmended {
				t.Errorf("fix: exit %d", code)
			}
			w.untouched(t, 0)
			w.says(t, ours, theirs)
			if files := journalsIn(t, journals); len(files) > 0 {
				t.Errorf("journals: %v", files)
			}
		})
	}
}

// A sign-in that gives a token of another tenant is not used, nor is one whose
// token tells no tenant where Graph says that it is another.
func TestTokenOfAnotherTenant(t *testing.T) {
	w, journals := twoTenants(t)
	if err := w.SetFaults(tenantsim.Fault{API: "login", Path: "/token", Kind: "token-of-another-tenant"}); err != nil {
		t.Fatal(err)
	}
	if code, _ := w.fix(t, journals); code != exitUnmended {
		t.Errorf("fix: exit %d", code)
	}
	w.says(t, tenantsim.Default().TenantID, fabrikam().TenantID, "the token was not used")
	for _, r := range w.Requests() {
		if r.API == "graph" || r.API == "exchange" {
			t.Errorf("the token was used: %s %s", r.API, r.Path)
		}
	}
	if n := len(w.Writes()); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// Undo works in the journal's tenant, and writes nothing while anything names
// another one.
func TestUndoInAnotherTenant(t *testing.T) {
	for _, name := range []string{fabrikam().TenantID, "fabrikam.com"} {
		t.Run(name, func(t *testing.T) {
			w, journals := twoTenants(t)
			before := w.State()
			if code, _ := w.fix(t, journals); code != exitOK {
				t.Fatalf("fix: exit %d\n%s", code, w.said.String())
			}
			after, seen := w.State(), len(w.Writes())
			journal := journalsIn(t, journals)[0]
			w.env["AZURE_TENANT_ID"] = name
			w.said.Reset()
			if code := w.run(t.Context(), w.cloud("undo", journal, "--yes")...); code != exitUnmended {
				t.Errorf("AZURE_TENANT_ID: exit %d", code)
			}
			w.says(t, tenantsim.Default().TenantID, fabrikam().TenantID)
			w.env["AZURE_TENANT_ID"] = ""
			if code := w.run(t.Context(), w.cloud("undo", journal, "--yes", "--tenant", name)...); code != exitUnmended {
				t.Errorf("--tenant: exit %d", code)
			}
			if diff := diffStates(after, w.State()); diff != "" || len(w.Writes()) != seen {
				t.Errorf("%d writes; changed:\n%s", len(w.Writes())-seen, diff)
			}
			w.undoes(t, journals, before) // with nothing that names another
		})
	}
}

// Exchange takes "scanner@contoso.com" for the boss's mailbox, which bears
// another address: it is not opened.
func TestLooseName(t *testing.T) {
	state := tenantsim.Default()
	boss := &state.Users[0]
	boss.Mailbox, boss.LooseNames, boss.SMTPAuth = "boss@contoso.com", []string{tenantsim.Mailbox}, "off"
	w := newWorld(t, state)
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	code, _ := w.fix(t, journals)
	if code == exitOK || len(w.Writes()) > 0 {
		t.Errorf("fix: exit %d, wrote %v", code, w.Writes())
	}
	if diff := diffStates(before, w.State()); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	var d struct{ Evidence []struct{ Error string } }
	w.object(t, &d, "diagnose", tenantsim.Mailbox, "--verbose")
	found := false
	for _, r := range d.Evidence {
		found = found || strings.Contains(r.Error, "boss@contoso.com")
	}
	if len(d.Evidence) > 0 && !found {
		t.Errorf("does not say whose mailbox Exchange took it for: %+v", d.Evidence)
	}
}

// What was typed, an alias of the mailbox or its principal name, is enough,
// and the plan says whose mailbox Exchange found.
func TestPlanNamesTheMailbox(t *testing.T) {
	for _, typed := range []string{"print@contoso.com", "SCANNER@Contoso.com", otherUPN} {
		t.Run(typed, func(t *testing.T) {
			state := scenario(t, "smtp-auth-off-mailbox")
			state.Users[0].Aliases, state.Users[0].AliasSignIn = []string{"print@contoso.com"}, true
			state.Users[0].UPN = otherUPN
			w := newWorld(t, state)
			w.typed = typed
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			if code, _ := w.fix(t, journals); code != exitOK {
				t.Fatalf("fix: exit %d\n%s", code, w.said.String())
			}
			w.says(t, "Tenant Contoso, contoso.com ("+state.TenantID+")", "Signed in application "+tenantsim.ClientID)
			if typed != otherUPN {
				w.says(t, "signs in as "+otherUPN)
			}
			if !strings.EqualFold(typed, tenantsim.Mailbox) {
				w.says(t, "which Exchange calls "+tenantsim.Mailbox)
			}
			w.undoes(t, journals, before)
		})
	}
}
