package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
)

// SignInCode says what one of Entra's codes means for a submission; Unknown
// where the table does not hold it.
func SignInCode(number int) Meaning {
	c, ok := signInMeaning(number, "")
	if !ok {
		return Meaning{Verdict: Unknown}
	}
	return entraMeaning(c)
}

// SettledBySignInCode reports whether some code of Entra's can say that it was
// cause, and cause stops a sign-in: a limit of the token endpoint is none of
// the mail server's.
func SettledBySignInCode(cause Code) bool {
	entry, _ := catalogue.Lookup(cause)
	return (entry.Stage == catalogue.StageAuth || entry.Stage == catalogue.StageToken) &&
		slices.ContainsFunc(signs.EntraCodes, func(c signs.EntraCode) bool { return c.Names == cause || slices.Contains(c.Allows, cause) })
}

// Who meets a code.
const (
	noteSignInCode = "The code is Entra's, from the token endpoint or the sign-in log, not the mail server's."
	noteTokenCode  = "Entra gives this code to whoever asks for a token, before the mail server is reached; a sign-in with a password does not meet it."
)

// entraMeaning returns what a code says.
func entraMeaning(c signs.EntraCode) Meaning {
	d := meaningOf(signs.Sign{Names: c.Names, Allows: c.Allows})
	switch {
	case !c.Tells():
		d.Notes = []string{fmt.Sprintf("AADSTS%d is about the sign-in of an administrator or the request of a program, not about a device's submission. %s", c.Number, c.Note)}
	case c.Token:
		d.Notes = []string{fmt.Sprintf("AADSTS%d: %s", c.Number, c.Note), noteTokenCode}
	default:
		d.Notes = []string{fmt.Sprintf("AADSTS%d: %s", c.Number, c.Note), noteSignInCode}
	}
	return d
}

// signInMeaning returns the row of a code in a squeezed text.
func signInMeaning(number int, squeezed string) (signs.EntraCode, bool) {
	for _, c := range signs.EntraCodes {
		if c.Number == number && strings.Contains(squeezed, squeeze(c.With)) {
			return c, true
		}
	}
	return signs.EntraCode{}, false
}

// codeMarks stand, squeezed, before a sign-in code.
var codeMarks = []string{"aadsts", "errorcode", "resulttype"}

// signInWords are those, squeezed, of which one stands near a bare "error
// code" that is Entra's: databases and printers have such codes too.
var signInWords = []string{"aadsts", "sign-in", "signinerror", "signinlogs", "failurereason", "microsoftonline"}

// nearby is how far from a code the words that tell whose it is can stand.
const nearby = 400

// fromSignInCode looks for the codes of Entra that the table knows; the last
// that tells about a submission comes first, or else the last, and what others
// tell stays open. It decides over any reply: the token endpoint comes before
// the mail server, and the sign-in log knows more than the reply. It stands, with Entra's own words where they
// follow, in text[from:to].
func fromSignInCode(text string) (m Meaning, from, to int, ok bool) {
	s, at := squeezed(text)
	var last signs.EntraCode
	var told []Code
	place, behind := -1, 0
	for _, mark := range codeMarks {
		for i := 0; ; {
			j := strings.Index(s[i:], mark)
			if j < 0 {
				break
			}
			from := i + j
			i = from + len(mark)
			c, end, ok := signInCodeAt(text, s, at, i)
			if !ok || !containsAny(s[max(0, i-nearby):min(len(s), i+nearby)], signInWords) {
				continue
			}
			if place < 0 || c.Tells() && !last.Tells() || c.Tells() == last.Tells() && from > place {
				last, place, behind = c, from, end
			}
			told = append(told, c.Possible()...)
		}
	}
	if place < 0 {
		return Meaning{}, 0, 0, false
	}
	from, to = int(at[place]), int(at[behind-1])+1
	line, _ := lineAround(text, from, to)
	m = entraMeaning(last).besides(told)
	m.Reply = segment{Reply: Reply{Text: line}}.reply()
	if rest := strings.TrimLeft(text[to:], " ,."); rest == "" || !isLetter(rest[0]) { // else somebody's sentence goes on
		to = len(text)
	}
	return m, from, to, true
}

// besides leaves open what other codes in the text tell.
func (m Meaning) besides(told []Code) Meaning {
	open := slices.Clone(m.Candidates)
	if m.Verdict == Named {
		open = []Code{m.Cause}
	}
	known := len(open)
	for _, c := range told {
		if !slices.Contains(open, c) {
			open = append(open, c)
		}
	}
	if len(open) > known {
		m.Verdict, m.Cause, m.Candidates = Unsure, "", open
		m.Notes = append(m.Notes, "The text holds several codes of Entra's; the last comes first here.")
	}
	return m
}

// signInCodeAt reads the code behind a mark that ends at i, and where it ends.
// What follows a blank is another number, unless a line end broke this one.
func signInCodeAt(text, s string, at []int32, i int) (c signs.EntraCode, end int, ok bool) {
	for i < len(s) && strings.IndexByte(":=#([", s[i]) >= 0 {
		i++
	}
	if i == len(s) {
		return c, i, false
	}
	for _, digits := range []string{text[at[i]:], s[i:]} {
		number, n := leadingNumber(digits)
		if c, ok = signInMeaning(number, s); ok {
			return c, i + n, true
		}
	}
	return c, i, false
}

// submissionApp is what the sign-in log calls a client that submits mail.
const submissionApp = "Authenticated SMTP"

// ofSubmissions keeps, of an export of the sign-in log with a record a line,
// the records of submissions, each with its code in front. Any other text stays
// as it is.
func ofSubmissions(text string) string {
	if !strings.Contains(strings.ToLower(text), strings.ToLower(submissionApp)) {
		return text
	}
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if number, ok := recordOfSubmission(line); ok {
			fmt.Fprintf(&kept, "Sign-in error code: %d, %s", number, strings.ReplaceAll(line, `"`, ""))
		}
	}
	if kept.Len() == 0 {
		return text
	}
	return kept.String()
}

// recordOfSubmission finds the code of Entra's in a line of values with
// separators, one of which says that it was a submission.
func recordOfSubmission(line string) (number int, ok bool) {
	for cell := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(",;\t", r) }) {
		cell = strings.Trim(cell, " \"\r\n")
		ok = ok || strings.EqualFold(cell, submissionApp)
		if n, err := strconv.Atoi(cell); err == nil && number == 0 {
			if _, known := signInMeaning(n, ""); known {
				number = n
			}
		}
	}
	return number, ok && number != 0
}

// leadingNumber reads the digits at the start of s, at most nine.
func leadingNumber(s string) (number, digits int) {
	for digits < len(s) && digits < 9 && isDigit(s[digits]) {
		digits++
	}
	number, _ = strconv.Atoi(s[:digits]) // digits only
	return number, digits
}
