package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"smtpmend/internal/tenantsim"
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
	cmd := &cobra.Command{
		Use:   "demo [SCENARIO]",
		Short: "See the whole loop on a simulated tenant, without one of your own",
		Long: `Demo starts a simulated tenant on loopback in which something is wrong, and runs
the same diagnose, fix and undo against it as against the real service. It asks
nothing, but shows what would be asked. Nothing outside this machine is
contacted.`,
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
			return a.demo(cmd.Context(), scenario)
		},
		ValidArgsFunction: completeScenarios,
	}
	cmd.Flags().BoolVar(&list, "list", false, "name the scenarios")
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

// demo runs the verbs themselves against a simulated tenant.
func (a *app) demo(ctx context.Context, scenario tenantsim.Scenario) error {
	dir, err := os.MkdirTemp("", "smtpmend-demo-")
	if err != nil {
		return trouble("no directory for the demonstration: %s", err)
	}
	defer os.RemoveAll(dir)
	state := scenario.State()
	state.SMTP.Propagation = tenantsim.Duration{Duration: demoPropagation}
	ten, err := tenantsim.Start(ctx, state, tenantsim.Options{Dir: dir})
	if err != nil {
		return trouble("%s", err)
	}
	defer ten.Close()

	d := &demonstration{app: a, device: scenario.Device, ten: ten, dir: dir, state: state}
	d.say("A simulated tenant: %s.", scenario.Summary)
	return d.run(ctx)
}

// A demonstration runs command lines and shows each before its output.
type demonstration struct {
	*app
	device tenantsim.Device
	ten    *tenantsim.Tenant
	dir    string
	state  *tenantsim.State
}

func (d *demonstration) run(ctx context.Context) error {
	mailbox := firstMailbox(d.state)
	cloud := []string{"--cloud-file", d.ten.EndpointFile()}
	code := d.verb(ctx, append([]string{"diagnose", mailbox}, cloud...))
	if code == exitOK || ctx.Err() != nil {
		return exit(code)
	}
	fix := []string{"fix", mailbox, "--yes-tenant-wide", "--poll", demoPoll, "--wait", demoWait, "--journal-dir", d.journals()}
	code = d.verb(ctx, append(fix, cloud...))
	if journal := d.journal(); journal != "" && ctx.Err() == nil {
		d.say("Everything can be put back:")
		d.verb(ctx, append([]string{"undo", journal}, cloud...))
	}
	return exit(code)
}

// verb shows a command line, runs it against the simulated tenant, and
// returns its exit code.
func (d *demonstration) verb(ctx context.Context, args []string) int {
	line := "$ smtpmend"
	for _, arg := range args {
		line += " " + quote(arg)
	}
	d.say("%s", line)
	env := map[string]string{}
	for _, v := range practiceEnv(d.state, d.device, d.ten.EndpointFile()) {
		if v.value != "" {
			env[v.name] = v.value
		}
	}
	c := *d.console
	c.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	c.Interactive, c.rehearsal = false, true
	c.adjust = func(p *probe.Config) {
		p.NoSTARTTLS, p.MaxTLS = d.device.NoSTARTTLS, d.device.MaxTLS
	}
	return run(ctx, &c, append(args, "--output", string(*d.format)))
}

// say is a line of the demonstration itself: part of the answer, unless that
// is to be JSON.
func (d *demonstration) say(format string, args ...any) {
	out := d.Out
	if *d.format == "json" {
		out = d.Err
	}
	p := newPage(d.Color)
	p.blank()
	p.line("%s", p.paint(bold, fmt.Sprintf(format, args...)))
	p.blank()
	p.WriteTo(out)
}

// journal returns the journal that the fix left, "" where it wrote none.
func (d *demonstration) journal() string {
	files, err := os.ReadDir(d.journals())
	if err != nil || len(files) == 0 {
		return ""
	}
	return filepath.Join(d.journals(), files[0].Name())
}

func (d *demonstration) journals() string { return filepath.Join(d.dir, "journal") }
