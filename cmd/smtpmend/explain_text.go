package main

import (
	"fmt"
	"strconv"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view"
)

// An explainView is the answer for a text alone.
type explainView struct {
	*verdictView
}

// newExplainView chooses what comes next. Whose mailbox it is is never taken
// from the text.
func newExplainView(d diagnose.Diagnosis, next nextCommand) *explainView {
	s := situation("explain", d, false)
	return &explainView{&verdictView{d: d, s: s, next: propose(s, of("", d), next)}}
}

func (v *explainView) object() explainedObject {
	return explainedObject{newExplainObject(v.d), blockFor(v.d.Cause, v.d, powershell.Place{}), v.next.first()}
}

func (v *explainView) handover() handover { return handover{d: v.d} }

// text is the answer; with room for everything it is all that is known.
func (v *explainView) text(p *page, room int) {
	if words := replyWords(v.d.Reply); words != "" {
		p.line("The server said")
		p.quoted(words, room)
		p.blank()
	}
	if v.d.Verdict == diagnose.Healthy {
		p.line("%s", p.paint(green, "Accepted. There is nothing to mend."))
	}
	v.reasonText(p, room)
	if cause, known := catalogue.Lookup(v.d.Cause); known {
		if room == mostSteps {
			p.blank()
			p.prose("", cause.Meaning)
		}
		causeSteps(p, cause, blockFor(cause.Code, v.d, powershell.Place{}), room)
	}
	v.next.text(p)
}

func codeWords(codes []catalogue.Code) []string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = string(c)
	}
	return words
}

// causeText is the catalogue entry.
func causeText(p *page, c catalogue.Cause) {
	p.line("%s", p.paint(bold, string(c.Code)))
	p.prose("", c.Title)
	p.heading("The one check that tells it")
	p.prose("  ", c.Check)
	causeDetails(p, c, blockFor(c.Code, diagnose.Diagnosis{}, powershell.Place{}))
	p.heading("Sources")
	for _, s := range c.Sources {
		p.item("  - ", "    ", s)
	}
}

// whoWords say who can remove a cause.
var whoWords = map[catalogue.Who]string{
	catalogue.Tool:    "An administrator, or smtpmend fix with an administrator's rights.",
	catalogue.ByHand:  "An administrator, by hand.",
	catalogue.User:    "The owner of the mailbox.",
	catalogue.Device:  "Whoever sets up the printer, scanner or app.",
	catalogue.Network: "Whoever runs the network in between.",
	catalogue.Wait:    "Nobody has to: it passes by itself.",
}

// causeDetails shows what a cause means and how to remove it.
func causeDetails(p *page, c catalogue.Cause, block []string) {
	p.heading("What it means")
	p.prose("  ", c.Meaning)
	p.heading("Who can mend it, and how")
	p.prose("  ", whoWords[c.Who])
	p.numbered(c.Portal)
	if len(block) > 0 {
		p.prose("  ", "In PowerShell:")
		p.commands(block...)
	}
	if c.WeakensNothing != "" {
		p.heading("What weakens nothing")
		p.prose("  ", c.WeakensNothing)
	}
	if c.Retirement {
		p.heading("Passwords at SMTP AUTH are being retired")
		for _, date := range catalogue.RetirementDates {
			p.item("  - ", "    ", date)
		}
	}
}

// logLine is one line of the answer to --log.
func logLine(line int, d diagnose.Diagnosis) string {
	what := string(d.Verdict)
	switch {
	case d.Cause != "":
		what = string(d.Cause)
	case len(d.Candidates) > 0:
		what += ": " + strings.Join(codeWords(d.Candidates), ", ")
	}
	words := view.Text(strings.Join(strings.Fields(replyWords(d.Reply)), " "))
	return fmt.Sprintf("%d: %s: %s", line, what, words)
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
