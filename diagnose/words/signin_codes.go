package words

import (
	"slices"
	"strconv"
	"strings"
)

// A signInCode is one of Entra's AADSTS codes, as the token endpoint and the
// sign-in log give them. No reply of the mail server carries one.
type signInCode struct {
	number int
	with   string // words that must stand in the text as well
	names  Code
	allows []Code
}

// afterMFA: the codes for a second factor do not say who demanded it.
var afterMFA = []Code{"per-user-mfa", "conditional-access", "security-defaults"}

// signInCodes follows MicrosoftDocs/entra-docs reference-error-codes.md, which
// warns that codes may change; the mapping to SMTP AUTH is ours. 530035 and
// 500121 rest on one source each.
var signInCodes = []signInCode{
	{number: 50034, names: "bad-credentials"},
	{number: 50053, with: "tried to sign in too many times", names: "account-locked"},
	{number: 50053, allows: []Code{"account-locked", "suspicious-sign-in"}}, // or an address with malicious activity
	{number: 50055, names: "password-expired"},
	{number: 50056, allows: []Code{"bad-credentials", "account-disabled"}},
	{number: 50057, names: "account-disabled"},
	{number: 50126, names: "bad-credentials"},
	{number: 50144, names: "password-expired"},

	{number: 50072, allows: afterMFA},
	{number: 50074, allows: afterMFA},
	{number: 50076, allows: afterMFA},
	{number: 50079, allows: afterMFA},
	{number: 500121, allows: afterMFA},
	{number: 50158, allows: []Code{"conditional-access", "per-user-mfa"}},

	{number: 50131, allows: []Code{"conditional-access", "suspicious-sign-in"}},
	{number: 53000, names: "conditional-access"},
	{number: 53001, names: "conditional-access"},
	{number: 53002, names: "conditional-access"},
	{number: 53003, names: "conditional-access"},
	{number: 530032, names: "conditional-access"},
	{number: 53004, names: "suspicious-sign-in"},
	{number: 53011, names: "suspicious-sign-in"},
	{number: 530035, names: "security-defaults"},

	{number: 50128, allows: []Code{"oauth-app-not-found"}},
	{number: 50059, names: "oauth-app-not-found"},
	{number: 90002, names: "oauth-app-not-found"},
	{number: 700016, names: "oauth-app-not-found"},
	{number: 900023, names: "oauth-app-not-found"},
	{number: 7000112, allows: []Code{"oauth-app-not-found"}},
	{number: 7000215, names: "oauth-client-secret"},
	{number: 7000222, names: "oauth-client-secret"},
	{number: 65001, names: "oauth-scope-missing"},
	{number: 70011, names: "oauth-scope-missing"},
	{number: 90094, names: "oauth-scope-missing"},
	{number: 650053, names: "oauth-scope-missing"},
	{number: 50173, names: "oauth-token-invalid"},
	{number: 54005, allows: []Code{"oauth-token-invalid"}},
	{number: 70000, allows: []Code{"oauth-token-invalid"}},
	{number: 70008, names: "oauth-token-invalid"},
	{number: 70043, allows: []Code{"oauth-token-invalid", "conditional-access"}},
	{number: 700082, names: "oauth-token-invalid"},

	{number: 80001, allows: []Code{"federation-unreachable"}},
	{number: 80002, allows: []Code{"federation-unreachable"}},
	{number: 80005, allows: []Code{"federation-unreachable"}},
}

// SignInCode says what one of Entra's codes means for a submission; Unknown
// where the table does not hold it.
func SignInCode(number int) Meaning {
	c, ok := signInMeaning(number, "")
	if !ok {
		return Meaning{Verdict: Unknown}
	}
	return sign{names: c.names, allows: c.allows}.diagnosis()
}

// SettledBySignInCode reports whether some code of Entra's can say that it was
// cause.
func SettledBySignInCode(cause Code) bool {
	return slices.ContainsFunc(signInCodes, func(c signInCode) bool { return c.names == cause || slices.Contains(c.allows, cause) })
}

// signInMeaning returns the row of a code in a squeezed text.
func signInMeaning(number int, squeezed string) (signInCode, bool) {
	for _, c := range signInCodes {
		if c.number == number && strings.Contains(squeezed, squeeze(c.with)) {
			return c, true
		}
	}
	return signInCode{}, false
}

// codeMarks stand, squeezed, before a sign-in code.
var codeMarks = []string{"aadsts", "errorcode:", "errorcode=", "sign-inerrorcode:", "signinerrorcode:", "sign-inerrorcode"}

// signInWords are those, squeezed, of which one stands near a bare "error
// code" that is Entra's: databases and printers have such codes too.
var signInWords = []string{"aadsts", "sign-in", "signinerror", "signinlogs", "failurereason", "microsoftonline"}

// nearby is how far from a code the words that tell whose it is can stand.
const nearby = 400

// fromSignInCode looks for the first code of Entra that the table knows. It
// decides over any reply: the token endpoint comes before the mail server, and
// the sign-in log knows more than the reply.
func fromSignInCode(text string) (Meaning, bool) {
	s, at := squeezed(text)
	for _, mark := range codeMarks {
		for i := 0; ; {
			j := strings.Index(s[i:], mark)
			if j < 0 {
				break
			}
			i += j + len(mark)
			number, digits := leadingNumber(s[i:])
			if !containsAny(s[max(0, i-nearby):min(len(s), i+nearby)], signInWords) {
				continue
			}
			c, ok := signInMeaning(number, s)
			if !ok {
				continue
			}
			line, _ := around(text, s, at, s[i-len(mark):i+digits])
			d := sign{names: c.names, allows: c.allows, note: noteSignInCode}.diagnosis()
			d.Reply = segment{Reply: Reply{Text: line}}.reply()
			return d, true
		}
	}
	return Meaning{}, false
}

const noteSignInCode = "The code is Entra's, from the token endpoint or the sign-in log, not the mail server's."

// leadingNumber reads the digits at the start of s, at most nine.
func leadingNumber(s string) (number, digits int) {
	for digits < len(s) && digits < 9 && isDigit(s[digits]) {
		digits++
	}
	number, _ = strconv.Atoi(s[:digits]) // digits only
	return number, digits
}
