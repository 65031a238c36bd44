package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
	"smtpmend/remediate"
)

// A killing ends the program as SIGKILL does, at one of its requests.
type killing struct {
	moment tenantsim.Moment
	left   atomic.Int32 // requests until then
	cmd    *exec.Cmd
	ended  chan struct{} // closed when the program has ended
}

// hook kills at the chosen request: before it has its effect, which it then
// never has, or after, when the answer is on its way. It returns only when
// the program is gone.
func (k *killing) hook(_ tenantsim.Request, m tenantsim.Moment) {
	if m != k.moment || k.left.Add(-1) != 0 {
		return
	}
	k.cmd.Process.Kill()
	<-k.ended
	if m == tenantsim.Before {
		panic(http.ErrAbortHandler)
	}
}

// run starts the real program on a fix and reports whether it was killed.
func (k *killing) run(t *testing.T, w *world, journals string) bool {
	var out bytes.Buffer
	k.cmd = w.command(t, w.fixing(journals, "--yes-tenant-wide")...)
	k.cmd.Stdout, k.cmd.Stderr = &out, &out
	k.ended = make(chan struct{})
	started := make(chan struct{})
	w.OnRequest(func(r tenantsim.Request, m tenantsim.Moment) { <-started; k.hook(r, m) })
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	close(started)
	err := k.cmd.Wait()
	close(k.ended)
	w.OnRequest(nil)
	killed := k.cmd.ProcessState.ExitCode() < 0
	if !killed && err != nil {
		t.Errorf("the fix failed by itself: %v\n%s", err, out.String())
	}
	return killed
}

// Killed at any request of a fix, before or after its effect, undo with the
// journal left behind restores the tenant, and nothing was changed that the
// journal does not know.
func TestKilledAtEveryRequest(t *testing.T) {
	for _, moment := range []tenantsim.Moment{tenantsim.Before, tenantsim.After} {
		t.Run(string(moment), func(t *testing.T) {
			t.Parallel()
			kills, written, step := 0, 0, int32(3)
			if *every {
				step = 1
			}
			for n := int32(1); !t.Failed(); n += step {
				killed, journal := killedAt(t, moment, n)
				if !killed {
					break
				}
				kills++
				if journal {
					written++
				}
			}
			if kills < 30/int(step) || written < 10/int(step) {
				t.Errorf("killed %d times, %d of them with a journal", kills, written)
			}
			t.Logf("killed %d times, %d of them with a journal", kills, written)
		})
	}
}

// killedAt kills a fix at its nth request. It reports whether the fix came so
// far, and whether a journal was left.
func killedAt(t *testing.T, moment tenantsim.Moment, n int32) (killed, journal bool) {
	state := tenantsim.Default()
	for _, f := range []tenantsim.Setting{
		{Fact: fact.MailboxSMTPAuth, Value: "inherit"}, {Fact: fact.UserPerUserMFA, Value: "enforced"},
		{Fact: fact.OrgSecurityDefaults, Value: "on"},
	} {
		if err := state.Set(tenantsim.Mailbox, f.Fact, f.Value); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t, state)
	defer w.Close()
	k := &killing{moment: moment}
	k.left.Store(n)
	journals := filepath.Join(w.dir, "journals")
	killed = k.run(t, w, journals)
	knows(t, journals, state, w.State())
	w.undoes(t, journals, state)
	if t.Failed() {
		t.Logf("killed %s request %d:\n%s", moment, n, w.said.String())
	}
	return killed, len(journalsIn(t, journals)) > 0
}

// knows checks that every fact which differs is open in the journal, with the
// value to come back to.
func knows(t *testing.T, dir string, before, now *tenantsim.State) {
	t.Helper()
	open := map[string]bool{}
	for _, path := range journalsIn(t, dir) {
		j, err := remediate.ReadJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range j.Pending() {
			open[fmt.Sprintln(e.Change.Fact, e.Change.From, e.Change.To)] = true
		}
		j.Close()
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("journal: %v, %v", info, err)
		}
	}
	for _, row := range fact.Table {
		from, to := before.Fact(tenantsim.Mailbox, row.Name), now.Fact(tenantsim.Mailbox, row.Name)
		if from != to && !open[fmt.Sprintln(row.Name, from, to)] {
			t.Errorf("%s went from %s to %s; the journal holds %v", row.Name, from, to, open)
		}
	}
}
