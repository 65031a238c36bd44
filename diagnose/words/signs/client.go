package signs

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
var clientSigns = []Sign{
	// Passwords and sign-in.
	{Words: "SMTP Error: Could not authenticate", Client: true, Note: noteHidden,
		Allows: []Code{"bad-credentials", "smtp-auth-off-mailbox", "starttls-not-used"}},
	{Words: "MailKit.Security.AuthenticationException: Authentication failed", Client: true, Note: noteHidden,
		Allows: []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org", "bad-credentials", "per-user-mfa", "security-defaults", "conditional-access"}},
	{Words: "Login not possible. Please check your setting", Client: true, Note: noteHidden,
		Allows: []Code{"basic-auth-off-consumer", "bad-credentials"}},
	{Words: "The server has returned the following message: Authentication unsuccessful", Note: noteHidden,
		Allows: []Code{"oauth-token-invalid", "smtp-auth-off-mailbox"}},
	{Words: "Failed to authenticate on SMTP server with username", Client: true, Note: noteHidden,
		Allows: afterHidden},
	{Words: "no mechanism available", Client: true, Shared: true, Allows: []Code{"mechanism-unsupported"}, Note: noteSASL},
	{Words: "No worthy mechs found", Client: true, Names: "mechanism-unsupported", Note: noteSASL},
	{Words: "need username and password for authentication", And: "password=<null>", Client: true, Allows: []Code{"not-authenticated"},
		Note: "JavaMail was given no password."},
	{Words: "error code: 535", Client: true, Note: noteHidden, Allows: afterHidden},
	{Words: "SMTP Error: data not accepted", Client: true, Note: noteHidden,
		Allows: []Code{"send-as-denied", "sender-blocked", "message-refused", "throttled"}},
	{Words: "curl: (67)", Client: true, Note: noteHidden,
		Allows: afterHidden},
	{Words: "No authentication type succeeded", Client: true, Note: noteHidden,
		Allows: []Code{"bad-credentials", "smtp-auth-off-mailbox", "mechanism-unsupported"}},
	{Words: "SASL authentication failure: All-whitespace username", Client: true,
		Note: "The client's own SASL library refused the user name before anything was sent: it consists of blanks."},
	{Words: "SMTP server connection is not working properly", Client: true, Note: noteHidden,
		Allows: []Code{"bad-credentials", "smtp-auth-off-mailbox", "per-user-mfa", "conditional-access", "network-blocked"}},
	{Words: "504: Processing this request timed out", Loose: true,
		Note:   "The 504 is HTTP's, not SMTP's: the application waited for the sign-in and gave up.",
		Allows: []Code{"conditional-access", "network-blocked"}},
	{Words: "requires a secure connection or the client was not authenticated", Client: true, Note: noteDotNet,
		Allows: []Code{"not-authenticated", "starttls-not-used", "bad-credentials", "smtp-auth-off-mailbox"}},
	{Words: "requires a secure connection or the client was not authenticated", And: "5.7.57", Client: true, Names: "not-authenticated"},
	{Words: "SmtpException: Failure sending mail", Client: true, Note: noteInner,
		Allows: []Code{"network-blocked", "tls-implicit-on-starttls-port", "tls-handshake"}},
	{Words: "Mailbox unavailable. The server response was", Client: true, Ours: true, Note: noteDotNet550,
		Allows: []Code{"recipient-refused", "send-as-denied", "relay-denied", "sender-blocked"}},
	{Words: "MustIssueStartTlsFirst", Client: true, Note: noteDotNet,
		Allows: []Code{"not-authenticated", "starttls-not-used", "bad-credentials", "smtp-auth-off-mailbox"}},
	{Words: "No compatible authentication mechanism…", Client: true, Loose: true, Note: noteNoAuth,
		Allows: []Code{"starttls-not-used", "wrong-endpoint", "mechanism-unsupported"}},
	{Words: "No authentication mechanisms supported by both server and client", Client: true, Loose: true, Note: noteNoAuth,
		Allows: []Code{"starttls-not-used", "wrong-endpoint", "mechanism-unsupported"}},
	{Words: "using 0 possible authenticators", And: "Failed to authenticate on SMTP server", Client: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "Failed to find an authenticator supported by the SMTP server", Client: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "offered no supported AUTH mechanisms", Client: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "offered no supported AUTH mechanisms: LOGIN XOAUTH2", Client: true, Names: "mechanism-unsupported",
		Note: "The list is that of Microsoft 365: the client's SASL library lacks the module for LOGIN or for XOAUTH2."},
	{Words: "server does not support SMTP AUTH", Client: true, Allows: []Code{"starttls-not-used", "wrong-endpoint"}, Note: noteNoAuth},
	{Words: "server does not support SMTP AUTH type", Client: true, Allows: []Code{"mechanism-unsupported", "wrong-endpoint"}, Note: noteNoMechanism},
	{Words: "No suitable authentication method found", Client: true, Loose: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "No supported authentication methods found", Client: true, Loose: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "cannot find a usable authentication method", Client: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "cannot use a secure authentication method", Client: true, Allows: []Code{"starttls-not-used", "mechanism-unsupported"}, Note: noteNoAuth},
	{Words: "No authenticators available", Client: true, Loose: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "No SASL mechanism found", Client: true, Loose: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "Auth not attempted", Client: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "The requested authentication method", And: "is not supported by the server", Client: true, Loose: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "does not seem to support encrypted passwords", Client: true, Allows: []Code{"mechanism-unsupported"},
		Note: "Thunderbird's encrypted password is CRAM-MD5 or NTLM; Microsoft 365 takes OAuth2, or a normal password over TLS."},
	{Words: "does not support the selected authentication method", Client: true, Loose: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "SMTP authentication requires SASL", Client: true, Allows: []Code{"mechanism-unsupported"},
		Note: "The mail program was built without a SASL library and cannot sign in at all."},
	{Words: "Host did not advertise authentication", Client: true, Allows: []Code{"starttls-not-used", "wrong-endpoint"}, Note: noteNoAuth},
	{Words: "Authentication is not allowed at this stage", Client: true, Allows: []Code{"starttls-not-used", "wrong-endpoint"}, Note: noteNoAuth},
	{Words: "Missing credentials for", Client: true, Loose: true, Allows: []Code{"bad-credentials"}, Note: noteUnset},
	{Words: "SMTP-AUTH requested but missing", Client: true, Allows: []Code{"bad-credentials"}, Note: noteUnset},
	{Words: "Unable to authenticate to Outgoing server (SMTP)", Client: true, Allows: afterHidden, Note: noteHidden},
	{Words: "SMTP authentication failed. Please check your account and password", Client: true, Allows: afterHidden, Note: noteHidden},
	{Words: "The sender address", And: "was rejected by the server", Client: true, Loose: true, Allows: []Code{"send-as-denied"}, Note: noteHidden},
	{Words: "Failure reason: Error validating credentials due to invalid username or password", Client: true, Names: "bad-credentials"},
	{Words: "SMTP connect() failed", Client: true, Note: noteHidden,
		Allows: []Code{"network-blocked", "bad-credentials", "smtp-auth-off-mailbox", "tls-handshake"}},
	{Words: "Unable to initialize SMTP properly", Client: true, Note: noteHidden,
		Allows: []Code{"invalid-helo", "network-blocked"}},

	// Outlook and Windows Mail: the number stays where the sentence is translated.
	{Words: "0x800CCC78", Client: true, Note: noteOutlook,
		Allows: []Code{"not-authenticated", "send-as-denied", "bad-credentials", "smtp-auth-off-mailbox"}},
	{Words: "0x800CCC79", Client: true, Note: noteOutlook,
		Allows: []Code{"not-authenticated", "recipient-refused", "relay-denied"}},
	{Words: "0x800CCC92", Client: true, Allows: afterHidden,
		Note: "Outlook says this of a refused sign-in, of the incoming server as a rule."},
	{Words: "0x800CCC0F", Client: true, Note: noteClosed,
		Allows: []Code{"temporary", "network-blocked", "tls-implicit-on-starttls-port"}},
}

const (
	noteDotNet    = ".NET prints this for every 530, and goes on after a refused sign-in; the server's words after it decide, and they are missing."
	noteDotNet550 = ".NET prints this for every 550; the server's words after it decide."
	noteInner     = "The inner exception, which follows \" ---> \", tells why."
	noteOutlook   = "The server's words, which Outlook shows as the server's response, decide."
)

const noteSASL = "The client's own SASL library has no mechanism that the server offers: a module for LOGIN or PLAIN is missing on its machine."
