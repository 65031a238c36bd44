package main

import (
	"fmt"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/probe"
)

// diagnoseText is the answer of diagnose: the server's words, the cause, what
// to do, and the next command on a line of its own.
// name is the one that the account signs in with, where that is another.
func diagnoseText(p *page, d diagnose.Diagnosis, rep *probe.Report, name string, at powershell.Place, next nextCommand) {
	headline(p, d, rep)
	if interrupted(rep) {
		return
	}
	if rep.Last() == nil {
		p.prose("    ", rep.Decisive().Error)
		p.blank()
	} else {
		replyText(p, d.Reply)
	}
	verdictText(p, d)
	nameText(p, name, rep.Mailbox)
	evidenceText(p, d)
	cause, known := catalogue.Lookup(d.Cause)
	if known {
		causeDetails(p, cause, at)
	}
	command := suggestion(d, cause, rep.Mailbox, next)
	if name != "" {
		command = next("diagnose", name)
	}
	switch {
	case d.Verdict != diagnose.Healthy && rep.Mechanism == "" && d.Cause == catalogue.NotAuthenticated:
		p.heading("Next")
		p.prose("  ", "No password was given. Set "+envPassword+", name a file with --password-file, or type it at the prompt of a terminal; then run the same again.")
	case command != "":
		p.heading("Next")
		p.commands(command)
	case d.Verdict == diagnose.Unsure && len(d.Candidates) > 0:
		first, _ := catalogue.Lookup(d.Candidates[0])
		p.heading("Next")
		p.prose("  ", first.Check)
	}
}

// headline says in one line whether the mailbox can submit.
func headline(p *page, d diagnose.Diagnosis, rep *probe.Report) {
	if d.Verdict == diagnose.Healthy {
		p.line("%s", p.paint(green, fmt.Sprintf("%s can submit through %s.", rep.Mailbox, rep.Server)))
		return
	}
	if interrupted(rep) {
		p.prose("", fmt.Sprintf("Interrupted at %s, after %s: whether %s can submit through %s is not known.", stageWords[rep.Stage], took(rep.MS), rep.Mailbox, rep.Server))
		return
	}
	p.line("%s", p.paint(bold, fmt.Sprintf("%s cannot submit through %s.", rep.Mailbox, rep.Server)))
	p.prose("", fmt.Sprintf("It stopped at %s, after %s.", stageWords[rep.Stage], took(rep.MS)))
	p.blank()
}

// suggestion is what to type now, "" when there is nothing left to do.
func suggestion(d diagnose.Diagnosis, cause catalogue.Cause, mailbox string, next nextCommand) string {
	switch {
	case d.Verdict == diagnose.Healthy:
		return ""
	case cause.Who == catalogue.Tool:
		return next("fix", mailbox)
	case cause.Who != "":
		return next("verify", mailbox)
	case len(diagnose.Questions(d)) > 0 && len(d.Evidence) == 0:
		return next("diagnose", mailbox) + " --auth device-code"
	}
	if d.Verdict == diagnose.Unsure && len(d.Candidates) > 0 {
		return "" // the first candidate's check; another attempt would tell nothing new
	}
	return next("probe", mailbox)
}
