package words

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// hintLength is how much of a phrase is looked for: enough to be rare.
const hintLength = 16

// Hints returns what a line of a log must hold, squeezed, before it is worth
// reading: the beginnings of the tables' phrases, where there is enough ASCII
// in a translation, and statuses. All of them are ASCII.
func Hints() []string {
	hints := slices.Clone(signs.InLogs)
	all := rows()
	for i := range all {
		switch r := &all[i]; {
		case r.Healthy, r.Note == signs.NotePanel: // a panel is no log
		case r.Wordy && r.Status == "": // a code and the first letter of the words
			for letter := 'a'; letter <= 'z'; letter++ {
				hints = append(hints, fmt.Sprintf("%d%c", r.Code, letter))
			}
		case codeFirst(r): // every log holds such words
			for _, between := range []string{"", "-", ":", ",", ",b"} {
				hints = append(hints, fmt.Sprintf("%d%s%s", r.Code, between, hintOf(r)))
			}
		default:
			hints = append(hints, hintOf(r))
		}
	}
	for _, p := range phrases() {
		for _, form := range p.forms {
			if hint := hintIn(form.plain); len(hint) > hintLength/2 {
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
	return hintIn(phrases()[r.want].plain)
}

func hintIn(plain string) string {
	ascii := strings.Map(func(c rune) rune {
		if c >= 0x80 {
			return -1
		}
		return c
	}, plain)
	return ascii[:min(len(ascii), hintLength)]
}
