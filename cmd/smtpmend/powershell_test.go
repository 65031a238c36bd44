package main

import (
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim"
)

// What is printed for an administrator is bound to the mailbox's tenant: by its
// GUID where it was found, else by the domain; for a customer by name.
func TestBlocksAreBound(t *testing.T) {
	tests := []struct {
		scenario  string
		signedOut bool
		args      []string
		want      []string
	}{
		{"smtp-auth-off-mailbox", false, []string{"diagnose", "-v"}, []string{
			"Connect-ExchangeOnline if ((Get-ConnectionInformation).TenantID -ne 'TENANT') { throw",
			"Set-CASMailbox -Identity 'scanner@contoso.com' -SmtpClientAuthenticationDisabled $false Get-CASMailbox",
		}},
		{"smtp-auth-off-mailbox", true, []string{"diagnose", "-v"}, []string{
			"Connect-ExchangeOnline if ((Get-AcceptedDomain).DomainName -notcontains 'contoso.com') { throw",
		}},
		{"smtp-auth-off-mailbox", true, []string{"diagnose", "-v", "--tenant", "contoso.com"}, []string{
			"Connect-ExchangeOnline -DelegatedOrganization 'contoso.com' if",
		}},
		{"security-defaults", false, []string{"fix", "--powershell"}, []string{
			"Connect-MgGraph -TenantId 'TENANT' -Scopes 'Policy.Read.All','Policy.ReadWrite.SecurityDefaults' if ((Get-MgContext).TenantId -ne 'TENANT') { throw",
			"-IsEnabled:$false", "# To put it back: # & {", "-IsEnabled:$true",
		}},
		{"per-user-mfa", false, []string{"fix", "--powershell"}, []string{
			"-Method GET -Uri ('/beta/users/' + 'scanner@contoso.com' + '/authentication/requirements') Invoke-MgGraphRequest -Method PATCH",
			"@{perUserMfaState='disabled'}", "@{perUserMfaState='enforced'}",
		}},
		{"security-defaults", true, []string{"fix", "--powershell"}, []string{
			"Connect-MgGraph -TenantId 'contoso.com'", "(Get-MgOrganization).VerifiedDomains.Name -notcontains 'contoso.com'",
		}},
	}
	for _, tt := range tests {
		t.Run(strings.Join(append(tt.args, tt.scenario), " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, scenario(t, tt.scenario))
			if tt.signedOut {
				delete(w.env, "AZURE_CLIENT_SECRET")
			}
			tenant := w.State().TenantID
			w.run(t.Context(), w.cloud(append(tt.args, tenantsim.Mailbox)...)...)
			for _, want := range tt.want {
				w.says(t, strings.ReplaceAll(want, "TENANT", tenant))
			}
		})
	}
}

// A name that the page cannot show as it is does not stand in a command.
func TestBlocksHoldNoDisguisedName(t *testing.T) {
	at := placeOf("scanner\u200b@contoso.com", endpoint.Cloud{}, nil, adminFlags{tenant: "contoso\u202e.com"})
	if at.Mailbox != "" || at.Customer != "" {
		t.Errorf("%+v", at)
	}
	at = placeOf("o'brien@contoso.com", endpoint.Cloud{}, nil, adminFlags{tenant: "contoso.com"})
	if at.Mailbox != "o'brien@contoso.com" || at.Customer != "contoso.com" {
		t.Errorf("%+v", at)
	}
}

// An undo that is refused leaves the commands to one who may.
func TestRefusedUndoPrintsTheCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	journals := filepath.Join(w.dir, "journals")
	w.fix(t, journals)
	w.Change(func(s *tenantsim.State) { s.Apps[0].Roles = []string{"Global Reader"} })
	w.said.Reset()
	if code := w.run(t.Context(), w.cloud("undo", journalsIn(t, journals)[0], "--yes")...); code != exitUnmended {
		t.Errorf("exit %d", code)
	}
	w.says(t, "To put it back by hand, in PowerShell", w.State().TenantID, "-SmtpClientAuthenticationDisabled $true")
}
