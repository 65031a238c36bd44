package view

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// A probed is the answer of probe.
type probed struct{ *verdict }

// Probed is the answer of probe, which asks no tenant.
func Probed(c Case, next NextCommand) Answer {
	v := newVerdict("probe", c)
	if c.Trouble {
		v.s.Outcome = "failed"
	}
	v.next = propose(v.s, v.known(), next)
	return probed{v}
}

func (v probed) envelope() Envelope { return Envelope{Body: v.Report, Next: v.next.first()} }

// text shows a report stage by stage. The marks are swaks's: > for the client
// and < for the server, with ~ once TLS protects the line.
func (v probed) text(p *page, _ int) {
	rep := v.Report
	p.line("%s", p.paint(bold, p.t("Submission of %s to %s", rep.Mailbox, rep.Server)))
	p.blank()
	stagesText(p, rep)
	p.blank()
	p.prose("", "%s", p.outcomeSentence(rep))
	if last := rep.Last(); last != nil && rep.Outcome != probe.Accepted {
		p.quoted(strings.Join(last.Reply.Lines, "\n"), everything)
	} else if stage := rep.Decisive(); stage != nil && stage.Error != "" {
		p.quoted(p.t(stage.Error), everything)
	}
	if slices.Contains(v.Diagnosis.Notes, diagnose.NotTheMailbox) {
		p.prose("", diagnose.NotTheMailbox)
	}
	v.next.text(p)
}

func stagesText(p *page, rep *probe.Report) {
	secure := false
	for _, stage := range rep.Stages {
		p.line("%s %9s  %s", p.paint(bold, fmt.Sprintf("%-9s", stage.Name)), p.took(stage.MS), p.stageSummary(rep, stage))
		if stage.Name == probe.StageTLS {
			certificateText(p, rep.TLS)
			secure = stage.Fault == ""
		}
		for _, ex := range stage.Exchanges {
			exchangeText(p, ex, secure)
		}
		for _, note := range stage.Notes {
			p.item("           - ", "             ", note)
		}
		if stage.Error != "" {
			p.item("           ! ", "             ", stage.Error)
		}
	}
}

// stageSummary is what stands beside a stage's time.
func (p *page) stageSummary(rep *probe.Report, stage probe.Stage) string {
	switch stage.Name {
	case probe.StageResolve, probe.StageConnect:
		var all []string
		for _, a := range stage.Addresses {
			text := a.IP
			if a.Error != "" {
				text += " (" + p.t(a.Error) + ")"
			}
			all = append(all, text)
		}
		return strings.Join(all, ", ")
	case probe.StageTLS:
		if t := rep.TLS; t != nil && t.Version != "" {
			return t.Version + ", " + t.Cipher
		}
	}
	if stage.Name == rep.Stage && rep.Outcome == probe.Refused {
		return p.t("refused")
	}
	return ""
}

func exchangeText(p *page, ex probe.Exchange, secure bool) {
	sent, got := " > ", " < "
	if secure {
		sent, got = "~> ", "<~ "
	}
	if ex.Sent != "" {
		p.line("  %s %s%s", p.paint(faint, sent), safe.Line(ex.Sent), p.paint(faint, decoded(ex.Sent, "AUTH LOGIN ")))
	}
	if ex.Reply == nil {
		return
	}
	for _, line := range ex.Reply.Lines {
		line := safe.Line(line)
		var text any = line
		if ex.Reply.Code >= 400 {
			text = p.paint(red, line)
		}
		p.line("  %s %s%s", p.paint(faint, got), text, p.paint(faint, decoded(line, "334 ")))
	}
}

// decoded shows the user name or prompt behind prefix for people who do not
// read base64.
func decoded(line, prefix string) string {
	rest, ok := strings.CutPrefix(line, prefix)
	if !ok {
		return ""
	}
	b, err := base64.StdEncoding.DecodeString(rest)
	if err != nil || len(b) == 0 {
		return ""
	}
	return "   (" + string(b) + ")"
}

func certificateText(p *page, t *probe.TLS) {
	if t == nil || len(t.Chain) == 0 {
		return
	}
	leaf := t.Chain[0]
	days := p.t("%s left", p.count(leaf.DaysLeft, "day", "days"))
	if leaf.DaysLeft < 0 {
		days = p.t("expired %s ago", p.count(-leaf.DaysLeft, "day", "days"))
	}
	p.item("           "+p.t("certificate")+" ", "             ", "%s; for %s; issued by %s; %s",
		leaf.Subject, strings.Join(leaf.Names, ", "), leaf.Issuer, days)
	if !t.Verified {
		p.item("           "+p.t("not verified")+": ", "             ", t.Error)
	}
}

// outcomeSentence says how it ended, and where.
func (p *page) outcomeSentence(rep *probe.Report) string {
	switch rep.Outcome {
	case probe.Accepted:
		if rep.Stage == probe.StageData {
			return p.t("Accepted after %s: the message is on its way.", p.took(rep.MS))
		}
		return p.t("Accepted after %s: this mailbox can submit. Nothing was sent; --send sends a message.", p.took(rep.MS))
	case probe.Refused:
		return p.t("Refused at %s after %s. The server said:", p.t(stageWords[rep.Stage]), p.took(rep.MS))
	}
	return p.t("Failed at %s after %s.", p.t(stageWords[rep.Stage]), p.took(rep.MS))
}

// stageWords say where in the dialogue something happened.
var stageWords = map[probe.StageName]string{
	probe.StageResolve:  "looking up the name",
	probe.StageConnect:  "connecting",
	probe.StageGreeting: "the greeting",
	probe.StageEHLO:     "EHLO",
	probe.StageSTARTTLS: "STARTTLS",
	probe.StageTLS:      "the TLS handshake",
	probe.StageToken:    "the check of the token",
	probe.StageAuth:     "the sign-in (AUTH)",
	probe.StageMail:     "the sender (MAIL FROM)",
	probe.StageRcpt:     "the recipient (RCPT TO)",
	probe.StageData:     "the message (DATA)",
	probe.StageReset:    "taking the message back (RSET)",
	probe.StageQuit:     "taking leave (QUIT)",
}
