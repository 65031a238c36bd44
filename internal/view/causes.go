package view

import (
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
)

// A listedCause is one of explain --list.
type listedCause struct {
	Cause catalogue.Code  `json:"cause"`
	Title string          `json:"title"`
	Who   catalogue.Who   `json:"who_can_fix"`
	Stage catalogue.Stage `json:"stage"`
}

// who are all that can mend a cause, in the order in which causes are listed.
var who = []catalogue.Who{
	catalogue.Tool, catalogue.ByHand, catalogue.User, catalogue.Device, catalogue.Network, catalogue.Wait,
}

type causeList []listedCause

// Causes is the list of all causes, grouped by who can mend them.
func Causes() Answer {
	var all causeList
	for _, c := range catalogue.All() {
		all = append(all, listedCause{c.Code, c.Title, c.Who, c.Stage})
	}
	slices.SortStableFunc(all, func(a, b listedCause) int { return slices.Index(who, a.Who) - slices.Index(who, b.Who) })
	return all
}

func (all causeList) envelope() Envelope {
	return Envelope{Body: struct {
		Causes []listedCause `json:"causes"`
	}{all}}
}

func (all causeList) text(p *page, _ int) {
	for i, c := range all {
		if i == 0 || c.Who != all[i-1].Who {
			if i > 0 {
				p.blank()
			}
			p.line("%s", p.paint(bold, p.t(whoWords[c.Who])))
		}
		p.item("  "+string(c.Cause)+"  ", "      ", c.Title)
	}
	p.blank()
	p.prose("", "More about each: smtpmend explain CAUSE-CODE")
}

// A Cause is the answer for the code of a cause: what is known of it.
type Cause catalogue.Cause

func (c Cause) envelope() Envelope {
	row := catalogue.Cause(c)
	body := causeBody{
		Cause: c.Code, Stage: c.Stage, Who: c.Who, Title: c.Title, Meaning: c.Meaning, Portal: c.Portal,
		PowerShell: powershell.Place{}.Block(row.Commands()...), Check: c.Check,
		WeakensNothing: c.WeakensNothing, Sources: c.Sources,
	}
	if c.Retirement {
		body.Retirement = catalogue.RetirementDates
	}
	return Envelope{Body: body}
}

func (c Cause) text(p *page, _ int) {
	p.line("%s", p.paint(bold, string(c.Code)))
	p.prose("", c.Title)
	p.heading("The one check that tells it")
	p.prose("  ", c.Check)
	causeDetails(p, catalogue.Cause(c), blockFor(c.Code, diagnose.Diagnosis{}, powershell.Place{}))
	p.heading("Sources")
	for _, s := range c.Sources {
		p.item("  - ", under, s)
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
			p.item("  - ", under, date)
		}
	}
}

func title(code catalogue.Code) string {
	cause, _ := catalogue.Lookup(code)
	return cause.Title
}
