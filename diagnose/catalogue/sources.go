package catalogue

// What is said in several rows, in the same words each time.
const (
	withoutWeakening = "Sign in with OAuth (XOAUTH2) instead of a password, or send through a relay connector. High Volume Email weakens nothing when it signs in with OAuth; it reaches recipients inside the organisation only."
	aroundTheSwitch  = "OAuth does not help here, the setting stops it too. A relay connector does without it; so does High Volume Email with OAuth, for recipients inside the organisation."

	clientsReport = "Exchange admin centre: Reports, Mail flow, SMTP AUTH clients report: it shows who submits, and whether with a password or with OAuth"
	signInLog     = "Entra admin centre: Entra ID, Monitoring & health, Sign-in logs (both tabs of user sign-ins), Client app = Authenticated SMTP"
	emailApps     = "Microsoft 365 admin centre: Users, Active users, choose the mailbox"
	tickSMTP      = "Mail, Manage email apps: tick Authenticated SMTP, Save changes"
)

// The sources that several rows name.
const (
	srcSeed      = "Microsoft: Enable SMTP authentication and troubleshooting (the page in the admin centre's help, 5652)"
	srcAuthSMTP  = "Microsoft: Enable or disable authenticated client SMTP submission, https://aka.ms/smtp_auth_disabled"
	srcRetire    = "https://techcommunity.microsoft.com/t5/exchange-team-blog/exchange-online-to-retire-basic-auth-for-client-submission-smtp/ba-p/4114750"
	srcRetireNew = "techcommunity 4489835 (27 January 2026), message centre MC786329"
	srcReport    = "Microsoft: SMTP AUTH clients report (mfr-smtp-auth-clients-report), techcommunity 4114750"
	srcPrinter   = "Microsoft: How to set up a multifunction device or application to send email using Microsoft 365"
	srcAADSTS    = "MicrosoftDocs/entra-docs docs/identity-platform/reference-error-codes.md"
	srcAppPwd    = "MicrosoftDocs/entra-docs docs/identity/authentication/howto-mfa-app-passwords.md"
	srcStates    = "MicrosoftDocs/entra-docs docs/identity/authentication/howto-mfa-userstates.md"
	srcDefaults  = "MicrosoftDocs/entra-docs docs/fundamentals/security-defaults.md"
	srcLegacy    = "MicrosoftDocs/entra-docs docs/identity/conditional-access/policy-block-legacy-authentication.md"
	srcHVE       = "Microsoft: Troubleshoot High Volume Email (troubleshoot-high-volume-email-m365)"
	srcOAuth     = "MicrosoftDocs/office-developer-exchange-docs how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.md"
	srcRBAC      = "MicrosoftDocs/office-developer-exchange-docs smtp-app-rbac-onboarding.md"
	srcNDR       = "Microsoft: Email non-delivery reports and SMTP errors in Exchange Online"
	srcBasic     = "MicrosoftDocs/OfficeDocs-Exchange disable-basic-authentication-in-exchange-online.md"
	srcDirect    = "techcommunity 4408790 (Reject Direct Send)"
	srcCmdlets   = "MicrosoftDocs/office-docs-powershell exchange/exchange-ps/ExchangePowerShell"
)
