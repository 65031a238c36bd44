package remediate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

// state is what the journal at path says of its only change, "" without one.
func state(t *testing.T, path string) State {
	t.Helper()
	if path == "" {
		return ""
	}
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(j.entries) == 0 {
		return ""
	}
	return j.entries[0].State
}

var errRefused = errors.New("the role Exchange Administrator is missing")

func TestApply(t *testing.T) {
	lost := fmt.Errorf("reset: %w", fact.ErrUncertain)
	tests := []struct {
		name  string
		found string // before; "" for unreadable
		set   func(*fakeTenant)
		err   error
		after string
		state State
		took  time.Duration
	}{
		{name: "as planned", found: "inherit", after: "on", state: Applied},
		{name: "held already", found: "on", after: "on", state: Skipped},
		{name: "drift", found: "off", err: ErrDrift, after: "off"},
		{name: "unreadable", found: "", err: ErrUnreadable},
		{name: "refused", found: "inherit", err: errRefused, after: "inherit", state: NotApplied,
			set: func(f *fakeTenant) { f.writeErr = errRefused }},
		{name: "answer lost, change made", found: "inherit", after: "on", state: Applied,
			set: func(f *fakeTenant) { f.writeErr, f.lose = lost, true }},
		{name: "answer lost, old value", found: "inherit", err: ErrUncertain, after: "inherit", state: Intent, took: 3 * time.Second,
			set: func(f *fakeTenant) { f.writeErr = lost }},
		{name: "answer lost, change made later", found: "inherit", after: "on", state: Applied, took: 3 * time.Second,
			set: func(f *fakeTenant) {
				f.writeErr = lost
				start := time.Now()
				f.hook = func(string) {
					if time.Since(start) > 2*time.Second {
						f.facts[fact.MailboxSMTPAuth] = "on"
					}
				}
			}},
		{name: "accepted, never seen", found: "inherit", err: ErrUncertain, after: "inherit", state: Intent, took: 31 * time.Second,
			set: func(f *fakeTenant) {
				f.hook = func(call string) {
					if call == "after write" {
						f.facts[fact.MailboxSMTPAuth] = "inherit"
					}
				}
			}},
		{name: "not read back", found: "inherit", err: ErrUncertain, after: "on", state: Intent, took: 31 * time.Second,
			set: func(f *fakeTenant) {
				f.hook = func(call string) {
					if call == "after write" {
						f.unread[fact.MailboxSMTPAuth] = "down"
					}
				}
			}},
		{name: "refused, not read back", found: "inherit", err: ErrUncertain, after: "inherit", state: Intent,
			set: func(f *fakeTenant) {
				f.writeErr = errRefused
				f.hook = func(call string) {
					if call == "after write" {
						f.unread[fact.MailboxSMTPAuth] = "down"
					}
				}
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, p := mailboxOff(t)
				f.facts[fact.MailboxSMTPAuth] = tt.found
				if tt.set != nil {
					tt.set(f)
				}
				j := NewJournal(t.TempDir(), f, mailbox)
				defer j.Close()
				start := time.Now()
				made, err := Apply(t.Context(), f, p, j)
				if !errors.Is(err, tt.err) || err != nil && tt.err == nil {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				if (len(made) == 1) != (tt.state == Applied) {
					t.Errorf("made %v", made)
				}
				if got := f.facts[fact.MailboxSMTPAuth]; got != tt.after {
					t.Errorf("tenant holds %q, want %q", got, tt.after)
				}
				if got := state(t, j.Path()); got != tt.state {
					t.Errorf("journal says %q, want %q", got, tt.state)
				}
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				if errors.Is(err, ErrUncertain) && !strings.Contains(err.Error(), UndoCommand(j.Path())) {
					t.Errorf("no way back in: %v", err)
				}
			})
		})
	}
}

func TestApplyRefusesForeignPlans(t *testing.T) {
	tests := []struct {
		name string
		edit func(*Plan)
		err  error
	}{
		{"another tenant", func(p *Plan) { p.TenantID = "other" }, ErrOtherTenant},
		{"another mailbox", func(p *Plan) { p.Mailbox = "ceo@contoso.com" }, ErrOtherTenant},
		{"the organisation's switch", func(p *Plan) { p.Changes[0].Fact = fact.OrgSMTPAuth }, ErrInvalidPlan},
		{"another value", func(p *Plan) { p.Changes[0].To = "off" }, ErrInvalidPlan},
		{"a scope that hides", func(p *Plan) { p.Changes[0].Scope = fact.ScopeUser }, ErrInvalidPlan},
		{"one more change", func(p *Plan) { p.Changes = append(p.Changes, p.Changes[0]) }, ErrInvalidPlan},
		{"nothing", func(p *Plan) { p.Changes = nil }, ErrInvalidPlan},
		{"no remedy", func(p *Plan) { p.Cause = diagnose.ConditionalAccess }, ErrInvalidPlan},
	}
	for _, tt := range tests {
		f, p := mailboxOff(t)
		before, j := f.facts, NewJournal(t.TempDir(), f, mailbox)
		tt.edit(&p)
		if _, err := Apply(t.Context(), f, p, j); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
		if diff := cmp.Diff(before, f.facts); diff != "" || j.Path() != "" {
			t.Errorf("%s: changed something: %s %s", tt.name, diff, j.Path())
		}
	}
}

// Signed in to another tenant than the plan and its journal are for.
func TestApplyRefusesOtherTenant(t *testing.T) {
	f, p := mailboxOff(t)
	j := NewJournal(t.TempDir(), f, mailbox)
	f.id = "other"
	if _, err := Apply(t.Context(), f, p, j); !errors.Is(err, ErrOtherTenant) || len(f.writes) != 0 {
		t.Errorf("%v, wrote %v", err, f.writes)
	}
}

// The record is in the file, complete, when the change is sent.
func TestJournalComesBeforeTheChange(t *testing.T) {
	f, p := mailboxOff(t)
	j := NewJournal(t.TempDir(), f, mailbox)
	defer j.Close()
	f.hook = func(call string) {
		if call == "before write" && state(t, j.Path()) != Intent {
			t.Errorf("sent while the journal says %q", state(t, j.Path()))
		}
	}
	if _, err := Apply(t.Context(), f, p, j); err != nil || len(f.writes) != 1 {
		t.Fatal(err, f.writes)
	}
}

func TestNoJournalNoChange(t *testing.T) {
	f, p := mailboxOff(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Apply(t.Context(), f, p, NewJournal(filepath.Join(file, "journal"), f, mailbox))
	if err == nil || len(f.writes) != 0 {
		t.Errorf("wrote %v without a journal: %v", f.writes, err)
	}
}

// The change was made and its outcome could not be written down: the journal
// still holds it open, and the error tells the way back.
func TestJournalFailsAfterTheChange(t *testing.T) {
	f, p := mailboxOff(t)
	j := NewJournal(t.TempDir(), f, mailbox)
	f.hook = func(call string) {
		if call == "after write" {
			j.file.Close()
		}
	}
	made, err := Apply(t.Context(), f, p, j)
	if len(made) != 1 || err == nil || !strings.Contains(err.Error(), UndoCommand(j.Path())) {
		t.Errorf("made %v: %v", made, err)
	}
	if got := state(t, j.Path()); got != Intent {
		t.Errorf("journal says %q", got)
	}
}

// Ctrl-C at any call: what the journal says is what the tenant shows, and what
// was sent is settled all the same.
func TestCancelAnywhere(t *testing.T) {
	for _, at := range []string{"before read", "after read", "before write", "after write", "before read 2", "after read 2"} {
		t.Run(at, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, p := mailboxOff(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				seen := map[string]int{}
				f.hook = func(call string) {
					if seen[call]++; call == at || fmt.Sprint(call, " ", seen[call]) == at {
						cancel()
					}
				}
				j := NewJournal(t.TempDir(), f, mailbox)
				defer j.Close()
				_, err := Apply(ctx, f, p, j)
				sent := len(f.writes) == 1
				if sent == strings.HasSuffix(at, " read") || sent && err != nil || !sent && !errors.Is(err, context.Canceled) {
					t.Errorf("sent %v: %v", sent, err)
				}
				if want := map[bool]State{true: Applied, false: ""}[sent]; state(t, j.Path()) != want {
					t.Errorf("sent %v, journal says %q", sent, state(t, j.Path()))
				}
			})
		})
	}
}

// Cancelled between the record and the change: nothing is sent, and the
// journal says so.
func TestCancelAfterIntent(t *testing.T) {
	f, p := mailboxOff(t)
	j := NewJournal(t.TempDir(), f, mailbox)
	defer j.Close()
	ctx := &cancelledWhen{t.Context(), func() bool { return state(t, j.Path()) == Intent }}
	if _, err := Apply(ctx, f, p, j); !errors.Is(err, context.Canceled) || len(f.writes) != 0 {
		t.Errorf("%v, wrote %v", err, f.writes)
	}
	if got := state(t, j.Path()); got != NotApplied {
		t.Errorf("journal says %q", got)
	}
}

// cancelledWhen is a context that is found cancelled once something is so.
type cancelledWhen struct {
	context.Context
	so func() bool
}

func (c *cancelledWhen) Err() error {
	if c.so() {
		return context.Canceled
	}
	return nil
}

// A tenant that never answers does not hold a cancelled run for ever.
func TestGraceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, p := mailboxOff(t)
		ctx, cancel := context.WithCancel(t.Context())
		hung := &hangingTenant{fakeTenant: f, cancel: cancel}
		j := NewJournal(t.TempDir(), f, mailbox)
		defer j.Close()
		start := time.Now()
		_, err := Apply(ctx, hung, p, j)
		if !errors.Is(err, ErrUncertain) || state(t, j.Path()) != Intent {
			t.Errorf("journal says %q: %v", state(t, j.Path()), err)
		}
		if took := time.Since(start); took > 2*grace+time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// hangingTenant is cancelled during the change and answers nothing any more.
type hangingTenant struct {
	*fakeTenant
	cancel func()
	sent   bool
}

func (h *hangingTenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	if h.sent {
		<-ctx.Done()
	}
	return h.fakeTenant.Read(ctx, names...)
}

func (h *hangingTenant) Write(ctx context.Context, name fact.Name, value string) error {
	h.sent = true
	h.cancel()
	<-ctx.Done()
	return errors.Join(fact.ErrUncertain, ctx.Err())
}

func TestUndoCommand(t *testing.T) {
	for path, want := range map[string]string{
		"/var/j/20261123T090504.007Z-a_b.c.jsonl": "smtpmend undo /var/j/20261123T090504.007Z-a_b.c.jsonl",
		`C:\Users\Ann Lee\j.jsonl`:                `smtpmend undo "C:\Users\Ann Lee\j.jsonl"`,
	} {
		if got := UndoCommand(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
