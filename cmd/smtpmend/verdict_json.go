package main

import (
	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/powershell"
	"smtpmend/probe"
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
	Probe      *probe.Report    `json:"probe"`
}

func newDiagnoseObject(d diagnose.Diagnosis, rep *probe.Report) diagnoseObject {
	o := diagnoseObject{
		Schema: 1, Mailbox: rep.Mailbox, Verdict: string(d.Verdict), Cause: d.Cause,
		Candidates: codes(d.Candidates), Also: codes(d.Also), Reply: d.Reply,
		Evidence: d.Evidence, Title: title(d.Cause), Notes: d.Notes, Probe: rep,
	}
	if o.Evidence == nil {
		o.Evidence = fact.Evidence{}
	}
	return o
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
