package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/probe"
	"smtpmend/remediate"
)

func (a *app) verifyCommand() *cobra.Command {
	var t target
	var waiting remediate.Waiting
	cmd := &cobra.Command{
		Use:   "verify MAILBOX",
		Short: "Probe again and again until the submission works",
		Long: `Verify probes until the submission is accepted: the proof that a change, made
here or by hand in a portal, took effect. It needs no administrator's rights
and changes nothing. It stops at once when the account is locked or the
password is wrong: another attempt could only harm.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(cmd.Context(), &t, args[0])
			if err != nil {
				return err
			}
			if err := checkWaiting(waiting); err != nil {
				return err
			}
			v := &remediate.Verify{
				Mailbox: config.Mailbox, Waiting: waiting, Progress: a.progress,
				Probe: func(ctx context.Context) *probe.Report { return a.try(ctx, config) },
			}
			res := v.Run(cmd.Context())
			err = a.answer(res, func(p *page) { verifyText(p, res, again(cmd)) })
			if err != nil {
				return err
			}
			return exit(probeExit(cmd.Context(), res.Report, res.Diagnosis))
		},
	}
	t.flags(cmd.Flags())
	waitingFlags(cmd.Flags(), &waiting, defaultWait)
	return cmd
}

// verifyText shows the first reply, each change of it, and the last.
func verifyText(p *page, res *remediate.VerifyResult, next nextCommand) {
	if errors.Is(res.Err, context.Canceled) {
		p.prose("", fmt.Sprintf("Interrupted: %s was not accepted so far.", res.Mailbox))
	} else {
		headline(p, res.Diagnosis, res.Report)
	}
	p.heading("Replies")
	for _, said := range res.Replies {
		after := round(time.Duration(said.AfterMS) * time.Millisecond)
		words := replyLine(said.Reply)
		if words == "" {
			words = string(said.Verdict)
		}
		p.line("  after %8s  %s", after, words)
		if said.Cause != "" {
			p.line("                  [%s]", said.Cause)
		}
	}
	p.line("  %s in %s", plural(res.Attempts, "attempt", "attempts"), round(time.Duration(res.WaitedMS)*time.Millisecond))
	if res.Outcome != remediate.VerifyHealthy {
		p.heading("Next")
		p.commands(next("diagnose", res.Mailbox))
	}
}
