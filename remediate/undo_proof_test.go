package remediate

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// Nothing is put back that was not shown and approved.
func TestUndoAsks(t *testing.T) {
	f, path := applied(t)
	for _, approve := range []func([]UndoneChange) (bool, error){
		nil,
		func([]UndoneChange) (bool, error) { return false, nil },
		func([]UndoneChange) (bool, error) { return false, errors.New("the terminal is gone") },
	} {
		j, err := OpenJournal(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		r := (&Undo{Journal: j, Tenant: f, Approve: approve}).Run(t.Context())
		if r.Outcome == UndoRestored || len(f.writes) > 0 || state(t, path) != Applied {
			t.Errorf("%s, %v, wrote %v", r.Outcome, r.Err, f.writes)
		}
		if r.Err == nil && (r.Outcome != UndoPlanned || len(r.Changes) != 1 || r.Changes[0].To != "inherit") {
			t.Errorf("%+v", r)
		}
	}
	var shown []UndoneChange
	j, err := OpenJournal(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	r := (&Undo{Journal: j, Tenant: f, Approve: func(c []UndoneChange) (bool, error) { shown = c; return true, nil }}).Run(t.Context())
	if r.Outcome != UndoRestored || len(shown) != 1 || shown[0].Change != r.Changes[0].Change {
		t.Errorf("%s, shown %+v", r.Outcome, shown)
	}
}

// Once an undo has found the tenant as it was, it is over: what somebody sets
// afterwards is theirs.
func TestUndoIsFinal(t *testing.T) {
	f, path := applied(t)
	f.facts[fact.MailboxSMTPAuth] = "inherit" // somebody was quicker
	if r := undo(t, path, f); r.Outcome != UndoNothing || state(t, path) != AsBefore {
		t.Fatalf("%s, %v, journal says %q", r.Outcome, r.Err, state(t, path))
	}
	f.facts[fact.MailboxSMTPAuth] = "on" // and wants it on by now
	if r := undo(t, path, f); r.Outcome != UndoNothing || f.facts[fact.MailboxSMTPAuth] != "on" {
		t.Errorf("the second undo: %s, now %s", r.Outcome, f.facts[fact.MailboxSMTPAuth])
	}
}

// While a write of ours may still land, undo says so; long after, it does not.
func TestUndoBeforeItLands(t *testing.T) {
	for _, sent := range []State{Intent, Sent} {
		synctest.Test(t, func(t *testing.T) {
			f, p := mailboxOff(t)
			j := NewJournal(t.TempDir(), f, mailbox)
			if _, err := j.begin(p.Cause, p.Changes[0], objectID, Intent); err != nil {
				t.Fatal(err)
			}
			if sent == Sent {
				if err := j.mark(1, Sent); err != nil {
					t.Fatal(err)
				}
			}
			j.Close()
			r := undo(t, j.Path(), f)
			if r.Outcome != UndoUncertain || !errors.Is(r.Err, ErrUncertain) || len(f.writes) > 0 || state(t, j.Path()) != sent {
				t.Errorf("%s: %s, %v, journal says %q", sent, r.Outcome, r.Err, state(t, j.Path()))
			}
			f.facts[fact.MailboxSMTPAuth] = "on"
			if r := undo(t, j.Path(), f); r.Outcome != UndoRestored {
				t.Errorf("%s, landed: %s, %v", sent, r.Outcome, r.Err)
			}
		})
		synctest.Test(t, func(t *testing.T) {
			f, p := mailboxOff(t)
			j := NewJournal(t.TempDir(), f, mailbox)
			if _, err := j.begin(p.Cause, p.Changes[0], objectID, Intent); err != nil {
				t.Fatal(err)
			}
			j.Close()
			time.Sleep(landing)
			if r := undo(t, j.Path(), f); r.Outcome != UndoNothing || state(t, j.Path()) != AsBefore {
				t.Errorf("an hour later: %s, %v", r.Outcome, r.Err)
			}
		})
	}
}

// A restoring write whose answer was lost, or that does not show, is not
// called restored.
func TestUndoThatIsUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, path := applied(t)
		f.writeErr = fact.ErrUncertain
		if r := undo(t, path, f); r.Outcome != UndoUncertain || state(t, path) != Restoring {
			t.Errorf("lost: %s, %v", r.Outcome, r.Err)
		}
		f.writeErr = nil
		f.hook = func(call string) {
			if call == "after write" {
				f.facts[fact.MailboxSMTPAuth] = "on"
			}
		}
		if r := undo(t, path, f); r.Outcome != UndoUncertain || state(t, path) != Restoring {
			t.Errorf("does not show: %s, %v", r.Outcome, r.Err)
		}
	})
}

// The mailbox or user has to be the very one; a change of the tenant needs the
// tenant alone, so that what was done in the wrong one can be mended.
func TestUndoOfTheSameObject(t *testing.T) {
	elsewhere := errors.New("Exchange Online resolved scanner@ to boss@")
	f, path := applied(t)
	for name, edit := range map[string]func(){
		"not proven":     func() { f.subject.Mailbox.Err = elsewhere },
		"another object": func() { f.subject.Mailbox = fact.Object{ID: "another", Name: mailbox} },
	} {
		edit()
		if r := undo(t, path, f); r.Outcome != UndoFailed || len(f.writes) > 0 || r.Err == nil {
			t.Errorf("%s: %s, %v", name, r.Outcome, r.Err)
		}
	}
	w := newWorld(t, "org.security-defaults", "on")
	fix := w.fix(both)
	fix.Waiting.Poll = time.Millisecond
	r := fix.Run(t.Context())
	w.subject.Mailbox.Err, w.subject.User.Err = elsewhere, elsewhere
	if u := undo(t, r.Journal, w); u.Outcome != UndoRestored || w.facts[fact.OrgSecurityDefaults] != "on" {
		t.Errorf("the tenant's own: %s, %v", u.Outcome, u.Err)
	}
}

// A forged journal can only harden: of what it may say, nothing is written but
// the inverse of a remedy, and only over what a fix would have left.
func TestForgedJournal(t *testing.T) {
	good := string(readFile(t, written(t, Intent, Applied).Path()))
	for _, forged := range []string{
		strings.NewReplacer(`"from":"inherit","to":"on"`, `"from":"on","to":"off"`).Replace(good),
		strings.ReplaceAll(good, "mailbox.smtp-auth", "org.smtp-auth"),
		strings.ReplaceAll(good, `"scope":"mailbox"`, `"scope":"tenant"`),
	} {
		f, _ := mailboxOff(t)
		f.facts[fact.MailboxSMTPAuth] = "off"
		path := t.TempDir() + "/j.jsonl"
		if err := os.WriteFile(path, []byte(forged), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := undo(t, path, f); len(f.writes) > 0 || r.Err == nil {
			t.Errorf("%s: wrote %v", r.Outcome, f.writes)
		}
	}
	for _, cause := range Mendable() {
		r, _ := Lookup(cause)
		for _, from := range slices.Concat(r.From(), r.Former) {
			if c := (Change{Fact: r.Fact, From: from, To: r.To, Scope: r.Scope()}); c.inverse().To == r.To {
				t.Errorf("the inverse of %+v weakens", c)
			}
		}
	}
}

// Journals of the first version stay undoable, also where they came from a
// value that nothing is planned from any more.
func TestUndoOfSchema1(t *testing.T) {
	const line = `{"schema":1,"at":"2026-11-23T09:00:00Z","state":"STATE","change":1,"tenant_id":"` + tenantID + `","tenant":"contoso.com","mailbox":"` + mailbox + `","who":"admin@contoso.com",` +
		`"cause":"per-user-mfa","fact":"user.per-user-mfa","target":"` + mailbox + `","from":"enabled","to":"disabled","scope":"user"}` + "\n"
	path := t.TempDir() + "/j.jsonl"
	text := strings.Replace(line, "STATE", "intent", 1) + strings.Replace(line, "STATE", "applied", 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newTenant(t, map[fact.Name]string{fact.UserPerUserMFA: "disabled"})
	f.allowed = []Change{{fact.UserPerUserMFA, mailbox, "enabled", "disabled", fact.ScopeUser}}
	if r := undo(t, path, f); r.Outcome != UndoRestored || f.facts[fact.UserPerUserMFA] != "enabled" {
		t.Errorf("%s, %v", r.Outcome, r.Err)
	}
	if r := undo(t, path, f); r.Outcome != UndoNothing {
		t.Errorf("again: %s, %v", r.Outcome, r.Err)
	}
}

// Two fixes in one tenant: undoing the first says what the second still needs.
func TestUndoSaysWhoNeedsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "org.security-defaults", "on")
		first := w.fix(both)
		r1 := first.Run(t.Context())
		time.Sleep(time.Minute)
		w.facts[fact.MailboxSMTPAuth] = "off"
		w.spread()
		second := w.fix(both)
		second.Mailbox, second.JournalDir = "copier@contoso.com", first.JournalDir
		r2 := second.Run(t.Context())
		if r1.Outcome != Fixed || r2.Outcome != Fixed {
			t.Fatal(r1.Outcome, r1.Err, r2.Outcome, r2.Err)
		}
		for path, want := range map[string][]string{r1.Journal: {"copier@contoso.com"}, r2.Journal: nil} {
			j, err := OpenJournal(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			u := (&Undo{Journal: j, Tenant: w}).Run(t.Context())
			if diff := cmp.Diff(want, u.Changes[0].NeededBy); diff != "" || u.Outcome != UndoPlanned {
				t.Errorf("%s (-want +got):\n%s", u.Changes[0].Fact, diff)
			}
		}
	})
}

// Journals lists what is in a directory, the newest first, and passes over
// what is no journal.
func TestJournals(t *testing.T) {
	f := newTenant(t, nil)
	dir := t.TempDir()
	var want []string
	for i := range 3 {
		j := NewJournal(dir, f, []string{"a@x.y", "b@x.y", "c@x.y"}[i])
		if _, err := j.begin(catalogue.SMTPAuthOffOrg, Change{fact.MailboxSMTPAuth, j.mailbox, "inherit", "on", fact.ScopeMailbox}, "", Intent); err != nil {
			t.Fatal(err)
		}
		j.Close()
		want = append([]string{j.Path()}, want...)
		time.Sleep(2 * time.Millisecond)
	}
	if err := os.WriteFile(dir+"/notes.jsonl", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := Journals(dir)
	var got []string
	for _, j := range all {
		got = append(got, j.Path())
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if all, err := Journals(dir + "/none"); len(all) > 0 || err != nil {
		t.Errorf("of no directory: %v, %v", all, err)
	}
}
