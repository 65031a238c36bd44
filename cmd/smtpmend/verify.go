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
			run := &remediate.Verify{
				Mailbox: config.Mailbox, Waiting: waiting, Progress: a.progress,
				Probe: func(ctx context.Context) *probe.Report { return a.try(ctx, config) },
			}
			res := run.Run(cmd.Context())
			v := verdictOf(cmd.Context(), "verify", res.Diagnosis, res.Report, nil, res.Mailbox)
			if errors.Is(res.Err, context.Canceled) {
				v.s.Outcome, v.s.Password = "failed", "password"
			}
			v.next = propose(v.s, v.known(), again(cmd))
			err = a.answerOnScreen(verifyObject{res, v.next.first()}, func(p *page, room int) { verifyText(p, v, res, room) })
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

// A verifyObject is a verification in JSON.
type verifyObject struct {
	*remediate.VerifyResult
	Next string `json:"next"`
}

// verifyText shows the last reply, and how the replies changed: as many of the
// last as there is room for.
func verifyText(p *page, v *verdictView, res *remediate.VerifyResult, room int) {
	if errors.Is(res.Err, context.Canceled) {
		p.prose("", fmt.Sprintf("Interrupted: %s was not accepted so far.", res.Mailbox))
		v.wordsText(p, room)
	} else {
		v.beginning(p, room)
	}
	p.blank()
	if len(res.Replies) > 1 {
		for _, said := range res.Replies[max(0, len(res.Replies)-max(room, 1)):] {
			words := heardWords(said.Reply)
			if words == "" {
				words = string(said.Verdict)
			}
			p.line("  after %8s  %s", round(time.Duration(said.AfterMS)*time.Millisecond), words)
		}
	}
	p.line("  %s in %s", plural(res.Attempts, "attempt", "attempts"), round(time.Duration(res.WaitedMS)*time.Millisecond))
	v.stepsText(p, room)
	v.next.text(p)
}
