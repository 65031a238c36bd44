package main

import (
	"errors"

	"github.com/spf13/cobra"

	"smtpmend/internal/view"
	"smtpmend/remediate"
)

func (a *app) verifyCommand() *cobra.Command {
	var t target
	var waiting remediate.Waiting
	var report reportFlags
	cmd := &cobra.Command{
		Use:   "verify MAILBOX",
		Short: "Probe again and again until the submission works",
		Long: `Verify probes until the submission is accepted: the proof that a change, made
here or by hand in a portal, took effect. It needs no administrator's rights
and changes nothing. It stops at once when the account is locked or the
password is wrong: another attempt could only harm.

With --oauth it gets a token for the mailbox itself and submits with it; a
person is asked to sign in once.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(cmd.Context(), &t, args[0])
			if err != nil {
				return err
			}
			if err := checkWaiting(waiting); err != nil {
				return err
			}
			file, err := report.open()
			if err != nil {
				return err
			}
			defer file.drop()
			attempts, err := a.attempts(cmd.Context(), &t, config, &waiting)
			if err != nil {
				res := (&remediate.Verify{Mailbox: config.Mailbox, Probe: attempts.make}).Run(cmd.Context())
				return a.withoutToken(err, view.Verified(view.Case{Mailbox: res.Mailbox, Diagnosis: res.Diagnosis, Report: res.Report, Trouble: true,
					OAuth: &view.OAuth{Way: t.oauth.Way()}}, res, again(cmd)))
			}
			run := &remediate.Verify{Mailbox: config.Mailbox, Waiting: waiting, Progress: a.progress, Probe: attempts.make}
			res := run.Run(cmd.Context())
			a.quiet()
			v := view.Verified(view.Case{Mailbox: res.Mailbox, Diagnosis: res.Diagnosis, Report: res.Report,
				OAuth: t.oauth.known(&t, res.Report, attempts.token)}, res, again(cmd))
			if err := errors.Join(a.answer(v), file.keep(v, a.language)); err != nil {
				return err
			}
			return exit(probeExit(cmd.Context(), res.Report, res.Diagnosis))
		},
	}
	t.flags(cmd.Flags())
	report.flags(cmd.Flags())
	t.oauthFlag(cmd.Flags(), nil)
	waitingFlags(cmd.Flags(), &waiting, defaultWait)
	return cmd
}
