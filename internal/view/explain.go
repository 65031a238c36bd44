package view

import (
	"strconv"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
)

// An explained is the answer for a text alone.
type explained struct{ *verdict }

// Explained is the answer for a text alone. Whose mailbox it is is never taken
// from the text.
func Explained(d diagnose.Diagnosis, next NextCommand) Answer { return newExplained(d, next) }

func newExplained(d diagnose.Diagnosis, next NextCommand) *explained {
	v := &verdict{Case: Case{Diagnosis: d}, s: situation("explain", d, false)}
	v.next = propose(v.s, of("", d), next)
	return &explained{v}
}

func (v *explained) envelope() Envelope {
	return Envelope{Next: v.next.first(), Body: struct {
		explainBody
		PowerShell []string `json:"powershell"`
	}{explaining(v.Diagnosis), blockFor(v.Diagnosis.Cause, v.Diagnosis, powershell.Place{})}}
}

func explaining(d diagnose.Diagnosis) explainBody {
	return explainBody{
		Verdict: d.Verdict, Cause: d.Cause, Candidates: listed(d.Candidates), Reply: d.Reply,
		Title: title(d.Cause), Notes: d.Notes,
	}
}

// text is the answer; with room for everything it is all that is known.
func (v *explained) text(p *page, room int) {
	if words := replyWords(v.Diagnosis.Reply); words != "" {
		p.line("The server said")
		p.quoted(words, room)
		p.blank()
	}
	if v.Diagnosis.Verdict == diagnose.Healthy {
		p.line("%s", p.paint(green, p.t("Accepted. There is nothing to mend.")))
	}
	v.reasonText(p, room)
	if cause, known := catalogue.Lookup(v.Diagnosis.Cause); known {
		if room == mostSteps {
			p.blank()
			p.prose("", cause.Meaning)
		}
		causeSteps(p, cause, blockFor(cause.Code, v.Diagnosis, powershell.Place{}), room)
	}
	v.next.text(p)
}

// Codes are causes as words.
func Codes(codes []catalogue.Code) []string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = string(c)
	}
	return words
}

// replyWords writes a reply as the server did, as far as it is known.
func replyWords(r diagnose.Reply) string {
	var words []string
	if r.Code != 0 {
		words = append(words, strconv.Itoa(r.Code))
	}
	if r.Status != "" {
		words = append(words, r.Status)
	}
	if r.Text != "" {
		words = append(words, r.Text)
	}
	return strings.Join(words, " ")
}
