package view

import (
	"fmt"
	"io"
	"strings"

	"smtpmend/internal/powershell"
	"smtpmend/remediate"
)

// UndoPlan writes what a person approves: each change, and last, beside the
// question, in which tenant and as whom. The error is w's.
func UndoPlan(w io.Writer, changes []remediate.UndoneChange, account string, j *remediate.Journal, f Form) error {
	p := f.page()
	label := func(name string) string { return fmt.Sprintf("  %-9s ", p.t(name)) }
	p.heading("Undo of the fix for %s", j.Mailbox())
	for _, c := range changes {
		text := p.changeWords(c.Change)
		if c.Outcome != remediate.UndoPlanned {
			text += ": " + p.t(undoWords[c.Outcome])
		}
		p.item(label("Change"), "            ", "%s", text)
		if c.Error != "" {
			p.item("            ", "            ", c.Error)
		}
		if len(c.NeededBy) > 0 {
			p.item(label("Caution"), "            ", "Mended since in this tenant, and likely to fail again without this: %s", strings.Join(c.NeededBy, ", "))
		}
	}
	p.item(label("Tenant"), "            ", "%s (%s)", j.Tenant(), j.TenantID())
	p.item(label("Signed in"), "            ", "%s", account)
	_, err := p.WriteTo(w)
	return err
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

// An undone is the answer of undo.
type undone struct {
	res         *remediate.UndoResult
	place       powershell.Place
	interactive bool
	next        proposal
}

// Undone is the answer of undo. Interactive is whether somebody could be asked.
func Undone(res *remediate.UndoResult, at powershell.Place, interactive bool, next NextCommand) Answer {
	v := &undone{res: res, place: at, interactive: interactive}
	v.next = propose(v.situation(), known{"JOURNAL": res.Journal}, next)
	return v
}

// NothingToUndo is the answer where no journal holds anything; path is the one
// that was named, "" for none.
func NothingToUndo(path string) Answer {
	return &undone{res: &remediate.UndoResult{Journal: path, Outcome: remediate.UndoNothing, Changes: []remediate.UndoneChange{}}}
}

func (v *undone) envelope() Envelope {
	block := listed(changeCommands(v.failed(), v.place))
	return Envelope{Error: stopped(v.res.Err), Next: v.next.first(), Body: undoBody{v.res, block}}
}

func (v *undone) text(p *page, _ int) {
	res := v.res
	switch res.Outcome {
	case remediate.UndoRestored:
		p.line("%s", p.paint(green, p.t("Put back.")))
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
		p.item("  - ", under, "%s: %s", p.changeWords(c.Change), p.t(undoWords[c.Outcome]))
		if c.Error != "" {
			p.prose(under, c.Error)
		}
	}
	if len(res.Changes) == 0 && res.Err != nil {
		p.prose("  ", stopped(res.Err))
	}
	if block := changeCommands(v.failed(), v.place); len(block) > 0 {
		p.heading("To put it back by hand, in PowerShell")
		p.commands(block...)
	}
	v.next.text(p)
}

// situation is what became of an undo, to the table of Next.
func (v *undone) situation() Situation {
	s := Situation{Verb: "undo"}
	switch v.res.Outcome {
	case remediate.UndoRestored:
		s.Change = "put-back"
	case remediate.UndoPlanned:
		s.Change = "planned"
		if v.interactive {
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
func (v *undone) failed() []remediate.Change {
	var all []remediate.Change
	for _, c := range v.res.Changes {
		if c.Outcome == remediate.UndoFailed && c.Found != "" && c.Found == c.From {
			all = append(all, c.Change)
		}
	}
	return all
}
