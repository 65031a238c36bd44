package front

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

func (c *conn) mail(arg string) Reply {
	s := c.session
	from, parameters, ok := cutPath(arg, "FROM:", true)
	switch {
	case s.Hello == "":
		return helloFirst
	case !ok:
		return invalidSender
	}
	refusal, binary := c.checkMail(parameters)
	switch {
	case refusal.Code != 0:
		return refusal
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
	c.accepted = accepted{sender: true, binary: binary}
	if hook := c.server.cfg.OnSender; hook != nil {
		hook(s)
	}
	return Say(SenderOK, s.Flavour)
}

// checkMail refuses parameters of MAIL that are wrong or ask for too much, and
// reports whether they announce a message that is binary.
func (c *conn) checkMail(given []string) (refusal Reply, binary bool) {
	if wrong(given, forms().mail) {
		return invalidArguments, false
	}
	for _, word := range given {
		switch name, value, _ := strings.Cut(strings.ToUpper(word), "="); name {
		case "SIZE":
			if n, err := strconv.ParseInt(value, 10, 64); err != nil || n > c.server.cfg.Limits.MessageBytes {
				return tooLarge, false
			}
		case "BODY":
			binary = value == "BINARYMIME"
		}
	}
	return Reply{}, binary
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
	case wrong(parameters, forms().rcpt):
		return invalidArguments
	case len(s.To) >= maxRecipients || len(strings.Join(s.To, ""))+len(to) > maxRecipientBytes:
		return tooManyRecipients
	}
	s.To = append(s.To, strings.Clone(to)) // it is part of a longer line
	return Say(RecipientOK, s.Flavour)
}

// hasRecipient reports whether a message may come.
func (c *conn) hasRecipient() bool { return c.sender && len(c.session.To) > 0 }

// forms are compiled when they are first needed; most runs of smtpmend serve
// nobody.
//
// A path is a mailbox in its brackets, with a source route before it that is
// passed over (RFC 5321 section 4.1.2). Devices leave the brackets out, or all
// care, so the domain is whatever ends at a blank or bracket. A local part in
// quotes keeps them. The parameters are those that Microsoft's capabilities
// allow (RFC 1870, 6152, 3030, 6531, 3461, 4954).
var forms = sync.OnceValue(func() (f struct{ path, mail, rcpt *regexp.Regexp }) {
	const xtext = `(?:[!-*,-<>-~]|\+[0-9A-F]{2})+` // RFC 3461 section 4
	const event = `(?:SUCCESS|FAILURE|DELAY)`
	f.path = regexp.MustCompile(`^(<)?(?:@[^:]*:)?((?:"(?:[^"\\]|\\.)+"|[^][()<>:;\\,"@ \t]+)@[^> \t]+)`)
	f.mail = regexp.MustCompile(`(?i)^(?:SIZE=[0-9]{1,20}|BODY=(?:7BIT|8BITMIME|BINARYMIME)|SMTPUTF8` +
		`|RET=(?:FULL|HDRS)|(?:ENVID|AUTH)=` + xtext + `)$`)
	f.rcpt = regexp.MustCompile(`(?i)^(?:NOTIFY=(?:NEVER|` + event + `(?:,` + event + `){0,2})` +
		`|ORCPT=(?:rfc822;` + xtext + `|utf-8;.+))$`)
	return f
})

// wrong reports whether one of the parameters has not the form of those known.
func wrong(given []string, known *regexp.Regexp) bool {
	return slices.ContainsFunc(given, func(word string) bool { return !known.MatchString(word) })
}

// cutPath reads what stands behind "MAIL FROM:" or "RCPT TO:": the mailbox, or
// nothing in brackets where that is allowed, and the parameters behind it.
func cutPath(arg, keyword string, empty bool) (address string, parameters []string, ok bool) {
	if len(arg) < len(keyword) || !strings.EqualFold(arg[:len(keyword)], keyword) {
		return "", nil, false
	}
	arg = strings.TrimSpace(arg[len(keyword):])
	if rest, found := strings.CutPrefix(arg, "<>"); found && empty {
		return "", strings.Fields(rest), true
	}
	m := forms().path.FindStringSubmatch(arg)
	if m == nil {
		return "", nil, false
	}
	rest := arg[len(m[0]):]
	if m[1] == "<" {
		if rest, ok = strings.CutPrefix(rest, ">"); !ok {
			return "", nil, false
		}
	}
	return m[2], strings.Fields(rest), len(m[2]) <= maxAddress
}
