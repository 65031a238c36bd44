package dialogue

import (
	"regexp"
	"slices"
	"strings"

	"smtpmend/internal/secret"
)

// credentials match what stands before the credentials of a sign-in, in a
// dialogue or a log that somebody pasted: the command AUTH (RFC 4954 section 4)
// with a mechanism, and the server's request for more.
var credentials = regexp.MustCompile(`(?i)\bAUTH[ \t=]+(?:` + mechanismNames() + `)\b|\b334\b`)

func mechanismNames() string {
	names := make([]string, len(mechanisms))
	for i, name := range mechanisms {
		names[i] = regexp.QuoteMeta(name)
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	return strings.Join(names, "|")
}

// word matches the next word, and what clients and logs put before and around
// it.
var word = regexp.MustCompile(`^[^A-Za-z0-9+/_]{0,9}(?:C: ?)?["'<]?([A-Za-z0-9+/_-]+={0,2})`)

// MaskPasted returns a text that somebody pasted without the credentials of a
// sign-in in it, which are not known: base64 behind AUTH and a mechanism, or
// behind the server's request for it.
func MaskPasted(text string) string {
	if !mayHoldCredentials(text) {
		return text
	}
	var b strings.Builder
	for {
		at := credentials.FindStringIndex(text)
		if at == nil {
			return b.String() + text
		}
		b.WriteString(text[:at[1]])
		text = text[at[1]:]
		for {
			next := word.FindStringSubmatchIndex(text)
			if next == nil {
				break
			}
			said := text[next[2]:next[3]]
			switch {
			case slices.Contains(prompts, said):
				b.WriteString(text[:next[3]])
			case inBase64Likely(said):
				b.WriteString(text[:next[2]] + secret.Mask)
			default:
				next = nil
			}
			if next == nil {
				break
			}
			text = text[next[3]:]
		}
	}
}

// mayHoldCredentials is a quick no for most texts.
func mayHoldCredentials(text string) bool {
	for i := 3; i < len(text); i++ {
		switch text[i] {
		case '4':
			if text[i-2:i+1] == "334" {
				return true
			}
		case ' ', '\t', '=':
			if i >= 4 && strings.EqualFold(text[i-4:i], "AUTH") {
				return true
			}
		}
	}
	return strings.HasPrefix(text, "334")
}

// shortestBase64 is the length of the shortest credentials: two NULs, a letter
// of a name and one of a password are four octets.
const shortestBase64 = 8

// inBase64Likely reports whether a word is base64 rather than a word of a
// language, a reply code or a mechanism.
func inBase64Likely(s string) bool {
	if len(s) < shortestBase64 || slices.Contains(mechanisms, strings.ToUpper(s)) {
		return false
	}
	if strings.ContainsAny(s, "0123456789+=") {
		return true
	}
	for i := 1; i < len(s); i++ { // a capital behind a small letter
		if s[i] >= 'A' && s[i] <= 'Z' && s[i-1] >= 'a' && s[i-1] <= 'z' {
			return true
		}
	}
	return false
}
