package front

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAddress is the length of an address in octets: 64 of the local part, the
// "@" and 255 of the domain (RFC 5321 section 4.5.3.1).
const maxAddress = 320

// loginOf is what the record may hold of a user name: an address, as all of
// Microsoft's are. Anything else may be, or hold, a password or a token that
// a device sends in its place, and so may an address whose password is one
// too.
func loginOf(c Credentials) string {
	if secret := c.Secret.Reveal(); secret != c.User && addressOf(secret) == secret && secret != "" {
		return masked
	}
	return addressOf(c.User)
}

// addressOf masks what is no address. The dot in the domain keeps "P@ssw0rd"
// out.
func addressOf(user string) string {
	local, domain, _ := strings.Cut(user, "@")
	labels := strings.Split(domain, ".")
	switch {
	case user == "":
		return ""
	case len(user) > maxAddress,
		local == "", strings.ContainsFunc(local, notInLocal),
		len(labels) < 2, slices.Contains(labels, ""), strings.ContainsFunc(domain, notInDomain):
		return masked
	}
	return user
}

// notInLocal leaves out what a local part has in quotes only (RFC 5321
// section 4.1.2). Letters may be of any script (RFC 6531).
func notInLocal(r rune) bool {
	return r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsGraphic(r) || strings.ContainsRune(`()<>[]:;@\,"`, r)
}

func notInDomain(r rune) bool {
	if r < utf8.RuneSelf {
		return r != '.' && notInName(r)
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
}
