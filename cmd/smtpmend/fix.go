package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/internal/m365"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// defaultWait is how long fix and verify probe again: Microsoft gives no
// number, fifteen minutes are usual and twenty have been seen.
const defaultWait = 30 * time.Minute

// fixFlags are the flags of fix besides those of every probe.
type fixFlags struct {
	policy     remediate.Policy
	waiting    remediate.Waiting
	rollback   bool
	journalDir string
	powershell bool
}

func (a *app) fixCommand() *cobra.Command {
	var t target
	var admin adminFlags
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
			config, err := a.resolve(&t, args[0])
			if err != nil {
				return err
			}
			if err := checkWaiting(f.waiting); err != nil {
				return err
			}
			ten, err := a.admin(admin, t.Cloud, t.Mailbox)
			if err != nil {
				return err
			}
			return a.fix(cmd.Context(), config, ten, &f, again(cmd))
		},
	}
	fs := cmd.Flags()
	t.flags(fs)
	admin.flags(fs)
	waitingFlags(fs, &f.waiting, defaultWait)
	fs.BoolVar(&f.policy.Yes, "yes", false, "approve changes that touch only this mailbox or user")
	fs.BoolVar(&f.policy.YesTenantWide, "yes-tenant-wide", false, "approve also changes that touch everybody")
	fs.BoolVar(&f.rollback, "rollback", false, "put the change back if the same refusal stands at the end of --wait")
	fs.StringVar(&f.journalDir, "journal-dir", "", "`DIR` for journals (default: smtpmend/journal in the user's configuration directory)")
	fs.BoolVar(&f.powershell, "powershell", false, "print the commands for an administrator instead of making the change")
	return cmd
}

func (a *app) fix(ctx context.Context, config probe.Config, ten *tenant, f *fixFlags, next nextCommand) error {
	dir, err := journalDir(f.journalDir)
	if err != nil {
		return err
	}
	run := &remediate.Fix{
		Mailbox: config.Mailbox, Waiting: f.waiting, JournalDir: dir,
		Probe:    func(ctx context.Context) *probe.Report { return probe.Run(ctx, config) },
		Approve:  a.approver(ctx, f),
		Rollback: a.rollbackDecision(ctx, f),
		Progress: a.progress,
	}
	if ten != nil {
		run.Tenant = ten
	}
	res := run.Run(ctx)
	if ten == nil && len(res.Steps) == 0 && res.Outcome != remediate.Healthy {
		a.note("no administrator is signed in (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or --auth): the tenant was not asked, and nothing can be changed")
	}
	if err := a.answer(fixObject{res, reason(res.Err)}, func(p *page) { fixText(p, res, f.powershell, next) }); err != nil {
		if res.Journal != "" {
			a.note("to put the change back: %s", next("undo", res.Journal))
		}
		return err
	}
	if ten == nil && !f.powershell && lacksAdmin(res) {
		return exit(exitTrouble)
	}
	return exit(fixExit(ctx, res, ten))
}

// fixObject is a fix in JSON, with the sentence that the text shows.
type fixObject struct {
	*remediate.Result
	Error string `json:"error,omitempty"`
}

// reason is the text of err, "" for none.
func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// approver decides on plans: by the flags, else by asking a person.
func (a *app) approver(ctx context.Context, f *fixFlags) func(remediate.Plan) (bool, error) {
	if f.powershell {
		return nil
	}
	return func(plan remediate.Plan) (bool, error) {
		p := newPage(a.Color)
		planText(p, plan)
		if _, err := p.WriteTo(a.Err); err != nil {
			return false, err
		}
		switch {
		case a.rehearsal:
			prompt, word := approvalPrompt(plan)
			fmt.Fprintf(a.Err, "%s%s   (the demonstration answers)\n", prompt, word)
			return true, nil
		case f.policy.Allows(plan):
			return true, nil
		case !a.Interactive:
			return false, nil
		}
		prompt, word := approvalPrompt(plan)
		said, err := a.ask(ctx, prompt)
		return said == word && err == nil, err
	}
}

// approvalPrompt asks for the tenant's name where a change touches everybody,
// and for yes anywhere else.
func approvalPrompt(plan remediate.Plan) (prompt, word string) {
	if w := plan.Word(); w != "" {
		return "This touches everybody. Type the tenant's name, " + w + ", to make this change: ", w
	}
	return `Type "yes" to make this change: `, "yes"
}

func (a *app) rollbackDecision(ctx context.Context, f *fixFlags) func([]remediate.Change) (bool, error) {
	return func(changes []remediate.Change) (bool, error) {
		if f.rollback || !a.Interactive {
			return f.rollback, nil
		}
		a.note("the same refusal still stands after %s", f.waiting.Wait)
		said, err := a.ask(ctx, `Type "yes" to put `+plural(len(changes), "change", "changes")+` back: `)
		return said == "yes", err
	}
}

// lacksAdmin reports whether a fix ended where the tenant's word was needed.
func lacksAdmin(res *remediate.Result) bool {
	return res.Outcome == remediate.Unsure || errors.Is(res.Err, remediate.ErrNotConfirmed)
}

// fixExit maps an outcome to the exit code. What failed for want of a sign-in
// or an API that answers is our own trouble.
func fixExit(ctx context.Context, res *remediate.Result, ten *tenant) int {
	switch res.Outcome {
	case remediate.Healthy, remediate.Fixed:
		return exitOK
	case remediate.Planned:
		return exitCause
	}
	switch {
	case ctx.Err() != nil, errors.Is(res.Err, context.Canceled):
		return exitTrouble
	case ten != nil && ten.err != nil && len(res.Steps) == 0, errors.Is(res.Err, m365.ErrUnreachable), errors.Is(res.Err, m365.ErrSignIn):
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
