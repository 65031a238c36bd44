package front

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// path is a mailbox in its brackets, with a source route before it that is
// passed over (RFC 5321 section 4.1.2). Devices leave the brackets out, or all
// care, so the domain is whatever ends at a blank or bracket.
var path = regexp.MustCompile(`^(<)?(?:@[^:]*:)?((?:"((?:[^"\\]|\\.)+)"|[^][()<>:;\\,"@ \t]+)@[^> \t]+)`)

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
	m := path.FindStringSubmatch(arg)
	if m == nil {
		return "", nil, false
	}
	rest := arg[len(m[0]):]
	if m[1] == "<" {
		if rest, ok = strings.CutPrefix(rest, ">"); !ok {
			return "", nil, false
		}
	}
	if address = m[2]; m[3] != "" {
		quoted := strings.LastIndex(address, `"`) + 1
		address = unescape.ReplaceAllString(m[3], "$1") + address[quoted:]
	}
	return address, strings.Fields(rest), len(address) <= maxAddress
}

var unescape = regexp.MustCompile(`\\(.)`)

// A parameter is one that a command may have (RFC 5321 section 4.1.2), with
// the form of its value.
type parameter struct {
	Name string
	Form *regexp.Regexp
}

const xtext = `(?:[!-*,-<>-~]|\+[0-9A-F]{2})+` // RFC 3461 section 4

// What Microsoft's capabilities allow: RFC 1870, 6152 and 3030, 6531, 3461,
// 4954.
var (
	mailParameters = []parameter{
		{"SIZE", regexp.MustCompile(`^[0-9]{1,20}$`)},
		{"BODY", regexp.MustCompile(`(?i)^(?:7BIT|8BITMIME|BINARYMIME)$`)},
		{"SMTPUTF8", regexp.MustCompile(``)},
		{"RET", regexp.MustCompile(`(?i)^(?:FULL|HDRS)$`)},
		{"ENVID", regexp.MustCompile(`^` + xtext + `$`)},
		{"AUTH", regexp.MustCompile(`^` + xtext + `$`)},
	}
	rcptParameters = []parameter{
		{"NOTIFY", regexp.MustCompile(`(?i)^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2})$`)},
		{"ORCPT", regexp.MustCompile(`(?i)^(?:rfc822;` + xtext + `|utf-8;.+)$`)},
	}
)

// check reports whether all parameters are known and have the form of theirs.
func check(given []string, known []parameter) bool {
	return !slices.ContainsFunc(given, func(word string) bool {
		name, value, _ := strings.Cut(word, "=")
		return !slices.ContainsFunc(known, func(p parameter) bool {
			return strings.EqualFold(name, p.Name) && p.Form.MatchString(value)
		})
	})
}

// checkMail refuses parameters of MAIL that are wrong or ask for too much, and
// reports whether they announce a message that is binary.
func (c *conn) checkMail(given []string) (refusal Reply, binary bool) {
	if !check(given, mailParameters) {
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
