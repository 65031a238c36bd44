package words

// connectionSigns are replies about TLS, EHLO and a missing sign-in.
var connectionSigns = []sign{
	{words: "Client was not authenticated to send anonymous mail", names: "not-authenticated"},
	{words: "Client not authenticated to send mail", names: "not-authenticated"},
	{status: "5.7.57", allows: []Code{"not-authenticated"}},
	{status: "5.7.1", words: "Client was not authenticated", allows: []Code{"not-authenticated"}, shared: true,
		note: "These are the words of an Exchange server on the premises; Microsoft 365 says 5.7.57."},
	{words: "STARTTLS is required to send mail", names: "starttls-not-used",
		note: "Azure Communication Services uses the same words."},
	{status: "5.7.3", words: "STARTTLS is requ…", allows: []Code{"starttls-not-used"}},
	{words: "TLS 1.0 and 1.1 are not supported", names: "tls-too-old"},
	{words: "aka.ms/smtp_auth_tls", names: "tls-too-old"},
	{status: "4.7.66", allows: []Code{"tls-too-old"}},
	{status: "5.5.4", words: "Invalid domain name", names: "invalid-helo"},
	{words: "Syntactically invalid HELO argument", allows: []Code{"invalid-helo"}, shared: true,
		note: "These are Exim's words; Microsoft 365 says 501 5.5.4 Invalid domain name."},
	{words: "Syntactically invalid EHLO argument", allows: []Code{"invalid-helo"}, shared: true,
		note: "These are Exim's words; Microsoft 365 says 501 5.5.4 Invalid domain name."},
	{status: "5.7.1", words: "blocked using Spamhaus", and: "Service unavailable, Client host", names: "ip-blocked"},
	{words: "using Customer Block list", names: "ip-blocked",
		note: "The recipient's organisation blocks the address, not Microsoft; only it can lift the block."},
	{words: "banned sending IP", names: "ip-blocked"},
	{words: "Access denied, banned sender", allows: []Code{"ip-blocked", "sender-blocked"}},
	{status: "5.7.511", words: "Access denied, banned sender", names: "ip-blocked"},
	{words: "temporarily rate limited due to IP reputation", names: "ip-blocked"},
	{words: "part of their network is on our block list", names: "ip-blocked"},
	{code: 220, words: "ESMTP Exim", and: "#", names: "smtp-intercepted", note: noteCPanel},
	{words: "We do not authorize the use of this system to transport unsolicited", names: "smtp-intercepted", note: noteCPanel},
}

const noteCPanel = "The greeting is that of a web host, which catches outgoing SMTP; Microsoft 365 never saw this connection."
