package catalogue

import "smtpmend/internal/fact"

// switchCauses are settings of the tenant that refuse a correct password.
var switchCauses = []Cause{
	{
		Code: SMTPAuthOffMailbox, Stage: StageAuth, Step: AtSwitches,
		Title:   "Authenticated SMTP is switched off on this mailbox.",
		Meaning: "The mailbox has a setting of its own that refuses SMTP AUTH, with a password as well as with OAuth. The mailbox's setting wins over the organisation's. New personal Outlook.com accounts give the same reply and have no such setting.",
		Check:   "Look at Active users, the mailbox, Mail, Manage email apps: Authenticated SMTP is not ticked.",
		Shown:   []Condition{{{Fact: fact.MailboxSMTPAuth, Values: []string{"off"}}}},
		Change:  letMailboxSubmit,
		Portal: []string{
			emailApps,
			tickSMTP,
			"Wait up to 15 minutes (reported; Microsoft gives no number)",
		},
		WeakensNothing: aroundTheSwitch,
		Sources:        []string{srcSeed, srcAuthSMTP, srcHVE, "https://github.com/thunderbird/thunderbird-android/issues/10787"},
	},
	{
		Code: SMTPAuthOffOrg, Stage: StageAuth, Step: AtSwitches,
		Title:   "Authenticated SMTP is switched off for the organisation, and the mailbox does not override it.",
		Meaning: "Organisations made since January 2020 start this way. It stops OAuth as much as passwords. Switching SMTP AUTH on for the one mailbox is enough; the organisation stays as it is.",
		Check:   "In Exchange Online PowerShell Get-TransportConfig shows SmtpClientAuthenticationDisabled True, and Get-CASMailbox shows it empty for the mailbox.",
		Shown: []Condition{{
			{Fact: fact.MailboxSMTPAuth, Values: []string{"inherit"}},
			{Fact: fact.OrgSMTPAuth, Values: []string{"off"}},
		}},
		Change: letMailboxSubmit,
		Portal: []string{
			clientsReport,
			emailApps,
			tickSMTP,
			"Leave the organisation's switch in the Exchange admin centre (Settings, Mail flow) as it is",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled",
		}}},
		WeakensNothing: aroundTheSwitch,
		Sources:        []string{srcSeed, srcAuthSMTP, srcReport, srcHVE, "https://github.com/simonrob/email-oauth2-proxy/issues/193"},
	},
	{
		Code: PerUserMFA, Stage: StageAuth, Step: AtMFA, Meets: Password,
		Title:   "Per-user MFA is enforced for the account (or enabled, and the user has registered), so its password alone is refused.",
		Meaning: "While it is only enabled, the password is accepted until the user has registered; then it becomes enforced by itself. A device cannot answer a second factor. No reply says this by name: it hides behind \"did not meet the criteria\" and 535 5.7.3. An app password gets through for an enforced user where the tenant allows them, which it does not by default; it is a password too, and ends when passwords at SMTP AUTH end.",
		Check:   "Look at Entra ID, Users, All users, Per-user MFA: the account's state is Enforced.",
		// Settings do not tell whether an enabled user has registered.
		Shown:  []Condition{{{Fact: fact.UserPerUserMFA, Values: []string{"enforced"}, Open: []string{"enabled"}}}},
		Change: takeOutOfPerUserMFA,
		Portal: []string{
			"Entra admin centre: Entra ID, Users, All users, Per-user MFA, choose the account (or Microsoft 365 admin centre: Users, Active users, Multi-factor authentication)",
			"Disable MFA for this account only",
			"Or keep it and use an app password: Entra ID, Conditional Access, Named locations, Configure MFA trusted IPs, Allow users to create app passwords",
			"Give a mailbox that only a device uses a long random password and no other rights",
		},
		WeakensNothing: "Keep MFA and sign in with OAuth. An app password keeps it too; one works for enforced users only, where the tenant allows them, and ends with passwords at SMTP AUTH.",
		Sources:        []string{srcSeed, srcStates, srcAppPwd, srcPrinter},
	},
	{
		Code: SecurityDefaults, Stage: StageAuth, Step: AtDefaults, Meets: Password,
		Title:   "Entra security defaults block every password sign-in of this kind, tenant-wide.",
		Meaning: "The reply says that the user is locked; nobody is. Security defaults refuse all legacy sign-ins, SMTP AUTH with a password among them, for everybody and without exception. App passwords are refused as well, and so is High Volume Email with a password.",
		Check:   "Look at Entra ID, Overview, Properties: the page says that the organisation is protected by security defaults.",
		Shown:   []Condition{{{Fact: fact.OrgSecurityDefaults, Values: []string{"on"}}}},
		Change:  switchSecurityDefaultsOff,
		Portal: []string{
			clientsReport,
			"Sign in to the Entra admin centre as Conditional Access Administrator, Security Administrator or Global Administrator: Entra ID, Overview, Properties, Manage security defaults (older: Azure portal, Azure Active Directory, Properties)",
			"With Entra ID P1: have Conditional Access policies ready that ask everybody for MFA; security defaults are what asks for it now",
			"Without P1 there is no Conditional Access: set per-user MFA for everybody else first (Entra ID, Users, All users, Per-user MFA)",
			"Set security defaults to Disabled (older: Enable security defaults: No), give the reason, save; wait about 20 minutes (reported)",
			"Leave the managed policy \"Block legacy authentication\" that Microsoft offers in exchange switched off for this account: it stops the device again. Mind the mail in which Microsoft announces that security defaults are switched on again",
		},
		WeakensNothing: "Leave them on and sign in with OAuth (XOAUTH2), or send through a relay connector. High Volume Email passes them with OAuth only.",
		Sources:        []string{srcSeed, srcDefaults, srcReport, srcHVE, srcStates, "https://serverfault.com/questions/907219"},
	},
	{
		Code: AuthPolicyBlocksBasic, Stage: StageAuth, Step: AtPolicy, Who: ByHand, Meets: Password, Retirement: true,
		Title:   "An Exchange authentication policy, assigned or default, refuses passwords for SMTP.",
		Meaning: "Such a policy wins even when SMTP AUTH is on for organisation and mailbox. The reply is \"basic authentication is disabled\", the same as for personal accounts. It leaves OAuth alone.",
		Check:   "In Exchange Online PowerShell Get-User names an AuthenticationPolicy, or Get-OrganizationConfig a DefaultAuthenticationPolicy, whose AllowBasicAuthSmtp is False.",
		Shown:   []Condition{{{Fact: fact.UserAuthPolicySMTP, Values: []string{"block"}}}},
		Portal: []string{
			clientsReport,
			"Microsoft 365 admin centre: Settings, Org settings, Modern authentication: see whether Authenticated SMTP is ticked for basic authentication",
			"A policy assigned to one user shows in PowerShell only",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"Get-User -Identity MAILBOX | Format-List AuthenticationPolicy",
			"Get-OrganizationConfig | Format-List DefaultAuthenticationPolicy",
			"Get-AuthenticationPolicy | Format-Table 'Name', 'AllowBasicAuthSmtp'",
			"if (-not (Get-AuthenticationPolicy | Where-Object Name -eq 'Allow Basic SMTP')) { New-AuthenticationPolicy -Name 'Allow Basic SMTP' -AllowBasicAuthSmtp }",
			"Set-User -Identity MAILBOX -AuthenticationPolicy 'Allow Basic SMTP'",
			"Set-User -Identity MAILBOX -STSRefreshTokensValidFrom ([DateTime]::UtcNow)",
		}}},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcBasic, srcAuthSMTP, srcReport, srcHVE},
	},
	{
		Code: ConditionalAccess, Stage: StageAuth, Step: AtAccess, Who: ByHand,
		Title:   "A Conditional Access policy blocks the sign-in or asks for what SMTP cannot give.",
		Meaning: "MFA, a compliant device or an approved app cannot be shown over SMTP, so a policy that asks for one of them blocks just as \"Block\" does. Where the policy looks at the location, the same password works from one network and not from another. App passwords do not get past it. Policies come from administrators, from Microsoft (managed policies) and from Baseline Security Mode alike.",
		Check:   "Open the failed record in the Entra sign-in log (Client app = Authenticated SMTP): its Conditional Access tab names the policy.",
		Shown:   []Condition{{{Fact: fact.OrgConditionalAccess}}},
		Portal: []string{
			signInLog + ": the failed record names the policy",
			"Entra ID, Conditional Access, Policies, that policy: exclude this one account, and let a second policy allow it from the device's address only",
		},
		PowerShell: []Commands{{At: Graph, Scopes: []string{"AuditLog.Read.All", "Policy.Read.All"}, Lines: []string{
			"$filter = \"userPrincipalName eq '{0}' and clientAppUsed eq 'Authenticated SMTP'\" -f MAILBOX.ToLower().Replace(\"'\", \"''\")",
			"Get-MgAuditLogSignIn -Filter $filter -Top 5 | Select-Object -ExpandProperty AppliedConditionalAccessPolicies",
		}}},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcPrinter, srcAADSTS, srcLegacy, "MicrosoftDocs/OfficeDocs-Exchange PR #2707"},
	},
}
