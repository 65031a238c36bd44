package view

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/powershell"
	"smtpmend/remediate"
)

// A handover is what somebody has to know who administers the tenant and was
// not there.
type handover struct {
	mailbox, server string // "" where a text alone was explained
	tried           time.Time
	d               diagnose.Diagnosis
	place           powershell.Place
	failed          string // what failed, where no reply decided
	held            string // why no change must be made on this
	untried         bool   // no password was given: the reply is what a device gets that does not sign in
}

func (v *verdict) handover() handover {
	h := handover{mailbox: v.Mailbox, d: v.Diagnosis, place: v.Place, tried: v.Tried}
	if v.Report == nil {
		return h
	}
	h.server, h.tried = v.Report.Server, v.Report.Started
	h.untried = v.s.Password == "no-password"
	if stage := v.Report.Decisive(); stage != nil && v.Report.Last() == nil {
		h.failed = stage.Error
	}
	return h
}

// A handed is an answer as the text for somebody else; in JSON it is as ever.
type handed struct {
	Answer
	handover
}

func (h handed) text(p *page, _ int) { h.handover.text(p) }

// ForAdmin is the answer as the text to hand to whoever administers the
// tenant.
func ForAdmin(a Answer) Answer {
	switch a := a.(type) {
	case *verdict:
		return handed{a, a.handover()}
	case *explained:
		return handed{a, handover{d: a.Diagnosis}}
	case *Fix:
		h := a.handover()
		if errors.Is(a.Result.Err, remediate.ErrHearsay) {
			h.held = reason(a.Result.Err)
		}
		return handed{a, h}
	case Cause:
		return handed{a, handover{d: diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Named, Cause: a.Code}}}}
	}
	return a
}

// text is made to be sent as it stands: it says what was tried and heard, what
// may be the cause, what to do about each, what that costs, and how to prove it.
func (h handover) text(p *page) {
	switch {
	case h.d.Verdict == diagnose.Healthy:
		if h.mailbox == "" {
			p.prose("", "There is nothing to hand over.")
		} else {
			p.prose("", "%s can submit mail; there is nothing to hand over.", h.mailbox)
		}
		return
	case h.mailbox == "":
		p.prose("", "For whoever administers Microsoft 365: a device cannot send mail (SMTP AUTH client submission).")
	case h.untried:
		p.prose("", "For whoever administers the tenant of %s: a device that sends as this mailbox is said to fail. No password was at hand, so nobody signed in, and what follows is no finding about the mailbox; what the tenant shows to stand in the way is listed with it.", h.mailbox)
	default:
		p.prose("", "For whoever administers the tenant of %s: this mailbox cannot send mail (SMTP AUTH client submission).", h.mailbox)
	}
	switch at := h.tried.UTC().Format("2006-01-02 15:04:05"); {
	case h.server != "":
		p.prose("", "Tried by smtpmend at %s UTC, one attempt at %s.", at, h.server)
	case !h.tried.IsZero():
		p.prose("", "Refused at %s UTC.", at)
	}
	said := replyWords(h.d.Reply)
	switch {
	case h.failed != "":
		p.blank()
		p.line("It failed with")
		p.quoted(p.t(h.failed), everything)
	case said != "":
		p.blank()
		p.line("The server said")
		p.quoted(said, everything)
	}
	causes := h.d.Candidates
	p.blank()
	switch {
	case h.d.Cause != "":
		causes = append([]catalogue.Code{h.d.Cause}, h.d.Also...)
		if h.untried {
			causes = append(slices.Clone(h.d.Also), h.d.Cause)
		}
		if how := p.bearing(h.d); how != "" && said != "" && !h.untried {
			p.prose("", "One cause is known. %s", how)
		} else {
			p.prose("", "The cause, and what to do about it:")
		}
	case len(causes) > 0:
		p.prose("", "The words allow several causes, the likeliest first. Make the check of each, and mend the one that it finds; change nothing on a guess.")
	default:
		p.prose("", "smtpmend does not know the cause. The Entra sign-in log (Client app = Authenticated SMTP) says why the sign-in was refused.")
	}
	for i, code := range causes {
		h.causeText(p, i+1, code)
	}
	p.heading("How to prove it afterwards")
	p.prose("  ", "Press test at the device, or run smtpmend verify with the mailbox, where this was run: it waits until a sign-in works. Minutes are usual, an hour has been seen.")
}

func (h handover) causeText(p *page, number int, code catalogue.Code) {
	cause, ok := catalogue.Lookup(code)
	if !ok {
		return
	}
	p.blank()
	label := func(name string) string { return fmt.Sprintf("   %-7s ", name) }
	p.item(p.paint(bold, fmt.Sprintf("%d. ", number)), "   ", "%s [%s]", p.t(cause.Title), code)
	p.item(label(p.t("Check")), "           ", cause.Check)
	who := whoWords[cause.Who]
	if cause.Who == catalogue.Tool {
		who = "An administrator." // who reads this has no smtpmend
	}
	p.item(label(p.t("Who")), "           ", who)
	held := h.held
	if why := remediate.Held(code, h.d); why != nil {
		held = why.Error()
	}
	if held != "" && cause.Change != nil {
		p.item(label(p.t("Stop")), "           ", held)
		return
	}
	for i, step := range cause.Portal {
		p.item(label(p.t("Step %d", i+1)), "           ", step)
	}
	if cause.Change != nil {
		p.item(label(p.t("Weakens")), "           ", "%s %s", p.t(cause.Change.Weakens), p.t(cause.Change.ForWhom))
	}
	if cause.WeakensNothing != "" {
		p.item(label(p.t("Instead")), "           ", cause.WeakensNothing)
	}
	if block := blockFor(code, h.d, h.place); len(block) > 0 {
		p.prose("   ", "In PowerShell:")
		p.commands(block...)
	}
}
