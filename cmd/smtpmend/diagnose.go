package main

import (
	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/probe"
)

func (a *app) diagnoseCommand() *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:   "diagnose MAILBOX",
		Short: "Try the submission and name what stands in its way",
		Long: `Diagnose probes once and says what the reply means: one cause where the words
settle it, all that remain where they do not. Nothing is changed.`,
		Args: oneMailbox,
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.resolve(&t, args[0])
			if err != nil {
				return err
			}
			rep := probe.Run(cmd.Context(), config)
			d := diagnose.Record(rep)
			err = a.answer(newDiagnoseObject(d, rep), func(p *page) {
				diagnoseText(p, d, rep, again(cmd, args))
			})
			if err != nil {
				return err
			}
			return exit(probeExit(rep, d))
		},
	}
	t.flags(cmd.Flags())
	return cmd
}
