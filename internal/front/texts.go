package front

// A Text is one reply of Microsoft's front end: its words in the newer flavour
// and in the older one, where they changed. Texts can be compared; the zero
// value is none.
type Text struct{ newer, older Reply }

// Say returns a text in the given flavour.
func Say(t Text, flavour Flavour) Reply {
	if flavour == Older && t.older.Code != 0 {
		return t.older
	}
	return t.newer
}

func reply(code int, text string) Reply { return Reply{Code: code, Text: text} }

// authUnsuccessful is what the older flavour said to every refused sign-in.
var authUnsuccessful = reply(535, "5.7.3 Authentication unsuccessful")

// refused is a refusal of a sign-in that names its reason in the newer flavour.
func refused(reason string) Text {
	return Text{reply(535, "5.7.139 Authentication unsuccessful, "+reason), authUnsuccessful}
}

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
