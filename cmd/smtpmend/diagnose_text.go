package main

import (
	"fmt"

	"smtpmend/diagnose"
	"smtpmend/probe"
)

// diagnoseText is the answer of diagnose: the server's words, the cause, what
// to do, and the next command on a line of its own.
func diagnoseText(p *page, d diagnose.Diagnosis, rep *probe.Report, args string) {
	headline(p, d, rep)
	if rep.Last() == nil {
		p.prose("    ", rep.Decisive().Error)
		p.blank()
	} else {
		replyText(p, d.Reply)
	}
	verdictText(p, d)
	evidenceText(p, d)
	cause, known := diagnose.Lookup(d.Cause)
	if known {
		causeDetails(p, cause, rep.Mailbox)
	}
	if next := nextCommand(d, cause, args); next != "" {
		p.heading("Next")
		p.commands(next)
	}
}

// headline says in one line whether the mailbox can submit.
func headline(p *page, d diagnose.Diagnosis, rep *probe.Report) {
	if d.Verdict == diagnose.Healthy {
		p.line("%s", p.paint(green, fmt.Sprintf("%s can submit through %s.", rep.Mailbox, rep.Server)))
		return
	}
	p.line("%s", p.paint(bold, fmt.Sprintf("%s cannot submit through %s.", rep.Mailbox, rep.Server)))
	p.prose("", fmt.Sprintf("It stopped at %s, after %s.", stageWords[rep.Stage], took(rep.MS)))
	p.blank()
}

// nextCommand is what to type now, "" when a person has something to do that
// is no command.
func nextCommand(d diagnose.Diagnosis, cause diagnose.Cause, args string) string {
	switch {
	case d.Verdict == diagnose.Healthy:
		return ""
	case cause.Who == diagnose.Tool:
		return "smtpmend fix " + args
	case cause.Who != "":
		return "smtpmend verify " + args
	case len(diagnose.Questions(d)) > 0 && len(d.Evidence) == 0:
		return "smtpmend diagnose " + args + " --auth device-code"
	}
	return "smtpmend probe " + args
}
