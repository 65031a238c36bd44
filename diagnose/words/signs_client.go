package words

const noteHidden = "The client hides the server's words. Switch its debug log on, or run a probe."

// afterHidden is for a refused sign-in whose reply the client hides.
var afterHidden = []Code{"bad-credentials", "smtp-auth-off-mailbox", "smtp-auth-off-org", "per-user-mfa", "security-defaults", "conditional-access"}

// clientSigns are what clients say themselves, without or in spite of a reply.
var clientSigns = []sign{
	// Passwords and sign-in.
	{words: "SMTP Error: Could not authenticate", client: true, note: noteHidden,
		allows: []Code{"bad-credentials", "smtp-auth-off-mailbox", "starttls-not-used"}},
	{words: "MailKit.Security.AuthenticationException: Authentication failed", client: true, note: noteHidden,
		allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org", "bad-credentials", "per-user-mfa", "security-defaults", "conditional-access"}},
	{words: "Login not possible. Please check your setting", client: true, note: noteHidden,
		allows: []Code{"basic-auth-off-consumer", "bad-credentials"}},
	{words: "The server has returned the following message: Authentication unsuccessful", note: noteHidden,
		allows: []Code{"oauth-token-invalid", "smtp-auth-off-mailbox"}},
	{words: "Failed to authenticate on SMTP server with username", client: true, note: noteHidden,
		allows: afterHidden},
	{words: "curl: (67)", client: true, note: noteHidden,
		allows: afterHidden},
	{words: "No authentication type succeeded", client: true, note: noteHidden,
		allows: []Code{"bad-credentials", "smtp-auth-off-mailbox", "mechanism-unsupported"}},
	{words: "SASL authentication failure: All-whitespace username", client: true,
		note: "The client's own SASL library refused the user name before anything was sent: it consists of blanks."},
	{words: "SMTP server connection is not working properly", client: true, note: noteHidden,
		allows: []Code{"bad-credentials", "smtp-auth-off-mailbox", "per-user-mfa", "conditional-access", "network-blocked"}},
	{words: "Transmission has failed", client: true, loose: true, note: noteHidden,
		allows: []Code{"send-as-denied", "bad-credentials", "network-blocked"}},
	{words: "504: Processing this request timed out", loose: true,
		note:   "The 504 is HTTP's, not SMTP's: the application waited for the sign-in and gave up.",
		allows: []Code{"conditional-access", "network-blocked"}},
	{words: "requires a secure connection or the client was not authenticated", client: true, note: noteDotNet,
		allows: []Code{"not-authenticated", "starttls-not-used", "bad-credentials", "smtp-auth-off-mailbox"}},
	{words: "MustIssueStartTlsFirst", client: true, note: noteDotNet,
		allows: []Code{"not-authenticated", "starttls-not-used", "bad-credentials", "smtp-auth-off-mailbox"}},
	{words: "No compatible authentication mechanism…", client: true, loose: true, note: noteNoAuth,
		allows: []Code{"starttls-not-used", "wrong-endpoint", "mechanism-unsupported"}},
	{words: "No authentication mechanisms supported by both server and client", client: true, loose: true, note: noteNoAuth,
		allows: []Code{"starttls-not-used", "wrong-endpoint", "mechanism-unsupported"}},
	{words: "Login to server", and: "failed", client: true, loose: true, allows: afterHidden, note: noteHidden},
	{words: "Unable to authenticate to Outgoing server (SMTP)", client: true, allows: afterHidden, note: noteHidden},
	{words: "SMTP authentication failed. Please check your account and password", client: true, allows: afterHidden, note: noteHidden},
	{words: "The sender address", and: "was rejected by the server", client: true, loose: true, allows: []Code{"send-as-denied"}, note: noteHidden},
	{words: "Failure reason: Error validating credentials due to invalid username or password", client: true, names: "bad-credentials"},
	{words: "SMTP connect() failed", client: true, note: noteHidden,
		allows: []Code{"network-blocked", "bad-credentials", "smtp-auth-off-mailbox", "tls-handshake"}},
	{words: "Unable to initialize SMTP properly", client: true, note: noteHidden,
		allows: []Code{"invalid-helo", "network-blocked"}},
}

const noteDotNet = ".NET prints this for every 530, and goes on after a refused sign-in; the server's words after it decide, and they are missing."
