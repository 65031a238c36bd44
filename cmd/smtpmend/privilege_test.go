package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/tenantsim"
)

func scenario(t *testing.T, name string) *tenantsim.State {
	t.Helper()
	s, ok := tenantsim.LookupScenario(name)
	if !ok {
		t.Fatalf("no scenario %s", name)
	}
	return s.State()
}

// With the permissions and the role to read, diagnose confirms, and fix stops
// before it has written anything, with what is missing named.
func TestReadOnlyApp(t *testing.T) {
	for _, tt := range []struct{ scenario, cause, missing string }{
		{"smtp-auth-off-mailbox", "smtp-auth-off-mailbox", "Exchange Administrator"},
		{"per-user-mfa", "per-user-mfa", "Policy.ReadWrite.AuthenticationMethod"},
		{"security-defaults", "security-defaults", "Policy.ReadWrite.SecurityDefaults"},
	} {
		t.Run(tt.scenario, func(t *testing.T) {
			state := scenario(t, tt.scenario)
			state.Apps[0].Permissions, state.Apps[0].Roles = tenantsim.ReadPermissions, []string{"Global Reader"}
			w := newWorld(t, state)
			before := w.State()
			var d struct{ Verdict, Cause string }
			if code := w.object(t, &d, "diagnose", tenantsim.Mailbox); code != exitCause || d.Verdict != "confirmed" || d.Cause != tt.cause {
				t.Errorf("diagnose: %+v, exit %d", d, code)
			}
			w.said.Reset()
			journals := filepath.Join(w.dir, "journals")
			if code := w.run(t.Context(), w.fixing(journals, "--yes-tenant-wide")...); code != exitUnmended {
				t.Errorf("fix: exit %d", code)
			}
			if text := flat(w.said.String()); !strings.Contains(text, tt.missing) || !strings.Contains(text, "did not set") {
				t.Errorf("fix does not name %s:\n%s", tt.missing, text)
			}
			for _, r := range w.Writes() {
				if r.Status < 400 || r.API == "graph" { // whose tokens tell
					t.Errorf("sent: %+v", r)
				}
			}
			if diff := diffStates(before, w.State()); diff != "" {
				t.Errorf("changed:\n%s", diff)
			}
			w.undoes(t, journals, before)
		})
	}
}

// With no rights at all, diagnose gives the reply's verdict and what to hand
// to an administrator, and asks the tenant nothing.
func TestNoAdmin(t *testing.T) {
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	for name := range w.env {
		if strings.HasPrefix(name, "AZURE_") {
			delete(w.env, name)
		}
	}
	var d struct{ Verdict, Cause string }
	if code := w.object(t, &d, "diagnose", tenantsim.Mailbox); code != exitCause || d.Verdict != "named" || d.Cause != "smtp-auth-off-mailbox" {
		t.Errorf("diagnose: %+v, exit %d", d, code)
	}
	w.said.Reset()
	w.run(t.Context(), w.cloud("diagnose", tenantsim.Mailbox, "-v")...)
	for _, want := range []string{
		"Set-CASMailbox -Identity '" + tenantsim.Mailbox + "' -SmtpClientAuthenticationDisabled $false",
		"Manage email apps: tick Authenticated SMTP",
	} {
		if !strings.Contains(flat(w.said.String()), want) {
			t.Errorf("diagnose does not say %q:\n%s", want, w.said.String())
		}
	}
	journals := filepath.Join(w.dir, "journals")
	if code := w.run(t.Context(), w.fixing(journals, "--yes-tenant-wide")...); code != exitTrouble {
		t.Errorf("fix: exit %d", code)
	}
	if code := w.run(t.Context(), w.fixing(journals, "--powershell")...); code != exitCause {
		t.Errorf("fix --powershell: exit %d", code)
	}
	if n := len(w.Requests()); n > 0 {
		t.Errorf("%d requests to the tenant", n)
	}
}

// A token arrives at no host that the endpoint table does not name: neither
// by a redirect nor, from one API, at another's host.
func TestTokensStayInTheCloud(t *testing.T) {
	elsewhere := strangers(t)
	for _, api := range []string{"login", "graph", "exchange"} {
		t.Run("redirect of "+api, func(t *testing.T) {
			w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
			w.trusts(t, elsewhere)
			if err := w.SetFaults(tenantsim.Fault{API: api, Kind: "redirect", Location: elsewhere.URL + "/steal"}); err != nil {
				t.Fatal(err)
			}
			w.run(t.Context(), w.cloud("diagnose", tenantsim.Mailbox)...)
			if code := w.run(t.Context(), w.fixing(filepath.Join(w.dir, "j"), "--yes")...); api != "graph" && code == exitOK {
				t.Errorf("fix: exit %d", code)
			}
			if !strings.Contains(flat(w.said.String()), "is not a host of the cloud") {
				t.Errorf("does not say where the way led:\n%s", w.said.String())
			}
		})
	}
	// Entra gives no token for a resource that is not the tenant's, so a wrong
	// host in the file gets none.
	t.Run("a file that names another host", func(t *testing.T) {
		w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
		w.trusts(t, elsewhere)
		cloud := w.Cloud()
		cloud.Graph = elsewhere.URL + "/graph"
		data, err := json.Marshal(cloud)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(w.dir, "wrong.json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		w.run(t.Context(), "diagnose", "-v", tenantsim.Mailbox, "--cloud-file", file)
		if !strings.Contains(flat(w.said.String()), "did not give it: the sign-in was refused") {
			t.Errorf("does not say why Graph was not asked:\n%s", w.said.String())
		}
	})
}
