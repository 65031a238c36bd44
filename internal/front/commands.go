package front

import (
	"slices"
	"strconv"
	"strings"
)

// commands answers each command by what stands behind it. A reply without a
// code means that it is answered already.
var commands = map[string]func(*conn, string) Reply{
	"EHLO":     func(c *conn, arg string) Reply { return c.hello(arg, true) },
	"HELO":     func(c *conn, arg string) Reply { return c.hello(arg, false) },
	"STARTTLS": (*conn).startTLS,
	"AUTH":     (*conn).auth,
	"MAIL":     (*conn).mail,
	"RCPT":     (*conn).rcpt,
	"DATA":     (*conn).data,
	"BDAT":     (*conn).bdat,
	"RSET":     func(c *conn, _ string) Reply { c.accepted = accepted{}; return resetDone },
	"NOOP":     func(*conn, string) Reply { return noopOK },
	"VRFY":     func(*conn, string) Reply { return cannotVRFY },
	"QUIT":     (*conn).quit,
}

// unimplemented are commands that are answered as unknown ones are, but are no
// errors of the client.
var unimplemented = []string{"SEND", "SOML", "SAML", "EXPN", "HELP", "TURN", "LHLO"}

// maxErrors is how many unknown commands are put up with.
const maxErrors = 3

// handle answers a command.
func (c *conn) handle(text string) {
	verb, arg := cutCommand(text)
	if run := commands[verb]; run != nil {
		c.say(run(c, arg))
		return
	}
	c.server.wait(c.server.cfg.UnknownDelay)
	c.say(unrecognized)
	if slices.Contains(unimplemented, verb) {
		return
	}
	if c.errors++; c.errors > maxErrors {
		c.say(tooManyErrors)
	}
}

// cutCommand splits a line into the command in upper case, "" where there is
// none, and its argument. All commands have four letters but STARTTLS, behind
// which nothing counts.
func cutCommand(text string) (verb, arg string) {
	const longest = "STARTTLS"
	switch {
	case len(text) >= len(longest) && strings.EqualFold(text[:len(longest)], longest):
		return longest, ""
	case len(text) == 4:
		return strings.ToUpper(text), ""
	case len(text) > 5 && text[4] == ' ':
		return strings.ToUpper(text[:4]), strings.TrimSpace(text[5:])
	}
	return "", ""
}

func (c *conn) hello(arg string, extended bool) Reply {
	s := c.session
	name, _, _ := strings.Cut(arg, " ")
	if !validHello(name) {
		return Say(InvalidHello, s.Flavour)
	}
	s.Hello, c.greeted, c.accepted = name, true, accepted{}
	text := s.greetingHost() + " Hello [" + peerIP(s.Peer) + "]"
	if extended {
		text += "\n" + strings.Join(capabilities, "\n")
		text = strings.Replace(text, "{size}", strconv.FormatInt(c.server.cfg.Limits.MessageBytes, 10), 1)
		text = strings.Replace(text, "{tls}", c.offer(), 1)
	}
	return Reply{Code: 250, Text: text}
}

func (c *conn) offer() string {
	if c.session.TLS == nil {
		return "STARTTLS"
	}
	return "AUTH " + strings.Join(mechanisms, " ")
}

func (c *conn) quit(string) Reply {
	c.session.End = EndQuit
	return goodbye
}

func (c *conn) mail(arg string) Reply {
	s := c.session
	from, parameters, ok := cutPath(arg, "FROM:", true)
	switch {
	case !c.greeted:
		return helloFirst
	case !ok:
		return invalidSender
	}
	reply, binary := c.checkMail(parameters)
	switch {
	case reply.Code != 0:
		return reply
	case c.sender:
		return badSequence
	}
	s.From, s.To = from, nil
	switch {
	case s.TLS == nil:
		return Say(StartTLSRequired, s.Flavour)
	case !s.SignedIn:
		return nest(Say(NotAuthenticated, s.Flavour), s.refused, s.Flavour)
	}
	reply = c.server.cfg.Backend.Mail(c.server.ctx, s)
	c.accepted = accepted{sender: reply.Positive(), binary: binary}
	return reply
}

// Bounds on one message. Microsoft 365 takes 500 recipients by default.
const (
	maxRecipients     = 500
	maxRecipientBytes = 32 << 10
)

func (c *conn) rcpt(arg string) Reply {
	s := c.session
	to, parameters, ok := cutPath(arg, "TO:", false)
	switch {
	case !c.sender:
		return needSender
	case !ok:
		return invalidRecipient
	case wrong(parameters, rcptParameter):
		return invalidArguments
	case len(s.To) >= maxRecipients || len(strings.Join(s.To, ""))+len(to) > maxRecipientBytes:
		return tooManyRecipients
	}
	reply := c.server.cfg.Backend.Recipient(c.server.ctx, s, to)
	if reply.Positive() {
		s.To = append(s.To, strings.Clone(to)) // it is part of a longer line
		c.recipients = true
	}
	return reply
}
