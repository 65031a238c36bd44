package diagnose

const noteHidden = "The client hides the server's words. Switch its debug log on, or run a probe."

// clientSigns are what clients say themselves, without or in spite of a reply.
var clientSigns = []sign{
	// Passwords and sign-in.
	{words: "SMTP Error: Could not authenticate", client: true, note: noteHidden,
		allows: []Code{BadCredentials, SMTPAuthOffMailbox, STARTTLSNotUsed}},
	{words: "MailKit.Security.AuthenticationException: Authentication failed", client: true, note: noteHidden,
		allows: []Code{SMTPAuthOffMailbox, SMTPAuthOffOrg, BadCredentials, PerUserMFA, SecurityDefaults, ConditionalAccess}},
	{words: "Login not possible. Please check your setting", client: true, note: noteHidden,
		allows: []Code{BasicAuthOffConsumer, BadCredentials}},
	{words: "The server has returned the following message: Authentication unsuccessful", note: noteHidden,
		allows: []Code{OAuthTokenInvalid, SMTPAuthOffMailbox}},
	{words: "Failed to authenticate on SMTP server with username", client: true, note: noteHidden,
		allows: []Code{BadCredentials, SMTPAuthOffMailbox, SMTPAuthOffOrg, PerUserMFA, SecurityDefaults, ConditionalAccess}},
	{words: "curl: (67)", client: true, note: noteHidden,
		allows: []Code{BadCredentials, SMTPAuthOffMailbox, SMTPAuthOffOrg, PerUserMFA, SecurityDefaults, ConditionalAccess}},
	{words: "No authentication type succeeded", client: true, note: noteHidden,
		allows: []Code{BadCredentials, SMTPAuthOffMailbox, MechanismUnsupported}},
	{words: "SASL authentication failure: All-whitespace username", client: true,
		note: "The client's own SASL library refused the user name before anything was sent: it consists of blanks."},
	{words: "SMTP server connection is not working properly", client: true, note: noteHidden,
		allows: []Code{BadCredentials, SMTPAuthOffMailbox, PerUserMFA, ConditionalAccess, NetworkBlocked}},
	{words: "Transmission has failed", client: true, loose: true, note: noteHidden,
		allows: []Code{SendAsDenied, BadCredentials, NetworkBlocked}},
	{words: "504: Processing this request timed out", loose: true,
		note:   "The 504 is HTTP's, not SMTP's: the application waited for the sign-in and gave up.",
		allows: []Code{ConditionalAccess, NetworkBlocked}},
	{words: "requires a secure connection or the client was not authenticated", client: true, note: noteDotNet,
		allows: []Code{NotAuthenticated, STARTTLSNotUsed, BadCredentials, SMTPAuthOffMailbox}},
	{words: "MustIssueStartTlsFirst", client: true, note: noteDotNet,
		allows: []Code{NotAuthenticated, STARTTLSNotUsed, BadCredentials, SMTPAuthOffMailbox}},
	{words: "Unable to initialize SMTP properly", client: true, note: noteHidden,
		allows: []Code{InvalidHELO, NetworkBlocked}},

	// TLS.
	{words: "unencrypted connection", client: true, loose: true, allows: []Code{STARTTLSNotUsed},
		note: "The client will not send a password without TLS."},
	{words: "first record does not look like a TLS handshake", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "tls_validate_record_header:wrong version number", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "wrong version number", client: true, loose: true, allows: []Code{TLSImplicitOnSTARTTLSPort},
		note: "OpenSSL says this when plain text comes where it expects TLS; a proxy in between can be the reason too."},
	{words: "unable to connect to ssl://", and: ":587", client: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "Unrecognized SSL message, plaintext connection", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "Could not convert socket to TLS", client: true, allows: []Code{TLSHandshake}},
	{words: "potential protocol version downgrade attack", client: true, loose: true, allows: []Code{TLSHandshake}},
	{words: "certificate verify failed", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "unable to find valid certification path to requested target", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "x509: certificate", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "No appropriate protocol (protocol is disabled", client: true, loose: true, allows: []Code{TLSTooOld, TLSHandshake}},
	{words: "unsupported protocol", and: "SSL routines", client: true, loose: true, allows: []Code{TLSTooOld, TLSHandshake}},

	// The network.
	{words: "connect ETIMEDOUT", client: true, loose: true, names: NetworkBlocked},
	{words: "connect ECONNREFUSED", client: true, loose: true, names: NetworkBlocked},
	{words: "Unable to connect to the remote server", client: true, loose: true, names: NetworkBlocked},
	{words: "connected party did not properly respond after a period of time", client: true, loose: true, names: NetworkBlocked},
	{words: "Could not connect to SMTP host", client: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort, TLSHandshake}},
	{words: "Could not connect to SMTP host", and: "connect timed out", client: true, names: NetworkBlocked},
	{words: "Could not connect to SMTP host", and: "Connection refused", client: true, names: NetworkBlocked},
	{words: "Greeting never received", client: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort}},
	{words: "kind: WouldBlock", client: true, loose: true, allows: []Code{WrongEndpoint, TLSImplicitOnSTARTTLSPort, NetworkBlocked},
		note: "Nothing came in time: the port may be another service's, or it expects TLS at once."},
}

const noteDotNet = ".NET prints this for every 530, and goes on after a refused sign-in; the server's words after it decide, and they are missing."
