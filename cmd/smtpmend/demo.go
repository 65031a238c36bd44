package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/internal/lab"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// What a demonstration waits for: changes reach the simulated server after a
// moment, so that the waiting can be seen.
const (
	demoPropagation = 400 * time.Millisecond
	demoPoll        = "250ms"
	demoWait        = "10s"
)

func (a *app) demoCommand() *cobra.Command {
	var list bool
	var dir string
	cmd := &cobra.Command{
		Use:   "demo [SCENARIO]",
		Short: "See the whole loop on a simulated tenant, without one of your own",
		Long: `Demo starts a simulated tenant on loopback in which something is wrong, and runs
the same diagnose, fix and undo against it as against the real service. It asks
nothing, but shows what would be asked. Nothing outside this machine is
contacted.

With --dir its files stay, and each line that it prints can be pasted once
smtpmend simulate serves the same tenant. Without, DIR stands for a directory
that is gone at the end.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case list && len(args) > 0:
				return usage("either a scenario or --list, not both")
			case list:
				return a.listScenarios()
			}
			name := tenantsim.DefaultScenario
			if len(args) == 1 {
				name = args[0]
			}
			scenario, err := lookupScenario(name)
			if err != nil {
				return err
			}
			return a.demo(cmd.Context(), scenario, dir)
		},
		ValidArgsFunction: completeScenarios,
	}
	cmd.Flags().BoolVar(&list, "list", false, "name the scenarios")
	cmd.Flags().StringVar(&dir, "dir", "", "keep the files in `DIR`, so that the lines can be pasted (default: a temporary directory)")
	return cmd
}

func (a *app) listScenarios() error {
	for _, s := range tenantsim.Scenarios {
		if err := a.answer(view.Scenario{Name: s.Name, Summary: s.Summary}); err != nil {
			return err
		}
	}
	return nil
}

// demo runs the verbs themselves against a simulated tenant, in dir or, where
// that is "", in a directory that is gone afterwards.
func (a *app) demo(ctx context.Context, scenario tenantsim.Scenario, dir string) error {
	state := scenario.State()
	state.SMTP.Propagation = tenantsim.Duration{Duration: demoPropagation}
	l, err := lab.Open(ctx, dir, state, scenario.Device, tenantsim.Options{})
	if _, ok := errors.AsType[*lab.DirError](err); ok && dir != "" {
		return usage("--dir: %s", err)
	}
	if err != nil {
		return trouble("%s", err)
	}
	defer l.Close()

	d := &demonstration{app: a, Lab: l, scenario: scenario, kept: dir != ""}
	d.tell(view.Passage{Title: a.t("A simulated tenant: %s.", a.t(scenario.Summary))})
	if d.kept {
		if err := d.keep(); err != nil {
			return err
		}
	}
	code := d.run(ctx)
	if ctx.Err() == nil {
		d.leave()
	}
	return exit(code)
}

// A demonstration runs command lines and shows each before its output.
type demonstration struct {
	*app
	*lab.Lab
	scenario tenantsim.Scenario
	kept     bool // the directory stays
	nameless bool // and has a name that stands in no command
}

// run returns the exit code of the last verb that counts.
func (d *demonstration) run(ctx context.Context) int {
	mailbox := d.Mailbox()
	cloud := []string{"--cloud-file", d.EndpointFile()}
	code := d.verb(ctx, append([]string{"diagnose", mailbox}, cloud...))
	if code == exitOK || ctx.Err() != nil {
		return code
	}
	fix := []string{"fix", mailbox, "--yes-tenant-wide", "--poll", demoPoll, "--wait", demoWait, "--journal-dir", d.journals()}
	before := d.journalled()
	code = d.verb(ctx, append(fix, cloud...))
	if d.journalled() > before && ctx.Err() == nil {
		d.tell(view.Passage{Title: "Everything can be put back:"})
		d.verb(ctx, append([]string{"undo", "--last", "--journal-dir", d.journals()}, cloud...))
	}
	return code
}

// keep writes what the lines need that are pasted later, and says how.
func (d *demonstration) keep() error {
	env, err := d.Keep(lab.Shells(runtime.GOOS))
	if err != nil {
		return trouble("the file with the made-up passwords could not be written: %s", err)
	}
	dir, ok := safe.Word(d.Dir)
	if !ok {
		d.tell(view.Passage{Text: d.t("DIR stands for the directory in which the files stay: %s", d.Dir)})
		d.nameless = true
		return nil
	}
	read := view.Passage{Text: "and have the shell read its passwords:"}
	for _, f := range env {
		read.Commands = append(read.Commands, f.Take())
	}
	d.tell(view.Passage{
		Text:     "To paste the lines below afterwards, serve the same tenant in another terminal:",
		Commands: []string{"smtpmend simulate --scenario " + d.scenario.Name + " --dir " + dir},
	}, read)
	if d.Device.NoSTARTTLS || d.Device.MaxTLS != 0 {
		d.tell(view.Passage{Text: "They show the tenant then, not the fault of this scenario's device, which smtpmend does not have."})
	}
	return nil
}

// leave says what to do after a demonstration.
func (d *demonstration) leave() {
	next := []view.Passage{{Heading: "Next", Indent: "  ", Text: "With a mailbox of your own: smtpmend diagnose MAILBOX. It only reads."}}
	if !d.kept {
		next = append(next, view.Passage{
			Indent: "  ", Text: "DIR was a directory of this demonstration and is gone. This keeps it, so that each line can be pasted:",
			Commands: []string{"smtpmend demo " + d.scenario.Name + " --dir lab"},
		})
	}
	d.tell(next...)
}

// verb shows a command line, runs it against the simulated tenant, and
// returns its exit code.
func (d *demonstration) verb(ctx context.Context, args []string) int {
	line := "$ smtpmend"
	for _, arg := range args {
		word, _ := safe.Word(d.places().Replace(arg))
		line += " " + word
	}
	d.tell(view.Passage{Title: line})
	env := map[string]string{}
	for _, v := range d.Env() {
		if v.Value != "" {
			env[v.Name] = v.Value
		}
	}
	c := *d.console
	c.Out, c.Err = d.placeless(c.Out), d.placeless(c.Err)
	c.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	c.Interactive, c.rehearsal, c.Locales = false, true, []string{string(d.language)}
	c.adjust = func(p *probe.Config) {
		p.NoSTARTTLS, p.MaxTLS = d.Device.NoSTARTTLS, d.Device.MaxTLS
	}
	return run(ctx, &c, append(args, "--output", string(*d.format)))
}

// placeless names the directory DIR in what is written, where it does not
// stay or cannot be pasted.
func (d *demonstration) placeless(w io.Writer) io.Writer { return &renaming{w, d.places()} }

func (d *demonstration) places() *strings.Replacer {
	if d.kept && !d.nameless {
		return strings.NewReplacer()
	}
	return strings.NewReplacer(d.Dir, demoPlace, safe.Text(d.Dir), demoPlace, strings.ReplaceAll(d.Dir, `\`, `\\`), demoPlace)
}

// demoPlace stands for the directory of a demonstration.
const demoPlace = "DIR"

// A renaming replaces names in what is written; each of them comes whole.
type renaming struct {
	w     io.Writer
	names *strings.Replacer
}

func (r *renaming) Write(b []byte) (int, error) {
	if _, err := r.names.WriteString(r.w, string(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// tell prints what is the demonstration's own: part of the answer, unless that
// is to be JSON.
func (d *demonstration) tell(all ...view.Passage) {
	out := d.Out
	if *d.format == "json" {
		out = d.Err
	}
	view.Tell(d.placeless(out), d.form(), all...)
}

// journalled counts the journals.
func (d *demonstration) journalled() int {
	files, _ := os.ReadDir(d.journals())
	return len(files)
}

func (d *demonstration) journals() string { return filepath.Join(d.Dir, "journal") }
