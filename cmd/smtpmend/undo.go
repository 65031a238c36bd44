package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"smtpmend/internal/powershell"
	"smtpmend/internal/view"
	"smtpmend/remediate"
)

// undoFlags are the flags of undo besides those of the sign-in.
type undoFlags struct {
	yes, list, last  bool
	journalDir       string
	cloud, cloudFile string
}

func (a *app) undoCommand() *cobra.Command {
	var admin adminFlags
	admin.mends = true
	var f undoFlags
	cmd := &cobra.Command{
		Use:   "undo JOURNAL | --last | --list",
		Short: "Put back exactly what a fix changed",
		Long: `Undo reads the journal of a fix, shows what it would put back, asks, and puts it
back, the last change first. It works in the journal's tenant, leaves alone what
somebody has changed since, and is final: undoing twice changes nothing.

Without a terminal nothing is put back unless --yes is given. --list shows the
journals, --last takes the newest that holds something to put back.`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case f.list && f.last, (f.list || f.last) && len(args) > 0:
				return usage("one of JOURNAL, --last and --list, not several")
			case !f.list && !f.last && len(args) != 1:
				return usage("which journal? fix prints its path at the end; undo --list shows them, undo --last takes the newest")
			case len(args) == 1 && checkAddress("mailbox", args[0]) == nil && !exists(args[0]):
				return usage("undo takes a journal, not a mailbox; smtpmend undo --list shows those of %s", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			where, err := a.chooseCloud(f.cloud, f.cloudFile)
			if err != nil {
				return err
			}
			if f.list {
				return a.listJournals(f.journalDir, again(cmd))
			}
			path, err := f.journal(args)
			if err != nil || path == "" {
				return errors.Join(err, a.nothingToUndo(path, err))
			}
			journal, err := remediate.OpenJournal(cmd.Context(), path)
			if err != nil {
				return unusable(cmd.Context(), err)
			}
			defer journal.Close()
			if journal.Mailbox() == "" {
				return a.nothingToUndo(path, nil) // stopped before its first record
			}
			ten, err := a.admin(admin, where, journal.Mailbox())
			switch {
			case err != nil:
				return err
			case ten == nil:
				return trouble("no administrator is signed in; set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or choose with --auth")
			}
			defer ten.close()
			ten.options.Want = journal.TenantID()
			if err := ten.open(cmd.Context()); err != nil {
				return refusal(err)
			}
			u := &remediate.Undo{Journal: journal, Tenant: ten, Approve: a.undoApprover(cmd.Context(), f, ten, journal)}
			res := u.Run(cmd.Context())
			return a.undone(cmd, res, placeOf(journal.Mailbox(), where, ten, admin))
		},
		ValidArgsFunction: completeJournals,
	}
	admin.flags(cmd.Flags())
	fs := cmd.Flags()
	cloudFlags(fs, &f.cloud, &f.cloudFile)
	fs.BoolVar(&f.yes, "yes", false, "put back what is shown, without asking")
	fs.BoolVar(&f.list, "list", false, "show the journals, the newest first")
	fs.BoolVar(&f.last, "last", false, "take the newest journal that holds something to put back")
	fs.StringVar(&f.journalDir, "journal-dir", "", "`DIR` of --list and --last (default: smtpmend/journal in the user's configuration directory)")
	return cmd
}

// unusable says why a journal could not be had.
func unusable(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return trouble("interrupted")
	case errors.Is(err, remediate.ErrBusy):
		return &exitError{Code: exitUnmended, Message: fmt.Sprintf("%s: wait until that fix or undo has ended, or end it with Ctrl-C, then try again", err)}
	}
	if problem, ok := errors.AsType[*remediate.DirError](err); ok {
		return badDir(problem)
	}
	return badFile("the journal cannot be used: %s", err)
}

// refusal is the end of an undo that could not begin.
func refusal(err error) error {
	if errors.Is(err, remediate.ErrOtherTenant) {
		return &exitError{Code: exitUnmended, Message: err.Error()}
	}
	return trouble("%s", err.Error())
}

// undoApprover shows what would be put back, and asks.
func (a *app) undoApprover(ctx context.Context, f undoFlags, ten *tenant, j *remediate.Journal) func([]remediate.UndoneChange) (bool, error) {
	return func(changes []remediate.UndoneChange) (bool, error) {
		if err := view.UndoPlan(a.Err, changes, a.language.SignedIn(ten.Account(), ten.Visiting(), ten.Name()), j, a.form()); err != nil {
			return false, err
		}
		switch {
		case a.rehearsal:
			fmt.Fprintf(a.Err, "%s yes   (%s)\n", a.t(undoPrompt), a.t("the demonstration answers"))
			return true, nil
		case f.yes:
			return true, nil
		case !a.Interactive:
			return false, nil
		}
		return a.approves(ctx, a.t(undoPrompt)+" ", "yes")
	}
}

const undoPrompt = `Type "yes" to put this back, or press Enter to leave it:`

// undone prints what became of an undo and chooses the exit code.
func (a *app) undone(cmd *cobra.Command, res *remediate.UndoResult, at powershell.Place) error {
	if crash, ok := errors.AsType[*remediate.CrashError](res.Err); ok {
		a.crash(crash.Value, crash.Stack)
	}
	if err := a.answer(view.Undone(res, at, a.Interactive, again(cmd))); err != nil {
		return err
	}
	return exit(undoExit(cmd.Context(), res))
}

func undoExit(ctx context.Context, res *remediate.UndoResult) int {
	switch {
	case res.Outcome == remediate.UndoRestored, res.Outcome == remediate.UndoNothing:
		return exitOK
	case res.Outcome == remediate.UndoPlanned:
		return exitCause
	case ctx.Err() != nil, errors.Is(res.Err, remediate.ErrCrashed):
		return exitTrouble
	case res.Outcome == remediate.UndoFailed && away(res.Err):
		return exitTrouble
	}
	return exitUnmended
}

// nothingToUndo answers where no journal holds anything, unless something
// went wrong before.
func (a *app) nothingToUndo(path string, failed error) error {
	if failed != nil {
		return nil
	}
	return a.answer(view.NothingToUndo(path))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
