package words

import "smtpmend/diagnose/catalogue"

// What several replies to AUTH leave possible.
var (
	// afterBare573 follows the order of Microsoft's own page, then what
	// threads found behind the same words; see noteBare.
	afterBare573 = []Code{
		"smtp-auth-off-mailbox", "smtp-auth-off-org", "per-user-mfa", "security-defaults", "conditional-access", "bad-credentials",
		"oauth-token-invalid", "oauth-token-wrong-user", "oauth-scope-missing", "oauth-mailbox-permission-missing", "temporary",
	}
	afterCriteria = []Code{"conditional-access", "per-user-mfa", "security-defaults", "smtp-auth-off-mailbox"}
	afterBasicOff = []Code{"basic-auth-off-consumer", "auth-policy-blocks-basic", "basic-auth-off-by-default", "basic-auth-retired"}
	// after57139 is for a 5.7.139 whose reason is cut off or new.
	after57139 = []Code{
		"smtp-auth-off-mailbox", "smtp-auth-off-org", "security-defaults", "conditional-access", "per-user-mfa", "bad-credentials",
		"account-locked", "basic-auth-off-consumer", "auth-policy-blocks-basic", "federation-unreachable",
		"account-disabled", "password-expired", "suspicious-sign-in",
	}
)

const (
	noteBare     = "These words name no cause: the server says them for switched-off SMTP AUTH, for policies, for wrong passwords and for bad tokens alike."
	noteCriteria = "Entra refused by policy. The words are the same for MFA, Conditional Access and a sign-in from the wrong place; they do not mean that basic authentication was retired."
	noteBasicOff = "A personal Outlook.com account gives this since September 2024; a work account when an authentication policy refuses passwords for SMTP."
	noteReason   = "The reason that follows 5.7.139 is missing or not known."
)

// signInSigns are the replies to AUTH, and those reasons where a reply to
// MAIL FROM carries them.
var signInSigns = []sign{
	{words: "SmtpClientAuthentication is disabled for the Ten…", names: "smtp-auth-off-org"},
	{words: "SmtpClientAuthentication is disabled for the Mail…", names: "smtp-auth-off-mailbox"},
	{words: "SmtpClientAuthentication is disabled", allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}},
	{words: "SmtpClientAuthenticationDisabled", and: "Get-TransportConfig", client: true, allows: []Code{"smtp-auth-off-org"},
		note: "True means that SMTP AUTH is off for the organisation; a mailbox may still have a setting of its own."},
	{words: "aka.ms/smtp_auth_disabled", allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}},
	{status: "5.7.139", words: "SmtpClientAuthentication", allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}},

	{words: "user is locked by your organization's security def…", names: "security-defaults",
		note: "Nobody is locked out: security defaults refuse the kind of sign-in."},
	{words: "did not meet the criteria", allows: afterCriteria, note: noteCriteria},
	{status: "5.7.139", words: "the user credentials were incorrect", opens: true, names: "bad-credentials"},
	{words: "unsuccessful, the user credentials were incorrect", names: "bad-credentials"},
	{status: "5.7.139", words: "account locked", opens: true, names: "account-locked",
		note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{words: "unsuccessful, account locked", names: "account-locked",
		note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{status: "5.7.139", words: "account has an issue",
		allows: []Code{"account-disabled", "account-locked", "suspicious-sign-in", "no-licensed-mailbox", "password-expired"},
		note:   "Seen once, in October 2024, without a cause."},
	{status: "5.7.139", words: "basic auth…", allows: afterBasicOff, note: noteBasicOff},
	{status: "5.7.139", words: "basic authentication is disabled", allows: afterBasicOff, note: noteBasicOff},
	{words: "unsuccessful, basic authentication is disabled", allows: afterBasicOff, note: noteBasicOff},
	{words: "the organization configuration doesn't allow this authentication request",
		allows: []Code{"security-defaults", "auth-policy-blocks-basic", "conditional-access", "oauth-mailbox-permission-missing"},
		note:   "Microsoft documents these words for High Volume Email: security defaults, or an authentication policy, refuse the password; with a token, the application is not on the account's list (Add-HVEAppAccess)."},
	{words: "federated STS service was unreachable", names: "federation-unreachable"},
	{words: "federated STS URL does not support HTTPS", names: "federation-unreachable"},

	{status: "5.7.139", words: "unsuccessful", allows: after57139, note: noteReason},
	{status: "5.7.139", allows: after57139, note: noteReason},
	{status: "5.7.3", words: "Authentication unsuccessful", allows: afterBare573, note: noteBare},
	{words: "Authentication unsuccessful", allows: afterBare573, note: noteBare},
	{code: 535, status: "5.7.3", allows: afterBare573, note: noteBare},
	{status: "5.7.3", words: "unsuccessful", allows: afterBare573, note: noteBare},
	{words: "unsuccessful", and: "5.7.3", allows: afterBare573, note: noteBare},

	{words: "Basic authentication is not supported for Client Submission", names: "basic-auth-retired"},
	{status: "5.7.30", allows: []Code{"basic-auth-retired"},
		note: "Other servers use 5.7.30 for a missing REQUIRETLS (RFC 8689); only the words make it the retirement."},

	{status: "5.7.4", words: "Unrecognized authen…", allows: []Code{"mechanism-unsupported"}},
	{words: "Unrecognized authentication type", allows: []Code{"mechanism-unsupported"}},
	{words: "Unrecognized authentication type", ours: true, names: "mechanism-unsupported"},
	{status: "5.7.4", words: "Unrecognized authentication type", names: "mechanism-unsupported"},
	{status: "5.7.4", words: "Unrecognized authentication type", and: "protection.outlook.com", allows: []Code{"wrong-endpoint", "mechanism-unsupported"},
		note: "The reply comes from an MX host, which takes no sign-in."},
	{stage: catalogue.StageAuth, words: "Temporary server error", and: "PRX…", allows: []Code{"temporary", "bad-credentials"},
		note: "At AUTH this is what an empty password gets; retries do not help then."},
	{words: "Temporary server error. Please try again later. PRX4", allows: []Code{"temporary", "bad-credentials"}, shared: true,
		note: "In reply to AUTH this is what an empty password gets; elsewhere it passes."},
	{words: "Mailbox cannot be accessed", allows: []Code{"no-licensed-mailbox", "smtp-auth-off-mailbox"}},
	{status: "5.0.0", words: "Authentication Fail…", allows: []Code{"suspicious-sign-in", "conditional-access", "bad-credentials"},
		note: "The code was made up by the client library; the server's own words are missing."},
}
