package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
	"smtpmend/internal/m365"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// defaultWait is how long fix and verify probe again: Microsoft gives no
// number, fifteen minutes are usual and twenty have been seen.
const defaultWait = 30 * time.Minute

// fixFlags are the flags of fix besides those of every probe.
type fixFlags struct {
	approval   approvalFlags
	waiting    remediate.Waiting
	rollback   bool
	keep       bool
	journalDir string
	powershell bool
	forAdmin   bool
	report     reportFlags
	file       *reportFile

	place   func() powershell.Place // whose the printed commands are
	hearsay bool                    // the server that is probed is none of the cloud's own
}

func (a *app) fixCommand() *cobra.Command {
	var t target
	var admin adminFlags
	admin.mends = true
	var f fixFlags
	cmd := &cobra.Command{
		Use:   "fix MAILBOX",
		Short: "Make the one change that matches the cause, and prove that it worked",
		Long: `Fix diagnoses, shows the plan, asks, makes the one change that matches the
cause, and probes again until the submission works. When another cause stands
behind the first it goes on with that one, with a plan and a question of its
own. Every change is in a journal before it is made, and undo puts it back.

Without a terminal nothing is changed unless --yes (what touches only this
mailbox or user) or --yes-tenant-wide (also what touches everybody) is given:
that is the dry run.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(cmd.Context(), &t, args[0])
			if err != nil {
				return err
			}
			if err := checkWaiting(f.waiting); err != nil {
				return err
			}
			if f.journalDir, err = journalDir(f.journalDir); err != nil {
				return err
			}
			if !f.powershell && !f.forAdmin {
				if err := checkJournalDir(f.journalDir); err != nil {
					return err
				}
			}
			ten, err := a.admin(admin, t.Cloud, t.Mailbox)
			if err != nil {
				return err
			}
			defer ten.close()
			a.earlierNote(f.journalDir, t.Mailbox)
			if f.file, err = f.report.open(); err != nil {
				return err
			}
			defer f.file.drop()
			if !f.powershell && !f.forAdmin { // which are written by the reply alone, if need be
				if err := signInFirst(cmd.Context(), ten); err != nil {
					return errors.Join(a.answer(view.Untried(t.Mailbox, err, again(cmd))), exit(exitTrouble))
				}
			}
			host, _, _ := net.SplitHostPort(config.Server)
			f.hearsay = !t.Cloud.Submits(host)
			f.place = func() powershell.Place { return placeOf(t.Mailbox, t.Cloud, ten, admin) }
			return a.fix(cmd.Context(), config, ten, &f, fixNext(cmd, f.hearsay))
		},
	}
	fs := cmd.Flags()
	t.flags(fs)
	admin.flags(fs)
	f.report.flags(fs)
	waitingFlags(fs, &f.waiting, defaultWait)
	fs.Var(&f.approval.yes, "yes", "approve changes that touch only this mailbox or user; with =`CAUSE,...` those for these causes alone, also of --yes-tenant-wide")
	fs.Lookup("yes").NoOptDefVal = "true"
	fs.BoolVar(&f.approval.tenantWide, "yes-tenant-wide", false, "approve also changes that touch everybody")
	fs.BoolVar(&f.rollback, "rollback", false, "put a change of the mailbox or user back if the same refusal stands at the end of --wait")
	fs.BoolVar(&f.keep, "keep", false, "leave a change that touches everybody even if it had no effect")
	fs.StringVar(&f.journalDir, "journal-dir", "", "`DIR` for journals (default: smtpmend/journal in the user's configuration directory)")
	forAdminFlag(fs, &f.forAdmin)
	fs.BoolVar(&f.powershell, "powershell", false, "print the commands for an administrator instead of making the change")
	return cmd
}

// fixNext is the way on from a fix. One that went to another server leads back
// to the cloud's own.
func fixNext(cmd *cobra.Command, hearsay bool) view.NextCommand {
	if hearsay {
		return again(cmd, "server")
	}
	return again(cmd)
}

func (a *app) fix(ctx context.Context, config probe.Config, ten *tenant, f *fixFlags, next view.NextCommand) error {
	run := &remediate.Fix{
		Mailbox: config.Mailbox, Waiting: f.waiting, JournalDir: f.journalDir,
		Probe:    func(ctx context.Context) *probe.Report { return a.try(ctx, config) },
		Approve:  a.approver(ctx, f, next),
		Rollback: a.rollbackDecision(ctx, f),
		Keep:     f.keep,
		Passing:  away,
		Progress: a.progress,
	}
	if f.hearsay {
		run.Hearsay = config.Server
	}
	if ten != nil {
		run.Tenant = ten
	}
	res := run.Run(ctx)
	a.quiet()
	if crash, ok := errors.AsType[*remediate.CrashError](res.Err); ok {
		a.crash(crash.Value, crash.Stack)
	}
	if ten == nil && len(res.Steps) == 0 && res.Outcome != remediate.Healthy {
		a.note("no administrator is signed in (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or --auth): the tenant was not asked, and nothing can be changed")
	}
	d := afterwards(res)
	v := view.Fixed(view.Case{
		Mailbox: config.Mailbox, Diagnosis: d, Report: res.Last.Report, Heard: len(res.Last.Reading.Notes),
		Name: signInName(ctx, ten, d, config.Mailbox), Place: f.place(), Asked: ten != nil,
	}, view.Ending{Result: res, Interactive: a.Interactive, SignedOut: ten == nil, Forbidden: errors.Is(res.Err, m365.ErrPermission)}, next)
	if err := errors.Join(a.answer(f.form(v)), f.file.keep(v, a.language)); err != nil {
		if v.Open() {
			a.note("to put the change back: %s", cmp.Or(v.Undo, a.t("smtpmend undo with the journal %s", res.Journal)))
		}
		return err
	}
	if ten == nil && !f.powershell && !f.forAdmin && lacksAdmin(res) {
		return exit(exitTrouble)
	}
	return exit(fixExit(ctx, res, ten))
}

// form is the answer in the form that was asked for.
func (f *fixFlags) form(v *view.Fix) view.Answer {
	switch {
	case f.forAdmin:
		return view.ForAdmin(v)
	case f.powershell:
		return v.PowerShell()
	}
	return v
}

// afterwards is the diagnosis of a fix with its evidence as the changes left
// it; what was read before them says nothing of what stands now.
func afterwards(res *remediate.Result) diagnose.Diagnosis {
	d := res.Diagnosis
	d.Evidence = slices.Clone(d.Evidence)
	for _, step := range res.Steps {
		for _, c := range step.Changes {
			was, is := c.From, c.To
			if step.RolledBack {
				was, is = is, was
			}
			i := slices.IndexFunc(d.Evidence, func(r fact.Reading) bool { return r.Fact == c.Fact })
			if i >= 0 && step.Applied && d.Evidence[i].Value == was {
				d.Evidence[i] = fact.Reading{Fact: c.Fact, Value: is}
			}
		}
	}
	return d
}

func (a *app) rollbackDecision(ctx context.Context, f *fixFlags) func([]remediate.Change) (bool, error) {
	return func(changes []remediate.Change) (bool, error) {
		if f.rollback || !a.Interactive {
			return f.rollback, nil
		}
		a.note("the same refusal still stands after %s", f.waiting.Wait)
		return a.approves(ctx, a.t(`Type "yes" to put %s back, or press Enter to wait on:`, a.language.Count(len(changes), "change", "changes"))+" ", "yes")
	}
}

// lacksAdmin reports whether a fix ended where the tenant's word was needed.
func lacksAdmin(res *remediate.Result) bool {
	return (res.Outcome == remediate.Unsure || errors.Is(res.Err, remediate.ErrNotConfirmed)) && len(diagnose.Questions(res.Diagnosis)) > 0
}

// fixExit maps an outcome to the exit code. What failed for want of a sign-in
// or an API that answers is our own trouble; a write that may still land is
// not over.
func fixExit(ctx context.Context, res *remediate.Result, ten *tenant) int {
	switch res.Outcome {
	case remediate.Healthy, remediate.Fixed:
		return exitOK
	case remediate.Planned:
		return exitCause
	}
	notOpened := ten != nil && ten.err != nil && len(res.Steps) == 0
	switch {
	case ctx.Err() != nil, errors.Is(res.Err, context.Canceled), errors.Is(res.Err, remediate.ErrCrashed), res.Last.Report.EndedBy(probe.FaultCrashed):
		return exitTrouble
	case errors.Is(res.Err, remediate.ErrUncertain), errors.Is(res.Err, remediate.ErrOtherTenant):
		return exitUnmended
	case notOpened, away(res.Err):
		return exitTrouble
	}
	switch res.Outcome {
	case remediate.ByHand:
		return exitCause
	case remediate.Unsure:
		return exitUnsettled
	}
	return exitUnmended
}

// away reports whether an API did not do its part: nobody is signed in, it
// does not answer, or not before long.
func away(err error) bool {
	return errors.Is(err, m365.ErrUnreachable) || errors.Is(err, m365.ErrSignIn) || errors.Is(err, m365.ErrThrottled)
}

// journalDir is where journals are kept.
func journalDir(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return "", usage("there is no home for journals (%s); name one with --journal-dir", err)
	}
	return filepath.Join(config, "smtpmend", "journal"), nil
}

// checkJournalDir finds out before the first sign-in whether journals can be
// kept.
func checkJournalDir(dir string) error {
	err := remediate.CheckDir(dir)
	if problem, ok := errors.AsType[*remediate.DirError](err); ok {
		return badDir(problem)
	}
	return err
}

// badDir says what to do about a directory that cannot hold journals.
func badDir(problem *remediate.DirError) error {
	if problem.Close {
		how := "close it to others (chmod go-w)"
		if command, ok := safe.Command("chmod", "go-w", safe.Path(problem.Dir)); ok {
			how = "close it with: " + command
		}
		return badFile("%s, so that nobody could rely on what it holds; %s", problem, how)
	}
	return badFile("%s; name another one with --journal-dir", problem)
}
