package words

// noteWebHost is for the greeting of cPanel, which is no proof that Microsoft
// 365 was asked.
const noteWebHost = "If Microsoft 365 was asked, a web host caught the connection, and Microsoft 365 never saw it."

// notSignedIn is for a device that says that the server wants a sign-in.
var notSignedIn = []Code{"not-authenticated", "starttls-not-used"}

// otherSigns are the words of servers that are not Microsoft 365. What a device
// could print as its own says beside that what it leaves open then.
var otherSigns = []sign{
	// Google.
	{words: "gsmtp", is: OtherProvider},
	{status: "5.7.30", words: "DKIM authentication didn't pass", is: OtherProvider},
	{words: "support.google.com/mail", is: OtherProvider},
	{words: "Username and Password not accepted", is: OtherProvider},
	{words: "Application-specific password required", is: OtherProvider},
	{words: "Please log in with your web browser", is: OtherProvider},
	{words: "Please log in via your web browser", is: OtherProvider},
	{words: "Authentication Required. Learn more", is: OtherProvider},
	{status: "5.5.1", words: "Authentication Required. Learn more at", and: "answer.py?answer=14257", allows: []Code{"not-authenticated"}, shared: true,
		note: "The words are Google's, not those of Microsoft 365; they say that the client did not sign in."},
	{words: "Must issue a STARTTLS command first", is: OtherProvider, allows: []Code{"starttls-not-used"}},

	// Postfix, Dovecot, Exim, Sendmail, OpenSMTPD and what is built on them.
	{status: "5.7.8", is: OtherProvider},
	{words: "Error: authentication failed", is: OtherProvider, allows: afterHidden},
	{words: "Incorrect authentication data", is: OtherProvider},
	{words: "Too many concurrent SMTP connections", is: OtherProvider},
	{words: "Client host rejected", is: OtherProvider},
	{words: "Sender address rejected", is: OtherProvider},
	{words: "Recipient address rejected", is: OtherProvider},
	{words: "Helo command rejected", is: OtherProvider},
	{words: "Relay access denied", is: OtherProvider},
	{words: "relay not permitted", is: OtherProvider},
	{words: "Relaying denied", is: OtherProvider},
	{words: "Temporary authentication failure", is: OtherProvider, allows: []Code{"temporary"}},
	{words: "Service unavailable; Client host", and: "blocked using", is: OtherProvider},
	{code: 220, words: "ESMTP Exim", is: OtherProvider, note: noteWebHost},
	{words: "We do not authorize the use of this system to transport unsolicited", is: OtherProvider, note: noteWebHost},
	{code: 220, words: "ESMTP Postfix", is: OtherProvider},
	{code: 220, words: "ESMTP Sendmail", is: OtherProvider},
	{code: 220, words: "ESMTP OpenSMTPD", is: OtherProvider},

	// Exchange on the premises, and Windows' own SMTP service.
	{words: "Unable to relay recipient in non-accepted domain", is: OtherProvider},
	{words: "Unable to relay", is: OtherProvider},
	{words: "Client does not have permission to submit mail to this server", is: OtherProvider},
	{words: "Client does not have permissions to submit", is: OtherProvider},
	{code: 250, words: "X-ANONYMOUSTLS", is: OtherProvider, note: notePremises},
	{code: 250, words: "X-EXPS", is: OtherProvider, note: notePremises},
	{code: 250, words: "AUTH GSSAPI NTLM", is: OtherProvider, note: notePremises},
	{code: 250, words: "AUTH NTLM", is: OtherProvider, note: notePremises},
	{status: "5.5.4", words: "Invalid Address", is: OtherProvider},

	// Mail services and hosts.
	{words: "help.yahoo.com", is: OtherProvider},
	{words: "(#AUTH005)", is: OtherProvider},
	{words: "mail from address must be same as authorization user", is: OtherProvider},
	{words: "Mail from must equal authorized user", is: OtherProvider},
	{words: "Please enter your authorization code to login", is: OtherProvider},
	{words: "service.mail.qq.com", is: OtherProvider},
	{words: "Email address is not verified", is: OtherProvider},
	{words: "Authentication Credentials Invalid", is: OtherProvider, allows: afterHidden},
	{words: "The provided authorization grant is invalid, expired, or revoked", is: OtherProvider},
	{words: "Maximum credits exceeded", is: OtherProvider},
	{words: "Sender is not allowed to relay emails", is: OtherProvider},
	{words: "not owned by auth user", is: OtherProvider},
	{words: "does not match a verified Sender Identity", is: OtherProvider},
	{words: "Unauthorized IP address", is: OtherProvider},
	{words: "Relaying disallowed", is: OtherProvider},
	{words: "User has no permission", is: OtherProvider, allows: []Code{"send-as-denied", "smtp-auth-off-mailbox", "oauth-mailbox-permission-missing"}},
	{words: "under suspicion of SPAM", is: OtherProvider},
	{words: "invalid username or password", is: OtherProvider, allows: afterHidden},
	{words: "permanent failure for one or more recipients", is: OtherProvider},
	{code: 535, words: "Authentication failed", is: OtherProvider, allows: afterHidden},
	{code: 451, words: "Could not authenticate", is: OtherProvider},
	{code: 535, status: "5.7.0", is: OtherProvider},
	{code: 535, status: "5.7.1", is: OtherProvider},
	{status: "5.7.11", is: OtherProvider},
	{code: 503, words: "AUTH command used when not advertised", is: OtherProvider},
	{code: 530, words: "Authentication required", is: OtherProvider, allows: notSignedIn},
	{code: 550, words: "Authentication required", is: OtherProvider, allows: notSignedIn},
	{status: "5.7.0", words: "Authentication required", is: OtherProvider, allows: notSignedIn},

	// Microsoft 365 begins every 535 with "Authentication unsuccessful", its
	// 530 says that the client is not authenticated, and the others it does
	// not use for submission.
	{code: 525, wordy: true, is: OtherProvider},
	{code: 530, wordy: true, is: OtherProvider, allows: notSignedIn},
	{code: 534, wordy: true, is: OtherProvider, allows: afterHidden},
	{code: 535, wordy: true, is: OtherProvider, allows: afterHidden},
	{code: 538, wordy: true, is: OtherProvider, allows: []Code{"starttls-not-used"}},
}

const notePremises = "The capabilities are those of an Exchange server on the premises."

// healthySigns are acceptances. They decide only where nothing was refused.
var healthySigns = []sign{
	{code: 235, words: "Authentication succe…", is: Healthy},
	{code: 235, status: "2.7.0", is: Healthy},
	{code: 250, status: "2.0.0", words: "OK <", is: Healthy},
	{code: 250, status: "2.6.0", words: "Queued mail for delivery", is: Healthy},
	{code: 220, words: "outlook.office365.com Microsoft ESMTP MAIL Service ready", is: Healthy},
	{code: 220, words: "outlook.office365.us Microsoft ESMTP MAIL Service ready", is: Healthy},
	{code: 220, words: "partner.outlook.cn Microsoft ESMTP MAIL Service ready", is: Healthy},
	{code: 220, words: "outlook.com Microsoft ESMTP MAIL Service ready", is: Healthy},
	{code: 220, words: "Microsoft ESMTP MAIL Service ready", is: OtherProvider,
		note: "The greeting is of Exchange, but its host is not Microsoft's: a server on the premises."},
}
