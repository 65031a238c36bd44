package remediate

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// applied is a tenant after a fix of one mailbox, and its journal.
func applied(t *testing.T) (*fakeTenant, string) {
	t.Helper()
	f, p := mailboxOff(t)
	j := NewJournal(t.TempDir(), f, mailbox)
	defer j.Close()
	if _, err := Apply(t.Context(), f, p, j); err != nil {
		t.Fatal(err)
	}
	f.writes = nil
	return f, j.Path()
}

func TestUndo(t *testing.T) {
	down := func(f *fakeTenant) { f.unread[fact.MailboxSMTPAuth] = "down" }
	tests := []struct {
		name  string
		set   func(*fakeTenant)
		want  UndoOutcome
		err   error
		after string
		state State
	}{
		{"as the fix left it", func(*fakeTenant) {}, UndoRestored, nil, "inherit", Restored},
		{"put back by somebody", func(f *fakeTenant) { f.facts[fact.MailboxSMTPAuth] = "inherit" }, UndoNothing, nil, "inherit", AsBefore},
		{"changed by somebody", func(f *fakeTenant) { f.facts[fact.MailboxSMTPAuth] = "off" }, UndoDrift, ErrDrift, "off", Applied},
		{"unreadable", down, UndoFailed, ErrUnreadable, "on", Applied},
		{"refused", func(f *fakeTenant) { f.writeErr = errRefused }, UndoFailed, errRefused, "on", Applied},
		{"another tenant", func(f *fakeTenant) { f.id = "other" }, UndoFailed, ErrOtherTenant, "on", Applied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, path := applied(t)
			tt.set(f)
			r := undo(t, path, f)
			if r.Outcome != tt.want || !errors.Is(r.Err, tt.err) || r.Err != nil && tt.err == nil {
				t.Errorf("%s: %v", r.Outcome, r.Err)
			}
			if got := f.facts[fact.MailboxSMTPAuth]; got != tt.after {
				t.Errorf("tenant holds %q, want %q", got, tt.after)
			}
			if got := state(t, path); got != tt.state {
				t.Errorf("journal says %q, want %q", got, tt.state)
			}
		})
	}
}

func TestUndoTwice(t *testing.T) {
	f, path := applied(t)
	if r := undo(t, path, f); r.Outcome != UndoRestored {
		t.Fatal(r.Outcome, r.Err)
	}
	text, facts, reads := readFile(t, path), f.facts, f.reads
	r := undo(t, path, f)
	if r.Outcome != UndoNothing || r.Err != nil || len(r.Changes) != 0 {
		t.Errorf("%+v", r)
	}
	if len(f.writes) != 1 || f.reads != reads || cmp.Diff(facts, f.facts) != "" || !bytes.Equal(text, readFile(t, path)) {
		t.Errorf("the second undo did something: %v", f.writes)
	}
	// Not even when somebody wants it on by now.
	f.facts[fact.MailboxSMTPAuth] = "on"
	if r := undo(t, path, f); r.Outcome != UndoNothing || f.facts[fact.MailboxSMTPAuth] != "on" {
		t.Errorf("a third undo: %s", r.Outcome)
	}
}

func TestUndoJSON(t *testing.T) {
	f, path := applied(t)
	r := undo(t, path, f)
	r.Journal = "J"
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"journal":"J","outcome":"restored","changes":[{"fact":"mailbox.smtp-auth","target":"scanner@contoso.com",` +
		`"from":"on","to":"inherit","scope":"mailbox","outcome":"restored","found":"on"}]}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	if text, _ = json.Marshal(undo(t, path, f)); !bytes.Contains(text, []byte(`"changes":[]`)) {
		t.Errorf("nothing to do: %s", text)
	}
}

// The last change goes first, and one that has drifted does not keep the
// others from being put back.
func TestUndoOrderAndDrift(t *testing.T) {
	f := newTenant(t, full("mailbox.smtp-auth", "off", "user.per-user-mfa", "enforced", "org.security-defaults", "on"))
	j := NewJournal(t.TempDir(), f, mailbox)
	for _, cause := range []catalogue.Code{catalogue.SMTPAuthOffMailbox, catalogue.PerUserMFA, catalogue.SecurityDefaults} {
		p, err := NewPlan(cause, confirmed(f, cause), mailbox, f.subject)
		if err != nil {
			t.Fatal(err)
		}
		f.allowed = append(f.allowed, p.Changes...)
		if _, err := Apply(t.Context(), f, p, j); err != nil {
			t.Fatal(err)
		}
	}
	j.Close()
	f.writes = nil
	f.facts[fact.UserPerUserMFA] = "enabled"
	r := undo(t, j.Path(), f)
	if r.Outcome != UndoDrift || !errors.Is(r.Err, ErrDrift) {
		t.Errorf("%s: %v", r.Outcome, r.Err)
	}
	if diff := cmp.Diff([]string{"org.security-defaults=on", "mailbox.smtp-auth=off"}, f.writes); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	want := full("mailbox.smtp-auth", "off", "user.per-user-mfa", "enabled", "org.security-defaults", "on")
	if diff := cmp.Diff(want, f.facts); diff != "" {
		t.Errorf("tenant (-want +got):\n%s", diff)
	}
}

// Microsoft makes "enforced" of "enabled" by itself: that is no drift, and the
// second undo finds nothing left.
func TestUndoOfWhatMicrosoftPromotes(t *testing.T) {
	f := newTenant(t, map[fact.Name]string{fact.UserPerUserMFA: "enabled"})
	p := Plan{Cause: catalogue.PerUserMFA, Mailbox: mailbox, TenantID: tenantID, Changes: []Change{
		{fact.UserPerUserMFA, mailbox, "enabled", "disabled", fact.ScopeUser}, // as earlier versions planned
	}}
	f.allowed = p.Changes
	j := NewJournal(t.TempDir(), f, mailbox)
	if _, err := Apply(t.Context(), f, p, j); err != nil {
		t.Fatal(err)
	}
	j.Close()
	f.hook = func(call string) {
		if call == "after write" {
			f.facts[fact.UserPerUserMFA] = "enforced"
		}
	}
	if r := undo(t, j.Path(), f); r.Outcome != UndoRestored || r.Err != nil {
		t.Errorf("%s: %v", r.Outcome, r.Err)
	}
}

// A change that was sent and whose answer was lost is undone when it was made,
// now or later.
func TestUndoOfAnOpenIntent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, p := mailboxOff(t)
		j := NewJournal(t.TempDir(), f, mailbox)
		f.writeErr = fact.ErrUncertain
		if _, err := Apply(t.Context(), f, p, j); !errors.Is(err, ErrUncertain) {
			t.Fatal(err)
		}
		j.Close()
		f.writeErr = nil
		if r := undo(t, j.Path(), f); r.Outcome != UndoUncertain || !errors.Is(r.Err, ErrUncertain) {
			t.Errorf("not made so far: %s, %v", r.Outcome, r.Err)
		}
		f.facts[fact.MailboxSMTPAuth] = "on"
		if r := undo(t, j.Path(), f); r.Outcome != UndoRestored || f.facts[fact.MailboxSMTPAuth] != "inherit" {
			t.Errorf("made late: %s, %v", r.Outcome, r.Err)
		}
	})
}

func TestUndoNeedsItsJournal(t *testing.T) {
	f, path := applied(t)
	if err := os.WriteFile(path, []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, filepath.Join(t.TempDir(), "none")} {
		if r := undo(t, p, f); r.Outcome != UndoFailed || r.Err == nil || len(f.writes) != 0 {
			t.Errorf("%s: %s, %v, wrote %v", p, r.Outcome, r.Err, f.writes)
		}
	}
}

// Killed while the journal is being written: whatever part of it reached the
// disk, and whatever the tenant may hold by then, undo restores.
func TestUndoAfterEveryByte(t *testing.T) {
	f, path := applied(t)
	if r := undo(t, path, f); r.Err != nil {
		t.Fatal(r.Err)
	}
	whole := readFile(t, path)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	intent, done := len(lines[0]), len(lines[0])+len(lines[1])
	for n := range len(whole) + 1 {
		var possible []string
		switch {
		case n < intent:
			possible = []string{"inherit"}
		case n < done:
			possible = []string{"inherit", "on"} // sent or not
		case n < done+len(lines[2]):
			possible = []string{"on"}
		case n < len(whole)-1:
			possible = []string{"on", "inherit"} // put back or not
		default:
			possible = []string{"inherit"}
		}
		for _, value := range possible {
			file := filepath.Join(t.TempDir(), "j.jsonl")
			if err := os.WriteFile(file, whole[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			f.facts[fact.MailboxSMTPAuth] = value
			r := undo(t, file, f)
			if uncertain := value == "inherit" && n >= intent-1 && n < done-1; uncertain {
				if r.Outcome != UndoUncertain || f.facts[fact.MailboxSMTPAuth] != "inherit" {
					t.Fatalf("%d bytes: %s, %v, while the change may still be made", n, r.Outcome, r.Err)
				}
				continue
			}
			if r.Err != nil || f.facts[fact.MailboxSMTPAuth] != "inherit" {
				t.Fatalf("%d bytes, tenant at %q: %s, %v, now %q", n, value, r.Outcome, r.Err, f.facts[fact.MailboxSMTPAuth])
			}
			if r = undo(t, file, f); r.Outcome != UndoNothing {
				t.Fatalf("%d bytes: a second undo %s", n, r.Outcome)
			}
		}
	}
}
