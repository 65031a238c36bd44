package front

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// path is a mailbox in its brackets, with a source route before it that is
// passed over (RFC 5321 section 4.1.2). Devices leave the brackets out, or all
// care, so the domain is whatever ends at a blank or bracket. A local part in
// quotes keeps them.
var path = pattern(`^(<)?(?:@[^:]*:)?((?:"(?:[^"\\]|\\.)+"|[^][()<>:;\\,"@ \t]+)@[^> \t]+)`)

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
	m := path().FindStringSubmatch(arg)
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

const xtext = `(?:[!-*,-<>-~]|\+[0-9A-F]{2})+` // RFC 3461 section 4

// The parameters that Microsoft's capabilities allow (RFC 1870, 6152, 3030,
// 6531, 3461, 4954).
var (
	mailParameter = pattern(`(?i)^(?:SIZE=[0-9]{1,20}|BODY=(?:7BIT|8BITMIME|BINARYMIME)|SMTPUTF8|RET=(?:FULL|HDRS)|(?:ENVID|AUTH)=` + xtext + `)$`)
	rcptParameter = pattern(`(?i)^(?:NOTIFY=(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2})|ORCPT=(?:rfc822;` + xtext + `|utf-8;.+))$`)
)

// wrong reports whether one of the parameters has not the form of those
// known.
func wrong(given []string, known func() *regexp.Regexp) bool {
	return slices.ContainsFunc(given, func(word string) bool { return !known().MatchString(word) })
}

// pattern compiles expr when it is first needed; most runs of smtpmend
// serve nobody.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// checkMail refuses parameters of MAIL that are wrong or ask for too much, and
// reports whether they announce a message that is binary.
func (c *conn) checkMail(given []string) (refusal Reply, binary bool) {
	if wrong(given, mailParameter) {
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
