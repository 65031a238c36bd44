package catalogue

import "smtpmend/internal/fact"

// These three are the whole of what smtpmend ever changes. The organisation's
// own SMTP AUTH switch is not among them, on purpose: the mailbox's value
// overrides it.
var (
	letMailboxSubmit = &Change{
		Fact: fact.MailboxSMTPAuth,
		To:   "on",

		Title:   "Switch SMTP AUTH on for this mailbox",
		Weakens: "This mailbox accepts a user name and a password again, without a second factor; a stolen password is enough to send as it.",
		ForWhom: "This mailbox only; the organisation's switch stays as it is.",

		Show: "Get-CASMailbox -Identity MAILBOX | Format-List SmtpClientAuthenticationDisabled",
		Set:  "Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled ",
		Literals: []Literal{
			{"on", "$false"}, {"off", "$true"}, {"inherit", "$null"},
		},
	}

	takeOutOfPerUserMFA = &Change{
		Fact:   fact.UserPerUserMFA,
		Former: []string{"enabled"},
		To:     "disabled",

		Title:   "Take this user out of per-user MFA",
		Weakens: "This user signs in everywhere with the password alone, in the browser and in every app, not only over SMTP.",
		ForWhom: "This user only; it should be an account that does nothing but send, never a person's own.",

		Show: "Invoke-MgGraphRequest -Method GET -Uri ('/beta/users/' + PATH + '/authentication/requirements')",
		Set:  "Invoke-MgGraphRequest -Method PATCH -Uri ('/beta/users/' + PATH + '/authentication/requirements') -Body ",
		Literals: []Literal{
			{"disabled", "@{perUserMfaState='disabled'}"}, {"enabled", "@{perUserMfaState='enabled'}"}, {"enforced", "@{perUserMfaState='enforced'}"},
		},
	}

	switchSecurityDefaultsOff = &Change{
		Fact: fact.OrgSecurityDefaults,
		To:   "off",

		Title:   "Switch security defaults off for the whole tenant",
		Weakens: "Nobody is asked for a second factor any more, unless Conditional Access or per-user MFA asks, and old protocols that take only a password are let in again.",
		ForWhom: "Everybody in the tenant, administrators included; security defaults know no exception for one user.",

		Show: "Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy | Format-List IsEnabled",
		Set:  "Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:",
		Literals: []Literal{
			{"off", "$false"}, {"on", "$true"},
		},
	}
)
