package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/m365"
	"smtpmend/internal/many"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// A fleet is the mailboxes of one run of diagnose.
type fleet struct {
	*app
	cmd   *cobra.Command
	t     *target
	admin adminFlags
	flags manyFlags
	args  []string

	report reportFlags
	file   *reportFile

	jobs    map[string]job // by mailbox
	order   []string
	spelt   map[string]string // by key; see typed
	tenants m365.Tenants
	record  *many.Record // nil without --resume
	out     *os.File     // standard output, where that is a file that keeps JSON

	groups  view.Groups
	results int
	worst   int
	told    []string // notes that are true of many, each said once
	status  string   // how far the run is, where that is on a terminal
}

// A job is a mailbox and how it is tried.
type job struct {
	many.Entry
	config probe.Config
}

// A tried is the result of one mailbox.
type tried struct {
	view.Case
	code   int
	closed string // why the tenant could not be opened
}

// attempt tries one mailbox and asks its tenant. It runs beside others and
// prints nothing but what a person has to do to sign in.
func (f *fleet) attempt(ctx context.Context, mailbox string) many.Outcome[tried] {
	var r tried
	ten := f.tenantOf(mailbox)
	defer ten.close()
	rep := probe.Run(ctx, f.jobs[mailbox].config)
	r.Case, _ = judged(ctx, diagnose.Record(rep), rep, time.Time{}, ten)
	r.Mailbox, r.Place = mailbox, placeOf(mailbox, f.t.Cloud, ten, f.admin)
	r.Name = signInName(ctx, ten, r.Diagnosis, mailbox)
	r.code = diagnoseExit(context.WithoutCancel(ctx), rep, r.Diagnosis, ten)
	r.Trouble = r.code == exitTrouble
	if ten != nil && ten.err != nil {
		r.closed = ten.err.Error()
	}
	return many.Outcome[tried]{
		Signs:      signsOf(rep, r.Diagnosis),
		Unfinished: ctx.Err() != nil && (rep.EndedBy(probe.FaultInterrupted) || unread(r.Diagnosis.Evidence, context.Canceled)),
		Result:     r,
	}
}

// tenantOf is the tenant of a mailbox, opened together with the others; nil
// where nobody can sign in.
func (f *fleet) tenantOf(mailbox string) *tenant {
	ten, _ := f.app.admin(f.admin, f.t.Cloud, mailbox) // which was checked
	if ten == nil {
		return nil
	}
	if f.open == nil {
		ten.connect = f.tenants.Open
	}
	if show := ten.options.Prompt; f.rewinds() {
		ten.options.Prompt = func(p m365.DevicePrompt) {
			fmt.Fprint(f.Err, safe.Rewind)
			show(p)
		}
	}
	return ten
}

// guesses are the causes of a sign-in that looks like a guess to the service.
var guesses = []catalogue.Code{catalogue.BadCredentials, catalogue.AccountLocked}

// signsOf are what a result tells about the attempts to come. A password that
// may be wrong counts as one that is.
func signsOf(rep *probe.Report, d diagnose.Diagnosis) many.Signs {
	accepted := rep != nil && rep.Mechanism != "" &&
		slices.ContainsFunc(rep.Stages, func(s probe.Stage) bool { return s.Name == probe.StageMail })
	refused := slices.ContainsFunc(guesses, func(c catalogue.Code) bool {
		return d.Cause == c || d.Verdict == diagnose.Unsure && slices.Contains(d.Candidates, c)
	})
	return many.Signs{
		SignedIn:  accepted,
		Settled:   !refused && d.Cause != "" && rep != nil && rep.Outcome == probe.Refused && rep.Stage == probe.StageAuth,
		Refused:   refused,
		Throttled: d.Cause == catalogue.Throttled || unread(d.Evidence, m365.ErrThrottled),
	}
}

// unread reports whether a fact was not read for that reason.
func unread(evidence fact.Evidence, reason error) bool {
	return slices.ContainsFunc(evidence, func(r fact.Reading) bool { return errors.Is(r.Trouble, reason) })
}

// begin announces an attempt to those who go on after a crash.
func (f *fleet) begin(mailbox string) error {
	line := asJSON(view.Started(mailbox, time.Now().UTC().Format(time.RFC3339Nano)))
	if f.record != nil {
		if err := f.record.Begin(line); err != nil {
			return f.unrecorded(err)
		}
	}
	if f.out == nil {
		return nil
	}
	if _, err := f.Out.Write(line); err != nil {
		return unprinted(err)
	}
	return unprinted(f.out.Sync())
}

// end takes in what became of an attempt.
func (f *fleet) end(mailbox string, o many.Outcome[tried]) error {
	f.clear()
	defer f.show()
	if o.Unfinished {
		f.groups.Add(mailbox, view.Interrupted, "")
		return nil
	}
	r := o.Result
	if o.Crash != "" {
		f.crash(o.Crash, nil)
		r = tried{view.Case{Mailbox: mailbox, Trouble: true}, exitTrouble, ""}
		r.Diagnosis.Verdict, r.Diagnosis.Notes = diagnose.Unknown, []string{"smtpmend itself failed at this mailbox."}
	} else if r.Report.Crash != "" {
		f.crash(r.Report.Crash, nil)
	}
	switch {
	case r.closed != "":
		f.once(r.closed)
	case !r.Asked && len(diagnose.Questions(r.Diagnosis)) > 0:
		f.once(nobodySignedIn)
	}
	f.count(mailbox, r.Diagnosis.Verdict, r.Diagnosis.Cause, r.code)
	answer := view.DiagnosedOfMany(r.Case, r.code, f.next(mailbox))
	if f.record != nil {
		if err := f.record.Add(asJSON(answer)); err != nil {
			return f.unrecorded(err)
		}
	}
	if *f.format == "csv" {
		return nil
	}
	return f.answer(answer)
}

// once notes what is true of many mailboxes.
func (f *fleet) once(text string) {
	if !slices.Contains(f.told, text) {
		f.told = append(f.told, text)
		f.note("%s", text)
	}
}

// next carries on with one mailbox as the list has it.
func (f *fleet) next(mailbox string) view.NextCommand {
	e := f.jobs[mailbox]
	return againWith(f.cmd, map[string]string{"server": e.Server, "from": e.From, "password-file": e.File})
}

// asJSON is an answer as a line of JSON.
func asJSON(v view.Answer) []byte {
	var b bytes.Buffer
	if err := view.Print(&b, v, view.Form{JSON: true}); err != nil {
		panic(err) // a buffer takes everything, and an answer is data
	}
	return b.Bytes()
}
