package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"smtpmend/internal/browsertest"
	"smtpmend/internal/fact"
	"smtpmend/internal/lab"
	"smtpmend/internal/tenantsim"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts; review it as prose")

func TestMain(m *testing.M) {
	browsertest.Main()
	testscript.Main(m, map[string]func(){"smtpmend": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("NO_COLOR", "1")
			e.Setenv("LINEBREAK", "scanner@contoso.com\r\nRSET")
			e.Values[tenantKey{}] = new(*tenantsim.Tenant)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"tenant":  startTenant,
			"browser": startBrowser,
			"exit":    expectExit,
			"wrote":   expectWrites,
			"fact":    expectFact,
			"tries":   expectAttempts,
		},
	})
}

// startTenant serves a scenario, or a state file, for the rest of the script,
// with CLOUD as its endpoint file and the secrets in the environment.
//
//	tenant SCENARIO | tenant FILE.json
func startTenant(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tenant SCENARIO|FILE.json")
	}
	var state *tenantsim.State
	if scenario, ok := tenantsim.LookupScenario(args[0]); ok {
		state = scenario.State()
	} else {
		var err error
		state, err = tenantsim.Load(ts.MkAbs(args[0]))
		ts.Check(err)
	}
	dir := ts.MkAbs("tenant")
	ts.Check(os.MkdirAll(dir, 0o700))
	ctx, cancel := context.WithCancel(context.Background())
	ten, err := tenantsim.Start(ctx, state, tenantsim.Options{Dir: dir})
	ts.Check(err)
	ts.Defer(func() { cancel(); ten.Close() })
	*ts.Value(tenantKey{}).(**tenantsim.Tenant) = ten
	ts.Setenv("CLOUD", ten.EndpointFile())
	ts.Setenv("SMTP", ten.Cloud().SMTP)
	for _, v := range lab.Credentials(state) {
		ts.Setenv(v.Name, v.Value)
	}
}

// startBrowser puts a person with a browser before the screen; what they were
// shown lies in the directory browser.
func startBrowser(ts *testscript.TestScript, _ bool, _ []string) {
	dir := ts.MkAbs("browser")
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(browsertest.Write(dir, filepath.Join(filepath.Dir(running(ts).EndpointFile()), tenantsim.CAFile)))
	ts.Setenv("PATH", dir+string(os.PathListSeparator)+ts.Getenv("PATH"))
	ts.Setenv("DISPLAY", ":0")
}

// tenantKey finds the tenant among the values of a script.
type tenantKey struct{}

func running(ts *testscript.TestScript) *tenantsim.Tenant {
	ten := *ts.Value(tenantKey{}).(**tenantsim.Tenant)
	if ten == nil {
		ts.Fatalf("no tenant is running; begin with: tenant SCENARIO")
	}
	return ten
}

// expectExit runs a command line and compares its exit code.
//
//	exit CODE smtpmend ARGS...
func expectExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// expectWrites compares what was written to the tenant, in order.
//
//	wrote [CMDLET-OR-PATH...]
func expectWrites(ts *testscript.TestScript, neg bool, args []string) {
	var got []string
	for _, r := range running(ts).Requests() {
		if r.Writes {
			got = append(got, wrote(r))
		}
	}
	if slices.Equal(got, args) == neg {
		ts.Fatalf("written: %q, want %q", got, args)
	}
}

// expectFact compares a fact of the tenant.
//
//	fact NAME VALUE
func expectFact(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: fact NAME VALUE")
	}
	state := running(ts).State()
	got := state.Fact(state.Users[0].Mailbox, fact.Name(args[0]))
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %q, want %q", args[0], got, args[1])
	}
}

// expectAttempts counts the sign-ins over SMTP so far.
//
//	tries N
func expectAttempts(ts *testscript.TestScript, neg bool, args []string) {
	got := len(running(ts).Attempts())
	if neg || len(args) != 1 || args[0] != strconv.Itoa(got) {
		ts.Fatalf("%d sign-ins, want %v", got, args)
	}
}

// wrote names a writing request: its cmdlet, or the last part of its path.
func wrote(r tenantsim.Request) string {
	if r.Cmdlet != "" {
		return r.Cmdlet
	}
	return r.Method + ":" + r.Path[strings.LastIndex(r.Path, "/")+1:]
}
