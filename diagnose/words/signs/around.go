package signs

import "smtpmend/diagnose/catalogue"

// A StageMark is, squeezed, a word by which clients say which command the
// reply answered.
type StageMark struct {
	Words string
	Stage catalogue.Stage
}

// StageMarks: the first that is there decides.
var StageMarks = []StageMark{
	{"afterendofdata", catalogue.StageSubmit},
	{"endofdatacommand", catalogue.StageSubmit},
	{"dataendcommand", catalogue.StageSubmit},
	{"inreplytorcptto", catalogue.StageSubmit},
	{"inreplytomailfrom", catalogue.StageSubmit},
	{"inreplytodata", catalogue.StageSubmit},
	{"inresponsetoauth", catalogue.StageAuth},
	{"saslauthenticationfailed", catalogue.StageAuth},
	{"authenticationexception", catalogue.StageAuth},
	{"authenticationerror", catalogue.StageAuth},
	{"authenticationfailedexception", catalogue.StageAuth},
	{"invalidlogin", catalogue.StageAuth},
	{"passwordcommandfailed", catalogue.StageAuth},
	{"authlogin", catalogue.StageAuth},
	{"authxoauth2", catalogue.StageAuth},
}

// Introduces are the words after which a bare code is the server's.
var Introduces = []string{
	"said", "code", "got", "responsecode", "response", "reply", "replied", "error", "err", "auth", "server", "login", "rcvd",
	"received", "answered", "answer", "returned", "from", "message", "failed", "with", "smtp", "was", "is", "email", "r", "s", "rx", "data", "rejected",
}

// Counts are words before a colon behind which a number counts something.
var Counts = []string{"port", "line", "size", "pid"}

// NotReplies are words after which three numbers with dots are a version or
// another system's status, not what the server said.
var NotReplies = []string{
	"version", "ver", "v", "release", "php", "phpmailer", "wordpress", "exim", "postfix", "sendmail", "mailkit", "mimekit",
	"nodemailer", "swiftmailer", "python", "perl", "ruby", "java", "javamail", "node", "go", "kernel", "linux", "plugin",
	"date", "firmware", "vom", "am", "tel", "box",
	"mysql", "curl", "openssl", "net", "framework", "dsn", "status", "dovecot", "android", "ios", "windows",
}

// LeadsOver are words of clients between a code and the rest of the reply.
var LeadsOver = []string{"response", "message", "detail", "additional smtp info"}

// Ends end a reply's words inside a log or an error's own text.
var Ends = []string{
	"(in reply to", "(in response to", "')", "\")", "',", "\",", "' ", "\"}", "'}", "\n\tat ", "\n   at ", "\n\n", "\nC: ", "\nS: ",
	"\n->", "\n~>", "\n ~>", "\n***", "\nCaused by", "\nQUIT", "\nTraceback", " SMTP code:", " (require:", " Additional SMTP info", "\\n",
}

// TokenToo stands, squeezed, in a message of Symfony that tells of one sign-in
// by several mechanisms, of which the last is XOAUTH2.
const TokenToo = "authenticatorxoauth2returned"
