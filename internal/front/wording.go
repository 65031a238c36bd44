package front

import (
	"slices"
	"strconv"
	"strings"
	"time"
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

// A wording says what Microsoft's server says where go-smtp's server would
// begin a reply with Own.
type wording struct {
	Own string
	// Reply is sent instead.
	Reply Reply
	// Unknown marks a command that is not known, which is answered late.
	Unknown bool
}

// What Exchange says to commands that are wrong in a way that no gathered
// sign-in shows. The words are those of Exchange's own SMTP service;
// unconfirmed for Microsoft 365.
var (
	unrecognized     = Reply{Code: 500, Status: "5.3.3", Text: "Unrecognized command 'unknown'"}
	helloFirst       = Reply{Code: 503, Status: "5.5.2", Text: "Send hello first"}
	invalidArguments = Reply{Code: 501, Status: "5.5.4", Text: "Invalid arguments"}
	noopOK           = Reply{Code: 250, Status: "2.0.0", Text: "OK"}
	chunkOK          = Reply{Code: 250, Status: "2.6.0", Text: "CHUNK received OK"}
	needRecipient    = Reply{Code: 503, Status: "5.5.2", Text: "Need rcpt command"}
	badSequence      = Reply{Code: 503, Status: "5.5.2", Text: "Bad sequence of commands"}
	tooLarge         = Reply{Code: 552, Status: "5.3.4", Text: "Message size exceeds fixed maximum message size"}
	lineTooLong      = Reply{Code: 421, Status: "4.7.0", Text: "Line too long, closing transmission channel"}
	tooManyErrors    = Reply{Code: 421, Status: "4.7.0", Text: "Too many errors on this connection, closing transmission channel"}
)

// Temporary is said where something went wrong on the server's side.
var Temporary = Reply{Code: 451, Status: "4.7.0", Text: "Temporary server error. Please try again later."}

// wordings is every reply that go-smtp v0.25.1 words itself and that dialogue
// does not choose; the first row that fits counts. A test sends each command that leads to them and finds
// none of go-smtp's words.
var wordings = []wording{
	{Own: "354 Go ahead", Reply: Reply{Code: 354, Text: "Start mail input; end with <CRLF>.<CRLF>"}},
	{Own: "250 2.0.0 Session reset", Reply: Reply{Code: 250, Status: "2.0.0", Text: "Resetting"}},
	{Own: "250 2.0.0 I have successfully done nothing", Reply: noopOK},
	{Own: "252 2.5.0 Cannot VRFY", Reply: Reply{Code: 252, Status: "2.1.5", Text: "Cannot VRFY user"}},
	{Own: "221 2.0.0 Bye", Reply: Reply{Code: 221, Status: "2.0.0", Text: "Service closing transmission channel"}},
	{Own: "501 5.0.0 Negotiation cancelled", Reply: authUnsuccessful},

	{Own: "500 5.5.2 Syntax errors", Reply: unrecognized, Unknown: true},
	{Own: "500 5.5.2 Error: bad syntax", Reply: unrecognized, Unknown: true},
	{Own: "501 5.5.2 Bad command", Reply: unrecognized, Unknown: true},
	{Own: "500 5.5.1 This is not a LMTP", Reply: unrecognized, Unknown: true},
	{Own: "502 5.5.1 TLS not supported", Reply: badSequence}, // STARTTLS twice, or before EHLO
	{Own: "502 5.5.1 Please introduce", Reply: helloFirst},
	{Own: "502 5.5.1 Missing MAIL", Reply: Reply{Code: 503, Status: "5.5.2", Text: "Need mail command"}},
	{Own: "502 5.5.1 Missing RCPT", Reply: needRecipient},
	{Own: "503 5.5.1 Already authenticated", Reply: badSequence},
	{Own: "502 5.5.1 DATA not allowed", Reply: badSequence},
	{Own: "502 5.5.1 ", Reply: unrecognized, Unknown: true}, // EXPN, HELP and the like

	{Own: "501 5.5.2 Was expecting MAIL", Reply: Reply{Code: 501, Status: "5.1.7", Text: "Invalid address"}},
	{Own: "501 5.5.2 Was expecting RCPT", Reply: Reply{Code: 501, Status: "5.1.3", Text: "Invalid address"}},
	{Own: "501 5.5.2 Domain/address", Reply: Reply{Code: 501, Status: "5.5.4", Text: "Invalid domain name"}},
	{Own: "501 5.5.4 ", Reply: invalidArguments},
	{Own: "502 5.5.4 ", Reply: invalidArguments},
	{Own: "504 5.5.4 ", Reply: invalidArguments},
	{Own: "500 5.5.4 ", Reply: invalidArguments},
	{Own: "454 4.7.0 Invalid base64", Reply: invalidArguments},
	{Own: "552 5.3.4 Max", Reply: tooLarge},
	{Own: "554 5.0.0 Error: transaction failed", Reply: Temporary},

	{Own: "500 5.4.0 Too long line", Reply: lineTooLong},
	{Own: "500 5.5.1 Too many errors", Reply: tooManyErrors},
	{Own: "421 4.4.2 Idle timeout", Reply: Reply{Code: 421, Status: "4.4.1", Text: "Connection timed out"}},
	{Own: "421 4.4.0 Connection error", Reply: Reply{Code: 421, Status: "4.4.2", Text: "Connection dropped"}},
	{Own: "421 4.0.0 Internal server error", Reply: Temporary},
}

// reword returns the lines to send for a line of go-smtp's.
func (c *conn) reword(own string) []string {
	switch {
	case c.answer != nil:
		reply := *c.answer
		c.answer = nil
		if reply.Code == 0 {
			return nil // go-smtp was told of a command that the client did not send
		}
		return reply.lines()
	case own == "220 front ESMTP Service Ready":
		return []string{c.session.greeting()}
	case strings.HasPrefix(own, "250-Hello "), strings.HasPrefix(own, "250 2.0.0 Hello "):
		c.hello = own[3] == '-'
		_, name, _ := strings.Cut(own, "Hello ")
		return c.greet(name, c.hello)
	case c.hello:
		c.hello = own[3] == '-'
		return nil
	}
	for _, w := range wordings {
		if !strings.HasPrefix(own, w.Own) {
			continue
		}
		if w.Unknown {
			c.server.wait(c.server.cfg.UnknownDelay)
		}
		return w.Reply.tagged(c.session).lines()
	}
	return []string{own} // a SASL challenge
}

// greet answers EHLO or HELO.
func (c *conn) greet(name string, extended bool) []string {
	s := c.session
	if !validHello(name) {
		return Say(InvalidHello, s.Flavour).tagged(s).lines()
	}
	s.Hello = name
	c.greeted = true
	text := s.greetingHost() + " Hello [" + peerIP(s.Peer) + "]"
	if extended {
		text += "\n" + strings.Join(capabilities, "\n")
		text = strings.Replace(text, "{size}", strconv.FormatInt(c.server.cfg.Limits.MessageBytes, 10), 1)
		text = strings.Replace(text, "{tls}", c.offer(), 1)
	}
	return Reply{Code: 250, Text: text}.lines()
}

func (c *conn) offer() string {
	if c.tls.Load() == nil {
		return "STARTTLS"
	}
	return "AUTH " + strings.Join(mechanisms, " ")
}

// wait returns after d, or at once when the server is closed.
func (s *Server) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
	}
}
