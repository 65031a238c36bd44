package catalogue

// What is said in several entries, in the same words each time.
const (
	withoutWeakening = "Sign in with OAuth (XOAUTH2) instead of a password; or send through a relay connector or High Volume Email, which need no password of this mailbox."

	srcAuthSMTP  = "Microsoft: Enable or disable authenticated client SMTP submission, https://aka.ms/smtp_auth_disabled"
	srcRetire    = "https://techcommunity.microsoft.com/t5/exchange-team-blog/exchange-online-to-retire-basic-auth-for-client-submission-smtp/ba-p/4114750"
	srcRetireNew = "techcommunity 4489835 (27 January 2026), message centre MC786329"
	srcPrinter   = "Microsoft: How to set up a multifunction device or application to send email using Microsoft 365"
	srcAADSTS    = "MicrosoftDocs/entra-docs docs/identity-platform/reference-error-codes.md"
	srcAppPwd    = "MicrosoftDocs/entra-docs docs/identity/authentication/howto-mfa-app-passwords.md"
	srcDefaults  = "MicrosoftDocs/entra-docs docs/fundamentals/security-defaults.md"
	srcOAuth     = "MicrosoftDocs/office-developer-exchange-docs how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.md"
	srcNDR       = "Microsoft: Email non-delivery reports and SMTP errors in Exchange Online"
	srcBasic     = "MicrosoftDocs/OfficeDocs-Exchange disable-basic-authentication-in-exchange-online.md"
)

// switchCauses are settings of the tenant that refuse a correct password.
var switchCauses = []Cause{
	{
		Code: SMTPAuthOffMailbox, Stage: StageAuth, Who: Tool, Retirement: true,
		Title:   "Authenticated SMTP is switched off on this mailbox.",
		Meaning: "The mailbox has a setting of its own that refuses SMTP AUTH, with a password as well as with OAuth. The mailbox's setting wins over the organisation's. New personal Outlook.com accounts give the same reply and have no such setting.",
		Portal: []string{
			"Microsoft 365 admin centre: Users, Active users, choose the mailbox",
			"Mail, Manage email apps: tick Authenticated SMTP, save",
			"Wait up to 15 minutes (reported; Microsoft gives no number)",
		},
		PowerShell: []string{
			"Get-CASMailbox -Identity MAILBOX | Format-List SmtpClientAuthenticationDisabled",
			"Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled $false",
		},
		WeakensNothing: "OAuth does not help here, the setting stops it too. A relay connector or High Volume Email does without it.",
		Sources:        []string{srcAuthSMTP, "https://github.com/thunderbird/thunderbird-android/issues/10787"},
	},
	{
		Code: SMTPAuthOffOrg, Stage: StageAuth, Who: Tool, Retirement: true,
		Title:   "Authenticated SMTP is switched off for the organisation, and the mailbox does not override it.",
		Meaning: "Organisations made since January 2020 start this way. It stops OAuth as much as passwords. Switching SMTP AUTH on for the one mailbox is enough; the organisation stays as it is.",
		Portal: []string{
			"Microsoft 365 admin centre: Users, Active users, choose the mailbox",
			"Mail, Manage email apps: tick Authenticated SMTP, save",
			"Leave the organisation's switch in the Exchange admin centre (Settings, Mail flow) as it is",
		},
		PowerShell: []string{
			"Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled",
			"Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled $false",
		},
		WeakensNothing: "OAuth does not help here, the setting stops it too. A relay connector or High Volume Email does without it.",
		Sources:        []string{srcAuthSMTP, "https://github.com/simonrob/email-oauth2-proxy/issues/193"},
	},
	{
		Code: SecurityDefaults, Stage: StageAuth, Who: Tool, Retirement: true,
		Title:   "Entra security defaults block every password sign-in of this kind, tenant-wide.",
		Meaning: "The reply says that the user is locked; nobody is. Security defaults refuse all legacy sign-ins, SMTP AUTH with a password among them, for everybody and without exception. App passwords are refused as well.",
		Portal: []string{
			"Entra admin centre: Overview, Properties, Manage security defaults",
			"First have Conditional Access policies ready that ask everybody for MFA; security defaults are what asks for it now",
			"Set security defaults to disabled, give the reason, save; wait about 20 minutes (reported)",
		},
		PowerShell: []string{
			"Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy | Format-List IsEnabled",
			"Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:$false",
		},
		WeakensNothing: "Leave them on: " + "sign in with OAuth (XOAUTH2), or send through a relay connector.",
		Sources:        []string{srcDefaults, "https://serverfault.com/questions/907219"},
	},
	{
		Code: PerUserMFA, Stage: StageAuth, Who: Tool, Retirement: true,
		Title:   "Per-user MFA is enforced for the account (or enabled, and the user has registered), so its password alone is refused.",
		Meaning: "While it is only enabled, the password is accepted until the user has registered; then it becomes enforced by itself. A device cannot answer a second factor. No reply says this by name: it hides behind \"did not meet the criteria\" and 535 5.7.3. Where app passwords are allowed, one of them works instead.",
		Portal: []string{
			"Entra admin centre: Users, All users, Per-user MFA, choose the account",
			"Disable MFA for this account only, or allow app passwords in the service settings and create one",
			"Give a mailbox that only a device uses a long random password and no other rights",
		},
		PowerShell: []string{
			"Invoke-MgGraphRequest -Method GET -Uri '/beta/users/PATH/authentication/requirements'",
			"Invoke-MgGraphRequest -Method PATCH -Uri '/beta/users/PATH/authentication/requirements' -Body @{perUserMfaState='disabled'}",
		},
		WeakensNothing: "Keep MFA: use an app password of this account where the tenant allows them, or OAuth.",
		Sources:        []string{srcPrinter, srcAppPwd},
	},
	{
		Code: AuthPolicyBlocksBasic, Stage: StageAuth, Who: ByHand, Retirement: true,
		Title:   "An Exchange authentication policy, assigned or default, refuses passwords for SMTP.",
		Meaning: "Such a policy wins even when SMTP AUTH is on for organisation and mailbox. The reply is \"basic authentication is disabled\", the same as for personal accounts. It leaves OAuth alone.",
		Portal: []string{
			"Microsoft 365 admin centre: Settings, Org settings, Modern authentication: see whether Authenticated SMTP is ticked for basic authentication",
			"A policy assigned to one user shows in PowerShell only",
		},
		PowerShell: []string{
			"Get-User -Identity MAILBOX | Format-List AuthenticationPolicy",
			"Get-OrganizationConfig | Format-List DefaultAuthenticationPolicy",
			"New-AuthenticationPolicy -Name 'Allow Basic SMTP' -AllowBasicAuthSmtp",
			"Set-User -Identity MAILBOX -AuthenticationPolicy 'Allow Basic SMTP'",
			"Set-User -Identity MAILBOX -STSRefreshTokensValidFrom $([DateTime]::UtcNow)",
		},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcBasic, srcAuthSMTP},
	},
	{
		Code: ConditionalAccess, Stage: StageAuth, Who: ByHand,
		Title:   "A Conditional Access policy blocks the sign-in or asks for what SMTP cannot give.",
		Meaning: "MFA, a compliant device or an approved app cannot be shown over SMTP, so a policy that asks for one of them blocks just as \"Block\" does. Where the policy looks at the location, the same password works from one network and not from another. App passwords do not get past it.",
		Portal: []string{
			"Entra admin centre: Monitoring, Sign-in logs, filter Client app = Authenticated SMTP: the failed record names the policy",
			"Protection, Conditional Access, that policy: exclude this one account, and let a second policy allow it from the device's address only",
		},
		PowerShell: []string{
			"Get-MgAuditLogSignIn -Filter \"userPrincipalName eq 'PATH' and clientAppUsed eq 'Authenticated SMTP'\" -Top 5 | Select-Object -ExpandProperty AppliedConditionalAccessPolicies",
		},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcPrinter, srcAADSTS, "MicrosoftDocs/OfficeDocs-Exchange PR #2707"},
	},
}
