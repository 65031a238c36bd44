package front

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// commands answers each command by what stands behind it. A reply without a
// code means that it is answered already.
var commands = map[string]func(*conn, string) Reply{
	"EHLO":     func(c *conn, arg string) Reply { return c.hello(arg, c.capabilities()) },
	"HELO":     func(c *conn, arg string) Reply { return c.hello(arg, nil) },
	"STARTTLS": (*conn).startTLS,
	"AUTH":     (*conn).auth,
	"MAIL":     (*conn).mail,
	"RCPT":     (*conn).rcpt,
	"DATA":     (*conn).data,
	"BDAT":     (*conn).bdat,
	"RSET":     func(c *conn, _ string) Reply { c.accepted = accepted{}; return resetDone },
	"NOOP":     func(*conn, string) Reply { return noopOK },
	"VRFY":     func(*conn, string) Reply { return cannotVRFY },
	"QUIT":     func(c *conn, _ string) Reply { c.session.End = EndQuit; return goodbye },
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

func (c *conn) hello(arg string, capabilities []string) Reply {
	s := c.session
	name, _, _ := strings.Cut(arg, " ")
	if !validHello(name) {
		return Say(InvalidHello, s.Flavour)
	}
	s.Hello, c.accepted = name, accepted{}
	lines := append([]string{greetingHost + " Hello [" + s.Host() + "]"}, capabilities...)
	return Reply{Code: 250, Text: strings.Join(lines, "\n")}
}

// validHello reports whether Microsoft takes the name in EHLO: an address
// literal, or labels of letters, digits, hyphens and underscores, none of
// them empty (the dot at the end is the known mistake) or without a letter
// or digit. A bare machine name is taken.
func validHello(name string) bool {
	if literal, ok := strings.CutPrefix(name, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		if v6 := "ipv6:"; len(literal) > len(v6) && strings.EqualFold(literal[:len(v6)], v6) {
			literal = literal[len(v6):]
		}
		_, err := netip.ParseAddr(literal)
		return ok && err == nil
	}
	for label := range strings.SplitSeq(name, ".") {
		if strings.Trim(label, "-_") == "" || !consistsOf(label, "-_") {
			return false
		}
	}
	return len(name) <= 255
}

// capabilities are in this order since 2017 at least: STARTTLS before TLS and
// AUTH after it, never both.
func (c *conn) capabilities() []string {
	offer := "STARTTLS"
	if c.session.TLS != nil {
		offer = "AUTH " + strings.Join(mechanisms, " ")
	}
	size := "SIZE " + strconv.FormatInt(c.server.cfg.Limits.MessageBytes, 10)
	return []string{size, "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", offer,
		"8BITMIME", "BINARYMIME", "CHUNKING", "SMTPUTF8"}
}

// mechanisms is what AUTH takes.
var mechanisms = []string{"LOGIN", "XOAUTH2"}

// Offers reports whether Microsoft takes a mechanism, in upper or lower case.
func Offers(mechanism string) bool { return slices.Contains(mechanisms, strings.ToUpper(mechanism)) }
