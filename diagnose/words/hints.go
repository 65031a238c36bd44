package words

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"smtpmend/diagnose/words/signs"
)

// hintLength is how much of a phrase is looked for: enough to be rare.
const hintLength = 16

// Hints returns what a line of a log must hold before it is worth reading: the
// beginnings of the tables' phrases, where there is enough ASCII in a
// translation, and statuses. All of them are ASCII in small letters; a blank
// stands for any number of characters that do not count, see Dropped, none
// among them.
func Hints() []string {
	hints := slices.Clone(signs.InLogs)
	for _, code := range signs.RefusalCodes { // with any status: words that nobody knows yet
		hints = append(hints, fmt.Sprintf("%d %d.", code, code/100))
	}
	all := rows()
	for i := range all {
		switch r := &all[i]; {
		case r.Healthy, r.Note == signs.NotePanel: // a panel is no log
		case r.Wordy && r.Status == "": // a code and the first letter of the words
			for letter := 'a'; letter <= 'z'; letter++ {
				hints = append(hints, fmt.Sprintf("%d %c", r.Code, letter))
			}
		case codeFirst(r): // every log holds such words
			for _, between := range []string{"", "-", ":", ",", ",b"} {
				hints = append(hints, fmt.Sprintf("%d %s %s", r.Code, between, hintOf(r)))
			}
		default:
			hints = append(hints, hintOf(r))
		}
	}
	for _, p := range phrases() {
		for _, form := range p.forms {
			if hint := hintIn(form.words); len(strings.ReplaceAll(hint, " ", "")) > hintLength/2 {
				hints = append(hints, hint)
			}
		}
	}
	return hints
}

// codeFirst reports whether a row is of another server's refusal that is known
// by its code, too.
func codeFirst(r *row) bool { return r.Other && r.Code >= 400 && r.Status == "" }

// hintOf returns what a row cannot do without.
func hintOf(r *row) string {
	if r.want < 0 || r.Status != "" && len(phrases()[r.want].plain) <= hintLength/2 {
		return r.Status
	}
	return hintIn(phrases()[r.want].words)
}

// hintIn returns the beginning of a phrase in small letters, with a blank for
// whatever does not count or is not ASCII.
func hintIn(words string) string {
	var hint strings.Builder
	left := hintLength
	for _, r := range strings.ToLower(strings.TrimSuffix(words, signs.Cut)) {
		switch {
		case left == 0:
		case r >= utf8.RuneSelf, Dropped(byte(r)):
			hint.WriteByte(' ')
		default:
			hint.WriteRune(r)
			left--
		}
	}
	return strings.TrimRight(hint.String(), " ")
}
