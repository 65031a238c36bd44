package main

import (
	"path/filepath"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// keysOfFacts are the keys that carry each fact, and where they stand.
var keysOfFacts = []struct {
	fact  fact.Name
	where tenantsim.Fault
	key   string
}{
	{fact.MailboxSMTPAuth, tenantsim.Fault{Cmdlet: "Get-CASMailbox"}, "SmtpClientAuthenticationDisabled"},
	{fact.OrgSMTPAuth, tenantsim.Fault{Cmdlet: "Get-TransportConfig"}, "SmtpClientAuthenticationDisabled"},
	{fact.UserAuthPolicySMTP, tenantsim.Fault{Cmdlet: "Get-User"}, "AuthenticationPolicy"},
	{fact.UserAuthPolicySMTP, tenantsim.Fault{Cmdlet: "Get-AuthenticationPolicy"}, "AllowBasicAuthSmtp"},
	{fact.MailboxKind, tenantsim.Fault{Cmdlet: "Get-Mailbox"}, "RecipientTypeDetails"},
	{fact.OrgSecurityDefaults, tenantsim.Fault{Path: "/identitySecurityDefaultsEnforcementPolicy"}, "isEnabled"},
	{fact.UserPerUserMFA, tenantsim.Fault{Path: "/authentication/requirements"}, "perUserMfaState"},
	{fact.UserAccount, tenantsim.Fault{Path: "/users/" + tenantsim.Mailbox}, "accountEnabled"},
	{fact.UserExchangeLicence, tenantsim.Fault{Path: "/licenseDetails"}, "servicePlans"},
	{fact.UserExchangeLicence, tenantsim.Fault{Path: "/licenseDetails"}, "servicePlanName"},
	{fact.OrgConditionalAccess, tenantsim.Fault{Path: "/conditionalAccess/policies"}, "state"},
	{fact.OrgConditionalAccess, tenantsim.Fault{Path: "/conditionalAccess/policies"}, "conditions"},
	{fact.OrgConditionalAccess, tenantsim.Fault{Path: "/conditionalAccess/policies"}, "value"},
	{fact.UserAdminRole, tenantsim.Fault{Path: "/transitiveMemberOf"}, "value"},
	{fact.UserAdminRole, tenantsim.Fault{Path: "/transitiveMemberOf"}, "roleTemplateId"},
}

// A value that is missing, or of a type that it cannot have, is unread and
// never known; and with it unread security defaults stay on.
func TestMissingAndMistyped(t *testing.T) {
	for _, tt := range keysOfFacts {
		for _, kind := range tenantsim.KeyFaultKinds {
			t.Run(string(tt.fact)+" "+kind+" "+tt.key, func(t *testing.T) {
				state := scenario(t, "security-defaults")
				user := &state.Users[0]
				state.SMTP.Flavour, user.AuthPolicy, user.SMTPAuth, state.Org.SMTPAuth = "older", "Allow Basic SMTP", "inherit", "on"
				user.AdminRoles = []string{"Helpdesk Administrator"}
				policy := tenantsim.CAPolicy{
					ID: "10ef4fe6-5e51-4f5c-8a52-000000000009", Name: "Switched off", State: "disabled", ClientApps: []string{"other"},
					Applications: []string{"All"}, IncludeUsers: []string{"All"}, Controls: []string{"block"},
				}
				ofAnother := policy
				ofAnother.ID, ofAnother.Name, ofAnother.State = "10ef4fe6-5e51-4f5c-8a52-000000000010", "Somebody else's", "enabled"
				ofAnother.IncludeUsers = []string{"ann@contoso.com"}
				state.Org.ConditionalAccess = []tenantsim.CAPolicy{policy, ofAnother}
				w := newWorld(t, state)
				f := tt.where
				f.Kind, f.Key = kind, tt.key
				if err := w.SetFaults(f); err != nil {
					t.Fatal(err)
				}
				var d struct{ Evidence fact.Evidence }
				w.object(t, &d, "diagnose", w.typed)
				if r := d.Evidence.Get(tt.fact); r.Known() || r.Error == "" {
					t.Errorf("read as %q (%s)", r.Value, r.Error)
				}
				code, _ := w.fix(t, filepath.Join(w.dir, "journals"))
				if tt.fact != fact.UserAdminRole && (code == exitOK || len(w.Writes()) > 0) {
					t.Errorf("fix: exit %d, wrote %v", code, w.Writes())
				}
			})
		}
	}
}
