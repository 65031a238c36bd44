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

func (s *Sessions) document() report.Document {
	d := report.Document{
		Title: "What devices did", Verdict: "No device connected.", Mood: report.Open,
		About: []report.Pair{{Name: "Sessions", Value: fmt.Sprint(s.seen)}},
	}
	table := report.Table{Title: "Sessions", Head: []string{"Device", "Login", "From", "TLS", "What to set"}}
	for _, session := range s.all {
		r := session.report
		d.Verdict, d.Mood = sentence(func(p *page) { listenVerdict(p, r) }), mood(diagnose.Diagnosis{Meaning: words.Meaning{Verdict: r.Verdict}})
		d.Next, d.Do = session.next.Say, session.next.Commands
		var set []string
		for _, f := range r.Rows() {
			set = append(set, f.Sentence+" Look for: "+f.Menu)
		}
		table.Rows = append(table.Rows, []string{r.Peer, r.Login, r.From, r.TLS.Used, strings.Join(set, " ")})
		d.Dialogues = append(d.Dialogues, dialogueOf("Device "+r.Peer, r.Stages, nil))
		for _, u := range r.Upstream {
			d.Dialogues = append(d.Dialogues, dialogueOf("Handed on to "+u.Probe.Server, u.Probe.Stages, u.Probe))
			d.Said = saidLines(u.Diagnosis.Reply)
		}
		d.Ticket = append(d.Ticket, fmt.Sprintf("Device %s: %s", r.Peer, sentence(func(p *page) { listenVerdict(p, r) })))
	}
	if len(table.Rows) > 0 {
		d.Tables = []report.Table{table}
		d.Customer = []string{
			"We have looked at what the device does when it sends mail.",
			d.Verdict,
			"We will set what is needed and tell you when to send a test.",
		}
	}
	return d
}
