package front

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
			if bearer = strings.EqualFold(scheme, "Bearer") && consistsOf(token, "-._~+/="); bearer {
				c.Secret = secret.New(token) // RFC 6750 section 2.1
			}
		}
	}
	return c, bearer && c.User != ""
}

// consistsOf reports whether s has only letters and digits of ASCII and the
// characters of others.
func consistsOf(s, others string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(others, r)
	})
}

// maxAddress is the length of an address in octets: 64 of the local part, the
// "@" and 255 of the domain (RFC 5321 section 4.5.3.1).
const maxAddress = 320

// loginOf is what the record may hold of a user name: an address, as all of
// Microsoft's are. Anything else may be, or hold, a password or a token that
// a device sends in its place, and so may an address whose password is one
// too.
func loginOf(c Credentials) string {
	password := c.Secret.Reveal()
	if password != c.User && isAddress(password) || c.User != "" && !isAddress(c.User) {
		return masked
	}
	return c.User
}

const masked = secret.Mask

// isAddress wants a dot in the domain: that keeps "P@ssw0rd" out.
func isAddress(user string) bool {
	local, domain, _ := strings.Cut(user, "@")
	return len(user) <= maxAddress && local != "" && !strings.ContainsFunc(local, notInLocal) &&
		strings.Contains(domain, ".") && !slices.Contains(strings.Split(domain, "."), "") &&
		!strings.ContainsFunc(domain, notInDomain)
}

// notInLocal leaves out what a local part has in quotes only (RFC 5321
// section 4.1.2). Letters may be of any script (RFC 6531).
func notInLocal(r rune) bool {
	return r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsGraphic(r) || strings.ContainsRune(`()<>[]:;@\,"`, r)
}

func notInDomain(r rune) bool {
	if r < utf8.RuneSelf {
		return !consistsOf(string(r), "-_.")
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
}
