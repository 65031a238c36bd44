package words

const noteHidden = "The client hides the server's words. Switch its debug log on, or run a probe."

// afterHidden is for a refused sign-in whose reply the client hides.
var afterHidden = []Code{"bad-credentials", "smtp-auth-off-mailbox", "smtp-auth-off-org", "per-user-mfa", "security-defaults", "conditional-access"}

var (
	// noMechanism is for a client that finds nothing in the server's list that
	// it is set to use.
	noMechanism = []Code{"mechanism-unsupported", "starttls-not-used", "wrong-endpoint"}
	// afterToken is for a client that got no token and keeps the reason elsewhere.
	afterToken = []Code{"oauth-client-secret", "oauth-token-invalid", "oauth-scope-missing", "oauth-app-not-found"}
)

const (
	noteNoMechanism = "The client found nothing that it is set to use in the server's list. Microsoft 365 offers LOGIN and XOAUTH2, and only after STARTTLS."
	noteUnset       = "The application has no user name or no password for this server, and sent nothing."
)

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
	{words: "504: Processing this request timed out", loose: true,
		note:   "The 504 is HTTP's, not SMTP's: the application waited for the sign-in and gave up.",
		allows: []Code{"conditional-access", "network-blocked"}},
	{words: "requires a secure connection or the client was not authenticated", client: true, note: noteDotNet,
		allows: []Code{"not-authenticated", "starttls-not-used", "bad-credentials", "smtp-auth-off-mailbox"}},
	{words: "requires a secure connection or the client was not authenticated", and: "5.7.57", client: true, names: "not-authenticated"},
	{words: "SmtpException: Failure sending mail", client: true, note: noteInner,
		allows: []Code{"network-blocked", "tls-implicit-on-starttls-port", "tls-handshake"}},
	{words: "Mailbox unavailable. The server response was", client: true, ours: true, note: noteDotNet550,
		allows: []Code{"recipient-refused", "send-as-denied", "relay-denied", "sender-blocked"}},
	{words: "MustIssueStartTlsFirst", client: true, note: noteDotNet,
		allows: []Code{"not-authenticated", "starttls-not-used", "bad-credentials", "smtp-auth-off-mailbox"}},
	{words: "No compatible authentication mechanism…", client: true, loose: true, note: noteNoAuth,
		allows: []Code{"starttls-not-used", "wrong-endpoint", "mechanism-unsupported"}},
	{words: "No authentication mechanisms supported by both server and client", client: true, loose: true, note: noteNoAuth,
		allows: []Code{"starttls-not-used", "wrong-endpoint", "mechanism-unsupported"}},
	{words: "using 0 possible authenticators", and: "Failed to authenticate on SMTP server", client: true, allows: noMechanism, note: noteNoMechanism},
	{words: "Failed to find an authenticator supported by the SMTP server", client: true, allows: noMechanism, note: noteNoMechanism},
	{words: "offered no supported AUTH mechanisms", client: true, allows: noMechanism, note: noteNoMechanism},
	{words: "offered no supported AUTH mechanisms: LOGIN XOAUTH2", client: true, names: "mechanism-unsupported",
		note: "The list is that of Microsoft 365: the client's SASL library lacks the module for LOGIN or for XOAUTH2."},
	{words: "server does not support SMTP AUTH", client: true, allows: []Code{"starttls-not-used", "wrong-endpoint"}, note: noteNoAuth},
	{words: "server does not support SMTP AUTH type", client: true, allows: []Code{"mechanism-unsupported", "wrong-endpoint"}, note: noteNoMechanism},
	{words: "No suitable authentication method found", client: true, loose: true, allows: noMechanism, note: noteNoMechanism},
	{words: "No supported authentication methods found", client: true, loose: true, allows: noMechanism, note: noteNoMechanism},
	{words: "cannot find a usable authentication method", client: true, allows: noMechanism, note: noteNoMechanism},
	{words: "cannot use a secure authentication method", client: true, allows: []Code{"starttls-not-used", "mechanism-unsupported"}, note: noteNoAuth},
	{words: "No authenticators available", client: true, loose: true, allows: noMechanism, note: noteNoMechanism},
	{words: "No SASL mechanism found", client: true, loose: true, allows: noMechanism, note: noteNoMechanism},
	{words: "Auth not attempted", client: true, allows: noMechanism, note: noteNoMechanism},
	{words: "The requested authentication method", and: "is not supported by the server", client: true, loose: true, allows: noMechanism, note: noteNoMechanism},
	{words: "does not seem to support encrypted passwords", client: true, allows: []Code{"mechanism-unsupported"},
		note: "Thunderbird's encrypted password is CRAM-MD5 or NTLM; Microsoft 365 takes OAuth2, or a normal password over TLS."},
	{words: "does not support the selected authentication method", client: true, loose: true, allows: noMechanism, note: noteNoMechanism},
	{words: "SMTP authentication requires SASL", client: true, allows: []Code{"mechanism-unsupported"},
		note: "The mail program was built without a SASL library and cannot sign in at all."},
	{words: "Host did not advertise authentication", client: true, allows: []Code{"starttls-not-used", "wrong-endpoint"}, note: noteNoAuth},
	{words: "Authentication is not allowed at this stage", client: true, allows: []Code{"starttls-not-used", "wrong-endpoint"}, note: noteNoAuth},
	{words: "Missing credentials for", client: true, loose: true, allows: []Code{"bad-credentials"}, note: noteUnset},
	{words: "SMTP-AUTH requested but missing", client: true, allows: []Code{"bad-credentials"}, note: noteUnset},
	{words: "Unable to authenticate to Outgoing server (SMTP)", client: true, allows: afterHidden, note: noteHidden},
	{words: "SMTP authentication failed. Please check your account and password", client: true, allows: afterHidden, note: noteHidden},
	{words: "The sender address", and: "was rejected by the server", client: true, loose: true, allows: []Code{"send-as-denied"}, note: noteHidden},
	{words: "Failure reason: Error validating credentials due to invalid username or password", client: true, names: "bad-credentials"},
	{words: "SMTP connect() failed", client: true, note: noteHidden,
		allows: []Code{"network-blocked", "bad-credentials", "smtp-auth-off-mailbox", "tls-handshake"}},
	{words: "Unable to initialize SMTP properly", client: true, note: noteHidden,
		allows: []Code{"invalid-helo", "network-blocked"}},

	// Outlook and Windows Mail: the number stays where the sentence is translated.
	{words: "0x800CCC78", client: true, note: noteOutlook,
		allows: []Code{"not-authenticated", "send-as-denied", "bad-credentials", "smtp-auth-off-mailbox"}},
	{words: "0x800CCC79", client: true, note: noteOutlook,
		allows: []Code{"not-authenticated", "recipient-refused", "relay-denied"}},
	{words: "0x800CCC92", client: true, allows: afterHidden,
		note: "Outlook says this of a refused sign-in, of the incoming server as a rule."},
	{words: "0x800CCC0F", client: true, note: noteClosed,
		allows: []Code{"temporary", "network-blocked", "tls-implicit-on-starttls-port"}},
}

const (
	noteDotNet    = ".NET prints this for every 530, and goes on after a refused sign-in; the server's words after it decide, and they are missing."
	noteDotNet550 = ".NET prints this for every 550; the server's words after it decide."
	noteInner     = "The inner exception, which follows \" ---> \", tells why."
	noteOutlook   = "The server's words, which Outlook shows as the server's response, decide."
)
