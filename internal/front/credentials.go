package front

import (
	"strings"

	"smtpmend/internal/secret"
)

// parseInitial reads an initial response of LOGIN, the user name, or of
// PLAIN (RFC 4616) and XOAUTH2, which hold all.
func parseInitial(mechanism, response string) (c Credentials, complete bool) {
	c.Mechanism = mechanism
	switch mechanism {
	case "LOGIN":
		c.User = response
	case "PLAIN":
		if parts := strings.Split(response, "\x00"); len(parts) == 3 {
			c.User, c.Secret = parts[1], secret.New(parts[2])
			return c, true
		}
	case "XOAUTH2":
		return parseXOAUTH2(response)
	}
	return c, false
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
