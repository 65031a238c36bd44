package words

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// InLog says what a piece of a log means, and at which octet the refusal
// begins. ok is false where it holds none: words that say nothing about mail
// submission, or that report success, and words that mean mail only because
// somebody pasted them. A refusal with Microsoft's mark whose words nobody
// knows gives an Unknown.
func InLog(text string) (m Meaning, at int, ok bool) {
	m, row := read(text)
	aboutOthers := row == nil && m.Verdict == Unsure && len(m.Candidates) == 0 // a code of Entra's
	alone := row != nil && row.Loose && !containsAny(strings.ToLower(text), mailWords)
	if m.Verdict == Healthy || m.Verdict == Unknown && !ourRefusal(m.Reply) || aboutOthers || alone {
		return m, 0, false
	}
	return m, beginning(text, m.Reply), true
}

// ourRefusal reports whether a reply that no row knows is one of Microsoft's.
func ourRefusal(r Reply) bool {
	return r.Code >= 400 && (marked(squeeze(r.Text)) || r.Status == "5.7.139")
}

// beginning returns where a reply begins in the text it was read from, 0 when
// that cannot be told.
func beginning(text string, r Reply) int {
	code := ""
	if r.Code != 0 {
		code = string([]byte{byte('0' + r.Code/100), byte('0' + r.Code/10%10), byte('0' + r.Code%10)})
	}
	if r.Status == "" {
		return max(0, strings.Index(text, code))
	}
	status := strings.Index(text, r.Status)
	if status < 0 {
		return 0
	}
	if i := strings.LastIndex(text[:status], code); code != "" && i >= 0 && len(strings.TrimSpace(text[i+len(code):status])) < 8 {
		return i
	}
	return status
}

// hintLength is how much of a phrase is looked for: enough to be rare.
const hintLength = 16

// Hints returns what a line of a log must hold, squeezed, before it is worth
// reading: the beginnings of the table's phrases, its statuses, and the marks
// of Entra's codes. All of them are ASCII.
func Hints() []string {
	phrases := append(slices.Clone(codeMarks), squeeze(submissionApp))
	all := rows()
	for i := range all {
		switch r := &all[i]; {
		case r.Healthy:
		case r.Wordy: // a code and the first letter of the words
			for letter := 'a'; letter <= 'z'; letter++ {
				phrases = append(phrases, fmt.Sprintf("%d%c", r.Code, letter))
			}
		default:
			phrases = append(phrases, hintOf(r))
		}
	}
	return append(phrases, foreignHints()...)
}

// hintOf returns what a row cannot do without.
func hintOf(r *row) string {
	if r.want < 0 {
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

// foreignException stands in a log before the sentences of .NET whose script
// has no ASCII.
const foreignException = "smtpexception"

// foreignHints returns the hints of the sentences above: the ASCII in them,
// where there is enough of it to be rare.
func foreignHints() []string {
	hints := []string{foreignException}
	for words := range signs.InOtherLanguages {
		for _, form := range newPhrase(words).forms {
			if hint := hintIn(form.plain); len(hint) > hintLength/2 {
				hints = append(hints, hint)
			}
		}
	}
	return hints
}
