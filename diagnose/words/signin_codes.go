package words

import (
	"cmp"
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

// entraMeaning returns what a code says, and whom it meets.
func entraMeaning(c signs.EntraCode) Meaning {
	m := Of(signs.Sign{Names: c.Names, Allows: c.Allows})
	says := fmt.Sprintf("AADSTS%d: %s", c.Number, c.Note)
	switch {
	case !c.Tells():
		m.Notes = []string{fmt.Sprintf("AADSTS%d is about the sign-in of an administrator or the request of a program, not about a device's submission. %s", c.Number, c.Note)}
	case c.Token:
		m.Notes = []string{says, signs.NoteToken}
	default:
		m.Notes = []string{says, signs.NoteSignIn}
	}
	return m
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

// nearby is how far from a code the words that tell whose it is can stand.
const nearby = 400

// entraCode looks for codes of Entra's; it decides over any reply: the token
// endpoint comes before the mail server, and the sign-in log knows more than
// the reply. The last code that tells about a submission comes first, or else
// the last, and what others tell stays open.
func (r *reading) entraCode() {
	var last signs.EntraCode
	var told []Code
	var words span
	for _, mark := range r.places[entraMark] {
		c, end, ok := r.codeBehind(mark.to)
		if !ok || !containsAny(r.plain[max(0, mark.from-nearby):min(len(r.plain), mark.to+nearby)], signs.EntraWords) {
			continue
		}
		if c.Tells() || !last.Tells() {
			last, words = c, span{int(r.at[mark.from]), int(r.at[end-1]) + 1}
		}
		told = append(told, c.Possible()...)
	}
	if last.Number == 0 {
		return
	}
	r.m = entraMeaning(last)
	if open := distinct(append(last.Possible(), told...)); len(open) > len(last.Possible()) {
		r.m.leave(signs.NoteCodes, open...)
	}
	line := r.lineAround(words)
	r.m.Reply = segment{Reply: Reply{Text: r.text[line.from:line.to]}}.reply()
	if rest := strings.TrimLeft(r.text[words.to:], " ,."); rest == "" || !isLetter(rest[0]) { // else somebody's sentence goes on
		words.to = len(r.text)
	}
	r.pick.seg.start, r.pick.seg.end = words.from, words.to
}

// codeBehind reads the code behind a mark that ends at i, and where it ends.
// What follows a blank is another number, unless a line end broke this one.
func (r *reading) codeBehind(i int) (c signs.EntraCode, end int, ok bool) {
	for i < len(r.plain) && strings.IndexByte(":=#([", r.plain[i]) >= 0 {
		i++
	}
	if i == len(r.plain) {
		return c, i, false
	}
	for _, text := range []string{r.text[r.at[i]:], r.plain[i:]} {
		digits := codeDigits().FindString(text)
		number, _ := strconv.Atoi(digits) // digits, or none
		if c, ok = signInMeaning(number, r.plain); ok {
			return c, i + len(digits), true
		}
	}
	return c, i, false
}

var codeDigits = pattern(`^\d{1,9}`)

// ofSubmissions keeps, of an export of the sign-in log with a record a line,
// the records of submissions, each with its code in front. Any other text stays
// as it is.
func ofSubmissions(text string) string {
	if !strings.Contains(text, "SMTP") && !strings.Contains(text, "smtp") || !strings.Contains(lowerASCII(text), strings.ToLower(signs.SubmissionApp)) {
		return text
	}
	var kept strings.Builder
	for line := range strings.Lines(text) {
		cells := strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(",;\t\r\n\"", c) })
		code := slices.IndexFunc(cells, func(cell string) bool {
			n, err := strconv.Atoi(strings.TrimSpace(cell))
			_, known := signInMeaning(n, "")
			return err == nil && known
		})
		submitted := slices.ContainsFunc(cells, func(cell string) bool {
			return strings.EqualFold(strings.TrimSpace(cell), signs.SubmissionApp)
		})
		if code >= 0 && submitted {
			fmt.Fprintf(&kept, "Sign-in error code: %s, %s", cells[code], strings.ReplaceAll(line, `"`, ""))
		}
	}
	return cmp.Or(kept.String(), text)
}

// AADSTS reads the number of a code of Entra's at the start of its words, 0 for
// none.
func AADSTS(said string) int {
	rest, ok := strings.CutPrefix(said, "AADSTS")
	number := 0
	for i := 0; ok && i < len(rest) && i < 9 && rest[i] >= '0' && rest[i] <= '9'; i++ {
		number = number*10 + int(rest[i]-'0')
	}
	return number
}
