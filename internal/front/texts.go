package front

// Text names one reply of Microsoft's front end.
type Text string

// The replies that a session can end in or pass through. What each of them
// means for a tenant is package diagnose's business.
const (
	SignedIn              Text = "signed-in"
	SMTPAuthOffOrg        Text = "smtp-auth-off-org"
	SMTPAuthOffMailbox    Text = "smtp-auth-off-mailbox"
	SecurityDefaults      Text = "security-defaults"
	CriteriaNotMet        Text = "criteria-not-met"
	CredentialsIncorrect  Text = "credentials-incorrect"
	AccountLocked         Text = "account-locked"
	AccountIssue          Text = "account-issue"
	BasicAuthDisabled     Text = "basic-auth-disabled"
	BasicAuthRetired      Text = "basic-auth-retired"
	FederationUnreachable Text = "federation-unreachable"
	FederationNoTLS       Text = "federation-no-tls"
	SignInRefused         Text = "sign-in-refused"
	MailboxInaccessible   Text = "mailbox-inaccessible"
	ProxyFailed           Text = "proxy-failed"
	MechanismUnknown      Text = "mechanism-unknown"
	TLSTooOld             Text = "tls-too-old"

	NotAuthenticated Text = "not-authenticated"
	StartTLSRequired Text = "starttls-required"
	InvalidHello     Text = "invalid-hello"

	SenderOK              Text = "sender-ok"
	RecipientOK           Text = "recipient-ok"
	MessageOK             Text = "message-ok"
	SendAsDenied          Text = "send-as-denied"
	ConcurrentConnections Text = "concurrent-connections"
	MailboxFull           Text = "mailbox-full"
	LogonFailed           Text = "logon-failed"
)

// A text is one row: the words of a reply in the newer flavour and in the
// older one. Older is the zero Reply where the words never changed.
type text struct {
	Name  Text
	Newer Reply
	Older Reply
}

// authUnsuccessful is what the older flavour said to every refused sign-in.
var authUnsuccessful = Reply{Code: 535, Status: "5.7.3", Text: "Authentication unsuccessful"}

// texts is the table of replies that Microsoft documents or that sign-ins and
// submissions were seen to get. {from}, {login} and {id} are filled in from
// the session. Refusals get the session's tag when they are sent.
var texts = []text{
	{Name: SignedIn,
		Newer: Reply{Code: 235, Status: "2.7.0", Text: "Authentication successful"}},
	{Name: SMTPAuthOffOrg, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."}},
	{Name: SMTPAuthOffMailbox, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information."}},
	{Name: SecurityDefaults, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator."}},
	{Name: CriteriaNotMet, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator."}},
	{Name: CredentialsIncorrect, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, the user credentials were incorrect."}},
	{Name: AccountLocked, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, account locked. Contact your administrator."}},
	{Name: AccountIssue, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, account has an issue. Contact your administrator."}},
	{Name: BasicAuthDisabled, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, basic authentication is disabled."}},
	{Name: BasicAuthRetired,
		Newer: Reply{Code: 550, Status: "5.7.30", Text: "Basic authentication is not supported for Client Submission."}},
	{Name: FederationUnreachable, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, federated STS service was unreachable."}},
	{Name: FederationNoTLS, Older: authUnsuccessful,
		Newer: Reply{Code: 535, Status: "5.7.139", Text: "Authentication unsuccessful, the federated STS URL does not support HTTPS."}},
	{Name: SignInRefused, Newer: authUnsuccessful},
	{Name: MailboxInaccessible,
		Newer: Reply{Code: 550, Text: "Mailbox cannot be accessed"}},
	{Name: ProxyFailed,
		Newer: Reply{Code: 451, Status: "4.7.0", Text: "Temporary server error. Please try again later. PRX4"}},
	{Name: MechanismUnknown,
		Newer: Reply{Code: 504, Status: "5.7.4", Text: "Unrecognized authentication type"}},
	{Name: TLSTooOld,
		Newer: Reply{Code: 421, Status: "4.7.66", Text: "TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2. Visit https://aka.ms/smtp_auth_tls."}},

	{Name: NotAuthenticated,
		Newer: Reply{Code: 530, Status: "5.7.57", Text: "Client not authenticated to send mail."},
		Older: Reply{Code: 530, Status: "5.7.57", Text: "SMTP; Client was not authenticated to send anonymous mail during MAIL FROM"}},
	{Name: StartTLSRequired,
		Newer: Reply{Code: 451, Status: "5.7.3", Text: "STARTTLS is required to send mail"}},
	{Name: InvalidHello,
		Newer: Reply{Code: 501, Status: "5.5.4", Text: "Invalid domain name"}},

	{Name: SenderOK,
		Newer: Reply{Code: 250, Status: "2.1.0", Text: "Sender OK"}},
	{Name: RecipientOK,
		Newer: Reply{Code: 250, Status: "2.1.5", Text: "Recipient OK"}},
	{Name: MessageOK,
		Newer: Reply{Code: 250, Status: "2.0.0", Text: "OK <{id}@{mailbox-host}> [Hostname={mailbox-host}]"}},
	{Name: SendAsDenied,
		Newer: Reply{Code: 554, Status: "5.2.252", Text: "SendAsDenied; {login} not allowed to send as {from}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message Cannot submit message. [Hostname={mailbox-host}]"},
		Older: Reply{Code: 550, Status: "5.7.60", Text: "SMTP; Client does not have permissions to send as this sender"}},
	{Name: ConcurrentConnections,
		Newer: Reply{Code: 432, Status: "4.3.2", Text: "Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information. [Hostname={mailbox-host}]"}},
	{Name: MailboxFull,
		Newer: Reply{Code: 554, Status: "5.2.2", Text: "Mailbox full. Visit https://aka.ms/mailboxfull"}},
	{Name: LogonFailed,
		Newer: Reply{Code: 430, Status: "4.2.0", Text: "STOREDRV; mailbox logon failure; Failed to process message due to a transient exception with message Cannot open mailbox. [Hostname={mailbox-host}]"}},
}
