package signs

// noteWebHost is for the greeting of cPanel, which is no proof that Microsoft
// 365 was asked.
const noteWebHost = "If Microsoft 365 was asked, a web host caught the connection, and Microsoft 365 never saw it."

// notSignedIn is for a device that says that the server wants a sign-in.
var notSignedIn = []Code{"not-authenticated", "starttls-not-used"}

// otherSigns are the words of servers that are not Microsoft 365. What a device
// could print as its own says beside that what it leaves open then.
var otherSigns = []Sign{
	// Google.
	{Words: "gsmtp", Other: true},
	{Status: "5.7.30", Words: "DKIM authentication didn't pass", Other: true},
	{Words: "support.google.com/mail", Other: true},
	{Words: "Username and Password not accepted", Other: true},
	{Words: "Application-specific password required", Other: true},
	{Words: "Please log in with your web browser", Other: true},
	{Words: "Please log in via your web browser", Other: true},
	{Words: "Authentication Required. Learn more", Other: true},
	{Status: "5.5.1", Words: "Authentication Required. Learn more at", And: "answer.py?answer=14257", Allows: []Code{"not-authenticated"}, Shared: true,
		Note: "The words are Google's, not those of Microsoft 365; they say that the client did not sign in."},
	{Words: "Must issue a STARTTLS command first", Other: true, Allows: []Code{"starttls-not-used"}},

	// Postfix, Dovecot, Exim, Sendmail, OpenSMTPD and what is built on them.
	{Status: "5.7.8", Other: true},
	{Words: "Error: authentication failed", Other: true, Allows: afterHidden},
	{Words: "Incorrect authentication data", Other: true},
	{Words: "Too many concurrent SMTP connections", Other: true},
	{Words: "Client host rejected", Other: true},
	{Words: "Sender address rejected", Other: true},
	{Words: "Recipient address rejected", Other: true},
	{Words: "Helo command rejected", Other: true},
	{Words: "Relay access denied", Other: true},
	{Words: "relay not permitted", Other: true},
	{Words: "Relaying denied", Other: true},
	{Words: "Temporary authentication failure", Other: true, Allows: []Code{"temporary"}},
	{Words: "Service unavailable; Client host", And: "blocked using", Other: true},
	{Code: 220, Words: "ESMTP Exim", Other: true, Note: noteWebHost},
	{Words: "We do not authorize the use of this system to transport unsolicited", Other: true, Note: noteWebHost},
	{Code: 220, Words: "ESMTP Postfix", Other: true},
	{Code: 220, Words: "ESMTP Sendmail", Other: true},
	{Code: 220, Words: "ESMTP OpenSMTPD", Other: true},

	// Exchange on the premises, and Windows' own SMTP service.
	{Words: "Unable to relay recipient in non-accepted domain", Other: true},
	{Words: "Unable to relay", Other: true},
	{Words: "Client does not have permission to submit mail to this server", Other: true},
	{Words: "Client does not have permissions to submit", Other: true},
	{Code: 250, Words: "X-ANONYMOUSTLS", Other: true, Note: notePremises},
	{Code: 250, Words: "X-EXPS", Other: true, Note: notePremises},
	{Code: 250, Words: "AUTH GSSAPI NTLM", Other: true, Note: notePremises},
	{Code: 250, Words: "AUTH NTLM", Other: true, Note: notePremises},
	{Status: "5.5.4", Words: "Invalid Address", Other: true},

	// Mail services and hosts.
	{Words: "AUTH command used when not advertised", Other: true},
	{Status: "4.3.0", Words: "gsmtp", Other: true},
	{Words: "Throttling failure: Daily message quota exceeded", Other: true},
	{Words: "This mail server requires authentication when attempting to send to a non-local e-mail address", Other: true},
	{Words: "help.yahoo.com", Other: true},
	{Words: "(#AUTH005)", Other: true},
	{Words: "mail from address must be same as authorization user", Other: true},
	{Words: "Mail from must equal authorized user", Other: true},
	{Words: "Please enter your authorization code to login", Other: true},
	{Words: "service.mail.qq.com", Other: true},
	{Words: "Email address is not verified", Other: true},
	{Words: "Authentication Credentials Invalid", Other: true, Allows: afterHidden},
	{Words: "The provided authorization grant is invalid, expired, or revoked", Other: true},
	{Words: "Maximum credits exceeded", Other: true},
	{Words: "Sender is not allowed to relay emails", Other: true},
	{Words: "not owned by auth user", Other: true},
	{Words: "does not match a verified Sender Identity", Other: true},
	{Words: "Unauthorized IP address", Other: true},
	{Words: "Relaying disallowed", Other: true},
	{Words: "User has no permission", Other: true, Allows: []Code{"send-as-denied", "smtp-auth-off-mailbox", "oauth-mailbox-permission-missing"}},
	{Words: "under suspicion of SPAM", Other: true},
	{Words: "invalid username or password", Other: true, Allows: afterHidden},
	{Words: "permanent failure for one or more recipients", Other: true},
	{Code: 535, Words: "Authentication failed", Other: true, Allows: afterHidden},
	{Code: 451, Words: "Could not authenticate", Other: true},
	{Code: 535, Status: "5.7.0", Other: true},
	{Code: 535, Status: "5.7.1", Wordy: true, Other: true},
	{Status: "5.7.11", Other: true},
	{Code: 503, Words: "AUTH command used when not advertised", Other: true},
	{Code: 530, Words: "Authentication required", Other: true, Allows: notSignedIn},
	{Code: 550, Words: "Authentication required", Other: true, Allows: notSignedIn},
	{Status: "5.7.0", Words: "Authentication required", Other: true, Allows: notSignedIn},

	// Microsoft 365 begins every 535 with "Authentication unsuccessful", its
	// 530 says that the client is not authenticated, and the others it does
	// not use for submission.
	{Code: 525, Wordy: true, Other: true},
	{Code: 530, Wordy: true, Other: true, Allows: notSignedIn},
	{Code: 534, Wordy: true, Other: true, Allows: afterHidden},
	{Code: 535, Wordy: true, Other: true, Allows: afterHidden},
	{Code: 538, Wordy: true, Other: true, Allows: []Code{"starttls-not-used"}},
}

const notePremises = "The capabilities are those of an Exchange server on the premises."

// healthySigns are acceptances. They decide only where nothing was refused.
var healthySigns = []Sign{
	{Code: 235, Words: "Authentication succe…", Healthy: true},
	{Code: 235, Status: "2.7.0", Healthy: true},
	{Code: 250, Status: "2.0.0", Words: "OK <", Healthy: true},
	{Code: 250, Status: "2.6.0", Words: "Queued mail for delivery", Healthy: true},
	{Code: 220, Words: "outlook.office365.com Microsoft ESMTP MAIL Service ready", Healthy: true},
	{Code: 220, Words: "outlook.office365.us Microsoft ESMTP MAIL Service ready", Healthy: true},
	{Code: 220, Words: "partner.outlook.cn Microsoft ESMTP MAIL Service ready", Healthy: true},
	{Code: 220, Words: "outlook.com Microsoft ESMTP MAIL Service ready", Healthy: true},
	{Code: 220, Words: "Microsoft ESMTP MAIL Service ready", Other: true,
		Note: "The greeting is of Exchange, but its host is not Microsoft's: a server on the premises."},
}
