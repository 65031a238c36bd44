package remediate

import (
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// remedies is the whole of what smtpmend ever changes, the narrowest scope
// first. The organisation's own SMTP AUTH switch is not among the facts
// written, on purpose: the mailbox's value overrides it.
var remedies = []Remedy{
	{
		Causes: []catalogue.Code{catalogue.SMTPAuthOffMailbox, catalogue.SMTPAuthOffOrg},
		Fact:   fact.MailboxSMTPAuth,
		From:   []string{"off", "inherit"},
		To:     "on",
		Scope:  fact.ScopeMailbox,

		Title:   "Switch SMTP AUTH on for this mailbox",
		Weakens: "This mailbox accepts a user name and a password again, without a second factor; a stolen password is enough to send as it.",
		ForWhom: "This mailbox only; the organisation's switch stays as it is.",

		Connect: "Connect-ExchangeOnline",
		Set:     "Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled VALUE",
		Show:    "Get-CASMailbox -Identity MAILBOX | Format-List SmtpClientAuthenticationDisabled",
		Literals: []Literal{
			{"on", "$false"}, {"off", "$true"}, {"inherit", "$null"},
		},
		Roles: []string{"Exchange Administrator", "Exchange Recipient Administrator"},
	},
	{
		Causes: []catalogue.Code{catalogue.PerUserMFA},
		Fact:   fact.UserPerUserMFA,
		From:   []string{"enforced"},
		Former: []string{"enabled"},
		To:     "disabled",
		Scope:  fact.ScopeUser,

		Title:   "Take this user out of per-user MFA",
		Weakens: "This user signs in everywhere with the password alone, in the browser and in every app, not only over SMTP.",
		ForWhom: "This user only; it should be an account that does nothing but send, never a person's own.",

		Connect: "Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.AuthenticationMethod",
		Set:     "Invoke-MgGraphRequest -Method PATCH -Uri '/beta/users/PATH/authentication/requirements' -Body @{perUserMfaState=VALUE}",
		Show:    "Invoke-MgGraphRequest -Method GET -Uri '/beta/users/PATH/authentication/requirements'",
		Literals: []Literal{
			{"disabled", "'disabled'"}, {"enabled", "'enabled'"}, {"enforced", "'enforced'"},
		},
		Roles: []string{"Authentication Policy Administrator"},
	},
	{
		Causes: []catalogue.Code{catalogue.SecurityDefaults},
		Fact:   fact.OrgSecurityDefaults,
		From:   []string{"on"},
		To:     "off",
		Scope:  fact.ScopeTenant,

		Title:   "Switch security defaults off for the whole tenant",
		Weakens: "Nobody is asked for a second factor any more, unless Conditional Access asks, and old protocols that take only a password are let in again.",
		ForWhom: "Everybody in the tenant, administrators included; security defaults know no exception for one user.",

		Connect: "Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.SecurityDefaults",
		Set:     "Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:VALUE",
		Show:    "Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy | Format-List IsEnabled",
		Literals: []Literal{
			{"off", "$false"}, {"on", "$true"},
		},
		Roles: []string{"Conditional Access Administrator", "Security Administrator", "Global Administrator"},
	},
}
