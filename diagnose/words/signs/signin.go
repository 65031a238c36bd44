package signs

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
var signInSigns = []Sign{
	{Words: "SmtpClientAuthentication is disabled for the Ten…", Names: "smtp-auth-off-org"},
	{Words: "SmtpClientAuthentication is disabled for the Mail…", Names: "smtp-auth-off-mailbox"},
	{Words: "SmtpClientAuthentication is disabled", Allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}},
	{Words: "SmtpClientAuthenticationDisabled : False", Client: true,
		Note: "False means that SMTP AUTH is not off there."},
	{Words: "SmtpClientAuthenticationDisabled", And: "Get-TransportConfig", Client: true, Allows: []Code{"smtp-auth-off-org"},
		Note: "True means that SMTP AUTH is off for the organisation; a mailbox may still have a setting of its own."},
	{Words: "aka.ms/smtp_auth_disabled", Allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}},
	{Status: "5.7.139", Words: "SmtpClientAuthentication", Allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}},

	{Words: "user is locked by your organization's security def…", Names: "security-defaults",
		Note: "Nobody is locked out: security defaults refuse the kind of sign-in."},
	{Words: "did not meet the criteria", Allows: afterCriteria, Note: noteCriteria},
	{Status: "5.7.139", Words: "the user credentials were incorrect", Opens: true, Names: "bad-credentials"},
	{Status: "5.7.139", Words: "Authentication unsuccessful, user credentials were incorrect", Names: "bad-credentials"},
	{Words: "unsuccessful, the user credentials were incorrect", Names: "bad-credentials"},
	{Status: "5.7.139", Words: "account locked", Opens: true, Names: "account-locked",
		Note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{Words: "unsuccessful, account locked", Names: "account-locked",
		Note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{Status: "5.7.139", Words: "account has an issue",
		Allows: []Code{"account-disabled", "account-locked", "suspicious-sign-in", "no-licensed-mailbox", "password-expired"},
		Note:   "Seen once, in October 2024, without a cause."},
	{Status: "5.7.139", Words: "basic auth…", Allows: afterBasicOff, Note: noteBasicOff},
	{Status: "5.7.139", Words: "basic authentication is disabled", Allows: afterBasicOff, Note: noteBasicOff},
	{Words: "unsuccessful, basic authentication is disabled", Allows: afterBasicOff, Note: noteBasicOff},
	{Words: "the organization configuration doesn't allow this authentication request",
		Allows: []Code{"security-defaults", "auth-policy-blocks-basic", "conditional-access", "oauth-mailbox-permission-missing"},
		Note:   "Microsoft documents these words for High Volume Email: security defaults, or an authentication policy, refuse the password; with a token, the application is not on the account's list (Add-HVEAppAccess)."},
	{Words: "federated STS service was unreachable", Names: "federation-unreachable"},
	{Words: "federated STS URL does not support HTTPS", Names: "federation-unreachable"},

	{Status: "5.7.139", Words: "unsuccessful", Allows: after57139, Anything: true, Note: noteReason},
	{Status: "5.7.139", Allows: after57139, Anything: true, Note: noteReason},
	{Status: "5.7.3", Words: "Authentication unsuccessful", Allows: afterBare573, Anything: true, Note: noteBare},
	{Words: "Authentication unsuccessful", Allows: afterBare573, Anything: true, Note: noteBare},
	{Code: 535, Status: "5.7.3", Allows: afterBare573, Anything: true, Note: noteBare},
	{Status: "5.7.3", Words: "unsuccessful", Allows: afterBare573, Anything: true, Note: noteBare},
	{Words: "unsuccessful", And: "5.7.3", Allows: afterBare573, Anything: true, Note: noteBare},

	{Words: "Basic authentication is not supported for Client Submission", Names: "basic-auth-retired"},
	{Status: "5.7.30", Allows: []Code{"basic-auth-retired"},
		Note: "Other servers use 5.7.30 for a missing REQUIRETLS (RFC 8689); only the words make it the retirement."},

	{Status: "5.7.4", Words: "Unrecognized authen…", Allows: []Code{"mechanism-unsupported"}},
	{Words: "Unrecognized authentication type", Allows: []Code{"mechanism-unsupported"}},
	{Words: "Unrecognized authentication type", Ours: true, Names: "mechanism-unsupported"},
	{Status: "5.7.4", Words: "Unrecognized authentication type", Names: "mechanism-unsupported"},
	{Status: "5.7.4", Words: "Unrecognized authentication type", And: "protection.outlook.com", Allows: []Code{"wrong-endpoint", "mechanism-unsupported"},
		Note: "The reply comes from an MX host, which takes no sign-in."},
	{Stage: catalogue.StageAuth, Words: "Temporary server error", And: "PRX…", Allows: []Code{"temporary", "bad-credentials"},
		Note: "At AUTH this is what an empty password gets; retries do not help then."},
	{Words: "Temporary server error. Please try again later. PRX4", Allows: []Code{"temporary", "bad-credentials"}, Shared: true,
		Note: "In reply to AUTH this is what an empty password gets; elsewhere it passes."},
	{Words: "Mailbox cannot be accessed", Allows: []Code{"no-licensed-mailbox", "smtp-auth-off-mailbox"}},
	{Status: "5.0.0", Words: "Authentication Fail…", Allows: []Code{"suspicious-sign-in", "conditional-access", "bad-credentials"},
		Note: "The code was made up by the client library; the server's own words are missing."},
}
