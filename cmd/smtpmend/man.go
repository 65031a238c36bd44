package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes the manual pages, for packagers.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages to a directory",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return usage("the directory cannot be made: %s", err)
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // the same pages from the same source
			header := &doc.GenManHeader{Title: "SMTPMEND", Section: "1", Source: "smtpmend " + root.Version}
			if err := doc.GenManTree(root, header, args[0]); err != nil {
				return trouble("the manual pages could not be written: %s", err)
			}
			return nil
		},
	}
}
