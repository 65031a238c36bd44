package main

import (
	"context"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
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
sign-in and shows what a device gets that does not sign in.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(cmd.Context(), &t, args[0])
			if err != nil {
				return err
			}
			rep := a.try(cmd.Context(), config)
			d := diagnose.Record(rep)
			v := verdictOf(cmd.Context(), "probe", d, rep, nil, rep.Mailbox)
			next := propose(v.s, v.known(), again(cmd))
			err = a.answer(probeObject{rep, next.first()}, func(p *page) { probeText(p, rep, next) })
			if err != nil {
				return err
			}
			return exit(probeExit(cmd.Context(), rep, d))
		},
	}
	t.flags(cmd.Flags())
	return cmd
}

// try makes one attempt. A fault of ours in it is told to those who ask, and
// Ctrl-C to everybody where the report does not show it.
func (a *app) try(ctx context.Context, config probe.Config) *probe.Report {
	rep := probe.Run(ctx, config)
	if rep.Crash != "" {
		a.crash(rep.Crash, nil)
	}
	if ctx.Err() != nil && !interrupted(rep) {
		a.note("interrupted; what decides was known by then")
	}
	return rep
}

// probeExit is verdictExit, but where Ctrl-C or a crash ended it.
func probeExit(ctx context.Context, rep *probe.Report, d diagnose.Diagnosis) int {
	if ctx.Err() != nil || crashed(rep) {
		return exitTrouble
	}
	return verdictExit(d.Verdict)
}

// interrupted reports whether the person ended a probe; what the server had
// said until then answers nothing.
func interrupted(rep *probe.Report) bool { return faulted(rep, probe.FaultInterrupted) }

// crashed reports whether a fault of ours ended a probe.
func crashed(rep *probe.Report) bool { return faulted(rep, probe.FaultCrashed) }

func faulted(rep *probe.Report, fault probe.Fault) bool {
	if rep == nil {
		return false
	}
	stage := rep.Decisive()
	return stage != nil && stage.Fault == fault
}
