package view

import (
	"slices"

	"smtpmend/internal/view/report"
)

// document is the answer with the links in place of what a password would need:
// no change is made for OAuth, so none is in it.
func (v proven) document(p *page) report.Document {
	d := v.verdict.document(p)
	d.Title = p.t("OAuth submission of %s", v.Mailbox)
	d.Verdict = p.sentence(v.headline)
	d.Text = []string{p.sentence(func(p *page) { v.tokenText(p) }), p.sentence(func(p *page) { v.causeText(p, mostSteps) })}
	d.Text = append(append(d.Text, p.all(v.Diagnosis.Notes)...), p.sentence(func(p *page) { v.unseenText(p, everything) }))
	d.Text = slices.DeleteFunc(d.Text, func(text string) bool { return text == "" })
	d.Heading, d.Steps, d.Commands, d.Customer = "", nil, nil, nil
	if links := v.Diagnosis.Missing; len(links) > 0 && v.OAuth.Elsewhere == "" {
		d.Heading = p.t("This makes the link")
		if d.Commands = v.Place.Block(links[0].Make); links[0].ByHand != "" {
			d.Steps = []string{p.t(links[0].ByHand)}
		}
	}
	return d
}
