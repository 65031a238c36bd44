package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// A verdictView is what is known of a mailbox, as text: the answer of diagnose,
// and the beginning of the answers of fix and verify.
type verdictView struct {
	mailbox string
	d       diagnose.Diagnosis
	rep     *probe.Report // nil where a reply of the device was judged
	shown   string        // what the device showed, where that was judged
	name    string        // what the account signs in with, where that is another name
	heard   int           // how many of the notes are about the words alone
	place   powershell.Place
	held    string // why the change for the cause must not be made here
	s       view.Situation
	next    proposal
}

// text is the answer; with room for everything it is all that is known.
func (v *verdictView) text(p *page, room int) {
	v.beginning(p, room)
	if room == everything {
		evidenceText(p, v.d)
	}
	v.stepsText(p, room)
	v.next.text(p)
}

// beginning is the verdict in one line, the words that decided, and the cause.
func (v *verdictView) beginning(p *page, room int) {
	v.headline(p)
	if v.d.Verdict == diagnose.Healthy || v.rep != nil && interrupted(v.rep) {
		for _, note := range v.d.Notes {
			p.prose("", note)
		}
		return
	}
	v.wordsText(p, room)
	p.blank()
	v.reasonText(p, room)
	nameText(p, v.name, v.mailbox)
}

// stepsText says what a person has to do.
func (v *verdictView) stepsText(p *page, room int) {
	if cause, known := catalogue.Lookup(v.d.Cause); known && (v.takesSteps() || room == everything && v.s.Who == "who-tool" && v.s.Evidence != "contradicted") {
		causeSteps(p, cause, blockFor(cause.Code, v.d, v.place), room)
	}
}

// takesSteps reports whether a person has to do something: where the tool can
// go on by itself, where the setting is right, and where no password was given,
// the steps of the cause would lead astray.
func (v *verdictView) takesSteps() bool {
	switch {
	case v.s.Outcome == "failed" || v.s.Outcome == "healthy", v.held != "", v.s.Evidence == "contradicted", v.s.Password == "no-password", v.s.Password == "other-name":
		return false
	case v.s.Verb == "verify" && v.s.Who == "who-tool":
		return false
	case v.s.Who == "who-tool":
		return v.s.Evidence == "nobody" || v.s.Evidence == "unread"
	}
	return true
}

// headline says in one line whether the mailbox can submit.
func (v *verdictView) headline(p *page) {
	switch {
	case v.rep == nil && len(v.d.Evidence) == 0:
		p.prose("", "The reply that the device showed, by its words alone; nothing was read of the tenant of "+v.mailbox+".")
	case v.rep == nil:
		p.prose("", "The reply that the device showed, judged with what the tenant says of "+v.mailbox+".")
	case v.d.Verdict == diagnose.Healthy:
		p.line("%s", p.paint(green, fmt.Sprintf("%s can submit through %s.", v.mailbox, v.rep.Server)))
	case interrupted(v.rep):
		p.prose("", fmt.Sprintf("Interrupted at %s: whether %s can submit is not known.", stageWords[v.rep.Stage], v.mailbox))
	case v.s.Password == "no-password":
		p.line("%s", p.paint(bold, "No password was given, so nobody signed in as "+v.mailbox+"."))
	default:
		p.line("%s", p.paint(bold, fmt.Sprintf("%s cannot submit through %s.", v.mailbox, v.rep.Server)))
	}
}

// wordsText shows the words that decided, before anything of ours.
func (v *verdictView) wordsText(p *page, room int) {
	switch {
	case replyWords(v.d.Reply) != "" && (v.rep == nil || v.rep.Last() != nil):
		where := ""
		if v.rep != nil {
			where = ", at " + stageWords[v.rep.Stage]
		}
		if v.rep != nil && room == everything {
			where += ", after " + took(v.rep.MS)
		}
		p.blank()
		p.line("The server said%s", where)
		p.quoted(replyWords(v.d.Reply), room)
	case v.rep != nil && v.rep.Decisive() != nil:
		p.blank()
		p.line("It failed at %s", stageWords[v.rep.Stage])
		p.quoted(v.rep.Decisive().Error, room)
	}
}

// verdictOf fills a view in, the next step excepted.
func verdictOf(ctx context.Context, verb string, d diagnose.Diagnosis, rep *probe.Report, ten *tenant, mailbox string) *verdictView {
	held, isHeld := errors.AsType[*remediate.HeldError](remediate.Held(d.Cause, d))
	isHeld = isHeld && verb == "diagnose"
	why := ""
	if isHeld {
		why = "T" + strings.TrimPrefix(held.Error(), "t") + "."
		d.Notes = append(slices.Clone(d.Notes), why)
	}
	v := &verdictView{mailbox: mailbox, d: d, rep: rep, name: signInName(ctx, ten, d, mailbox), s: situation(verb, d, ten != nil), held: why}
	switch {
	case isHeld && held.Roles != "":
		v.s.Change, v.s.Who = "kept", "who-admin"
	case isHeld:
		v.s.Who = "who-admin"
	}
	switch {
	case rep == nil:
	case interrupted(rep), crashed(rep):
		v.s.Outcome, v.s.Password = "failed", "password"
	case v.s.Password == "wrong-password":
	case rep.Mechanism == "" && d.Cause == catalogue.NotAuthenticated:
		v.s.Password = "no-password"
	case rep.Mechanism != "":
		v.s.Password = "password"
	}
	if v.name != "" {
		v.s.Password = "other-name"
	}
	return v
}

// known is what the next step is made of.
func (v *verdictView) known() known {
	k := of(v.mailbox, v.d)
	if _, replied := k["REPLY"]; v.rep == nil && !replied {
		k["REPLY"] = view.Phrase(v.shown) // so that no sign-in takes its place
	}
	if view.IsAddress(v.name) {
		k["NAME"] = v.name
	}
	return k
}

// signInName is the name that the account signs in with, where a wrong user name
// or password may be why the sign-in was refused and Graph knows the account by
// another name; "" otherwise.
func signInName(ctx context.Context, ten *tenant, d diagnose.Diagnosis, mailbox string) string {
	if ten == nil || d.Cause != catalogue.BadCredentials && !slices.Contains(d.Candidates, catalogue.BadCredentials) {
		return ""
	}
	user := ten.Subject(ctx).User
	if user.Err != nil || user.Name == "" || strings.EqualFold(user.Name, mailbox) || checkAddress("mailbox", user.Name) != nil {
		return ""
	}
	return user.Name
}

// nameText says what signInName found.
func nameText(p *page, name, mailbox string) {
	if name != "" {
		p.prose("", fmt.Sprintf("The account behind %s signs in as %s, which is what the device has to use as its user name.", mailbox, name))
	}
}
