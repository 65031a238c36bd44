//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package remediate

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

// While a fix is at work nobody else has its journal, and nothing of it is
// lost.
func TestUndoBesideARunningFix(t *testing.T) {
	w := newWorld(t, "mailbox.smtp-auth", "off")
	f := w.fix(both)
	f.Waiting = Waiting{Poll: time.Millisecond, Wait: time.Second}
	tried := false
	f.Progress = func(e Event) {
		if e.Kind != EventApplied {
			return
		}
		tried = true
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := OpenJournal(ctx, e.Journal); !errors.Is(err, ErrBusy) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("opened beside the fix: %v", err)
		}
		if j, err := ReadJournal(e.Journal); err != nil || len(j.Pending()) != 1 {
			t.Errorf("not to be read: %v", err)
		}
	}
	r := f.Run(t.Context())
	if r.Outcome != Fixed || !tried || state(t, r.Journal) != Applied {
		t.Errorf("%s, %v, journal says %q", r.Outcome, r.Err, state(t, r.Journal))
	}
	if u := undo(t, r.Journal, w); u.Outcome != UndoRestored {
		t.Errorf("afterwards: %s, %v", u.Outcome, u.Err)
	}
}

// Several undos at once: one puts back, the others find nothing left, and the
// journal stays one.
func TestUndosAtOnce(t *testing.T) {
	f, path := applied(t)
	guarded := &guardedTenant{fakeTenant: f}
	outcomes := make([]UndoOutcome, 4)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { outcomes[i] = undo(t, path, guarded).Outcome })
	}
	all.Wait()
	restored := 0
	for _, o := range outcomes {
		if o == UndoRestored {
			restored++
		} else if o != UndoNothing {
			t.Errorf("one of them: %s", o)
		}
	}
	if restored != 1 || len(f.writes) != 1 || state(t, path) != Restored {
		t.Errorf("%d restored, wrote %v, journal says %q", restored, f.writes, state(t, path))
	}
}

type guardedTenant struct {
	*fakeTenant
	mu sync.Mutex
}

func (g *guardedTenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fakeTenant.Read(ctx, names...)
}

func (g *guardedTenant) Write(ctx context.Context, name fact.Name, value string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fakeTenant.Write(ctx, name, value)
}

// A journal is a file in its place, not what a link or a pipe leads to; and
// what it is swapped for while undo is at work does not matter.
func TestJournalIsNoLink(t *testing.T) {
	f, path := applied(t)
	dir := t.TempDir()
	link, pipe := filepath.Join(dir, "link.jsonl"), filepath.Join(dir, "pipe.jsonl")
	if err := errors.Join(os.Symlink(path, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{link, pipe, dir} {
		if u := undo(t, p, f); u.Outcome != UndoFailed || u.Err == nil || len(f.writes) > 0 {
			t.Errorf("%s: %s, %v", filepath.Base(p), u.Outcome, u.Err)
		}
	}
	j, err := OpenJournal(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	victim := filepath.Join(dir, "victim")
	if err := errors.Join(os.WriteFile(victim, []byte("precious"), 0o600), os.Remove(path), os.Symlink(victim, path)); err != nil {
		t.Fatal(err)
	}
	u := &Undo{Journal: j, Tenant: f, Approve: func([]UndoneChange) (bool, error) { return true, nil }}
	if r := u.Run(t.Context()); r.Outcome != UndoRestored || !bytes.Equal(readFile(t, victim), []byte("precious")) {
		t.Errorf("%s, %v, the victim holds %q", r.Outcome, r.Err, readFile(t, victim))
	}
}

// The directory of journals is the user's own and closed to others; an
// unusable one is found before anything else is done.
func TestJournalDirIsPrivate(t *testing.T) {
	dir := t.TempDir()
	closed, open, file := filepath.Join(dir, "closed"), filepath.Join(dir, "open"), filepath.Join(dir, "file")
	if err := errors.Join(os.Mkdir(closed, 0o755), os.Mkdir(open, 0o700), os.Chmod(open, 0o777), os.WriteFile(file, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		dir   string
		ok    bool
		chmod bool
	}{
		{closed, true, false},
		{filepath.Join(closed, "new", "one"), true, false},
		{open, false, true},
		{file, false, false},
		{filepath.Join(file, "below"), false, false},
	}
	for _, tt := range tests {
		err := CheckDir(tt.dir)
		problem, _ := errors.AsType[*DirError](err)
		if (err == nil) != tt.ok || err != nil && (problem == nil || problem.Close != tt.chmod || problem.Dir != tt.dir) {
			t.Errorf("%s: %v", tt.dir, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(closed, ".try*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	w := newWorld(t, "mailbox.smtp-auth", "off")
	f := w.fix(both)
	f.JournalDir = open
	if r := f.Run(t.Context()); r.Outcome != Failed || len(w.writes) > 0 {
		t.Errorf("%s, wrote %v with a journal that others may swap", r.Outcome, w.writes)
	}
}
