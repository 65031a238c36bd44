package remediate

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// A mortal fix dies, as by SIGKILL, at the kth call that it makes: to the
// tenant, before and after each, to the probe, to the person, to the screen.
type mortal struct {
	*world
	left int
}

// call ends the goroutine of lives: nothing can recover from that.
func (m *mortal) call() {
	if m.left--; m.left == 0 {
		runtime.Goexit()
	}
}

// fix is the world's, with every call counted.
func (m *mortal) fix() *Fix {
	f := m.world.fix(both)
	spread := m.hook
	m.hook = func(call string) {
		spread(call)
		m.call()
	}
	approve, try := f.Approve, f.Probe
	f.Approve = func(p Plan) (bool, error) { m.call(); return approve(p) }
	f.Probe = func(ctx context.Context) *probe.Report { m.call(); return try(ctx) }
	f.Progress = func(Event) { m.call() }
	f.Rollback = func([]Change) (bool, error) { m.call(); return true, nil }
	return f
}

// lives runs do and reports whether it got through.
func lives(do func()) (survived bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
		survived = true
	}()
	<-done
	return survived
}

// journalIn returns the only journal in dir, "" when there is none.
func journalIn(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) > 1 {
		t.Fatalf("%v %v", files, err)
	}
	if len(files) == 0 {
		return ""
	}
	return files[0]
}

// settings are a tenant's facts without the sign-in log.
func settings(f *fakeTenant) map[fact.Name]string {
	m := maps.Clone(f.facts)
	delete(m, fact.UserSignInError)
	return m
}

// Killed at any step, undo with the journal left behind restores the tenant,
// nothing was changed that the journal does not know, and killing the undo at
// any of its steps does not matter either.
func TestKilledAnywhere(t *testing.T) {
	scenarios := map[string]func(*testing.T) *world{
		"three faults that are mended": func(t *testing.T) *world {
			return newWorld(t, "org.smtp-auth", "off", "user.per-user-mfa", "enforced", "org.security-defaults", "on")
		},
		"no effect, rolled back": func(t *testing.T) *world {
			w := newWorld(t, "mailbox.smtp-auth", "off", "user.per-user-mfa", "enforced")
			w.older, w.delay = true, 24*time.Hour
			return w
		},
	}
	for name, start := range scenarios {
		t.Run(name, func(t *testing.T) {
			for k := 1; ; k++ {
				if killedAt(t, start, k) {
					if k < 20 {
						t.Errorf("only %d steps", k)
					}
					return
				}
			}
		})
	}
}

// killedAt kills the fix at its kth call, then the undo at each of its own; it
// reports whether the fix got through.
func killedAt(t *testing.T, start func(*testing.T) *world, k int) (survived bool) {
	for u := 1; ; u++ {
		through := false
		synctest.Test(t, func(t *testing.T) {
			m := &mortal{world: start(t), left: k}
			before := settings(m.fakeTenant)
			f := m.fix()
			survived = lives(func() { f.Run(t.Context()) })
			journal := journalIn(t, f.JournalDir)
			if journal == "" {
				if diff := cmp.Diff(before, settings(m.fakeTenant)); diff != "" {
					t.Errorf("call %d: changed without a journal:\n%s", k, diff)
				}
				through = true
				return
			}
			knows(t, journal, before, m.fakeTenant)
			m.left = u
			through = lives(func() { undo(t, journal, m.world) })
			m.left = 0
			r := undo(t, journal, m.world)
			if diff := cmp.Diff(before, settings(m.fakeTenant)); diff != "" || r.Err != nil && r.Outcome != UndoUncertain {
				t.Errorf("killed at call %d, undo at %d: %s, %v:\n%s", k, u, r.Outcome, r.Err, diff)
			}
		})
		if through || t.Failed() {
			return survived || t.Failed()
		}
	}
}

// knows checks that every fact that differs from before is open in the journal.
func knows(t *testing.T, journal string, before map[fact.Name]string, f *fakeTenant) {
	t.Helper()
	j, err := ReadJournal(journal)
	if err != nil {
		t.Fatal(err)
	}
	open := map[fact.Name]Change{}
	for _, e := range j.Pending() {
		open[e.Change.Fact] = e.Change
	}
	for name, value := range settings(f) {
		if c, ok := open[name]; value != before[name] && (!ok || c.From != before[name] || c.To != value) {
			t.Errorf("%s went from %s to %s, the journal has %+v", name, before[name], value, c)
		}
	}
}

// A journal that another process left half made is not written into.
func TestUndoLeavesOtherFilesAlone(t *testing.T) {
	f, path := applied(t)
	other := filepath.Join(filepath.Dir(path), "notes.txt")
	if err := os.WriteFile(other, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := undo(t, other, f); !errors.Is(r.Err, ErrJournal) || string(readFile(t, other)) != "mine" {
		t.Errorf("%v, now %q", r.Err, readFile(t, other))
	}
}
