package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

// simulation says which tenant to simulate, and where.
type simulation struct {
	stateFile, scenario string
	dir                 string
	printState          bool
	device              tenantsim.Device // the scenario's
	refusalDelay        time.Duration
	smtp, http          string
}

func (s *simulation) flags(fs *pflag.FlagSet) {
	fs.StringVar(&s.stateFile, "state", "", "state `FILE` (JSON) of the tenant")
	fs.StringVar(&s.scenario, "scenario", "", "begin with a `SCENARIO` of demo --list")
	fs.StringVar(&s.dir, "dir", "", "`DIR` for the endpoint file (default: a new temporary directory)")
	fs.BoolVar(&s.printState, "print-state", false, "print a state file: an example of all that it may hold, or that of --scenario")
	fs.DurationVar(&s.refusalDelay, "refusal-delay", 0, "how long a refusal and an unknown command take; Microsoft needs about 5s")
	fs.StringVar(&s.smtp, "smtp-addr", "", "loopback `HOST:PORT` for submission (default: a free port)")
	fs.StringVar(&s.http, "http-addr", "", "loopback `HOST:PORT` for sign-in, Graph and Exchange (default: a free port)")
}

func (a *app) simulateCommand() *cobra.Command {
	var s simulation
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Serve a simulated tenant on loopback, to practise on",
		Long: `Simulate serves a made-up tenant on loopback until Ctrl-C: the submission
server and the sign-in, Graph and Exchange endpoints, all over one state. Every
other verb works against it with --cloud-file. Its passwords are made up and
stand in a file that only you can read, not in the output; a shell that reads
that file has all that the other verbs need.`,
		Example: `  smtpmend simulate --scenario per-user-mfa --dir lab
  smtpmend simulate --print-state > state.json
  smtpmend simulate --state state.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.printState {
				return a.printState(s)
			}
			return a.simulate(cmd.Context(), s)
		},
	}
	s.flags(cmd.Flags())
	return cmd
}

func (a *app) simulate(ctx context.Context, s simulation) error {
	state, err := s.state()
	if err != nil {
		return err
	}
	if s.dir == "" {
		dir, err := os.MkdirTemp("", "smtpmend-")
		if err != nil {
			return trouble("no directory for the endpoint file: %s", err)
		}
		defer os.RemoveAll(dir)
		s.dir = dir
	} else if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return usage("--dir cannot be made: %s", err)
	}
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return trouble("--dir has no full path: %s", err)
	}
	ten, err := tenantsim.Start(ctx, state, tenantsim.Options{
		Dir: s.dir, SMTPAddr: s.smtp, HTTPAddr: s.http,
		RefusalDelay: s.refusalDelay, UnknownDelay: s.refusalDelay,
	})
	if err != nil {
		return usage("the simulated tenant cannot start (see --smtp-addr, --http-addr, --state): %s", err)
	}
	defer ten.Close()
	env, err := writeEnv(s.dir, practiceEnv(state, s.device, ten.EndpointFile()), shellsOf(runtime.GOOS))
	if err != nil {
		return trouble("the file with the made-up passwords could not be written: %s", err)
	}
	o := newSimulateObject(ten, state, env)
	if err := a.answer(o, func(p *page) { simulateText(p, o, env) }); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func (s *simulation) state() (*tenantsim.State, error) {
	switch {
	case s.stateFile != "" && s.scenario != "":
		return nil, usage("either --state or --scenario, not both")
	case s.stateFile != "":
		state, err := tenantsim.Load(s.stateFile)
		if err != nil {
			return nil, usage("%s", err)
		}
		return state, nil
	case s.scenario == "":
		s.scenario = tenantsim.DefaultScenario
	}
	scenario, err := lookupScenario(s.scenario)
	if err != nil {
		return nil, err
	}
	s.device = scenario.Device
	return scenario.State(), nil
}

func lookupScenario(name string) (tenantsim.Scenario, error) {
	scenario, ok := tenantsim.LookupScenario(name)
	if !ok {
		var names []string
		for _, s := range tenantsim.Scenarios {
			names = append(names, s.Name)
		}
		if hint := didYouMean(name, names); hint != "" {
			return scenario, usage("there is no scenario %q%s", name, hint)
		}
		return scenario, usage("there is no scenario %q; smtpmend demo --list names them", name)
	}
	return scenario, nil
}

type simulateObject struct {
	Schema       int           `json:"schema"`
	EndpointFile string        `json:"endpoint_file"`
	EnvFile      string        `json:"env_file"`
	EnvFiles     []string      `json:"env_files"` // one a shell
	SMTP         string        `json:"smtp"`
	Mailbox      string        `json:"mailbox"`
	State        fact.Evidence `json:"state"`
	Next         string        `json:"next"`
}

func newSimulateObject(ten *tenantsim.Tenant, state *tenantsim.State, env []envFile) simulateObject {
	o := simulateObject{
		Schema: 1, EndpointFile: ten.EndpointFile(), EnvFile: env[0].path, Next: env[0].take(),
		SMTP: ten.Cloud().SMTP, Mailbox: firstMailbox(state), State: fact.Evidence{},
	}
	for _, f := range env {
		o.EnvFiles = append(o.EnvFiles, f.path)
	}
	for _, row := range fact.Table {
		if row.Name != fact.UserSignInError && o.Mailbox != "" {
			o.State = append(o.State, fact.Reading{Fact: row.Name, Value: state.Fact(o.Mailbox, row.Name)})
		}
	}
	return o
}

func firstMailbox(state *tenantsim.State) string {
	if len(state.Users) == 0 {
		return ""
	}
	return state.Users[0].Mailbox
}

func simulateText(p *page, o simulateObject, env []envFile) {
	p.line("%s", p.paint(bold, "A simulated tenant is running on loopback; Ctrl-C ends it."))
	p.blank()
	p.line("Endpoint file  %s", o.EndpointFile)
	p.line("Submission     %s", o.SMTP)
	p.line("Mailbox        %s", o.Mailbox)
	p.heading("State")
	for _, r := range o.State {
		row, _ := fact.Lookup(r.Fact)
		p.line("  %-24s %-10s %s", r.Fact, r.Value, row.Words(r.Value))
	}
	p.heading("In another terminal")
	for _, f := range env {
		switch {
		case f.take() == "":
			p.prose("  ", "Have the shell read "+f.path)
		case f.shell.name != "":
			p.line("  %s:", f.shell.name)
		}
		if line := f.take(); line != "" {
			p.commands(line)
		}
	}
	switch {
	case view.IsAddress(o.Mailbox):
		if len(env) > 1 {
			p.line("  and then:")
		}
		fix := "smtpmend fix " + o.Mailbox
		if file, ok := view.Word(o.EndpointFile); ok { // without the line above it must not reach the real cloud
			fix += " --cloud-file " + file
		}
		p.commands(fix)
	case o.Mailbox != "":
		p.prose("  ", "and then smtpmend fix MAILBOX with the mailbox above.")
	}
}

// noArguments is the check of verbs that take none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, but was given %q", cmd.CommandPath(), args[0])
	}
	return nil
}
