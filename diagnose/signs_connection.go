package diagnose

// connectionSigns are replies about TLS, EHLO and a missing sign-in.
var connectionSigns = []sign{
	{words: "Client was not authenticated to send anonymous mail", names: NotAuthenticated},
	{words: "Client not authenticated to send mail", names: NotAuthenticated},
	{status: "5.7.57", allows: []Code{NotAuthenticated}},
	{status: "5.7.1", words: "Client was not authenticated", allows: []Code{NotAuthenticated}, shared: true,
		note: "These are the words of an Exchange server on the premises; Microsoft 365 says 5.7.57."},
	{words: "STARTTLS is required to send mail", names: STARTTLSNotUsed,
		note: "Azure Communication Services uses the same words."},
	{status: "5.7.3", words: "STARTTLS is requ", allows: []Code{STARTTLSNotUsed}},
	{words: "TLS 1.0 and 1.1 are not supported", names: TLSTooOld},
	{words: "aka.ms/smtp_auth_tls", names: TLSTooOld},
	{status: "4.7.66", allows: []Code{TLSTooOld}},
	{status: "5.5.4", words: "Invalid domain name", names: InvalidHELO},
	{words: "Syntactically invalid HELO argument", allows: []Code{InvalidHELO}, shared: true,
		note: "These are Exim's words; Microsoft 365 says 501 5.5.4 Invalid domain name."},
	{words: "Syntactically invalid EHLO argument", allows: []Code{InvalidHELO}, shared: true,
		note: "These are Exim's words; Microsoft 365 says 501 5.5.4 Invalid domain name."},
	{status: "5.7.1", words: "blocked using Spamhaus", and: "Service unavailable, Client host", names: IPBlocked},
	{words: "using Customer Block list", names: IPBlocked,
		note: "The recipient's organisation blocks the address, not Microsoft; only it can lift the block."},
	{words: "banned sending IP", names: IPBlocked},
	{words: "Access denied, banned sender", allows: []Code{IPBlocked, SenderBlocked}},
	{status: "5.7.511", words: "Access denied, banned sender", names: IPBlocked},
	{words: "temporarily rate limited due to IP reputation", names: IPBlocked},
	{words: "part of their network is on our block list", names: IPBlocked},
	{code: 220, words: "ESMTP Exim", and: "#", names: SMTPIntercepted, note: noteCPanel},
	{words: "We do not authorize the use of this system to transport unsolicited", names: SMTPIntercepted, note: noteCPanel},
}

const noteCPanel = "The greeting is that of a web host, which catches outgoing SMTP; Microsoft 365 never saw this connection."
