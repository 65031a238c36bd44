package main

import (
	"errors"
	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/listen"
	"smtpmend/internal/powershell"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// The JSON objects are contracts: they only ever grow.

type explainObject struct {
	Schema     int              `json:"schema"`
	Line       int              `json:"line,omitempty"` // of the log, from 1
	Verdict    string           `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Reply      diagnose.Reply   `json:"reply"`
	Title      string           `json:"title,omitempty"`
	Notes      []string         `json:"notes,omitempty"`
}

func newExplainObject(d diagnose.Diagnosis) explainObject {
	return explainObject{
		Schema: 1, Verdict: string(d.Verdict), Cause: d.Cause,
		Candidates: codes(d.Candidates), Reply: d.Reply,
		Title: title(d.Cause), Notes: d.Notes,
	}
}

type diagnoseObject struct {
	Schema     int              `json:"schema"`
	Mailbox    string           `json:"mailbox"`
	Verdict    string           `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Also       []catalogue.Code `json:"also"`
	Reply      diagnose.Reply   `json:"reply"`
	Evidence   fact.Evidence    `json:"evidence"`
	Title      string           `json:"title,omitempty"`
	Notes      []string         `json:"notes,omitempty"`
	PowerShell []string         `json:"powershell"`
	Probe      *probe.Report    `json:"probe"` // null where a reply was judged
	Next       string           `json:"next"`
}

func newDiagnoseObject(v *verdictView) diagnoseObject {
	d := v.d
	o := diagnoseObject{
		Schema: 1, Mailbox: v.mailbox, Verdict: string(d.Verdict), Cause: d.Cause,
		Candidates: codes(d.Candidates), Also: codes(d.Also), Reply: d.Reply,
		Evidence: d.Evidence, Title: title(d.Cause), Notes: d.Notes, Probe: v.rep,
		PowerShell: blockFor(d.Cause, d, v.place), Next: v.next.first(),
	}
	if o.Evidence == nil {
		o.Evidence = fact.Evidence{}
	}
	return o
}

type probeObject struct {
	*probe.Report
	Next string `json:"next"`
}

type listenObject struct {
	*listen.Report
	Next string `json:"next"`
}

// fixObject is a fix in JSON, with the sentence that the text shows.
type fixObject struct {
	*remediate.Result
	Error      string           `json:"error,omitempty"`
	Verdict    string           `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	PowerShell []string         `json:"powershell"`
	Next       string           `json:"next"`
	Undo       string           `json:"undo"`
}

func newFixObject(v *fixView) fixObject {
	block := blockFor(v.d.Cause, v.d, v.place)
	switch first := v.first(); {
	case errors.Is(v.res.Err, remediate.ErrHearsay):
		block = v.hearsay()
	case v.res.Plan != nil:
		block = changeCommands(v.res.Plan.Changes, v.place)
	case len(first) > 0:
		block = blockFor(first[0], v.d, v.place)
	case v.kept():
		block = []string{}
	}
	return fixObject{
		Result: v.res, Error: reason(v.res.Err), Verdict: string(v.d.Verdict), Cause: v.d.Cause,
		Candidates: codes(v.d.Candidates), PowerShell: block, Next: v.next.first(), Undo: v.undo,
	}
}

// An explainedObject is the answer for a text alone; explain --log prints one
// explainObject a line, without what follows from it.
type explainedObject struct {
	explainObject
	PowerShell []string `json:"powershell"`
	Next       string   `json:"next"`
}

type causeObject struct {
	Schema         int            `json:"schema"`
	Cause          catalogue.Code `json:"cause"`
	Stage          string         `json:"stage"`
	Who            string         `json:"who_can_fix"`
	Title          string         `json:"title"`
	Meaning        string         `json:"meaning"`
	Portal         []string       `json:"portal"`
	PowerShell     []string       `json:"powershell"`
	WeakensNothing string         `json:"weakens_nothing"`
	Check          string         `json:"check"`
	Sources        []string       `json:"sources"`
	Retirement     []string       `json:"retirement,omitempty"`
	Next           string         `json:"next"`
}

func newCauseObject(c catalogue.Cause) causeObject {
	o := causeObject{
		Schema: 1, Cause: c.Code, Stage: string(c.Stage), Who: string(c.Who),
		Title: c.Title, Meaning: c.Meaning, Portal: c.Portal, PowerShell: powershell.Place{}.Block(c.Commands()...), Check: c.Check,
		WeakensNothing: c.WeakensNothing, Sources: c.Sources,
	}
	if c.Retirement {
		o.Retirement = catalogue.RetirementDates
	}
	return o
}

// codes makes an absent list an empty one, which is what JSON readers expect.
func codes(list []catalogue.Code) []catalogue.Code {
	if list == nil {
		return []catalogue.Code{}
	}
	return list
}

func title(code catalogue.Code) string {
	cause, _ := catalogue.Lookup(code)
	return cause.Title
}
