package main

import (
	"strings"

	"github.com/spf13/cobra"

	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
	"smtpmend/remediate"
)

// journal is the one that undo is told to take, "" where --last finds none.
func (f *undoFlags) journal(args []string) (string, error) {
	if !f.last {
		return args[0], nil
	}
	all, err := journalsOf(f.journalDir)
	if err != nil {
		return "", err
	}
	for _, j := range all {
		if len(j.Pending()) > 0 {
			return j.Path(), nil
		}
	}
	return "", nil
}

func journalsOf(given string) ([]*remediate.Journal, error) {
	dir, err := journalDir(given)
	if err != nil {
		return nil, err
	}
	all, err := remediate.Journals(dir)
	if err != nil {
		return nil, usage("the journals in %s cannot be listed: %s", dir, err)
	}
	return all, nil
}

// earlierNote tells of the newest fix of a mailbox that can be put back: one
// that was killed while it waited has said nothing of what it did.
func (a *app) earlierNote(dir, mailbox string) {
	all, err := remediate.Journals(dir)
	if err != nil {
		return // fix has found out already whether the directory is of use
	}
	for _, j := range all {
		if n := len(j.Pending()); n > 0 && strings.EqualFold(j.Mailbox(), mailbox) {
			a.note("an earlier fix of this mailbox (%s UTC) left %s that can be put back: smtpmend undo --list shows it",
				j.Entries()[0].Begun.UTC().Format("2006-01-02 15:04"), a.language.Count(n, "change", "changes"))
			return
		}
	}
}

// listJournals shows the journals, the newest first.
func (a *app) listJournals(given string, next view.NextCommand) error {
	all, err := journalsOf(given)
	if err != nil {
		return err
	}
	if len(all) == 0 && *a.format != "json" {
		dir, _ := journalDir(given)
		a.note("there are no journals in %s", dir)
	}
	for _, j := range all {
		if err := a.answer(view.Journalled(j, next)); err != nil {
			return err
		}
	}
	return nil
}

// completeJournals offers the journals of --journal-dir or the default
// directory, and files where there are none.
func completeJournals(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 || cmd.Flags().Changed("list") || cmd.Flags().Changed("last") {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	dir, _ := cmd.Flags().GetString("journal-dir")
	all, err := journalsOf(dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var paths []string
	for _, j := range all {
		path := safe.Path(j.Path())
		if _, ok := safe.Word(path); ok { // cobra has the shell quote it
			paths = append(paths, path+"\t"+safe.Text(j.Mailbox()))
		}
	}
	return paths, cobra.ShellCompDirectiveDefault
}
