package main

import (
	"errors"

	"github.com/spf13/cobra"

	"smtpmend/internal/m365"
	"smtpmend/remediate"
)

func (a *app) undoCommand() *cobra.Command {
	var admin adminFlags
	var cloud, cloudFile string
	cmd := &cobra.Command{
		Use:   "undo JOURNAL",
		Short: "Put back exactly what a fix changed",
		Long: `Undo reads the journal of a fix and puts back what it changed, the last change
first. It leaves alone what somebody has changed since, and refuses the journal
of another tenant. Undoing twice changes nothing.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("which journal? fix prints its path at the end")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			where, err := chooseCloud(cloud, cloudFile)
			if err != nil {
				return err
			}
			journal, err := remediate.OpenJournal(args[0])
			if err != nil {
				return usage("the journal cannot be used: %s", err)
			}
			defer journal.Close()
			if journal.Mailbox() == "" {
				// A fix that was stopped before its first record changed nothing.
				return a.undone(&remediate.UndoResult{Schema: 1, Journal: args[0], Outcome: remediate.UndoNothing, Changes: []remediate.UndoneChange{}})
			}
			ten, err := a.admin(admin, where, journal.Mailbox())
			switch {
			case err != nil:
				return err
			case ten == nil:
				return trouble("no administrator is signed in; set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or choose with --auth")
			}
			ten.options.Want = journal.TenantID()
			if err := ten.open(cmd.Context()); err != nil {
				return trouble("%s", err)
			}
			return a.undone(remediate.Undo(cmd.Context(), args[0], ten))
		},
	}
	admin.flags(cmd.Flags())
	cloudFlags(cmd.Flags(), &cloud, &cloudFile)
	return cmd
}

// undone prints what became of an undo and chooses the exit code.
func (a *app) undone(res *remediate.UndoResult) error {
	if err := a.answer(undoObject{res, reason(res.Err)}, func(p *page) { undoText(p, res) }); err != nil {
		return err
	}
	switch {
	case res.Outcome == remediate.UndoRestored, res.Outcome == remediate.UndoNothing:
		return nil
	case errors.Is(res.Err, m365.ErrUnreachable), errors.Is(res.Err, m365.ErrSignIn):
		return exit(exitTrouble)
	}
	return exit(exitUnmended)
}

// undoObject is an undo in JSON, with the sentence that the text shows.
type undoObject struct {
	*remediate.UndoResult
	Error string `json:"error,omitempty"`
}

func undoText(p *page, res *remediate.UndoResult) {
	switch res.Outcome {
	case remediate.UndoRestored:
		p.line("%s", p.paint(green, "Put back."))
	case remediate.UndoNothing:
		p.line("There is nothing left to put back.")
	case remediate.UndoDrift:
		p.prose("", "Not everything was put back: somebody has changed a setting since.")
	default:
		p.prose("", "Not everything was put back.")
	}
	for _, c := range res.Changes {
		p.item("  - ", "    ", changeWords(c.Change)+": "+string(c.Outcome))
		if c.Error != "" {
			p.prose("    ", c.Error)
		}
	}
	if len(res.Changes) == 0 && res.Err != nil {
		p.prose("  ", res.Err.Error())
	}
}
