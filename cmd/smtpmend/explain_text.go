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

// explainText answers for a text alone.
func explainText(p *page, d diagnose.Diagnosis) {
	replyText(p, d.Reply)
	verdictText(p, d)
	switch d.Verdict {
	case diagnose.Named:
		cause, _ := catalogue.Lookup(d.Cause)
		causeDetails(p, cause, powershell.Place{})
		nextText(p, cause)
	case diagnose.Unsure:
		first := catalogue.Cause{Stage: catalogue.StageAuth}
		if len(d.Candidates) > 0 {
			first, _ = catalogue.Lookup(d.Candidates[0])
		}
		nextText(p, first)
	case diagnose.Unknown:
		nextText(p, catalogue.Cause{Stage: catalogue.StageAuth})
	}
}

// nextText says what to do after a text alone: what a device does wrong shows
// when it talks to smtpmend, what a tenant does when it is asked.
func nextText(p *page, cause catalogue.Cause) {
	switch {
	case cause.OnDevice:
		p.heading("Next")
		p.prose("  ", "Let the device send to this machine; it shows what the device really does:")
		p.commands("smtpmend listen")
	case cause.Stage == catalogue.StageAuth || cause.Stage == catalogue.StageMail:
		p.heading("Next")
		p.prose("  ", "Run smtpmend diagnose MAILBOX, with the mailbox that signs in: it tries the sign-in itself and asks the tenant.")
	}
}

// replyText shows the server's own words, before anything of ours.
func replyText(p *page, r diagnose.Reply) {
	if r == (diagnose.Reply{}) {
		return
	}
	p.line("%s", p.paint(bold, "The server said"))
	for line := range strings.Lines(replyWords(r)) {
		p.line("    %s", strings.TrimRight(line, "\r\n"))
	}
	p.blank()
}

// verdictText says how far the cause is settled.
func verdictText(p *page, d diagnose.Diagnosis) {
	switch d.Verdict {
	case diagnose.Healthy:
		p.line("%s", p.paint(green, "Accepted. There is nothing to mend."))
	case diagnose.Named:
		how := "The reply names it; the tenant was not asked."
		if len(d.Evidence) > 0 {
			switch {
			case d.Contradicts(d.Cause):
				how = "The reply names it; the tenant shows otherwise."
			case diagnose.Shows(d.Cause):
				how = "The reply names it; the setting itself could not be read."
			default:
				how = "The reply names it; no setting of the tenant shows it."
			}
		}
		causeLine(p, d.Cause, how)
	case diagnose.Confirmed:
		causeLine(p, d.Cause, "The tenant bears it out.")
	case diagnose.Unsure:
		candidatesText(p, d)
	case diagnose.OtherProvider:
		p.prose("", "These are not the words of Microsoft 365: another server answered, and smtpmend does not know its reasons.")
	default:
		p.prose("", "smtpmend does not know these words, so it names no cause.")
	}
	for _, note := range d.Notes {
		p.item("  - ", "    ", note)
	}
}

func causeLine(p *page, code catalogue.Code, how string) {
	p.item(p.paint(bold, "Cause")+"  ", "       ", title(code))
	p.prose("       ", how+" ["+string(code)+"]")
}

// checked is for how many candidates the one check that tells each is shown.
const checked = 3

// candidatesText lists what the words leave possible, with the one check that
// tells each of the first.
func candidatesText(p *page, d diagnose.Diagnosis) {
	switch len(d.Candidates) {
	case 0:
		p.prose("", "The words point to a refusal, but to no cause.")
		return
	case 1:
		cause, _ := catalogue.Lookup(d.Candidates[0])
		p.item(p.paint(bold, "Most likely")+"  ", "       ", fmt.Sprintf("%s [%s]", cause.Title, cause.Code))
		p.item("       Check: ", "       ", cause.Check)
		return
	}
	p.prose("", "The words allow several causes. The likeliest first, with the check that tells it:")
	for i, code := range d.Candidates[:min(checked, len(d.Candidates))] {
		cause, _ := catalogue.Lookup(code)
		p.item(fmt.Sprintf("  %d. ", i+1), "     ", fmt.Sprintf("%s [%s]", cause.Title, code))
		p.item("     Check: ", "     ", cause.Check)
	}
	if rest := d.Candidates[min(checked, len(d.Candidates)):]; len(rest) > 0 {
		p.item("  Also possible: ", "     ", strings.Join(codeWords(rest), ", "))
	}
	p.prose("  ", "More about each: smtpmend explain "+string(d.Candidates[0]))
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
	causeDetails(p, c, powershell.Place{})
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
func causeDetails(p *page, c catalogue.Cause, at powershell.Place) {
	p.heading("What it means")
	p.prose("  ", c.Meaning)
	p.heading("Who can mend it, and how")
	p.prose("  ", whoWords[c.Who])
	p.numbered(c.Portal)
	if block := at.Block(c.Commands()...); len(block) > 0 {
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
