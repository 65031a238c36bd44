package front

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
