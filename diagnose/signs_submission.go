package diagnose

// submissionSigns are replies to MAIL FROM, RCPT TO and DATA, and what a
// non-delivery report carries of them.
var submissionSigns = []sign{
	{words: "Client does not have permissions to send as this sender", names: SendAsDenied},
	{status: "5.2.252", words: "SendAsDenied", names: SendAsDenied},
	{words: "SendAsDeniedException", names: SendAsDenied},
	{words: "SendAsDenied", allows: []Code{SendAsDenied}},
	{words: "not allowed to send as", names: SendAsDenied},

	{words: "Sender throttled due to continuous", names: Throttled,
		note: "The pause follows repeated errors; cure what the reply names, or it comes back."},
	{words: "Sender throttled due to continuous send as denied errors", names: Throttled,
		note: "The pause follows repeated send-as-denied errors: set From to the mailbox that signs in, or it comes back."},
	{words: "recipient thread limit exceeded", names: Throttled},
	{words: "sender thread limit exceeded", names: ConcurrentConnections},
	{words: "Organization queue quota exceeded", names: Throttled},
	{words: "reached your daily limit for message recipients", names: Throttled},
	{words: "has exceeded the maximum number of connections", names: Throttled},
	{words: "per hour message receive limit exceeded", names: Throttled},
	{status: "4.7.500", words: "Server busy", names: Throttled},
	{words: "SubmissionQuotaExceeded", names: Throttled},
	{words: "OutboundSpamException", allows: []Code{SenderBlocked, Throttled}},
	{words: "OutboundSpamException", and: "RefuseQuota", allows: []Code{Throttled, SenderBlocked}},
	{words: "Concurrent connections limit exceeded", names: ConcurrentConnections},
	{words: "aka.ms/concurrent_sending", names: ConcurrentConnections},

	{words: "Access denied, tenant has exceeded threshold", names: SenderBlocked},
	{words: "Access denied, traffic not accepted from this IP", names: SenderBlocked,
		note: "In spite of the words it is the tenant's reputation as a rule, not the address."},
	{words: "Access denied, spam abuse detected", names: SenderBlocked},
	{words: "Access denied, bad outbound sender", names: SenderBlocked},
	{words: "Service unavailable. Client host blocked from sending from unregistered domains", names: SenderBlocked},
	{status: "5.7.750", allows: []Code{SenderBlocked}},
	{status: "5.7.708", allows: []Code{SenderBlocked}},
	{status: "5.7.705", allows: []Code{SenderBlocked}},
	{status: "5.7.501", allows: []Code{SenderBlocked}},

	{words: "TenantAttribution; Relay Access Denied", names: RelayDenied},
	{words: "TenantAttribution", names: RelayDenied},
	{words: "Mail sent to the wrong Office 365 region", names: RelayDenied},

	{status: "5.2.2", words: "mailbox full", and: "STOREDRV.Submission", names: MailboxFull},
	{words: "aka.ms/mailboxfull", names: MailboxFull},
	{status: "5.2.2", words: "mailbox full", and: "aka.ms/mailboxfull", names: MailboxFull},
	{words: "QuotaExceededException.MapiExceptionQuotaExceeded", names: MailboxFull},
	{status: "5.2.2", words: "mailbox full", allows: []Code{MailboxFull, RecipientRefused}},

	{words: "Sender not in allowed-senders list", names: RecipientRefused},
	{status: "5.4.1", words: "Recipient address rejected: Access denied", names: RecipientRefused},
	{words: "RESOLVER.RST.AuthRequired; authentication required", allows: []Code{RecipientRefused, NotAuthenticated}},
	{words: "RESOLVER.RST.AuthRequired", allows: []Code{RecipientRefused, NotAuthenticated}},
	{words: "RESOLVER.RST.SenderNotAuthenticated", allows: []Code{RecipientRefused, NotAuthenticated}},
	{words: "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", allows: []Code{RecipientRefused, NotAuthenticated}},
	{words: "RESOLVER.ADR.RecipientNotFound", names: RecipientRefused},
	{words: "RESOLVER.ADR.RecipNotFound", names: RecipientRefused},
	{words: "RESOLVER.RST.NotAuthorized", names: RecipientRefused},

	{words: "does not pass DMARC verification", names: MessageRefused},
	{words: "doesn't meet the required authentication level", names: MessageRefused},

	{words: "Temporary server error", names: Temporary},
	{words: "Access denied, please try again later", names: Temporary},
	{words: "Insufficient system resources", names: Temporary},
	{words: "Message failed to be replicated", names: Temporary},
	{stage: StageSubmit, words: "Temporary server error. Please try again later", and: "PRX4", allows: []Code{Temporary}, shared: true},
}
