package view

import (
	"cmp"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// An OAuth is what is known of an attempt with a token of our own.
type OAuth struct {
	Way   catalogue.Way
	Token *Token // nil where Entra issued none
	// Elsewhere is another way where Entra refused this one and not the mailbox,
	// "" for none.
	Elsewhere catalogue.Way
}

// word is the attempt's in the table of Next.
func (o *OAuth) word() string {
	switch {
	case o == nil:
		return "by-secret"
	case o.Elsewhere == catalogue.Browser:
		return "elsewhere"
	case o.Elsewhere != "":
		return "elsewhere-app"
	}
	return "by-oauth"
}

// A proven is the answer of diagnose --oauth.
type proven struct{ *verdict }

// Proven is the answer of diagnose --oauth: which link of the chain is missing.
func Proven(c Case, next NextCommand) Kept {
	v := newVerdict("diagnose", c)
	v.held, v.s.Change, v.Diagnosis = "", "", c.Diagnosis // nothing is changed here that could be held
	if c.Trouble {
		v.s.Outcome = "failed"
	}
	switch d := c.Diagnosis; {
	case !c.Asked:
		v.s.Evidence = "nobody"
	case len(d.Unseen) > 0:
		v.s.Evidence = "unread"
	case len(d.Missing) > 0:
		v.s.Evidence = "borne-out"
	}
	v.next = propose(v.s, v.known(), next)
	return proven{v}
}

// A linkBody is a missing link in JSON.
type linkBody struct {
	Cause   catalogue.Code `json:"cause"`
	Says    string         `json:"says"`
	Command []string       `json:"command"` // that makes it, in PowerShell
	ByHand  string         `json:"by_hand,omitempty"`
}

func (v proven) links() []linkBody {
	all := []linkBody{}
	for _, l := range v.Diagnosis.Missing {
		all = append(all, linkBody{l.Cause, l.Says, listed(v.Place.Lines(l.Make)), l.ByHand})
	}
	return all
}

func (v proven) envelope() Envelope {
	e := v.verdict.envelope()
	body := e.Body.(diagnoseBody)
	body.PowerShell = []string{}
	if len(v.Diagnosis.Missing) > 0 && v.OAuth.Elsewhere == "" {
		body.PowerShell = listed(v.Place.Block(v.Diagnosis.Missing[0].Make))
	}
	e.Body = struct {
		diagnoseBody
		Token   *Token      `json:"token"` // null where none was issued
		Missing []linkBody  `json:"missing"`
		Unseen  []fact.Name `json:"unseen"`
	}{body, v.OAuth.Token, v.links(), listed(v.Diagnosis.Unseen)}
	return e
}

func (v proven) text(p *page, room int) {
	v.headline(p)
	if room > 0 || v.Diagnosis.Verdict == diagnose.Healthy {
		v.tokenText(p)
	}
	if v.Diagnosis.Verdict != diagnose.Healthy && !v.cutShort() {
		v.saidText(p, room)
		p.blank()
		v.linkText(p, room)
	}
	for i, note := range v.Diagnosis.Notes {
		if i >= v.Heard && room > 1 || room == everything || note == diagnose.NotTheMailbox {
			p.prose("", note)
		}
	}
	v.unseenText(p, room)
	if room == everything {
		evidenceText(p, v.Diagnosis)
		for _, l := range v.Diagnosis.Missing {
			if v.OAuth.Elsewhere != "" {
				break
			}
			p.heading(l.Says)
			makeText(p, l, v.Place.Block(l.Make))
		}
	}
	v.next.text(p)
}

// tokenText says whose token it is.
func (v proven) tokenText(p *page) {
	if v.OAuth.Token != nil {
		p.prose("", v.OAuth.Token.Sentence())
	}
}

// cutShort reports whether the attempt ended before it was answered.
func (v proven) cutShort() bool {
	return v.Report.EndedBy(probe.FaultInterrupted) || v.Report.EndedBy(probe.FaultCrashed)
}

// headline says in one line whether the mailbox can submit with OAuth.
func (v proven) headline(p *page) {
	switch {
	case v.cutShort():
		p.prose("", "Whether %s can submit with OAuth is not known.", v.Mailbox)
		if stage := v.Report.Decisive(); stage != nil {
			p.quoted(p.t(stage.Error), everything)
		}
	case v.Diagnosis.Verdict == diagnose.Healthy:
		p.line("%s", p.paint(green, p.t("%s can submit through %s with OAuth.", v.Mailbox, v.Report.Server)))
	default:
		p.line("%s", p.paint(bold, p.t("%s cannot submit through %s with OAuth.", v.Mailbox, v.Report.Server)))
	}
}

// saidText shows the words that decided: Entra's, or the server's.
func (v proven) saidText(p *page, room int) {
	switch {
	case v.Report.Outcome == probe.Accepted:
		return
	case v.OAuth.Token != nil:
		v.wordsText(p, room)
		return
	}
	p.blank()
	p.line("Entra issued no token")
	p.quoted(v.Diagnosis.Reply.Text, room)
}

// linkText says which link is missing, and the one command that makes it.
func (v proven) linkText(p *page, room int) {
	v.causeText(p, room)
	cause, known := catalogue.Lookup(v.Diagnosis.Cause)
	switch {
	case v.OAuth.Elsewhere != "":
	case v.shown():
		if room < everything { // all of them follow then
			makeText(p, v.Diagnosis.Missing[0], v.Place.Lines(v.Diagnosis.Missing[0].Make))
		}
	case known:
		p.blank()
		p.numbered(cause.Portal[:min(len(cause.Portal), max(room, 1))])
	}
}

// shown reports whether the tenant shows the link of the cause to be missing.
func (v proven) shown() bool {
	d := v.Diagnosis
	return len(d.Missing) > 0 && d.Missing[0].Cause == d.Cause
}

// causeText says which link is missing, and what else.
func (v proven) causeText(p *page, room int) {
	d, first := v.Diagnosis, v.shown()
	switch {
	case d.Verdict == diagnose.Healthy, v.cutShort():
		return
	case slices.Contains(d.Notes, diagnose.NotTheMailbox): // which says it
	case v.OAuth.Elsewhere != "":
		why := ""
		if first {
			why = " " + p.bornOut(d)
		}
		p.prose("", "Entra refuses the device code; that says nothing about the mailbox, and nothing has to be weakened for it. [%s]%s", d.Cause, why)
		return
	case first:
		text := p.t("%s [%s]", p.t(d.Missing[0].Says), d.Cause)
		if room > 0 {
			text += " " + p.bornOut(d)
		}
		p.prose("", "%s", text)
	case d.Cause != "":
		p.prose("", "%s [%s] %s", p.t(title(d.Cause)), d.Cause, v.namer(p))
	case d.Verdict == diagnose.Unsure:
		v.choicesText(p, min(room, 2))
	default:
		p.prose("", "These words name no link of the chain.")
	}
	if len(d.Also) > 0 {
		p.prose("", "Also missing: %s.", strings.Join(Codes(d.Also), ", "))
	}
}

// bornOut is what the tenant shows of the first link.
func (p *page) bornOut(d diagnose.Diagnosis) string {
	var all []string
	for _, t := range d.Missing[0].Missing {
		r := d.Evidence.Get(t.Fact)
		row, _ := fact.Lookup(t.Fact)
		all = append(all, p.t(row.Title)+": "+cmp.Or(p.t(r.Detail), p.valueWords(row, r.Value)))
	}
	return "(" + strings.Join(all, "; ") + ".)"
}

// namer is who names a cause that no link shows.
func (v proven) namer(p *page) string {
	who := p.t("The server names it")
	switch {
	case v.OAuth.Token == nil:
		who = p.t("Entra names it")
	case v.Report.Last() == nil:
		who = p.t("The attempt shows it")
	}
	switch {
	case !v.Asked:
		return p.t("%s; the tenant was not asked.", who)
	case len(v.Diagnosis.Unseen) > 0:
		return p.t("%s; not everything could be read.", who)
	}
	return who + "."
}

// makeText says what makes a link.
func makeText(p *page, l catalogue.Link, commands []string) {
	if l.ByHand != "" {
		p.prose("", l.ByHand)
	}
	if len(commands) == 0 {
		return
	}
	p.blank()
	p.line("This makes it, in PowerShell (%s):", l.Make.At)
	p.commands(commands...)
}

func titlesOf(ev fact.Evidence) []string {
	var all []string
	for _, r := range ev {
		row, _ := fact.Lookup(r.Fact)
		all = append(all, row.Title)
	}
	return all
}

// unseenText says what could not be seen, and why the first of it could not.
func (v proven) unseenText(p *page, room int) {
	d := v.Diagnosis
	if len(d.Unseen) == 0 || v.cutShort() {
		return
	}
	if !v.Asked {
		p.prose("", "No administrator is signed in, so the links behind it were not looked at.")
		return
	}
	var unseen fact.Evidence
	for _, name := range d.Unseen {
		unseen = append(unseen, d.Evidence.Get(name))
	}
	for i, u := range unreadReasons(unseen) {
		if room == 0 {
			p.prose("", "Could not be seen (--verbose says why): %s.", shortened(strings.Join(p.all(titlesOf(unseen)), "; "), 70))
			return
		}
		if i > 0 && room < everything {
			p.prose("", "Nor: %s (--verbose says why).", p.titles(u, "; "))
			continue
		}
		p.prose("", "Could not be seen: %s (%s).", p.titles(u, "; "), strings.TrimSuffix(p.t(u.reason), "."))
	}
}
