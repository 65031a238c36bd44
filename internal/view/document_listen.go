package view

import (
	"fmt"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/words"
	"smtpmend/internal/listen"
	"smtpmend/internal/view/report"
)

// Sessions is the answer of a whole run of listen, as a document alone.
type Sessions struct {
	all  []session
	seen int
}

// mostSessions is how many of the last sessions a document holds.
const mostSessions = 20

// Add keeps a session.
func (s *Sessions) Add(r *listen.Report, made bool, next NextCommand) {
	s.seen++
	if s.all = append(s.all, session{r, made, listenNext(r, next)}); len(s.all) > mostSessions {
		s.all = s.all[1:]
	}
}

func (s *Sessions) document(p *page) report.Document {
	d := report.Document{
		Title: p.t("What devices did"), Verdict: p.t("No device connected."), Mood: report.Open,
		About: []report.Pair{{Name: p.t("Sessions"), Value: fmt.Sprint(s.seen)}},
	}
	table := report.Table{Title: p.t("Sessions"), Head: []string{p.t("The device"), p.t("Login"), p.t("Sender"), "TLS", p.t("What to set")}}
	for _, session := range s.all {
		r := session.report
		d.Verdict, d.Mood = p.sentence(func(p *page) { listenVerdict(p, r) }), mood(diagnose.Diagnosis{Meaning: words.Meaning{Verdict: r.Verdict}})
		d.Next, d.Do = session.next.say(p), session.next.Commands
		var set []string
		for _, f := range r.Rows() {
			set = append(set, p.t("%s Look for: %s", p.t(f.Sentence), p.t(f.Menu)))
		}
		table.Rows = append(table.Rows, []string{r.Peer, r.Login, r.From, r.TLS.Used, strings.Join(set, " ")})
		d.Dialogues = append(d.Dialogues, p.dialogueOf(p.t("Device %s", r.Peer), r.Stages, nil))
		for _, u := range r.Upstream {
			d.Dialogues = append(d.Dialogues, p.dialogueOf(p.t("Handed on to %s", u.Probe.Server), u.Probe.Stages, u.Probe))
			d.Said = saidLines(u.Diagnosis.Reply)
		}
		d.Ticket = append(d.Ticket, p.t("Device %s: %s", r.Peer, p.sentence(func(p *page) { listenVerdict(p, r) })))
	}
	if len(table.Rows) > 0 {
		d.Tables = []report.Table{table}
		d.Customer = []string{
			p.t("We have looked at what the device does when it sends mail."),
			d.Verdict,
			p.t("We will set what is needed and tell you when to send a test."),
		}
	}
	return d
}
