package words

// noteDevice is for devices that show words or a code of their own.
const noteDevice = "The device hides the server's reply. Its own log or job report may show it; else let it send through `smtpmend listen --forward`, which writes every reply down."

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
var deviceSigns = []sign{
	// Ricoh. The cloud connectors show the same words for other services.
	{words: "Authentication Failed: Account is locked", client: true, names: "account-locked",
		note: "Stop whatever repeats the sign-in: every further attempt prolongs the lock."},
	{words: "Cannot Connect to Office365 Service", client: true, allows: []Code{"network-blocked"}, note: noteDevice},
	{words: "Authentication Failed: Incorrect User Name or Password", client: true, allows: afterHidden, note: noteDevice},
	{words: "Authentication with the destination has failed", client: true, loose: true, allows: afterHidden, note: noteDevice},
	{words: "Transmission has failed", client: true, loose: true, allows: []Code{"send-as-denied", "bad-credentials", "network-blocked"}, note: noteDevice},

	// Sharp, in the test of its OAuth sign-in.
	{words: "Token update failed", client: true, allows: []Code{"oauth-token-invalid"},
		note: "The device could not renew its token: delete the token on the device and get a new one."},

	// Any maker's.
	{words: "SMTP server not responding", client: true, allows: deviceUnreached, note: noteDevice},
	{words: "Server connection failed", client: true, loose: true, allows: deviceUnreached, note: noteDevice},
	{words: "Login to server", and: "failed", client: true, loose: true, allows: afterHidden, note: noteDevice},
	{words: "Transmission error", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "System Failure", and: "LaserJet", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Canon", and: "#80…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Canon", and: "#81…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Canon", and: "#83…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Canon", and: "#84…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Canon", and: "error 80…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Kyocera", and: "110…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Kyocera", and: "310…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Brother", and: "TS-0…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Sharp", and: "CE-…", client: true, loose: true, allows: deviceHidden, note: noteDevice},
	{words: "Xerox", and: "016-…", client: true, loose: true, allows: deviceHidden, note: noteDevice},

	// Controllers: Beckhoff TwinCAT and Schneider Electric.
	{words: "Authentication type not supported by smtp server", client: true, allows: noMechanism, note: noteNoMechanism},
	{words: "Server Response got no username request", client: true, allows: []Code{"starttls-not-used", "mechanism-unsupported"}, note: noteDevice},
	{words: "SMTP MAIL request unsuccessful", client: true, allows: []Code{"not-authenticated", "starttls-not-used", "send-as-denied"}, note: noteDevice},
}
