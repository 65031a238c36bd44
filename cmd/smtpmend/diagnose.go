package main

import (
	"context"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/probe"
)

func (a *app) diagnoseCommand() *cobra.Command {
	var t target
	var admin adminFlags
	cmd := &cobra.Command{
		Use:   "diagnose MAILBOX",
		Short: "Try the submission and name what stands in its way",
		Long: `Diagnose probes once, reads what the tenant says about it, and names the cause,
or all that remain where it cannot be told. It only reads.

The tenant is read when an administrator is signed in: with AZURE_TENANT_ID,
AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, or
with a device code on a terminal (--auth chooses; none leaves the tenant
alone). Without, the reply alone is explained.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(cmd.Context(), &t, args[0])
			if err != nil {
				return err
			}
			ten, err := a.admin(admin, t.Cloud, t.Mailbox)
			if err != nil {
				return err
			}
			defer ten.close()
			rep := a.try(cmd.Context(), config)
			d := a.consult(cmd.Context(), diagnose.Record(rep), rep, ten)
			if cmd.Context().Err() != nil && !interrupted(rep) {
				a.note("interrupted while the tenant was read; what follows is not all")
			}
			err = a.answer(newDiagnoseObject(d, rep), func(p *page) {
				diagnoseText(p, d, rep, signInName(cmd.Context(), ten, d, rep.Mailbox), placeOf(rep.Mailbox, t.Cloud, ten, admin), again(cmd))
			})
			if err != nil {
				return err
			}
			return exit(diagnoseExit(cmd.Context(), rep, d, ten))
		},
	}
	t.flags(cmd.Flags())
	admin.flags(cmd.Flags())
	return cmd
}

// consult weighs a diagnosis against what the tenant says, where it has a
// part in the matter and somebody is signed in.
func (a *app) consult(ctx context.Context, d diagnose.Diagnosis, rep *probe.Report, ten *tenant) diagnose.Diagnosis {
	questions := diagnose.Questions(d)
	switch {
	case len(questions) == 0:
		return d
	case ten == nil:
		a.note("no administrator is signed in (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or --auth): the reply alone is explained")
		return d
	}
	return d.With(ten.Read(ctx, questions...), rep.Started)
}

// diagnoseExit is probeExit, but for a cause that stayed open because nobody
// could sign in to the tenant.
func diagnoseExit(ctx context.Context, rep *probe.Report, d diagnose.Diagnosis, ten *tenant) int {
	code := probeExit(ctx, rep, d)
	if code == exitUnsettled && ten != nil && ten.err != nil {
		return exitTrouble
	}
	return code
}
