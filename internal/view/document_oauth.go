package view

import (
	"slices"

	"smtpmend/internal/view/report"
)

// document is the answer with the links in place of what a password would need:
// no change is made for OAuth, so none is in it.
func (v proven) document() report.Document {
	d := v.verdict.document()
	d.Title = "OAuth submission of " + v.Mailbox
	d.Verdict = sentence(v.headline)
	d.Text = []string{sentence(func(p *page) { v.tokenText(p) }), sentence(func(p *page) { v.causeText(p, mostSteps) })}
	d.Text = append(append(d.Text, v.Diagnosis.Notes...), sentence(func(p *page) { v.unseenText(p, everything) }))
	d.Text = slices.DeleteFunc(d.Text, func(text string) bool { return text == "" })
	d.Heading, d.Steps, d.Commands, d.Customer = "", nil, nil, nil
	if links := v.Diagnosis.Missing; len(links) > 0 && v.OAuth.Elsewhere == "" {
		d.Heading = "This makes the link"
		if d.Commands = v.Place.Block(links[0].Make); links[0].ByHand != "" {
			d.Steps = []string{links[0].ByHand}
		}
	}
	return d
}
