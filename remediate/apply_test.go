package remediate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// state is what the journal at path says of its only change, "" without one.
func state(t *testing.T, path string) State {
	t.Helper()
	j, err := ReadJournal(path)
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(j.entries) == 0 {
		return ""
	}
	return j.entries[0].State
}

var (
	errRefused = errors.New("the role Exchange Administrator is missing")
	errDown    = errors.New("it does not answer")
)

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
		{name: "unreadable, and why", found: "", err: errDown, set: func(f *fakeTenant) { f.trouble = errDown }},
		{name: "refused", found: "inherit", err: errRefused, after: "inherit", state: NotApplied,
			set: func(f *fakeTenant) { f.writeErr = errRefused }},
		{name: "answer lost, change made", found: "inherit", after: "on", state: Applied,
			set: func(f *fakeTenant) { f.writeErr, f.lose = lost, true }},
		{name: "answer lost, old value", found: "inherit", err: ErrUncertain, after: "inherit", state: Intent,
			set: func(f *fakeTenant) { f.writeErr = lost }},
		{name: "accepted, not seen yet", found: "inherit", after: "inherit", state: Sent,
			set: func(f *fakeTenant) {
				f.hook = func(call string) {
					if call == "after write" {
						f.facts[fact.MailboxSMTPAuth] = "inherit"
					}
				}
			}},
		{name: "not read back", found: "inherit", after: "on", state: Sent,
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
				got, err := Apply(t.Context(), f, p, j)
				if !errors.Is(err, tt.err) || err != nil && tt.err == nil {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				if got != tt.state {
					t.Errorf("state %q, want %q", got, tt.state)
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
		{"no remedy", func(p *Plan) { p.Cause = catalogue.ConditionalAccess }, ErrInvalidPlan},
	}
	for _, tt := range tests {
		f, p := mailboxOff(t)
		before, j := f.facts, NewJournal(t.TempDir(), f, mailbox)
		tt.edit(&p)
		if _, err := Apply(t.Context(), f, p, j); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
		if diff := cmp.Diff(before, f.facts); diff != "" || exists(j.Path()) {
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
	got, err := Apply(t.Context(), f, p, j)
	if got != Applied || err == nil || !strings.Contains(err.Error(), "written down") {
		t.Errorf("%s: %v", got, err)
	}
	if got := state(t, j.Path()); got != Intent {
		t.Errorf("journal says %q", got)
	}
}
