package front

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// known are the commands whose arguments hold nothing secret, and bare those
// that have none.
var (
	known = []string{"EHLO", "HELO", "MAIL", "RCPT", "BDAT", "VRFY", "EXPN"}
	bare  = []string{"STARTTLS", "DATA", "RSET", "NOOP", "QUIT", "HELP"}
)

// named are the SASL mechanisms that the record tells by name: those of IANA's
// registry that mail clients have, and what they ask for besides.
var named = []string{
	"LOGIN", "XOAUTH2", "PLAIN", "OAUTHBEARER", "CRAM-MD5", "DIGEST-MD5",
	"NTLM", "GSSAPI", "GSS-SPNEGO", "KERBEROS_V4", "EXTERNAL", "ANONYMOUS",
	"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS",
	"XOAUTH", "MSN",
}

// redact returns what of a client's line may be kept. Credentials go, and so
// does all of an unknown line but its first word: it may be a password sent
// in the wrong place, or a header of another protocol. Once AUTH was sent the
// first word may be a secret as well.
func (c *conn) redact(line string) string {
	words := strings.Fields(line)
	if c.challenge || len(words) == 0 {
		return masked
	}
	verb := strings.ToUpper(words[0])
	switch {
	case verb == "AUTH":
		return redactAUTH(words)
	case slices.Contains(known, verb):
		return clip(line)
	case slices.Contains(bare, verb) && len(words) == 1:
		return words[0]
	case slices.Contains(bare, verb):
		return words[0] + " " + masked
	case len(words) > 1 && !c.asked && !isAUTH(line) && isWord(words[0]):
		return words[0] + " " + masked
	}
	return masked
}

// redactAUTH keeps the mechanism, where that is one and not the credentials.
func redactAUTH(words []string) string {
	kept := words[:1:1]
	if len(words) > 1 {
		kept = append(kept, nameOf(words[1]))
	}
	if len(words) > 2 {
		kept = append(kept, masked)
	}
	return strings.Join(kept, " ")
}

// isAUTH reports whether a line was meant to be AUTH, well formed or not.
func isAUTH(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 4 && strings.EqualFold(line[:4], "AUTH")
}

// nameOf is what the record may hold of a mechanism.
func nameOf(mechanism string) string {
	if slices.Contains(named, strings.ToUpper(mechanism)) {
		return mechanism
	}
	return masked
}

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

func isWord(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 10
}

func clip(line string) string {
	return strings.ToValidUTF8(line[:min(len(line), maxRecorded)], "?")
}
