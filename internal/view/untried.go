package view

import (
	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/remediate"
)

// An untried is a fix that stopped at the administrator's sign-in, before the
// mailbox was tried.
type untried struct {
	mailbox, why string
	next         proposal
}

// Untried is the answer of a fix that nobody could sign in for.
func Untried(mailbox string, why error, next NextCommand) Answer {
	s := Situation{Verb: "fix", Outcome: "failed"}
	return &untried{mailbox, why.Error(), propose(s, known{"MAILBOX": mailbox}, next)}
}

func (u *untried) envelope() Envelope {
	return Envelope{Error: u.why, Next: u.next.first(), Body: fixBody{
		Result:  &remediate.Result{Mailbox: u.mailbox, Outcome: remediate.Failed, Steps: []remediate.Step{}},
		Verdict: diagnose.Unknown, Candidates: []catalogue.Code{}, PowerShell: []string{},
	}}
}

func (u *untried) text(p *page, _ int) {
	p.line("%s", p.paint(bold, p.t("%s was not tried.", u.mailbox)))
	p.prose("", "The tenant cannot be read, so no change could be planned, and the mailbox's password was not used.")
	p.blank()
	p.prose("", u.why)
	u.next.text(p)
}
