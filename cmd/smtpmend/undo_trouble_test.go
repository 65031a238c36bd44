package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/m365"
	"smtpmend/internal/tenantsim"
)

// undoable is a tenant after a fix of three changes, and the journal of it.
func undoable(t *testing.T) (w *world, before *tenantsim.State, journal string) {
	t.Helper()
	w = newWorld(t, troubled(t, "newer"))
	before = w.State()
	journals := filepath.Join(w.dir, "journals")
	if code, _ := w.fix(t, journals); code != exitOK {
		t.Fatalf("fix: exit %d\n%s", code, w.said.String())
	}
	return w, before, journalsIn(t, journals)[0]
}

// Every kind of fault at every read and write of an undo: nothing is written
// but what the journal holds, the end says what is not put back, and a second
// undo finishes it.
func TestUndoInTrouble(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for what does not show")
	}
	elsewhere := strangers(t)
	w, before, journal := undoable(t)
	seen := len(w.Requests())
	w.undoes(t, filepath.Dir(journal), before)
	var all []cell
	for _, p := range placesOf(w.Requests()[seen:]) {
		for _, m := range p.mishaps(elsewhere.URL) {
			all = append(all, cell{p, m, "newer"})
		}
	}
	slices.SortStableFunc(all, func(a, b cell) int { return strings.Compare(a.String()+a.name, b.String()+b.name) })
	var walked atomic.Int32
	each(len(all), 32, func(_, i int) {
		if !sampled(i, 23) {
			return
		}
		walked.Add(1)
		c := all[i]
		t.Run(fmt.Sprintf("%s at %s", c.name, c.place), func(t *testing.T) {
			w, before, journal := undoable(t)
			defer w.Close()
			w.trusts(t, elsewhere)
			w.open = func(ctx context.Context, o m365.Options) (*m365.Tenant, error) {
				o.Timeout = patience
				return m365.Open(ctx, o)
			}
			if err := w.SetFaults(c.strike()); err != nil {
				t.Fatal(err)
			}
			w.said.Reset()
			code := w.run(t.Context(), w.cloud("undo", journal, "--yes")...)
			restored := diffStates(before, w.State()) == ""
			switch {
			case code == exitOK && !restored, code != exitOK && code != exitUnmended && code != exitTrouble:
				t.Errorf("exit %d, restored %v\n%s", code, restored, w.said.String())
			case code != exitOK && !nextStep.MatchString(flat(w.said.String())):
				t.Errorf("does not say what to do:\n%s", w.said.String())
			}
			w.between(t, before)
			if err := w.SetFaults(); err != nil {
				t.Fatal(err)
			}
			w.undoes(t, filepath.Dir(journal), before)
		})
	})
	t.Logf("%d of %d cells", walked.Load(), len(all))
}

// between checks that each fact is as before the fix of a troubled tenant or as
// after it.
func (w *world) between(t *testing.T, before *tenantsim.State) {
	t.Helper()
	made := map[fact.Name]string{fact.MailboxSMTPAuth: "on", fact.UserPerUserMFA: "disabled", fact.OrgSecurityDefaults: "off"}
	for _, row := range fact.Table {
		is, was := w.State().Fact(tenantsim.Mailbox, row.Name), before.Fact(tenantsim.Mailbox, row.Name)
		if is != was && is != made[row.Name] {
			t.Errorf("%s is %s, neither as before (%s) nor as the fix left it", row.Name, is, was)
		}
	}
}

// A journal cut anywhere puts back what its whole records hold, or is refused
// as no journal; nothing else is written.
func TestJournalCutAnywhere(t *testing.T) {
	w, before, journal := undoable(t)
	after := w.State()
	whole, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	nth := 61
	if *every {
		nth = 3
	}
	cuts := 0
	for n := 0; n <= len(whole) && !t.Failed(); n += nth {
		cuts++
		w.SetState(after)
		cut := filepath.Join(t.TempDir(), "cut.jsonl")
		if err := os.WriteFile(cut, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		w.said.Reset()
		code := w.run(t.Context(), w.cloud("undo", cut, "--yes")...)
		if code != exitOK && code != exitUnmended && code != exitUsage || strings.Contains(w.said.String(), "itself failed") {
			t.Errorf("cut at %d: exit %d\n%s", n, code, w.said.String())
		}
		// A record is whole but for the end of its line.
		records := strings.Count(string(whole[:min(n+1, len(whole))]), "\n")
		for change, at := range map[fact.Name]int{
			fact.MailboxSMTPAuth: 1, fact.UserPerUserMFA: 3, fact.OrgSecurityDefaults: 5,
		} {
			was := before.Fact(tenantsim.Mailbox, change)
			if is := w.State().Fact(tenantsim.Mailbox, change); (is == was) != (records >= at) {
				t.Errorf("cut at %d of %d: %s is %s, was %s before the fix", n, len(whole), change, is, was)
			}
		}
	}
	t.Logf("cut at %d places", cuts)
}
