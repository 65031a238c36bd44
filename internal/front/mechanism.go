package front

import (
	"encoding/base64"
	"strings"

	"github.com/emersion/go-sasl"

	"smtpmend/internal/secret"
)

// newMechanism returns the server side of LOGIN or XOAUTH2, neither of which
// go-sasl has. signIn is called once with what the client gave.
func newMechanism(name string, signIn decider) sasl.Server {
	if name == "LOGIN" {
		return &login{signIn: signIn}
	}
	return &xoauth2{signIn: signIn}
}

// A decider gets credentials and whether they are complete.
type decider func(c Credentials, complete bool) error

// initialResponse is what stands behind the mechanism in an AUTH command.
func initialResponse(line string) string {
	fields := strings.Fields(line)
	if len(fields) < 3 || !strings.EqualFold(fields[0], "AUTH") {
		return ""
	}
	return fields[2]
}

// parseInitial reads an initial response of LOGIN, the user name, or of
// PLAIN (RFC 4616) and XOAUTH2, which hold all.
func parseInitial(mechanism, response string) (c Credentials, complete bool) {
	c.Mechanism = mechanism
	raw, err := base64.StdEncoding.DecodeString(response)
	if err != nil || len(raw) == 0 {
		return c, false
	}
	switch mechanism {
	case "LOGIN":
		c.User = string(raw)
	case "PLAIN":
		if parts := strings.Split(string(raw), "\x00"); len(parts) == 3 {
			c.User, c.Secret = parts[1], secret.New(parts[2])
			return c, true
		}
	case "XOAUTH2":
		return parseXOAUTH2(string(raw))
	}
	return c, false
}

// login asks for user name and password, in the words of Microsoft.
type login struct {
	signIn decider
	asked  int // challenges sent
	user   string
}

// Next implements sasl.Server. An initial response is the user name.
func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.asked == 0 {
		l.asked = 1
		if response == nil {
			return []byte("Username:"), false, nil
		}
	}
	if l.asked == 1 {
		l.asked = 2
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	err = l.signIn(Credentials{Mechanism: "LOGIN", User: l.user, Secret: secret.New(string(response))}, true)
	return nil, true, err
}

// xoauth2 takes one response with user name and token. Unlike other
// providers Microsoft sends no second challenge with the reason of a refusal.
type xoauth2 struct {
	signIn decider
	asked  bool
}

// Next implements sasl.Server.
func (x *xoauth2) Next(response []byte) (challenge []byte, done bool, err error) {
	if response == nil && !x.asked {
		x.asked = true
		return nil, false, nil
	}
	return nil, true, x.signIn(parseXOAUTH2(string(response)))
}

// parseXOAUTH2 reads "user=", U+0001, "auth=Bearer " and the token. What is
// not there stays empty. An empty token is complete, a wrong form is not:
// separators spelled out instead of sent leave the token in the user name.
func parseXOAUTH2(response string) (c Credentials, complete bool) {
	c.Mechanism = "XOAUTH2"
	bearer := false
	for field := range strings.SplitSeq(response, "\x01") {
		key, value, _ := strings.Cut(field, "=")
		switch strings.ToLower(key) {
		case "user":
			c.User = value
		case "auth":
			scheme, token, _ := strings.Cut(value, " ")
			if bearer = strings.EqualFold(scheme, "Bearer") && isToken(token); bearer {
				c.Secret = secret.New(token)
			}
		}
	}
	return c, bearer && c.User != ""
}

// isToken reports whether s has the characters of a bearer token (RFC 6750
// section 2.1).
func isToken(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._~+/=", r)
	})
}
