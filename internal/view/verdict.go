package view

import (
	"errors"
	"slices"
	"strings"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// A Case is what is known of a mailbox that was tried.
type Case struct {
	Mailbox   string
	Diagnosis diagnose.Diagnosis
	Report    *probe.Report // nil where a reply of the device was judged
	Shown     string        // that reply
	Tried     time.Time     // when the device showed it, zero where nobody said
	Name      string        // what the account signs in with, where that is another name
	Heard     int           // how many of the notes are about the words alone
	Place     powershell.Place
	Asked     bool   // an administrator is signed in
	Trouble   bool   // it ended for a reason of ours
	OAuth     *OAuth // of an attempt with a token of our own, else nil
}

// A verdict is a case as an answer: that of diagnose, and the beginning of the
// answers of fix and verify.
type verdict struct {
	Case
	held string // why the change for the cause must not be made here
	s    Situation
	next proposal
}

// Diagnosed is the answer of diagnose.
func Diagnosed(c Case, next NextCommand) Kept { return diagnosed(c, next) }

func diagnosed(c Case, next NextCommand) *verdict {
	v := newVerdict("diagnose", c)
	if c.Trouble {
		v.s.Outcome = "failed"
	}
	v.next = propose(v.s, v.known(), next)
	return v
}

func (v *verdict) envelope() Envelope {
	d := v.Diagnosis
	return Envelope{Next: v.next.first(), Body: diagnoseBody{
		Mailbox: v.Mailbox, Verdict: d.Verdict, Cause: d.Cause,
		Candidates: listed(d.Candidates), Also: listed(d.Also), Reply: d.Reply,
		Evidence: listed(d.Evidence), Title: title(d.Cause), Notes: d.Notes, Probe: v.Report,
		PowerShell: blockFor(d.Cause, d, v.Place),
	}}
}

// text is the answer; with room for everything it is all that is known.
func (v *verdict) text(p *page, room int) {
	v.beginning(p, room)
	if room == everything {
		evidenceText(p, v.Diagnosis)
	}
	v.stepsText(p, room)
	v.next.text(p)
}

// beginning is the verdict in one line, the words that decided, and the cause.
func (v *verdict) beginning(p *page, room int) {
	v.headline(p)
	if v.Diagnosis.Verdict == diagnose.Healthy || v.Report.EndedBy(probe.FaultInterrupted) {
		for _, note := range v.Diagnosis.Notes {
			p.prose("", note)
		}
		return
	}
	v.wordsText(p, room)
	p.blank()
	v.reasonText(p, room)
	nameText(p, v.Name, v.Mailbox)
}

// stepsText says what a person has to do.
func (v *verdict) stepsText(p *page, room int) {
	if cause, known := catalogue.Lookup(v.Diagnosis.Cause); known && (v.takesSteps() || room == everything && v.s.Who == "who-tool" && v.s.Evidence != "contradicted") {
		causeSteps(p, cause, blockFor(cause.Code, v.Diagnosis, v.Place), room)
	}
}

// takesSteps reports whether a person has to do something: where the tool can
// go on by itself, where the setting is right, and where no password was given,
// the steps of the cause would lead astray.
func (v *verdict) takesSteps() bool {
	switch {
	case v.OAuth != nil && v.OAuth.Elsewhere != "":
		return false
	case slices.Contains([]string{"failed", "healthy", "delivered"}, v.s.Outcome), v.held != "", v.s.Evidence == "contradicted", v.s.Password == "no-password", v.s.Password == "other-name":
		return false
	case v.s.Verb == "verify" && v.s.Who == "who-tool":
		return false
	case v.s.Who == "who-tool":
		return v.s.Evidence == "nobody" || v.s.Evidence == "unread"
	}
	return true
}

// headline says in one line whether the mailbox can submit.
func (v *verdict) headline(p *page) {
	switch {
	case v.Report == nil && len(v.Diagnosis.Evidence) == 0:
		p.prose("", "The reply that the device showed, by its words alone; nothing was read of the tenant of %s.", v.Mailbox)
	case v.Report == nil:
		p.prose("", "The reply that the device showed, judged with what the tenant says of %s.", v.Mailbox)
	case v.Diagnosis.Verdict == diagnose.Healthy:
		p.line("%s", p.paint(green, p.t("%s can submit through %s.", v.Mailbox, v.Report.Server)))
	case v.Report.EndedBy(probe.FaultInterrupted):
		p.prose("", "Interrupted at %s: whether %s can submit is not known.", p.t(stageWords[v.Report.Stage]), v.Mailbox)
	case v.s.Password == "no-password":
		p.line("%s", p.paint(bold, p.t("No password was given, so nobody signed in as %s.", v.Mailbox)))
	default:
		p.line("%s", p.paint(bold, p.t("%s cannot submit through %s.", v.Mailbox, v.Report.Server)))
	}
}

// wordsText shows the words that decided, before anything of ours.
func (v *verdict) wordsText(p *page, room int) {
	switch {
	case replyWords(v.Diagnosis.Reply) != "" && (v.Report == nil || v.Report.Last() != nil):
		p.blank()
		switch {
		case v.Report == nil:
			p.line("The server said")
		case room == everything:
			p.line("The server said, at %s, after %s", p.t(stageWords[v.Report.Stage]), p.took(v.Report.MS))
		default:
			p.line("The server said, at %s", p.t(stageWords[v.Report.Stage]))
		}
		p.quoted(replyWords(v.Diagnosis.Reply), room)
	case v.Report != nil && v.Report.Decisive() != nil:
		p.blank()
		p.line("It failed at %s", p.t(stageWords[v.Report.Stage]))
		p.quoted(p.t(v.Report.Decisive().Error), room)
	}
}

// newVerdict fills a view in, the next step excepted.
func newVerdict(verb string, c Case) *verdict {
	v := &verdict{Case: c, s: situation(verb, c.Diagnosis, c.Asked)}
	v.s.Token = c.OAuth.word()
	if held, isHeld := errors.AsType[*remediate.HeldError](remediate.Held(c.Diagnosis.Cause, c.Diagnosis)); isHeld && verb == "diagnose" {
		v.held = "T" + strings.TrimPrefix(held.Error(), "t") + "."
		v.Diagnosis.Notes = append(slices.Clone(c.Diagnosis.Notes), v.held)
		if v.s.Who = "who-admin"; held.Roles != "" {
			v.s.Change = "kept"
		}
	}
	switch rep := c.Report; {
	case rep == nil:
	case rep.EndedBy(probe.FaultInterrupted), rep.EndedBy(probe.FaultCrashed):
		v.s.Outcome, v.s.Password = "failed", "password"
	case v.s.Password == "wrong-password":
	case rep.Mechanism == "" && c.Diagnosis.Cause == catalogue.NotAuthenticated:
		v.s.Password = "no-password"
	case rep.Mechanism != "":
		v.s.Password = "password"
	}
	if c.Diagnosis.Verdict == diagnose.Healthy && c.Report != nil && c.Report.Stage == probe.StageData {
		v.s.Outcome = "delivered"
	}
	if c.Name != "" {
		v.s.Password = "other-name"
	}
	return v
}

// known is what the next step is made of.
func (v *verdict) known() known {
	k := of(v.Mailbox, v.Diagnosis)
	if _, replied := k["REPLY"]; v.Report == nil && !replied {
		k["REPLY"] = safe.Phrase(v.Shown) // so that no sign-in takes its place
	}
	tried := v.Tried
	if v.Report != nil {
		tried = v.Report.Started
	}
	if !tried.IsZero() {
		k["TRIED"] = tried.UTC().Format(time.RFC3339)
	}
	if safe.IsAddress(v.Name) {
		k["NAME"] = v.Name
	}
	return k
}

// nameText says that the account has another name.
func nameText(p *page, name, mailbox string) {
	if name != "" {
		p.prose("", "The account behind %s signs in as %s, which is what the device has to use as its user name.", mailbox, name)
	}
}
