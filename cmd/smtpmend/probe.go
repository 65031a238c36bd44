package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/view"
	"smtpmend/probe"
)

func (a *app) probeCommand() *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:   "probe MAILBOX",
		Short: "Have the submission dialogue once and show every word of it",
		Long: `Probe goes through the submission dialogue once, as a device does, and shows
it stage by stage with times, TLS, certificate and every line. Passwords and
tokens are shown as ****, so the output is safe to paste. Nothing is changed,
and without --send nothing is delivered.

The password comes from SMTPMEND_PASSWORD (a token from SMTPMEND_TOKEN), from
--password-file, or from a prompt. Without one the probe stops before the
sign-in and shows what a device gets that does not sign in.

With --oauth it gets a token for the mailbox itself, through your own
application, and submits with it.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(cmd.Context(), &t, args[0])
			if err != nil {
				return err
			}
			rep, token, err := a.attempt(cmd.Context(), &t, config)
			if err != nil {
				rep := tokenless(config, err)
				return a.withoutToken(err, view.Probed(view.Case{Mailbox: rep.Mailbox, Diagnosis: diagnose.Record(rep), Report: rep, Trouble: true,
					OAuth: &view.OAuth{Way: t.oauth.Way()}}, again(cmd)))
			}
			d := diagnose.Record(rep)
			c := view.Case{Mailbox: rep.Mailbox, Diagnosis: d, Report: rep, OAuth: t.oauth.known(&t, rep, token)}
			if err := a.answer(view.Probed(c, again(cmd))); err != nil {
				return err
			}
			return exit(probeExit(cmd.Context(), rep, d))
		},
	}
	t.flags(cmd.Flags())
	t.oauthFlag(cmd.Flags(), nil)
	return cmd
}

// try makes one attempt. A fault of ours in it is told to those who ask, and
// Ctrl-C to everybody where the report does not show it.
func (a *app) try(ctx context.Context, config probe.Config) *probe.Report {
	a.quiet()
	rep := probe.Run(ctx, config)
	if rep.Crash != "" {
		a.crash(rep.Crash, nil)
	}
	if ctx.Err() != nil && !rep.EndedBy(probe.FaultInterrupted) {
		a.note("interrupted; what decides was known by then")
	}
	if text := doubt(config.Server, rep); text != "" {
		a.note(text)
	}
	return rep
}

// doubt is what is not certain of a server that could not be spoken to, "" for
// nothing.
func doubt(server string, rep *probe.Report) string {
	reached := slices.Contains([]probe.StageName{probe.StageAuth, probe.StageToken, probe.StageMail, probe.StageRcpt, probe.StageData}, rep.Stage)
	if reached || !endpoint.FromUsers(server) {
		return ""
	}
	return "the address " + server + " of this cloud's submission server is known from users, not from Microsoft's documentation; --server HOST:PORT names another"
}

// probeExit is verdictExit, but where Ctrl-C or a crash ended it.
func probeExit(ctx context.Context, rep *probe.Report, d diagnose.Diagnosis) int {
	if ctx.Err() != nil || rep.EndedBy(probe.FaultCrashed) {
		return exitTrouble
	}
	return verdictExit(d.Verdict)
}
