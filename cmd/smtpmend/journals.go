package main

import (
	"time"

	"github.com/spf13/cobra"

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

// A journalObject is one journal of undo --list.
type journalObject struct {
	Schema   int              `json:"schema"`
	Journal  string           `json:"journal"`
	Mailbox  string           `json:"mailbox"`
	TenantID string           `json:"tenant_id"`
	Tenant   string           `json:"tenant"`
	Started  string           `json:"started"` // RFC 3339, "" for a journal without a record
	Open     int              `json:"open"`    // changes that can be put back
	Changes  []journalledLine `json:"changes"`
	Next     string           `json:"next"`
}

type journalledLine struct {
	remediate.Change
	State remediate.State `json:"state"`
}

// listJournals shows the journals, the newest first.
func (a *app) listJournals(given string, next nextCommand) error {
	all, err := journalsOf(given)
	if err != nil {
		return err
	}
	if len(all) == 0 && *a.format != "json" {
		dir, _ := journalDir(given)
		return a.answer(nil, func(p *page) { p.line("There are no journals in %s.", dir) })
	}
	for _, j := range all {
		o := journalObject{Schema: 1, Journal: j.Path(), Mailbox: j.Mailbox(), TenantID: j.TenantID(), Tenant: j.Tenant(), Open: len(j.Pending()), Changes: []journalledLine{}}
		for _, e := range j.Entries() {
			o.Changes = append(o.Changes, journalledLine{e.Change, e.State})
		}
		if entries := j.Entries(); len(entries) > 0 {
			o.Started = entries[0].Begun.UTC().Format(time.RFC3339)
		}
		if o.Open > 0 {
			o.Next, _ = next("undo", o.Journal)
		}
		if err := a.answer(o, func(p *page) { journalText(p, o) }); err != nil {
			return err
		}
	}
	return nil
}

func journalText(p *page, o journalObject) {
	p.line("%s  %s  %s  %s", o.Started, o.Mailbox, o.Tenant, plural(o.Open, "change to put back", "changes to put back"))
	for _, c := range o.Changes {
		p.item("  - ", "    ", changeWords(c.Change)+": "+string(c.State))
	}
	p.line("    %s", o.Journal)
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
		paths = append(paths, j.Path()+"\t"+j.Mailbox())
	}
	return paths, cobra.ShellCompDirectiveDefault
}
