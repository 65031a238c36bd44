package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/inventory"
	"smtpmend/internal/m365"
	"smtpmend/internal/view"
)

// inventoryFlags are the flags of inventory besides those of the sign-in.
type inventoryFlags struct {
	cloud, cloudFile string
	since            span
	clients, failOn  string
	report           reportFlags
}

func (a *app) inventoryCommand() *cobra.Command {
	var admin adminFlags
	f := inventoryFlags{since: span(30 * day)}
	cmd := &cobra.Command{
		Use:   "inventory",
		Short: "List which mailboxes submit with SMTP AUTH, and which stop when passwords go off",
		Long: `Inventory lists the mailboxes of a tenant: for which SMTP AUTH is on, which used
it lately, from where, with a password or with OAuth, and which of them stop when
passwords go off by default at the end of December 2026. It only reads.

The use is read from the sign-in log, which needs Entra ID P1 and shows passwords
alone; without it from the e-mail app usage report, which does not tell how
somebody signed in. Who sends with OAuth stands in the SMTP AUTH clients report
of the Exchange admin centre (Reports, Mail flow): export it, and give the file
with --clients-report. What could not be read is said once, and its cells are
left open.

The tenant is that of --tenant or AZURE_TENANT_ID, or else that of whoever signs
in. As text only the mailboxes that submit or try to are listed (--verbose lists
all); -o csv and -o json have a line for each mailbox.`,
		Example: `  smtpmend inventory
  smtpmend inventory --since 7d -o csv > mailboxes.csv
  smtpmend inventory --clients-report SMTPAuthClients.csv --fail-on affected`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.inventory(cmd, admin, f) },
	}
	admin.flags(cmd.Flags())
	fs := cmd.Flags()
	fs.Lookup("tenant").Usage = "`TENANT` to list, by id or domain (default: AZURE_TENANT_ID, or that of whoever signs in)"
	cloudFlags(fs, &f.cloud, &f.cloudFile)
	fs.Var(&f.since, "since", "how far back the use counts, such as 7d or 12h, at most 180d; the sign-in log has 30d")
	fs.StringVar(&f.clients, "clients-report", "", "join the SMTP AUTH clients report that was exported to `FILE` (- for standard input)")
	fs.StringVar(&f.failOn, "fail-on", "", "exit with 1 where mailboxes are `affected`, for a scheduled task")
	f.report.flags(fs)
	return cmd
}

func (a *app) inventory(cmd *cobra.Command, admin adminFlags, f inventoryFlags) error {
	if f.failOn != "" && f.failOn != failOnAffected {
		return usage("--fail-on %q is not known; the one thing to fail on is %s", f.failOn, failOnAffected)
	}
	cloud, err := a.chooseCloud(f.cloud, f.cloudFile)
	if err != nil {
		return err
	}
	options, err := a.inventoryOptions(admin, cloud)
	if err != nil {
		return err
	}
	clients, err := a.clientsReport(f.clients)
	if err != nil {
		return err
	}
	file, err := f.report.open()
	if err != nil {
		return err
	}
	defer file.drop()
	told := &telling{app: a, last: time.Now()}
	options.Progress = told.note
	d, err := m365.OpenDirectory(cmd.Context(), options)
	if err != nil {
		return trouble("%s", err)
	}
	defer d.Close()
	return a.takeInventory(cmd, d, clients, f, told, file)
}

const failOnAffected = "affected"

// inventoryOptions is how the tenant is opened; without anybody who signs in
// there is nothing to list.
func (a *app) inventoryOptions(admin adminFlags, cloud endpoint.Cloud) (m365.Options, error) {
	if admin.auth == noAuth {
		return m365.Options{}, usage("inventory reads the tenant, and with --auth none nobody signs in")
	}
	ten, err := a.admin(admin, cloud, "")
	switch {
	case err != nil:
		return m365.Options{}, err
	case ten == nil:
		return m365.Options{}, trouble("no administrator is signed in; set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or choose with --auth")
	}
	return ten.options, nil
}

// clientsReport reads the export, nil for none.
func (a *app) clientsReport(name string) (*inventory.Clients, error) {
	if name == "" {
		return nil, nil
	}
	var in io.Reader = a.In
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			if path, ok := errors.AsType[*fs.PathError](err); ok {
				err = path.Err
			}
			return nil, badFile("the clients report %s cannot be read: %s", name, err)
		}
		defer file.Close()
		in = file
	}
	clients, err := inventory.ReadClients(in)
	if err != nil {
		return nil, badFile("the clients report %s is not the export of the Exchange admin centre (Reports, Mail flow, SMTP AUTH clients report): %s", name, err)
	}
	return clients, nil
}

// An inventoryRun is an inventory whose tenant is open.
type inventoryRun struct {
	*app
	cmd   *cobra.Command
	f     inventoryFlags
	told  *telling
	shelf *view.Shelf // nil where nobody is shown the rows as a whole
	next  view.NextCommand
}

func (a *app) takeInventory(cmd *cobra.Command, d *m365.Directory, clients *inventory.Clients, f inventoryFlags, told *telling, file *reportFile) error {
	r := inventoryRun{app: a, cmd: cmd, f: f, told: told, next: again(cmd, "since", "clients-report", "fail-on")}
	if *a.format == "text" || file != nil {
		r.shelf = &view.Shelf{All: a.verbose}
	}
	if err := a.answerTable(view.InventoryHead()); err != nil {
		return err
	}
	now := time.Now()
	sum, err := inventory.Take(cmd.Context(), d, inventory.Options{
		Since: now.Add(-time.Duration(f.since)), Now: now, Clients: clients, Progress: told.read,
	}, r.row)
	told.clear()
	if _, unprinted := errors.AsType[*exitError](err); unprinted {
		return err
	}
	return r.end(d, sum, file)
}

// row takes one mailbox.
func (r *inventoryRun) row(row inventory.Row) error {
	if r.shelf != nil {
		r.shelf.Put(row)
	}
	if *r.format == "text" {
		return nil
	}
	r.told.clear()
	return r.answer(view.Inventoried(row, r.next))
}

// end prints what it came to and chooses the exit code.
func (r *inventoryRun) end(d *m365.Directory, sum inventory.Summary, file *reportFile) error {
	ctx := r.cmd.Context()
	code := inventoryExit(ctx, sum, r.f)
	taken := view.InventoryTaken(sum, view.InventoriedTenant{
		ID: d.ID(), Name: d.Name(), Organisation: d.Organisation(), Failed: ctx.Err() != nil || sum.Trouble() != nil,
	}, r.shelf, r.next)
	if err := errors.Join(r.answer(taken), file.keep(taken, r.language)); err != nil {
		return err
	}
	if *r.format == "csv" {
		for _, sentence := range view.InventoryUnread(sum) {
			r.note(r.t("not read: %s", r.t(sentence)))
		}
	}
	if ctx.Err() != nil {
		return trouble("interrupted; what was read is not all")
	}
	if code == exitTrouble && sum.Trouble() == nil {
		return trouble("--fail-on affected cannot be answered: a list was cut, or accepted sign-ins belong to no mailbox that was listed")
	}
	return exit(code)
}

// answerTable prints what only a table has.
func (a *app) answerTable(v view.Answer) error {
	if *a.format != "csv" {
		return nil
	}
	return a.answer(v)
}

// inventoryExit: what is not licensed or not permitted is in the answer and no
// failure, but nothing passes for unaffected that was cut off.
func inventoryExit(ctx context.Context, sum inventory.Summary, f inventoryFlags) int {
	switch {
	case ctx.Err() != nil, sum.Trouble() != nil:
		return exitTrouble
	case f.failOn == failOnAffected && sum.Affected > 0:
		return exitCause
	case f.failOn == failOnAffected && !sum.Told():
		return exitTrouble
	}
	return exitOK
}
