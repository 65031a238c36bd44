package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
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

type scenarioObject struct {
	Schema   int    `json:"schema"`
	Scenario string `json:"scenario"`
	Summary  string `json:"summary"`
}

func (a *app) listScenarios() error {
	for _, s := range tenantsim.Scenarios {
		o := scenarioObject{1, s.Name, s.Summary}
		err := a.answer(o, func(p *page) { p.line("%-22s %s", s.Name, s.Summary) })
		if err != nil {
			return err
		}
	}
	return nil
}

// demo runs the verbs themselves against a simulated tenant, in dir or, where
// that is "", in a directory that is gone afterwards.
func (a *app) demo(ctx context.Context, scenario tenantsim.Scenario, dir string) error {
	kept := dir != ""
	dir, err := demoDir(dir)
	if err != nil {
		return err
	}
	if !kept {
		defer os.RemoveAll(dir)
	}
	state := scenario.State()
	state.SMTP.Propagation = tenantsim.Duration{Duration: demoPropagation}
	ten, err := tenantsim.Start(ctx, state, tenantsim.Options{Dir: dir})
	if err != nil {
		return trouble("%s", err)
	}
	defer ten.Close()

	d := &demonstration{app: a, scenario: scenario, ten: ten, dir: dir, kept: kept, state: state}
	d.say("A simulated tenant: %s.", scenario.Summary)
	if kept {
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

// demoDir makes the directory of a demonstration.
func demoDir(given string) (string, error) {
	if given == "" {
		dir, err := os.MkdirTemp("", "smtpmend-demo-")
		if err != nil {
			return "", trouble("no directory for the demonstration: %s", err)
		}
		return dir, nil
	}
	if err := os.MkdirAll(given, 0o700); err != nil {
		return "", usage("--dir cannot be made: %s", err)
	}
	dir, err := filepath.Abs(given)
	if err != nil {
		return "", trouble("--dir has no full path: %s", err)
	}
	return dir, nil
}

// A demonstration runs command lines and shows each before its output.
type demonstration struct {
	*app
	scenario tenantsim.Scenario
	ten      *tenantsim.Tenant
	dir      string
	kept     bool // dir stays
	state    *tenantsim.State
}

// run returns the exit code of the last verb that counts.
func (d *demonstration) run(ctx context.Context) int {
	mailbox := firstMailbox(d.state)
	cloud := []string{"--cloud-file", d.ten.EndpointFile()}
	code := d.verb(ctx, append([]string{"diagnose", mailbox}, cloud...))
	if code == exitOK || ctx.Err() != nil {
		return code
	}
	fix := []string{"fix", mailbox, "--yes-tenant-wide", "--poll", demoPoll, "--wait", demoWait, "--journal-dir", d.journals()}
	before := d.journalled()
	code = d.verb(ctx, append(fix, cloud...))
	if d.journalled() > before && ctx.Err() == nil {
		d.say("Everything can be put back:")
		d.verb(ctx, append([]string{"undo", "--last", "--journal-dir", d.journals()}, cloud...))
	}
	return code
}

// keep writes what the lines need that are pasted later, and says how.
func (d *demonstration) keep() error {
	env, err := writeEnv(d.dir, practiceEnv(d.state, d.scenario.Device, d.ten.EndpointFile()), shellsOf(runtime.GOOS))
	if err != nil {
		return trouble("the file with the made-up passwords could not be written: %s", err)
	}
	dir, ok := view.Word(d.dir)
	d.tell(func(p *page) {
		if !ok {
			p.prose("", "The files stay in "+d.dir+".")
			return
		}
		p.prose("", "To paste the lines below afterwards, serve the same tenant in another terminal:")
		p.commands("smtpmend simulate --scenario " + d.scenario.Name + " --dir " + dir)
		p.prose("", "and have the shell read its passwords:")
		for _, f := range env {
			p.commands(f.take())
		}
		if d.scenario.Device.NoSTARTTLS || d.scenario.Device.MaxTLS != 0 {
			p.prose("", "They show the tenant then, not the fault of this scenario's device, which smtpmend does not have.")
		}
	})
	return nil
}

// leave says what to do after a demonstration.
func (d *demonstration) leave() {
	d.say("Next")
	d.tell(func(p *page) {
		p.prose("  ", "With a mailbox of your own: smtpmend diagnose MAILBOX. It only reads.")
		if !d.kept {
			p.prose("  ", "DIR was a directory of this demonstration and is gone. This keeps it, so that each line can be pasted:")
			p.commands("smtpmend demo " + d.scenario.Name + " --dir lab")
		}
	})
}

// verb shows a command line, runs it against the simulated tenant, and
// returns its exit code.
func (d *demonstration) verb(ctx context.Context, args []string) int {
	line := "$ smtpmend"
	for _, arg := range args {
		word, ok := view.Word(arg)
		if !ok {
			word = quote(arg)
		}
		line += " " + word
	}
	d.say("%s", line)
	env := map[string]string{}
	for _, v := range practiceEnv(d.state, d.scenario.Device, d.ten.EndpointFile()) {
		if v.value != "" {
			env[v.name] = v.value
		}
	}
	c := *d.console
	c.Out, c.Err = d.placeless(c.Out), d.placeless(c.Err)
	c.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	c.Interactive, c.rehearsal = false, true
	c.adjust = func(p *probe.Config) {
		p.NoSTARTTLS, p.MaxTLS = d.scenario.Device.NoSTARTTLS, d.scenario.Device.MaxTLS
	}
	return run(ctx, &c, append(args, "--output", string(*d.format)))
}

// placeless names the directory DIR in what is written, where it does not
// stay.
func (d *demonstration) placeless(w io.Writer) io.Writer {
	if d.kept {
		return w
	}
	return &renaming{w, strings.NewReplacer(d.dir, demoPlace, strings.ReplaceAll(d.dir, `\`, `\\`), demoPlace)}
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

// say is a line of the demonstration itself.
func (d *demonstration) say(format string, args ...any) {
	d.tell(func(p *page) {
		p.blank()
		p.line("%s", p.paint(bold, fmt.Sprintf(format, args...)))
		p.blank()
	})
}

// tell prints what is the demonstration's own: part of the answer, unless that
// is to be JSON.
func (d *demonstration) tell(text func(*page)) {
	out := d.Out
	if *d.format == "json" {
		out = d.Err
	}
	p := newPage(d.Color)
	text(p)
	p.WriteTo(d.placeless(out))
}

// journalled counts the journals.
func (d *demonstration) journalled() int {
	files, _ := os.ReadDir(d.journals())
	return len(files)
}

func (d *demonstration) journals() string { return filepath.Join(d.dir, "journal") }
