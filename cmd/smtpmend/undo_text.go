package main

import (
	"fmt"
	"strings"

	"smtpmend/internal/powershell"
	"smtpmend/internal/view"
	"smtpmend/remediate"
)

// undoPlanText is what a person approves: each change, and last, beside the
// question, in which tenant and as whom.
func undoPlanText(p *page, changes []remediate.UndoneChange, ten *tenant, j *remediate.Journal) {
	p.heading("Undo of the fix for " + j.Mailbox())
	for _, c := range changes {
		text := changeWords(c.Change)
		if c.Outcome != remediate.UndoPlanned {
			text += ": " + undoWords[c.Outcome]
		}
		p.item("  Change    ", "            ", text)
		if c.Error != "" {
			p.item("            ", "            ", c.Error)
		}
		if len(c.NeededBy) > 0 {
			p.item("  Caution   ", "            ", "Mended since in this tenant, and likely to fail again without this: "+strings.Join(c.NeededBy, ", "))
		}
	}
	p.item("  Tenant    ", "            ", fmt.Sprintf("%s (%s)", j.Tenant(), j.TenantID()))
	p.item("  Signed in ", "            ", ten.Account())
}

// undoWords say an outcome to a person.
var undoWords = map[remediate.UndoOutcome]string{
	remediate.UndoRestored:  "put back",
	remediate.UndoNothing:   "is as it was before already",
	remediate.UndoPlanned:   "not put back",
	remediate.UndoUncertain: "uncertain",
	remediate.UndoDrift:     "left alone, for somebody has changed it since",
	remediate.UndoFailed:    "not put back",
}

// An undoView is the answer of undo as text.
type undoView struct {
	res   *remediate.UndoResult
	place powershell.Place
	next  proposal
}

func (v *undoView) text(p *page) {
	res := v.res
	switch res.Outcome {
	case remediate.UndoRestored:
		p.line("%s", p.paint(green, "Put back."))
	case remediate.UndoNothing:
		p.line("There is nothing left to put back.")
	case remediate.UndoPlanned:
		p.line("Nothing was put back.")
	case remediate.UndoUncertain:
		p.prose("", "Uncertain: a change that was sent may still be made.")
	case remediate.UndoDrift:
		p.prose("", "Not everything was put back: somebody has changed a setting since.")
	default:
		p.prose("", "Not everything was put back.")
	}
	for _, c := range res.Changes {
		p.item("  - ", "    ", changeWords(c.Change)+": "+undoWords[c.Outcome])
		if c.Error != "" {
			p.prose("    ", c.Error)
		}
	}
	if len(res.Changes) == 0 && res.Err != nil {
		p.prose("  ", res.Err.Error())
	}
	if block := changeCommands(v.failed(), v.place); len(block) > 0 {
		p.heading("To put it back by hand, in PowerShell")
		p.commands(block...)
	}
	v.next.text(p)
}

// situation is what became of an undo, to the table of Next.
func (v *undoView) situation(interactive bool) view.Situation {
	s := view.Situation{Verb: "undo"}
	switch v.res.Outcome {
	case remediate.UndoRestored:
		s.Change = "put-back"
	case remediate.UndoPlanned:
		s.Change = "planned"
		if interactive {
			s.Change = "declined"
		}
	case remediate.UndoUncertain:
		s.Change = "made"
	case remediate.UndoDrift:
		s.Change = "refused"
	case remediate.UndoFailed:
		s.Outcome = "failed"
	}
	return s
}

// failed are the changes that somebody else may be able to put back: what was
// made and is still so. A journal that was tampered with has none.
func (v *undoView) failed() []remediate.Change {
	var all []remediate.Change
	for _, c := range v.res.Changes {
		if c.Outcome == remediate.UndoFailed && c.Found != "" && c.Found == c.From {
			all = append(all, c.Change)
		}
	}
	return all
}
