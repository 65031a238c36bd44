package diagnose

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
var afterMFA = []Code{PerUserMFA, ConditionalAccess, SecurityDefaults}

// signInCodes follows MicrosoftDocs/entra-docs reference-error-codes.md, which
// warns that codes may change; the mapping to SMTP AUTH is ours. 530035 and
// 500121 rest on one source each.
var signInCodes = []signInCode{
	{number: 50034, names: BadCredentials},
	{number: 50053, with: "tried to sign in too many times", names: AccountLocked},
	{number: 50053, allows: []Code{AccountLocked, SuspiciousSignIn}}, // or an address with malicious activity
	{number: 50055, names: PasswordExpired},
	{number: 50056, allows: []Code{BadCredentials, AccountDisabled}},
	{number: 50057, names: AccountDisabled},
	{number: 50126, names: BadCredentials},
	{number: 50144, names: PasswordExpired},

	{number: 50072, allows: afterMFA},
	{number: 50074, allows: afterMFA},
	{number: 50076, allows: afterMFA},
	{number: 50079, allows: afterMFA},
	{number: 500121, allows: afterMFA},
	{number: 50158, allows: []Code{ConditionalAccess, PerUserMFA}},

	{number: 50131, allows: []Code{ConditionalAccess, SuspiciousSignIn}},
	{number: 53000, names: ConditionalAccess},
	{number: 53001, names: ConditionalAccess},
	{number: 53002, names: ConditionalAccess},
	{number: 53003, names: ConditionalAccess},
	{number: 530032, names: ConditionalAccess},
	{number: 53004, names: SuspiciousSignIn},
	{number: 53011, names: SuspiciousSignIn},
	{number: 530035, names: SecurityDefaults},

	{number: 50128, allows: []Code{OAuthAppNotFound}},
	{number: 50059, names: OAuthAppNotFound},
	{number: 90002, names: OAuthAppNotFound},
	{number: 700016, names: OAuthAppNotFound},
	{number: 900023, names: OAuthAppNotFound},
	{number: 7000112, allows: []Code{OAuthAppNotFound}},
	{number: 7000215, names: OAuthClientSecret},
	{number: 7000222, names: OAuthClientSecret},
	{number: 65001, names: OAuthScopeMissing},
	{number: 70011, names: OAuthScopeMissing},
	{number: 90094, names: OAuthScopeMissing},
	{number: 650053, names: OAuthScopeMissing},
	{number: 50173, names: OAuthTokenInvalid},
	{number: 54005, allows: []Code{OAuthTokenInvalid}},
	{number: 70000, allows: []Code{OAuthTokenInvalid}},
	{number: 70008, names: OAuthTokenInvalid},
	{number: 70043, allows: []Code{OAuthTokenInvalid, ConditionalAccess}},
	{number: 700082, names: OAuthTokenInvalid},

	{number: 80001, allows: []Code{FederationUnreachable}},
	{number: 80002, allows: []Code{FederationUnreachable}},
	{number: 80005, allows: []Code{FederationUnreachable}},
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

// agrees reports whether the record of a sign-in leaves possible what the reply
// names, and no setting can show better.
func (c signInCode) agrees(cause Code) bool {
	return slices.Contains(logged, cause) && slices.Contains(c.allows, cause)
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
func fromSignInCode(text string) (Diagnosis, bool) {
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
	return Diagnosis{}, false
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
