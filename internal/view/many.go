package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/view/report"
	"smtpmend/internal/view/safe"
)

// An ofMany is the answer of diagnose for one of many mailboxes: a line, or with
// room for everything all that is known.
type ofMany struct {
	*verdict
	exit int
}

// DiagnosedOfMany is the answer of diagnose for one of many mailboxes, with the
// exit code that it would have alone.
func DiagnosedOfMany(c Case, exit int, next NextCommand) Answer {
	return ofMany{diagnosed(c, next), exit}
}

func (v ofMany) envelope() Envelope {
	e := v.verdict.envelope()
	e.Body = struct {
		diagnoseBody
		Exit int `json:"exit"`
	}{e.Body.(diagnoseBody), v.exit}
	return e
}

func (v ofMany) text(p *page, room int) {
	if room == everything {
		v.verdict.text(p, room)
		p.blank()
		return
	}
	d := v.Diagnosis
	switch {
	case d.Verdict == diagnose.Healthy:
		p.line("%s  %s", v.Mailbox, p.paint(green, p.t("can submit")))
	case d.Cause != "":
		p.line("%s  %s (%s)", v.Mailbox, p.paint(bold, string(d.Cause)), string(d.Verdict))
	case len(d.Candidates) > 0:
		p.line("%s  %s: %s", v.Mailbox, p.paint(bold, string(d.Verdict)), p.some(Codes(d.Candidates), 60))
	default:
		p.line("%s  %s", v.Mailbox, p.paint(bold, string(d.Verdict)))
	}
}

// NotTried and Interrupted stand in a summary in the place of a verdict.
const (
	NotTried    = "not-tried"   // no attempt was begun
	Interrupted = "interrupted" // an attempt was begun, and has no result
)

// A Group is the mailboxes that one cause stops, or where there is none, those
// with one verdict.
type Group struct {
	Cause     catalogue.Code
	Verdict   string
	Mailboxes []string
}

// Groups are the mailboxes of a run by what became of them. The zero value is
// ready.
type Groups struct{ all []*Group }

// Add takes in a mailbox.
func (g *Groups) Add(mailbox, verdict string, cause catalogue.Code) {
	if cause != "" {
		verdict = ""
	}
	i := slices.IndexFunc(g.all, func(o *Group) bool { return o.Cause == cause && o.Verdict == verdict })
	if i < 0 {
		i = len(g.all)
		g.all = append(g.all, &Group{Cause: cause, Verdict: verdict})
	}
	g.all[i].Mailboxes = append(g.all[i].Mailboxes, mailbox)
}

// sorted has the largest group first, and what has no result last.
func (g *Groups) sorted() []*Group {
	list := slices.Clone(g.all)
	open := func(o *Group) int {
		if o.Verdict == NotTried || o.Verdict == Interrupted {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b *Group) int {
		return cmp.Or(open(a)-open(b), len(b.Mailboxes)-len(a.Mailboxes), cmp.Compare(a.word(), b.word()))
	})
	return list
}

func (o *Group) word() string { return cmp.Or(string(o.Cause), o.Verdict) }

// A summed is the end of a run over many mailboxes.
type summed struct {
	groups []*Group
	next   proposal
}

// Summed is the table at the end of a run over many mailboxes. Say is what to do
// now, with the commands for it.
func Summed(g *Groups, say string, commands ...string) Kept {
	return summed{g.sorted(), proposal{Say: say, Commands: commands}}
}

type groupBody struct {
	Cause     catalogue.Code `json:"cause,omitempty"`
	Verdict   string         `json:"verdict,omitempty"`
	Count     int            `json:"count"`
	Mailboxes []string       `json:"mailboxes"`
}

func (s summed) envelope() Envelope {
	list := []groupBody{}
	for _, g := range s.groups {
		list = append(list, groupBody{g.Cause, g.Verdict, len(g.Mailboxes), g.Mailboxes})
	}
	return Envelope{Bare: true, Body: struct {
		Summary []groupBody `json:"summary"`
	}{list}}
}

// table is the summary as rows, the mailboxes of a group in one cell.
func (s summed) table() [][]string {
	rows := [][]string{{"cause", "verdict", "count", "mailboxes"}}
	for _, g := range s.groups {
		rows = append(rows, []string{string(g.Cause), g.Verdict, strconv.Itoa(len(g.Mailboxes)), strings.Join(g.Mailboxes, " ")})
	}
	return rows
}

// document is the table, with all mailboxes, to be kept.
func (s summed) document(p *page) report.Document {
	all, well, mood := 0, 0, report.Good
	table := report.Table{Title: p.t("By cause"), Head: []string{p.t("Cause"), p.t("Count"), p.t("Mailboxes")}}
	for _, g := range s.groups {
		all += len(g.Mailboxes)
		switch {
		case g.Verdict == string(diagnose.Healthy):
			well += len(g.Mailboxes)
		case g.Cause == "":
			mood = report.Open
		case mood == report.Good:
			mood = report.Bad
		}
		what := g.word()
		if g.Cause != "" {
			what = p.t(title(g.Cause)) + " [" + what + "]"
		}
		table.Rows = append(table.Rows, []string{what, strconv.Itoa(len(g.Mailboxes)), strings.Join(g.Mailboxes, ", ")})
	}
	return report.Document{
		Title: p.t("Mail submission: %s", p.count(all, "mailbox", "mailboxes")), Mood: mood,
		Verdict: p.t("%d of %s can submit.", well, p.count(all, "mailbox", "mailboxes")),
		Tables:  []report.Table{table}, Next: s.next.say(p), Do: s.next.Commands,
	}
}

// wordWidth holds the longest code of a cause.
const wordWidth = 32

func (s summed) text(p *page, room int) {
	p.heading("By cause")
	for _, g := range s.groups {
		first := fmt.Sprintf("%6d  %-*s", len(g.Mailboxes), wordWidth, g.word())
		if names := g.names(p, room); names != "" {
			p.item(first+"  ", strings.Repeat(" ", len(first)+2), "%s", names)
		} else {
			p.line("%s", strings.TrimRight(first, " "))
		}
	}
	s.next.text(p)
}

// names are the mailboxes of a group, as many as there is room for; nobody
// looks for those that can submit.
func (g *Group) names(p *page, room int) string {
	most := max(1, room-1)
	switch n := len(g.Mailboxes); {
	case room == everything || n <= most+1: // one more takes no more room than saying so
		return strings.Join(g.Mailboxes, ", ")
	case g.Verdict == string(diagnose.Healthy):
		return ""
	default:
		return p.t("%s and %d more", strings.Join(g.Mailboxes[:most], ", "), n-most)
	}
}

// Started is the line that announces an attempt where the answer goes to a file:
// a run that goes on with that file knows what was under way.
func Started(mailbox, at string) Answer { return started{mailbox, at} }

type started struct {
	Mailbox string `json:"mailbox"`
	Started string `json:"started"` // RFC 3339
}

func (s started) envelope() Envelope { return Envelope{Bare: true, Body: s} }

func (s started) text(p *page, _ int) { p.line("%s  started %s", s.Mailbox, safe.Text(s.Started)) }
