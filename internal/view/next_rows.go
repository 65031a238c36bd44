package view

// What has to be new.
const (
	newTime     = "time has passed"
	newDone     = "somebody has done what is said"
	newApproval = "a person approves"
	newSignIn   = "an administrator signs in"
	newOver     = "the trouble is over"
	newReader   = "somebody else reads it"
	newName     = "the name is another"
	newServer   = "the server is another"
	newMessage  = "a message is sent"
	newAsked    = "the tenant is asked"
	newDevice   = "the device talks to this machine"
)

const (
	arriving = "Minutes are usual, an hour has been seen. This waits for it and changes nothing:"
	doneThen = "Once that is done, this waits until it works, with the mailbox that the device signs in as then:"
)

// Rows says what to do next, the first row that takes a situation being the
// one. Each follows from what just happened, not from the cause alone.
var Rows = []Row{
	// undo
	{"undo made", "What was sent may still be made. Wait some minutes, then:", []string{"undo JOURNAL"}, newTime},
	{"undo refused", "Somebody has changed it since. Compare it with the journal, and decide by hand.", nil, ""},
	{"undo declined", "To see it again:", []string{"undo JOURNAL"}, newApproval},
	{"undo planned", "To approve what is shown:", []string{"undo JOURNAL --yes"}, newApproval},
	{"undo failed", "Once what is named above is mended, the same again:", []string{"undo JOURNAL"}, newOver},
	{"undo", "", nil, ""},

	// What became of a change.
	{"fix put-back", "Nothing is changed any more; what was made had no effect. The Entra sign-in log (Client app = Authenticated SMTP) says why this mailbox is refused: start there.", nil, ""},
	{"fix stuck", "A change for everybody may still stand. Remove what keeps it from going back, then:", []string{"undo JOURNAL"}, newDone},
	{"fix diagnose kept", "Let the device send as a mailbox that does nothing but send, and diagnose that one.", nil, ""},
	{"fix hearsay", "Nothing was changed. Hear the cloud's own server:", []string{"fix MAILBOX"}, newServer},
	{"fix declined", "Nothing was changed. To see the plan again:", []string{"fix MAILBOX"}, newApproval},
	{"fix planned", "Nothing was changed. To approve just this:", []string{"fix MAILBOX APPROVED"}, newApproval},
	{"fix refused", "Nothing was changed. This prints the commands for somebody who may:", []string{"fix MAILBOX --powershell"}, newReader},
	{"fix healthy delivered arrived", "Now send a test from the device. Where that fails, point it at this and press test:", []string{"listen"}, newDevice},

	// The name and the password.
	{"other-name fix", "Try the sign-in with the name that the account has:", []string{"fix NAME"}, newName},
	{"other-name", "Try the sign-in with the name that the account has:", []string{"diagnose NAME"}, newName},
	{"wrong-password listen", "Type the right password into the device, then press test once: repeated refusals lock the account.", nil, ""},
	{"wrong-password explain", "Do not try it again before that is done: repeated refusals lock the account.", nil, ""},
	{"wrong-password", "Do that first: the same password again could lock the account. Then run this again with the right one.", nil, ""},
	{"no-password", "Type the password at the prompt of a terminal, set SMTPMEND_PASSWORD, or name a file with --password-file; then run this again. Without it, smtpmend diagnose MAILBOX --reply TEXT judges the error text that the device shows.", nil, ""},

	// A token that smtpmend got itself. What Entra refuses of our asking is no
	// reason to change anything.
	{"elsewhere elsewhere-app failed", "Once that is over, the same again:", []string{"diagnose MAILBOX"}, newOver},
	{"elsewhere", "Sign in with the browser instead:", []string{"diagnose MAILBOX --oauth browser"}, newSignIn},
	{"elsewhere-app", "Let the application sign in by itself instead:", []string{"diagnose MAILBOX --oauth client-certificate"}, newDone},
	{"by-oauth failed", "Once that is over, the same again:", []string{"diagnose MAILBOX"}, newOver},
	{"by-oauth delivered", "A message went all the way. Let the device, or the relay before it, sign in with OAuth.", nil, ""},
	{"by-oauth healthy", "A whole message proves the rest; this sends one to the mailbox itself:", []string{"probe MAILBOX --send"}, newMessage},
	{"by-oauth probe verify", "Which link is missing:", []string{"diagnose MAILBOX"}, newAsked},
	{"by-oauth nobody", "An administrator's sign-in shows which link is missing:", []string{"diagnose MAILBOX --auth device-code"}, newSignIn},
	{"by-oauth unread unsure unknown", "Once what is named above may be read, the same again:", []string{"diagnose MAILBOX"}, newDone},
	{"by-oauth unsure unknown", "A right that was given lately takes 30 minutes to two hours to count. This waits for it and changes nothing:", []string{"verify MAILBOX SENDING"}, newTime},
	{"by-oauth", "Once that is done, this waits until it works:", []string{"verify MAILBOX SENDING"}, newDone},

	// Interrupted, or an API is down.
	{"failed fix made arrived", "What was changed stands, unless somebody has put it back since. " + arriving, []string{"verify MAILBOX SENDING"}, newTime},
	{"failed fix", "Once that is over, the same again:", []string{"fix MAILBOX"}, newOver},
	{"failed diagnose", "Once that is over, this asks again:", []string{"diagnose MAILBOX --reply REPLY"}, newOver},
	{"failed probe", "Once that is over, the same again:", []string{"probe MAILBOX"}, newOver},
	{"failed verify", "Once that is over, the same again:", []string{"verify MAILBOX SENDING"}, newOver},
	{"failed listen", "Let the device send again.", nil, ""},

	// explain: a text alone; whose mailbox it is is not taken from it.
	{"explain healthy", "", nil, ""},
	{"explain other-provider", "Ask whoever runs that server. Microsoft 365 is smtp.office365.com, port 587, with STARTTLS.", nil, ""},
	{"explain device-fault", "Let the device send to this machine; it shows what the device really does:", []string{"listen"}, newDevice},
	{"explain named who-admin who-owner who-device who-network who-wait", "Once that is done, run smtpmend verify MAILBOX, with the mailbox that signs in: it waits until it works.", nil, ""},
	{"explain", "Run smtpmend diagnose MAILBOX with the mailbox that signs in: it tries, and asks the tenant. Without its password add --reply TEXT with these words.", nil, ""},

	// listen: what a device did, and what the service said to it.
	{"listen healthy not-tried", "Point the device back at smtp.office365.com, port 587, STARTTLS. If Microsoft still refuses it, have its own sign-in handed on, or try the mailbox from here:", []string{"listen --forward", "diagnose MAILBOX"}, newDevice},
	{"listen healthy", "Point the device back at smtp.office365.com, port 587, STARTTLS.", nil, ""},
	{"listen not-tried unsure unknown", "Let the device try again, with its sign-in handed on:", []string{"listen --forward"}, newDevice},
	{"listen device-fault", "Set that in the device's menu, then press test again.", nil, ""},
	{"listen named who-tool", "This shows the change, asks, makes it and tries again:", []string{"fix MAILBOX"}, newSignIn},
	{"listen unsure unknown", "This asks the tenant, without another sign-in:", []string{"diagnose MAILBOX --reply REPLY"}, newSignIn},
	{"listen", "Once that is done, press test at the device again.", nil, ""},

	{"delivered", "The service took a message from here. Where the device still fails, point it at this and press test:", []string{"listen"}, newDevice},
	{"healthy", "The mailbox works from here. Where the device still fails, point it at this and press test; --send sends a message all the way:", []string{"listen"}, newDevice},

	// An attempt that asked no tenant leads to one that does.
	{"probe", "What it means, and what to do:", []string{"diagnose MAILBOX --reply REPLY"}, ""},
	{"verify", "What stands in the way now:", []string{"diagnose MAILBOX --reply REPLY"}, ""},

	// diagnose and fix.
	{"made", "The change is made and has not reached the mail servers yet. " + arriving, []string{"verify MAILBOX SENDING"}, newTime},
	{"contradicted", "The setting is right already. Either it has not reached the mail servers yet, or the device signs in with another mailbox. " + arriving, []string{"verify MAILBOX SENDING"}, newTime},
	{"unsure nobody", "An administrator's sign-in tells them apart, without another try of the password. The second line writes the text for handing it over:", []string{"diagnose MAILBOX --reply REPLY --auth browser", "diagnose MAILBOX --reply REPLY --auth none --for-admin"}, newSignIn},
	{"unsure", "CHECK A setting that was changed within the last hour may not have arrived yet.", nil, ""},
	{"diagnose unknown not-tried", "These words tell too little; those of the service itself stand in the device's own log. Or point the device at this and press test, to see what it really does:", []string{"listen"}, newDevice},
	{"unknown", "The Entra sign-in log (Client app = Authenticated SMTP) says why this mailbox is refused; with the server's words and this time an administrator finds the attempt.", nil, ""},
	{"other-provider", "Another server than Microsoft's answered. Microsoft 365 is smtp.office365.com, port 587, with STARTTLS.", nil, ""},
	{"device-fault", "Once the device is set so, point it at this and press test:", []string{"listen"}, newDevice},
	{"nobody who-tool", "With an administrator's sign-in smtpmend mends it. The second line writes the text for handing it over:", []string{"fix MAILBOX --auth browser", "diagnose MAILBOX --reply REPLY --auth none --for-admin"}, newSignIn},
	{"nobody who-admin", "The first line writes the text for the administrator; once it is done, the second waits until it works:", []string{"diagnose MAILBOX --reply REPLY --auth none --for-admin", "verify MAILBOX SENDING"}, newReader},
	{"unread who-tool", "The setting could not be read, so nothing is changed on a guess. This writes the text for somebody who may:", []string{"diagnose MAILBOX --reply REPLY --auth none --for-admin"}, newReader},
	{"diagnose who-tool", "This shows the change, asks, makes it and tries again:", []string{"fix MAILBOX"}, ""},
	{"fix who-tool", "Once that is done, the same again:", []string{"fix MAILBOX"}, newDone},
	{"", doneThen, []string{"verify MAILBOX SENDING"}, newDone},
}
