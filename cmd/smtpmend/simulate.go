package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// simulation says which tenant to simulate, and where.
type simulation struct {
	stateFile, scenario string
	dir                 string
	refusalDelay        time.Duration
	smtp, http          string
}

func (s *simulation) flags(fs *pflag.FlagSet) {
	fs.StringVar(&s.stateFile, "state", "", "state `FILE` (JSON) of the tenant")
	fs.StringVar(&s.scenario, "scenario", "", "begin with a `SCENARIO` of demo --list")
	fs.StringVar(&s.dir, "dir", "", "`DIR` for the endpoint file (default: a new temporary directory)")
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
stand in a file that only you can read, not in the output.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.simulate(cmd.Context(), s) },
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
	env, err := writeEnv(s.dir, state)
	if err != nil {
		return trouble("the file with the made-up passwords could not be written: %s", err)
	}
	if err := a.answer(newSimulateObject(ten, state, env), func(p *page) { simulateText(p, ten, state, env) }); err != nil {
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

// An envVar is an environment variable that signs in to a simulated tenant.
type envVar struct{ name, value string }

// simulatedEnv returns what the first user and the first app sign in with.
func simulatedEnv(state *tenantsim.State) []envVar {
	vars := []envVar{{"AZURE_TENANT_ID", state.TenantID}}
	if len(state.Users) > 0 {
		vars = append(vars, envVar{envPassword, state.Users[0].Password})
	}
	if len(state.Apps) > 0 {
		vars = append(vars, envVar{"AZURE_CLIENT_ID", state.Apps[0].ClientID}, envVar{"AZURE_CLIENT_SECRET", state.Apps[0].Secret})
	}
	return vars
}

// writeEnv keeps the simulated secrets in a file for a shell to read, so that
// they are not in the output.
func writeEnv(dir string, state *tenantsim.State) (string, error) {
	var b strings.Builder
	for _, v := range simulatedEnv(state) {
		fmt.Fprintf(&b, "export %s=%s\n", v.name, quote(v.value))
	}
	path := filepath.Join(dir, "env")
	return path, os.WriteFile(path, []byte(b.String()), 0o600)
}

type simulateObject struct {
	Schema       int           `json:"schema"`
	EndpointFile string        `json:"endpoint_file"`
	EnvFile      string        `json:"env_file"`
	SMTP         string        `json:"smtp"`
	Mailbox      string        `json:"mailbox"`
	State        fact.Evidence `json:"state"`
}

func newSimulateObject(ten *tenantsim.Tenant, state *tenantsim.State, env string) simulateObject {
	o := simulateObject{
		Schema: 1, EndpointFile: ten.EndpointFile(), EnvFile: env,
		SMTP: ten.Cloud().SMTP, Mailbox: firstMailbox(state), State: fact.Evidence{},
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

func simulateText(p *page, ten *tenantsim.Tenant, state *tenantsim.State, env string) {
	o := newSimulateObject(ten, state, env)
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
	p.commands(". "+quote(env), "smtpmend fix "+o.Mailbox+" --cloud-file "+quote(o.EndpointFile))
}

// noArguments is the check of verbs that take none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, but was given %q", cmd.CommandPath(), args[0])
	}
	return nil
}
