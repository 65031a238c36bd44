package main

import (
	"slices"

	"smtpmend/diagnose/catalogue"
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

// listCauses shows all causes, grouped by who can mend them.
func (a *app) listCauses() error {
	all := []listedCause{}
	for _, c := range catalogue.All() {
		all = append(all, listedCause{c.Code, c.Title, c.Who, c.Stage})
	}
	slices.SortStableFunc(all, func(a, b listedCause) int { return slices.Index(who, a.Who) - slices.Index(who, b.Who) })
	object := struct {
		Schema int           `json:"schema"`
		Causes []listedCause `json:"causes"`
		Next   string        `json:"next"`
	}{1, all, ""}
	return a.answer(object, func(p *page) {
		for i, c := range all {
			if i == 0 || c.Who != all[i-1].Who {
				if i > 0 {
					p.blank()
				}
				p.line("%s", p.paint(bold, whoWords[c.Who]))
			}
			p.item("  "+string(c.Cause)+"  ", "      ", c.Title)
		}
		p.blank()
		p.prose("", "More about each: smtpmend explain CAUSE-CODE")
	})
}

// causeWords are the codes of all causes.
func causeWords() []string {
	var all []string
	for _, c := range catalogue.All() {
		all = append(all, string(c.Code))
	}
	return all
}

// describedCauses are the codes of all causes with their titles.
func describedCauses() []string {
	var all []string
	for _, c := range catalogue.All() {
		all = append(all, string(c.Code)+"\t"+c.Title)
	}
	return all
}
