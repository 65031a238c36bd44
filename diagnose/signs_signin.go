package diagnose

// What several replies to AUTH leave possible.
var (
	// afterBare573 follows the order of Microsoft's own page, then what
	// threads found behind the same words; see noteBare.
	afterBare573 = []Code{
		SMTPAuthOffMailbox, SMTPAuthOffOrg, PerUserMFA, SecurityDefaults, ConditionalAccess, BadCredentials,
		OAuthTokenInvalid, OAuthTokenWrongUser, OAuthScopeMissing, OAuthMailboxPermissionMissing, Temporary,
	}
	afterCriteria = []Code{ConditionalAccess, PerUserMFA, SecurityDefaults, SMTPAuthOffMailbox}
	afterBasicOff = []Code{BasicAuthOffConsumer, AuthPolicyBlocksBasic, BasicAuthOffByDefault, BasicAuthRetired}
	// after57139 is for a 5.7.139 whose reason is cut off or new.
	after57139 = []Code{
		SMTPAuthOffMailbox, SMTPAuthOffOrg, SecurityDefaults, ConditionalAccess, PerUserMFA, BadCredentials,
		AccountLocked, BasicAuthOffConsumer, AuthPolicyBlocksBasic, FederationUnreachable,
		AccountDisabled, PasswordExpired, SuspiciousSignIn,
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
	{words: "SmtpClientAuthentication is disabled for the Ten", names: SMTPAuthOffOrg},
	{words: "SmtpClientAuthentication is disabled for the Mail", names: SMTPAuthOffMailbox},
	{words: "SmtpClientAuthentication is disabled", allows: []Code{SMTPAuthOffMailbox, SMTPAuthOffOrg}},
	{words: "aka.ms/smtp_auth_disabled", allows: []Code{SMTPAuthOffMailbox, SMTPAuthOffOrg}},

	{words: "user is locked by your organization's security def", names: SecurityDefaults,
		note: "Nobody is locked out: security defaults refuse the kind of sign-in."},
	{words: "did not meet the criteria", allows: afterCriteria, note: noteCriteria},
	{status: "5.7.139", words: "the user credentials were incorrect", opens: true, names: BadCredentials},
	{words: "unsuccessful, the user credentials were incorrect", names: BadCredentials},
	{status: "5.7.139", words: "account locked", opens: true, names: AccountLocked,
		note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{words: "unsuccessful, account locked", names: AccountLocked,
		note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{status: "5.7.139", words: "account has an issue",
		allows: []Code{AccountDisabled, AccountLocked, SuspiciousSignIn, NoLicensedMailbox, PasswordExpired},
		note:   "Seen once, in October 2024, without a cause."},
	{status: "5.7.139", words: "basic auth", allows: afterBasicOff, note: noteBasicOff},
	{status: "5.7.139", words: "basic authentication is disabled", allows: afterBasicOff, note: noteBasicOff},
	{words: "unsuccessful, basic authentication is disabled", allows: afterBasicOff, note: noteBasicOff},
	{words: "federated STS service was unreachable", names: FederationUnreachable},
	{words: "federated STS URL does not support HTTPS", names: FederationUnreachable},

	{status: "5.7.139", words: "unsuccessful", allows: after57139, note: noteReason},
	{status: "5.7.139", allows: after57139, note: noteReason},
	{status: "5.7.3", words: "Authentication unsuccessful", allows: afterBare573, note: noteBare},
	{words: "Authentication unsuccessful", allows: afterBare573, note: noteBare},
	{code: 535, status: "5.7.3", allows: afterBare573, note: noteBare},

	{words: "Basic authentication is not supported for Client Submission", names: BasicAuthRetired},
	{status: "5.7.30", allows: []Code{BasicAuthRetired},
		note: "Other servers use 5.7.30 for a missing REQUIRETLS (RFC 8689); only the words make it the retirement."},

	{status: "5.7.4", words: "Unrecognized authen", allows: []Code{MechanismUnsupported}},
	{words: "Unrecognized authentication type", allows: []Code{MechanismUnsupported}},
	{words: "Unrecognized authentication type", ours: true, names: MechanismUnsupported},
	{status: "5.7.4", words: "Unrecognized authentication type", names: MechanismUnsupported},
	{status: "5.7.4", words: "Unrecognized authentication type", and: "protection.outlook.com", allows: []Code{WrongEndpoint, MechanismUnsupported},
		note: "The reply comes from an MX host, which takes no sign-in."},
	{stage: StageAuth, words: "Temporary server error", and: "PRX", allows: []Code{Temporary, BadCredentials},
		note: "At AUTH this is what an empty password gets; retries do not help then."},
	{words: "Temporary server error. Please try again later. PRX4", allows: []Code{Temporary, BadCredentials}, shared: true,
		note: "In reply to AUTH this is what an empty password gets; elsewhere it passes."},
	{words: "Mailbox cannot be accessed", allows: []Code{NoLicensedMailbox, SMTPAuthOffMailbox}},
	{status: "5.0.0", words: "Authentication Fail", allows: []Code{SuspiciousSignIn, ConditionalAccess, BadCredentials},
		note: "The code was made up by the client library; the server's own words are missing."},
}
