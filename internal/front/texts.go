package front

// The replies that a session can end in or pass through, which Microsoft
// documents or which sign-ins and submissions were seen to get. What each of
// them means for a tenant is package diagnose's business. {from}, {login} and
// {id} are filled in from the session. Refusals get the session's tag when they
// are sent.
var (
	SignedIn       = Text{newer: reply(235, "2.7.0 Authentication successful")}
	SMTPAuthOffOrg = refused("SmtpClientAuthentication is disabled for the Tenant. " +
		"Visit https://aka.ms/smtp_auth_disabled for more information.")
	SMTPAuthOffMailbox = refused("SmtpClientAuthentication is disabled for the Mailbox. " +
		"Visit https://aka.ms/smtp_auth_disabled for more information.")
	SecurityDefaults = refused("user is locked by your organization's security defaults policy. " +
		"Contact your administrator.")
	CriteriaNotMet = refused("the request did not meet the criteria to be authenticated successfully. " +
		"Contact your administrator.")
	CredentialsIncorrect  = refused("the user credentials were incorrect.")
	AccountLocked         = refused("account locked. Contact your administrator.")
	AccountIssue          = refused("account has an issue. Contact your administrator.")
	BasicAuthDisabled     = refused("basic authentication is disabled.")
	BasicAuthRetired      = Text{newer: reply(550, "5.7.30 Basic authentication is not supported for Client Submission.")}
	FederationUnreachable = refused("federated STS service was unreachable.")
	FederationNoTLS       = refused("the federated STS URL does not support HTTPS.")
	SignInRefused         = Text{newer: authUnsuccessful}
	MailboxInaccessible   = Text{newer: reply(550, "Mailbox cannot be accessed")}
	ProxyFailed           = Text{newer: reply(451, "4.7.0 Temporary server error. Please try again later. PRX4")}
	MechanismUnknown      = Text{newer: reply(504, "5.7.4 Unrecognized authentication type")}
	TLSTooOld             = Text{newer: reply(421, "4.7.66 TLS 1.0 and 1.1 are not supported. "+
		"Please upgrade/update your client to support TLS 1.2. Visit https://aka.ms/smtp_auth_tls.")}

	NotAuthenticated = Text{reply(530, "5.7.57 Client not authenticated to send mail."),
		reply(530, "5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM")}
	StartTLSRequired = Text{newer: reply(451, "5.7.3 STARTTLS is required to send mail")}
	InvalidHello     = Text{newer: reply(501, "5.5.4 Invalid domain name")}

	SenderOK     = Text{newer: reply(250, "2.1.0 Sender OK")}
	RecipientOK  = Text{newer: reply(250, "2.1.5 Recipient OK")}
	MessageOK    = Text{newer: reply(250, "2.0.0 OK <{id}@{mailbox-host}> [Hostname={mailbox-host}]")}
	SendAsDenied = Text{reply(554, "5.2.252 SendAsDenied; {login} not allowed to send as {from}; "+
		"STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; "+
		"Failed to process message due to a permanent exception with message Cannot submit message. "+
		"[Hostname={mailbox-host}]"),
		reply(550, "5.7.60 SMTP; Client does not have permissions to send as this sender")}
	ConcurrentConnections = Text{newer: reply(432, "4.3.2 Concurrent connections limit exceeded. "+
		"Visit https://aka.ms/concurrent_sending for more information. [Hostname={mailbox-host}]")}
	MailboxFull = Text{newer: reply(554, "5.2.2 Mailbox full. Visit https://aka.ms/mailboxfull")}
	LogonFailed = Text{newer: reply(430, "4.2.0 STOREDRV; mailbox logon failure; Failed to process message due to "+
		"a transient exception with message Cannot open mailbox. [Hostname={mailbox-host}]")}
)

// authUnsuccessful is what the older flavour said to every refused sign-in.
var authUnsuccessful = reply(535, "5.7.3 Authentication unsuccessful")

// What is said on the way, as sign-ins and submissions show it.
var (
	startTLSNow = reply(220, "2.0.0 SMTP server ready")
	sendNow     = reply(354, "Start mail input; end with <CRLF>.<CRLF>")
	goodbye     = reply(221, "2.0.0 Service closing transmission channel")
)

// What Exchange says to commands of which no gathered sign-in tells, most of
// them wrong. The words are those of Exchange's own SMTP service; unconfirmed
// for Microsoft 365.
var (
	resetDone  = reply(250, "2.0.0 Resetting")
	noopOK     = reply(250, "2.0.0 OK")
	chunkOK    = reply(250, "2.6.0 CHUNK received OK")
	cannotVRFY = reply(252, "2.1.5 Cannot VRFY user")

	unrecognized      = reply(500, "5.3.3 Unrecognized command 'unknown'")
	invalidSender     = reply(501, "5.1.7 Invalid address")
	invalidRecipient  = reply(501, "5.1.3 Invalid address")
	invalidArguments  = reply(501, "5.5.4 Invalid arguments")
	helloFirst        = reply(503, "5.5.2 Send hello first")
	needSender        = reply(503, "5.5.2 Need mail command")
	needRecipient     = reply(503, "5.5.2 Need rcpt command")
	badSequence       = reply(503, "5.5.2 Bad sequence of commands")
	tooManyRecipients = reply(452, "4.5.3 Too many recipients")
	tooLarge          = reply(552, "5.3.4 Message size exceeds fixed maximum message size")

	timedOut      = reply(421, "4.4.1 Connection timed out")
	dropped       = reply(421, "4.4.2 Connection dropped")
	lineTooLong   = reply(421, "4.7.0 Line too long, closing transmission channel")
	tooManyErrors = reply(421, "4.7.0 Too many errors on this connection, closing transmission channel")
	tooManyPeers  = reply(421, "4.3.2 The maximum number of concurrent server connections has exceeded a limit, "+
		"closing transmission channel")
)

// Temporary is said where something went wrong on the server's side.
var Temporary = reply(451, "4.7.0 Temporary server error. Please try again later.")
