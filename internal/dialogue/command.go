package dialogue

import (
	"slices"
	"strings"

	"smtpmend/internal/secret"
)

// open are the commands whose arguments hold nothing secret, and bare those
// that have none.
var (
	open = []string{"EHLO", "HELO", "MAIL", "RCPT", "BDAT", "VRFY", "EXPN"}
	bare = []string{"STARTTLS", "DATA", "RSET", "NOOP", "QUIT", "HELP"}
)

// mechanisms are the SASL mechanisms that a record tells by name: those of
// IANA's registry that mail clients have, and what they ask for besides.
var mechanisms = []string{
	"LOGIN", "XOAUTH2", "PLAIN", "OAUTHBEARER", "CRAM-MD5", "DIGEST-MD5",
	"NTLM", "GSSAPI", "GSS-SPNEGO", "KERBEROS_V4", "EXTERNAL", "ANONYMOUS",
	"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS",
	"XOAUTH", "MSN",
}

// maxRecorded bounds, in octets, what is kept of one command.
const maxRecorded = 1000

// MaskCommand returns what of a client's line may be kept where the secret is
// not known. Credentials go, and so does all of an unknown line but its first
// word: it may be a password sent in the wrong place, or a header of another
// protocol. Once AUTH was sent, well formed or not, the first word may be a
// secret as well.
func MaskCommand(line string, asked bool) string {
	words := strings.Fields(line)
	if len(words) == 0 {
		return secret.Mask
	}
	verb := strings.ToUpper(words[0])
	switch {
	case verb == "AUTH":
		return maskAUTH(words)
	case slices.Contains(open, verb):
		return strings.ToValidUTF8(line[:min(len(line), maxRecorded)], "?")
	case slices.Contains(bare, verb) && len(words) == 1:
		return words[0]
	case slices.Contains(bare, verb):
		return words[0] + " " + secret.Mask
	case len(words) > 1 && !asked && !isAUTH(line) && isWord(words[0]):
		return words[0] + " " + secret.Mask
	}
	return secret.Mask
}

// maskAUTH keeps the mechanism, where that is one and not the credentials.
func maskAUTH(words []string) string {
	kept := words[:1:1]
	if len(words) > 1 {
		kept = append(kept, MaskMechanism(words[1]))
	}
	if len(words) > 2 {
		kept = append(kept, secret.Mask)
	}
	return strings.Join(kept, " ")
}

// MaskMechanism returns what a record may hold of a mechanism: a name that is
// known.
func MaskMechanism(name string) string {
	if slices.Contains(mechanisms, strings.ToUpper(name)) {
		return name
	}
	return secret.Mask
}

// isAUTH reports whether a line was meant to be AUTH, well formed or not.
func isAUTH(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 4 && strings.EqualFold(line[:4], "AUTH")
}

func isWord(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 10
}
