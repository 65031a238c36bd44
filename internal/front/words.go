package front

import (
	"slices"
	"strings"
)

// announcedSize is Microsoft's limit for a message, 150 MiB.
const announcedSize = 157286400

// capabilities is what EHLO is answered with, in this order since 2017 at
// least. {tls} is STARTTLS before TLS and AUTH after it, never both.
var capabilities = []string{
	"SIZE {size}",
	"PIPELINING",
	"DSN",
	"ENHANCEDSTATUSCODES",
	"{tls}",
	"8BITMIME",
	"BINARYMIME",
	"CHUNKING",
	"SMTPUTF8",
}

// mechanisms is what AUTH takes.
var mechanisms = []string{"LOGIN", "XOAUTH2"}

// Offers reports whether Microsoft takes a mechanism, in upper or lower case.
func Offers(mechanism string) bool { return slices.Contains(mechanisms, strings.ToUpper(mechanism)) }

// What is said on the way, as sign-ins and submissions show it.
var (
	startTLSNow = Reply{Code: 220, Status: "2.0.0", Text: "SMTP server ready"}
	sendNow     = Reply{Code: 354, Text: "Start mail input; end with <CRLF>.<CRLF>"}
	goodbye     = Reply{Code: 221, Status: "2.0.0", Text: "Service closing transmission channel"}
)

// What Exchange says to commands of which no gathered sign-in tells, most of
// them wrong. The words are those of Exchange's own SMTP service; unconfirmed
// for Microsoft 365.
var (
	resetDone  = Reply{Code: 250, Status: "2.0.0", Text: "Resetting"}
	noopOK     = Reply{Code: 250, Status: "2.0.0", Text: "OK"}
	chunkOK    = Reply{Code: 250, Status: "2.6.0", Text: "CHUNK received OK"}
	cannotVRFY = Reply{Code: 252, Status: "2.1.5", Text: "Cannot VRFY user"}

	unrecognized      = Reply{Code: 500, Status: "5.3.3", Text: "Unrecognized command 'unknown'"}
	invalidSender     = Reply{Code: 501, Status: "5.1.7", Text: "Invalid address"}
	invalidRecipient  = Reply{Code: 501, Status: "5.1.3", Text: "Invalid address"}
	invalidArguments  = Reply{Code: 501, Status: "5.5.4", Text: "Invalid arguments"}
	helloFirst        = Reply{Code: 503, Status: "5.5.2", Text: "Send hello first"}
	needSender        = Reply{Code: 503, Status: "5.5.2", Text: "Need mail command"}
	needRecipient     = Reply{Code: 503, Status: "5.5.2", Text: "Need rcpt command"}
	badSequence       = Reply{Code: 503, Status: "5.5.2", Text: "Bad sequence of commands"}
	tooManyRecipients = Reply{Code: 452, Status: "4.5.3", Text: "Too many recipients"}
	tooLarge          = Reply{Code: 552, Status: "5.3.4", Text: "Message size exceeds fixed maximum message size"}

	timedOut      = Reply{Code: 421, Status: "4.4.1", Text: "Connection timed out"}
	dropped       = Reply{Code: 421, Status: "4.4.2", Text: "Connection dropped"}
	lineTooLong   = Reply{Code: 421, Status: "4.7.0", Text: "Line too long, closing transmission channel"}
	tooManyErrors = Reply{Code: 421, Status: "4.7.0", Text: "Too many errors on this connection, closing transmission channel"}
	tooManyPeers  = Reply{Code: 421, Status: "4.3.2", Text: "The maximum number of concurrent server connections has exceeded a limit, closing transmission channel"}
)

// Temporary is said where something went wrong on the server's side.
var Temporary = Reply{Code: 451, Status: "4.7.0", Text: "Temporary server error. Please try again later."}
