package main

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/internal/fact"
	"smtpmend/internal/lab"
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
	l, err := lab.Open(ctx, s.dir, state, s.device, tenantsim.Options{
		SMTPAddr: s.smtp, HTTPAddr: s.http, RefusalDelay: s.refusalDelay, UnknownDelay: s.refusalDelay,
	})
	if _, ok := errors.AsType[*lab.DirError](err); ok {
		return usage("--dir: %s", err)
	}
	if err != nil {
		return usage("the simulated tenant cannot start (see --smtp-addr, --http-addr, --state): %s", err)
	}
	defer l.Close()
	v, err := simulated(l, lab.Shells(runtime.GOOS))
	if err != nil {
		return err
	}
	if err := a.answer(v); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// simulated is the answer of simulate; the files for the shells are written.
func simulated(l *lab.Lab, shells []lab.Shell) (view.Simulated, error) {
	v := view.Simulated{EndpointFile: l.EndpointFile(), SMTP: l.Cloud().SMTP, Mailbox: l.Mailbox(), State: fact.Evidence{}}
	files, err := l.Keep(shells)
	if err != nil {
		return v, trouble("the file with the made-up passwords could not be written: %s", err)
	}
	for _, f := range files {
		v.Shells = append(v.Shells, view.Shell{Name: f.Shell.Name, File: f.Path, Line: f.Take()})
	}
	for _, row := range fact.Table {
		if row.Name != fact.UserSignInError && v.Mailbox != "" {
			v.State = append(v.State, fact.Reading{Fact: row.Name, Value: l.State.Fact(v.Mailbox, row.Name)})
		}
	}
	return v, nil
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

// noArguments is the check of verbs that take none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		hint := ""
		if _, ok := tenantsim.LookupScenario(args[0]); ok && cmd.Flags().Lookup("scenario") != nil {
			hint = "; a scenario is named with --scenario"
		}
		return usage("%s takes no arguments, but was given %q%s", cmd.CommandPath(), args[0], hint)
	}
	return nil
}
