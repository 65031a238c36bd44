package signs

// NotePanel is for devices that show words or a code of their own.
const NotePanel = "The device hides the server's reply. Its own log or job report may show it; else let it send through `smtpmend listen --forward`, which writes every reply down."

var (
	// deviceHidden is for a code or a word that does not even say how far the
	// device came.
	deviceHidden = []Code{"bad-credentials", "smtp-auth-off-mailbox", "security-defaults", "not-authenticated", "starttls-not-used", "tls-too-old", "network-blocked"}
	// deviceUnreached is for a device that says it got no answer.
	deviceUnreached = []Code{"network-blocked", "wrong-endpoint", "tls-implicit-on-starttls-port"}
)

// deviceSigns are the words on the panels of printers and controllers. The
// codes of a maker stand beside its name; what each of them means no source
// shows, so they only say that the reply is hidden.
var deviceSigns = []Sign{
	// Ricoh. The cloud connectors show the same words for other services.
	{Words: "Authentication Failed: Account is locked", Client: true, Loose: true, Names: "account-locked",
		Note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{Words: "Cannot Connect to Office365 Service", Client: true, Allows: []Code{"network-blocked"}, Note: NotePanel},
	{Words: "Authentication failed", And: "smtp.office365.com", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Login failed", And: "smtp.office365.com", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Authentication Error", And: "smtp.office365.com", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Username or password is incorrect", And: "smtp.office365.com", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "SMTP authentication failure", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Die Anmeldung am SMTP-Server", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "connection timed out", And: "smtp.office365.com", Client: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "did not respond", And: "smtp.office365.com", Client: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "Connection to SMTP server failed", And: "smtp.office365.com", Client: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "Failed to connect to mail server", And: "smtp.office365.com", Client: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "Zeitüberschreitung", And: "smtp.office365.com", Client: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "Authentication Failed: Incorrect User Name or Password", Client: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Authentication with the destination has failed", Client: true, Loose: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Transmission has failed", Client: true, Loose: true, Allows: []Code{"send-as-denied", "bad-credentials", "network-blocked"}, Note: NotePanel},

	// Sharp, in the test of its OAuth sign-in.
	{Words: "Token update failed", Client: true, Allows: []Code{"oauth-token-invalid"},
		Note: "The device could not renew its token: delete the token on the device and get a new one."},

	// Any maker's.
	{Words: "SMTP server not responding", Client: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "Server connection failed", Client: true, Loose: true, Allows: deviceUnreached, Note: NotePanel},
	{Words: "Login to server", And: "failed", Client: true, Loose: true, Allows: afterHidden, Note: NotePanel},
	{Words: "Transmission error", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "System Failure", And: "LaserJet", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Canon", And: "#80…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Canon", And: "#81…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Canon", And: "#83…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Canon", And: "#84…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Canon", And: "error 80…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Kyocera", And: "110…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Kyocera", And: "310…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Brother", And: "TS-0…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Sharp", And: "CE-…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},
	{Words: "Xerox", And: "016-…", Client: true, Loose: true, Allows: deviceHidden, Note: NotePanel},

	// Controllers: Beckhoff TwinCAT and Schneider Electric.
	{Words: "Authentication type not supported by smtp server", Client: true, Allows: noMechanism, Note: noteNoMechanism},
	{Words: "Server Response got no username request", Client: true, Allows: []Code{"starttls-not-used", "mechanism-unsupported"}, Note: NotePanel},
	{Words: "SMTP MAIL request unsuccessful", Client: true, Allows: []Code{"not-authenticated", "starttls-not-used", "send-as-denied"}, Note: NotePanel},
}
