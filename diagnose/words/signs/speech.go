package signs

// Hearsay is a regular expression of what people write about a refusal that
// they do not get, got once, or read about. No server and no client writes it
// around a reply.
const Hearsay = `(?i)\b(?:(?:it|this|that)(?: is|'s) not|isn't|(?:not|isn't) (?:the|an) (?:error|reply|message)|` +
	`(?:do|does|did)(?:n't| not) (?:get|see|say|show)|never (?:got|get|saw|see|said|says)|no longer|i (?:now |only )?(?:get|see)\b.{1,60}(?:instead of|rather than)|` +
	`any ?more|went away|(?:is|has|was|been) (?:gone|fixed|solved|resolved)|nicht mehr|n'avons plus|` +
	`(?:we|i) never had|there is no|without any|ruled out|not this error|differs? from|yesterday|last week|previously|before (?:i|we)|` +
	`(?:does|could|is) it\b.{0,20}(?:be|true)|is it possible that i|how do i|ist das|will get|(?:to )?expect|according to|my colleague|thread title|e\.g\.|lists|` +
	`(?:is|=) false|` +
	`i(?:'ve| have)? read|i (?:assume|assumed|guess|suppose)|if (?:i|you|we)|(?:docs|documentation|article|page|manual) (?:say|says|said)|means?)\b|\bdoes\W*$`

// HearsayMarks are in small letters: whatever Hearsay matches holds one of them.
var HearsayMarks = []string{
	"not", "n't", "never ", "no longer", "instead of", "rather than", "more", "went away", "gone", "fixed", "solved", "mehr", "avons",
	"there is no", "without any", "ruled out", "differ", "yesterday", "last week", "previously", "before ", "does", "could", "is it", "how do i",
	"ist das", "will get", "expect", "according to", "colleague", "thread title", "e.g.", "lists", "false", "read", "assume", "guess", "suppose",
	"if ", "docs", "documentation", "article", "page", "manual", "mean",
}

// Subjects name the subject of a message; what follows is a stranger's.
var Subjects = []string{"subject", "betreff", "objet", "asunto", "oggetto", "assunto", "temat", "onderwerp"}

// Heads open lines of a message that hold names.
var Heads = []string{"to", "from", "cc"}

// Owners stand before a name in quotes.
var Owners = []string{"user", "username", "login", "account"}

// Copies introduce, in a bounce, the message that it is about.
var Copies = []string{"original message", "below this line is a copy of the message", "message/rfc822", "forwarded message"}

// Announces are words before a colon behind which the refusal itself follows:
// "we no longer see this error: 535 ..." is one clause.
var Announces = []string{"error", "errors", "reply", "response", "message", "get", "see", "say", "this"}

// MailWords tell that a text is about the submission of mail; FetchWords that
// it is about fetching it, or about another service.
var (
	MailWords  = []string{"smtp", "mail", "starttls", ":587", ":465", ":25 ", "port 587", "port=587", "port 465", "port 25"}
	FetchWords = []string{"imap", "pop3", ":993", ":995", ":143", ":110", "mysql", "sqlexception", "ldap", "nginx", "graph.microsoft", "ssh:", "scp:", "redis", "kafka"}
)

// SignInTalk is what refusals of a sign-in speak of.
var SignInTalk = []string{
	"auth", "login", "logon", "log in", "sign", "password", "credential", "account", "user", "denied", "reject", "relay", "access", "require",
	"encrypt", "tls", "mechanism", "permission", "invalid", "block", "limit", "sender",
}

// Neutral are words that say nothing about what was asked, where they stand
// before the words of a network client.
var Neutral = []string{
	"alert", "because", "algorithm", "inner", "number", "protocol", "componentmodel", "cause", "call", "cert", "certificate", "chain",
	"client", "code", "curl", "connect", "connection", "dial", "fatal", "failed", "get", "handshake", "java", "javax", "level", "message",
	"net", "received", "reason", "remote", "routines", "security", "self", "signed", "socket", "sslv3", "system", "tcp", "the", "time",
	"timeout", "tls", "tlsv1", "unable", "verify", "version", "was", "wrong", "library", "function", "record", "kind", "lettre", "sun",
	"authentication",
}

// NamesOfErrors is a regular expression of what languages call their errors;
// such words say as little.
const NamesOfErrors = `(?i)err|exception|ssl|schannel|gnutls|sspi`

// InLogs stand in lines of a log that are worth reading: a mail
// server says what another said, .NET speaks in a script without ASCII (its
// Russian says "SMTP-", Cyrillic and a comma), Entra gives a code or a record.
var InLogs = []string{"said:", "smtp error from remote", "diagnostic-code: smtp", "smtpexception", "smtp- ,", "aadsts", "authenticated smtp"}

// RefusalCodes are the codes with which mail servers refuse (RFC 5321 section
// 4.2.3, RFC 4954 section 6, RFC 3207, and those that Microsoft 365 was seen to
// use beside them).
var RefusalCodes = []int{
	421, 430, 432, 450, 451, 452, 454, 455, 458,
	500, 501, 502, 503, 504, 521, 523, 524, 525, 530, 534, 535, 538, 541, 550, 551, 552, 553, 554, 555, 556,
}

// Notes that qualify a verdict.
const (
	NoteHearsay = "The sentence speaks of a refusal and seems to deny it, or tells what others say; the words of the server that stand today say more."
	NoteReasons = "The text holds refusals for different reasons; the last comes first here."
	NoteCodes   = "The text holds several codes of Entra's; the last comes first here."
	NoteDevice  = "These are the words of the device or the app, which hides what the server said."
	NoteOwn     = "The client asked its own machine, not Microsoft 365."
	NoteGreeted = "The text names a host of Microsoft 365, but the greeting is another server's."
	// Of whom a code of Entra's meets.
	NoteSignIn = "The code is Entra's, from the token endpoint or the sign-in log, not the mail server's."
	NoteToken  = "Entra gives this code to whoever asks for a token, before the mail server is reached; a sign-in with a password does not meet it."
)
