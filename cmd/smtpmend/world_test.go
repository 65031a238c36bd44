package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"smtpmend/internal/lab"
	"smtpmend/internal/m365"
	"smtpmend/internal/tenantsim"
	"smtpmend/remediate"
)

// every has the tests walk every state, cell and moment instead of a sample.
var every = flag.Bool("every", false, "walk every state of a tenant, every fault and every moment to be killed, not a sample of them")

// slower is how many times dearer this build makes a test; see race_test.go.
var slower = 1

// sampled reports whether the ith of many like trials is to be made: each with
// -every, else each nth. A prime shares no factor with the axes of a product,
// so that every pair of values still occurs.
func sampled(i, nth int) bool { return *every || i%(nth*slower) == 0 }

// A world is a simulated tenant and a console in front of it, for tests that
// run command lines in this process.
type world struct {
	*tenantsim.Tenant
	state  *tenantsim.State
	env    map[string]string
	dir    string
	typed  string       // the mailbox on the command lines
	locale string       // of the person, "" for nobody
	said   bytes.Buffer // everything printed, on both streams
	open   func(context.Context, m365.Options) (*m365.Tenant, error)
}

func newWorld(t *testing.T, state *tenantsim.State) *world {
	t.Helper()
	return newWorldOf(t, state)
}

// newWorldOf is newWorld with other tenants beside the one that the
// environment is for.
func newWorldOf(t *testing.T, state *tenantsim.State, others ...*tenantsim.State) *world {
	t.Helper()
	w := &world{state: state, env: map[string]string{}, dir: t.TempDir(), typed: tenantsim.Mailbox}
	ten, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: w.dir, Others: others})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ten.Close() })
	w.Tenant = ten
	for _, v := range lab.Credentials(state) {
		w.env[v.Name] = v.Value
	}
	return w
}

// run runs one command line against the tenant.
func (w *world) run(ctx context.Context, args ...string) int {
	return w.runTo(ctx, io.Discard, args...)
}

// runTo is run with a copy of the answer in out.
func (w *world) runTo(ctx context.Context, out io.Writer, args ...string) int {
	return run(ctx, &console{
		In: strings.NewReader(""), Out: io.MultiWriter(out, &w.said), Err: &w.said, open: w.open,
		LookupEnv: func(name string) (string, bool) { v, ok := w.env[name]; return v, ok },
		Locales:   []string{w.locale},
	}, args)
}

// object runs one command line and decodes its answer into v.
func (w *world) object(t *testing.T, v any, args ...string) int {
	t.Helper()
	var out bytes.Buffer
	code := w.runTo(t.Context(), &out, append(w.cloud(args...), "-o", "json")...)
	if err := json.Unmarshal(out.Bytes(), v); err != nil {
		t.Errorf("%s: exit %d, no JSON: %v\n%s", args, code, err, w.said.String())
	}
	return code
}

// cloud has a command line speak to this tenant.
func (w *world) cloud(args ...string) []string {
	if slices.Contains(args, "--cloud-file") {
		return args
	}
	return append(args, "--cloud-file", w.EndpointFile())
}

// fixing is a command line of fix that wastes no time.
func (w *world) fixing(journals string, flags ...string) []string {
	return w.cloud(append([]string{"fix", w.typed, "--poll", "1ms", "--wait", "20ms", "--journal-dir", journals}, flags...)...)
}

// fix runs fix with every approval and without waste of time, and returns
// what it printed as an answer.
func (w *world) fix(t *testing.T, journals string, flags ...string) (code int, answer string) {
	t.Helper()
	var out bytes.Buffer
	code = w.runTo(t.Context(), &out, w.fixing(journals, append([]string{"--yes-tenant-wide"}, flags...)...)...)
	return code, out.String()
}

// undoes puts back what the journals in dir know and checks that the tenant
// is as it was before. Where a write was begun and does not show, undo may
// only say that it is uncertain.
func (w *world) undoes(t *testing.T, dir string, before *tenantsim.State) {
	t.Helper()
	for _, journal := range journalsIn(t, dir) {
		var u remediate.UndoResult
		code := w.object(t, &u, "undo", journal, "--yes")
		if code != exitOK && !(code == exitUnmended && u.Outcome == remediate.UndoUncertain) {
			t.Errorf("undo: %s, exit %d", u.Outcome, code)
		}
	}
	if diff := diffStates(before, w.State()); diff != "" {
		t.Errorf("not as before the fix (-before +after):\n%s", diff)
	}
}

// journalsIn lists the journals in dir, which need not exist.
func journalsIn(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, filepath.Join(dir, f.Name()))
	}
	return paths
}

// each calls do for 0 to n-1 from several goroutines.
func each(n, workers int, do func(worker, i int)) {
	next := make(chan int, n) // filled first: a worker may end early, by Fatal
	for i := range n {
		next <- i
	}
	close(next)
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for i := range next {
				do(worker, i)
			}
		})
	}
	all.Wait()
}
