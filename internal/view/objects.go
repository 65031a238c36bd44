package view

import (
	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// The bodies of the answers in JSON are contracts: they only ever grow.

type explainBody struct {
	Verdict    diagnose.Verdict `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Reply      diagnose.Reply   `json:"reply"`
	Title      string           `json:"title,omitempty"`
	Notes      []string         `json:"notes,omitempty"`
}

type diagnoseBody struct {
	Mailbox    string           `json:"mailbox"`
	Verdict    diagnose.Verdict `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Also       []catalogue.Code `json:"also"`
	Reply      diagnose.Reply   `json:"reply"`
	Evidence   []fact.Reading   `json:"evidence"`
	Title      string           `json:"title,omitempty"`
	Notes      []string         `json:"notes,omitempty"`
	PowerShell []string         `json:"powershell"`
	Probe      *probe.Report    `json:"probe"` // null where a reply was judged
}

type fixBody struct {
	*remediate.Result
	Verdict    diagnose.Verdict `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	PowerShell []string         `json:"powershell"`
	Undo       string           `json:"undo"`
}

type undoBody struct {
	*remediate.UndoResult
	PowerShell []string `json:"powershell"` // of what could not be put back
}

type causeBody struct {
	Cause          catalogue.Code  `json:"cause"`
	Stage          catalogue.Stage `json:"stage"`
	Who            catalogue.Who   `json:"who_can_fix"`
	Title          string          `json:"title"`
	Meaning        string          `json:"meaning"`
	Portal         []string        `json:"portal"`
	PowerShell     []string        `json:"powershell"`
	WeakensNothing string          `json:"weakens_nothing"`
	Check          string          `json:"check"`
	Sources        []string        `json:"sources"`
	Retirement     []string        `json:"retirement,omitempty"`
}

// listed makes an absent list an empty one, which is what JSON readers expect.
func listed[S ~[]E, E any](list S) []E {
	if list == nil {
		return []E{}
	}
	return list
}
