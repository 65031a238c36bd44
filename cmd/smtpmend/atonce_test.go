package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
	"smtpmend/remediate"
)

// A process is the program in a process of its own, and what it printed.
type process struct {
	cmd  *exec.Cmd
	said bytes.Buffer
}

func (w *world) start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: w.command(t, args...)}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// end waits for the program and returns its exit code.
func (p *process) end() int {
	p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// rounds is how often what depends on chance is tried.
func rounds() int {
	if *every {
		return 20
	}
	return 2
}

// Two fixes of one mailbox at once mend it between them, each change is in the
// journal of whoever made it, and undoing both restores.
func TestTwoFixesOfOneMailbox(t *testing.T) {
	for range rounds() {
		w := newWorld(t, scenario(t, "printer"))
		before, journals := w.State(), filepath.Join(w.dir, "journals")
		a, b := w.start(t, w.fixing(journals, "--yes")...), w.start(t, w.fixing(journals, "--yes")...)
		codes := []int{a.end(), b.end()}
		// One of them may have met the other's change between two steps.
		if !slices.Contains(codes, exitOK) || slices.ContainsFunc(codes, func(c int) bool { return c != exitOK && c != exitUnmended && c != exitUnsettled }) {
			t.Errorf("exits %v\n%s\n%s", codes, &a.said, &b.said)
		}
		if code := w.run(t.Context(), w.cloud("probe", tenantsim.Mailbox)...); code != exitOK {
			t.Errorf("not mended between them: probe: exit %d\n%s\n%s", code, &a.said, &b.said)
		}
		knows(t, journals, before, w.State())
		w.undoes(t, journals, before)
		w.Close()
	}
}

// Two fixes of two mailboxes at once in one tenant, both of which need the
// change for everybody; undoing the one that made it says that the other needs
// it too.
func TestTwoFixesInOneTenant(t *testing.T) {
	state := scenario(t, "scanner")
	ann := &state.Users[1]
	ann.SMTPAuth, ann.Password = "off", tenantsim.Password
	w := newWorld(t, state)
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	one := w.start(t, w.fixing(journals, "--yes-tenant-wide")...)
	w.typed = ann.Mailbox
	two := w.start(t, w.fixing(journals, "--yes-tenant-wide")...)
	w.typed = tenantsim.Mailbox
	if codes := []int{one.end(), two.end()}; !slices.Contains(codes, exitOK) {
		t.Errorf("exits %v\n%s\n%s", codes, &one.said, &two.said)
	}
	for _, mailbox := range []string{tenantsim.Mailbox, ann.Mailbox} {
		if code := w.run(t.Context(), w.cloud("fix", mailbox, "--yes-tenant-wide", "--poll", "1ms", "--wait", "20ms", "--journal-dir", journals)...); code != exitOK {
			t.Errorf("%s afterwards: exit %d", mailbox, code)
		}
	}
	w.undoes(t, journals, before)
}

// Undoing the change for everybody names the mailbox that was mended since on
// the strength of it.
func TestUndoSaysWhoNeedsIt(t *testing.T) {
	state := scenario(t, "security-defaults")
	ann := &state.Users[1]
	ann.SMTPAuth, ann.Password = "off", tenantsim.Password
	w := newWorld(t, state)
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	if code, _ := w.fix(t, journals); code != exitOK {
		t.Fatalf("exit %d\n%s", code, w.said.String())
	}
	first := journalsIn(t, journals)[0]
	w.typed = ann.Mailbox
	if code, _ := w.fix(t, journals); code != exitOK {
		t.Fatalf("exit %d\n%s", code, w.said.String())
	}
	w.said.Reset()
	if code := w.run(t.Context(), w.cloud("undo", first)...); code != exitCause {
		t.Errorf("undo: exit %d", code)
	}
	w.says(t, "likely to fail again without this: "+ann.Mailbox)
	w.undoes(t, journals, before)
}

// Two undos of one journal at once: what the fix changed goes back once, and
// the other finds nothing left.
func TestTwoUndosAtOnce(t *testing.T) {
	for range rounds() {
		w := newWorld(t, scenario(t, "printer"))
		before, journals := w.State(), filepath.Join(w.dir, "journals")
		if code, _ := w.fix(t, journals); code != exitOK {
			t.Fatalf("exit %d\n%s", code, w.said.String())
		}
		seen, journal := len(w.Writes()), journalsIn(t, journals)[0]
		a, b := w.start(t, w.cloud("undo", journal, "--yes")...), w.start(t, w.cloud("undo", journal, "--yes")...)
		if x, y := a.end(), b.end(); x != exitOK || y != exitOK {
			t.Errorf("exits %d, %d\n%s\n%s", x, y, &a.said, &b.said)
		}
		if n := len(w.Writes()) - seen; n != 2 {
			t.Errorf("%d writes for 2 changes", n)
		}
		w.undoes(t, journals, before)
		w.Close()
	}
}

// Undo beside a fix that is still at work leaves the journal to it and says
// so; afterwards it puts everything back.
func TestUndoDuringAFix(t *testing.T) {
	t.Parallel()
	w := newWorld(t, scenario(t, "printer"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	changed, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	w.OnRequest(func(r tenantsim.Request, m tenantsim.Moment) {
		if r.Writes && m == tenantsim.After {
			once.Do(func() { close(changed); <-goOn })
		}
	})
	fix := w.start(t, w.fixing(journals, "--yes")...)
	<-changed
	seen := len(w.Writes())
	w.said.Reset()
	code := w.run(t.Context(), w.cloud("undo", journalsIn(t, journals)[0], "--yes")...)
	if code != exitUnmended || len(w.Writes()) != seen {
		t.Errorf("undo: exit %d, %d writes", code, len(w.Writes())-seen)
	}
	w.says(t, "another smtpmend is using this journal", "try again")
	close(goOn)
	if code := fix.end(); code != exitOK {
		t.Errorf("fix: exit %d\n%s", code, &fix.said)
	}
	w.undoes(t, journals, before)
}

// Somebody else changes a setting between any two steps of a fix: nothing is
// written over it, what fix changed is in its journal, and undo puts back just
// that.
func TestChangedByAnotherAtAnyStep(t *testing.T) {
	others := []struct {
		fact  fact.Name
		value string
	}{
		{fact.MailboxSMTPAuth, "off"}, {fact.MailboxSMTPAuth, "on"}, {fact.UserPerUserMFA, "enabled"}, {fact.UserPerUserMFA, "disabled"},
		{fact.OrgSecurityDefaults, "off"}, {fact.OrgConditionalAccess, "Block legacy authentication"}, {fact.UserAdminRole, "Global Administrator"},
	}
	cells, missed := 0, 0
	for i, other := range others {
		for n := 1; !t.Failed(); n++ {
			if !sampled(n+i, 7) && n > 1 {
				continue
			}
			cells++
			if !changedAt(t, n, other.fact, other.value) {
				missed++
				break
			}
		}
	}
	t.Logf("%d moments", cells-missed)
}

// changedAt has somebody set the fact at the nth request of a fix to an API, and reports whether the fix came so far.
func changedAt(t *testing.T, n int, name fact.Name, value string) bool {
	w := newWorld(t, scenario(t, "scanner"))
	defer w.Close()
	if err := w.set(fact.UserPerUserMFA, "enforced"); err != nil {
		t.Fatal(err)
	}
	before, journals, met := w.State(), filepath.Join(w.dir, "journals"), false
	count, watch := 0, sync.Mutex{}
	w.OnRequest(func(r tenantsim.Request, m tenantsim.Moment) {
		watch.Lock()
		defer watch.Unlock()
		if m != tenantsim.Before || r.API == "login" {
			return
		}
		if r.Writes && count > n { // the nth request itself is answered as of its arrival
			w.overWhatIsPlanned(t, journals)
		}
		if count++; count == n {
			met = true
			w.Change(func(s *tenantsim.State) { s.Set(tenantsim.Mailbox, name, value) })
		}
	})
	code, _ := w.fix(t, journals)
	w.OnRequest(nil)
	accepted := w.run(t.Context(), w.cloud("probe", tenantsim.Mailbox)...) == exitOK
	if (code == exitOK) != accepted {
		t.Errorf("exit %d, accepted afterwards: %v", code, accepted)
	}
	for _, path := range journalsIn(t, journals) {
		// What another has set since is drift, and stays.
		if code := w.run(t.Context(), w.cloud("undo", path, "--yes")...); code != exitOK && code != exitUnmended {
			t.Errorf("undo: exit %d", code)
		}
	}
	for _, row := range fact.Table {
		was, is := before.Fact(tenantsim.Mailbox, row.Name), w.State().Fact(tenantsim.Mailbox, row.Name)
		if row.Name == fact.OrgSecurityDefaults && name == fact.OrgConditionalAccess {
			continue // Entra does not let them go on again beside such a policy
		}
		if row.Name != name && is != was {
			t.Errorf("%s is %s, was %s", row.Name, is, was)
		}
		if row.Name == name && is != was && is != value {
			t.Errorf("%s is %s: was %s, and the other made it %s", name, is, was, value)
		}
	}
	if t.Failed() {
		t.Logf("%s = %s before request %d:\n%s", name, value, n, w.said.String())
	}
	watch.Lock()
	defer watch.Unlock()
	return met
}

// overWhatIsPlanned checks, at the moment of a write, that the tenant holds
// what the journal says that it held.
func (w *world) overWhatIsPlanned(t *testing.T, journals string) {
	for _, path := range journalsIn(t, journals) {
		j, err := remediate.ReadJournal(path)
		if err != nil {
			t.Error(err)
			return
		}
		for _, e := range j.Entries() {
			if is := w.State().Fact(tenantsim.Mailbox, e.Change.Fact); e.State == remediate.Intent && is != e.Change.From {
				t.Errorf("%s is %s, and was to be changed from %s", e.Change.Fact, is, e.Change.From)
			}
		}
	}
}

func (w *world) set(name fact.Name, value string) error {
	state := w.State()
	if err := state.Set(tenantsim.Mailbox, name, value); err != nil {
		return err
	}
	w.SetState(state)
	return nil
}
