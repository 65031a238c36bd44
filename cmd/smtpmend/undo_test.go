package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"smtpmend/internal/tenantsim"
)

// The undo command that is printed, whatever became of the fix, carries the
// cloud and works as it is pasted.
func TestUndoCommandWorksWhenPasted(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(*tenantsim.State)
		fault tenantsim.Fault
		code  int
	}{
		{"fixed", nil, tenantsim.Fault{API: "none", Kind: "500"}, exitOK},
		{"not effective", func(s *tenantsim.State) { s.SMTP.Propagation.Duration = 1 << 40 }, tenantsim.Fault{API: "none", Kind: "500"}, exitUnmended},
		{"second change refused", nil, tenantsim.Fault{API: "graph", Method: "PATCH", Kind: "403"}, exitUnmended},
		{"second change lost", nil, tenantsim.Fault{API: "graph", Method: "PATCH", Kind: "reset", AfterEffect: true}, exitOK},
		{"an API is down behind the first change", nil, tenantsim.Fault{API: "graph", Method: "PATCH", Kind: "429-date"}, exitTrouble},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := scenario(t, "printer")
			if tt.edit != nil {
				tt.edit(state)
			}
			w := newWorld(t, state)
			tt.fault.Delay.Duration = 86400e9
			if err := w.SetFaults(tt.fault); err != nil {
				t.Fatal(err)
			}
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			if code, _ := w.fix(t, journals); code != tt.code {
				t.Errorf("fix: exit %d, want %d\n%s", code, tt.code, w.said.String())
			}
			command := lineWith(t, w.said.String(), "smtpmend undo ")
			if err := w.SetFaults(); err != nil {
				t.Fatal(err)
			}
			if code := w.run(t.Context(), append(argsOf(command), "--yes")...); code != exitOK {
				t.Errorf("%s: exit %d\n%s", command, code, w.said.String())
			}
			if diff := diffStates(before, w.State()); diff != "" {
				t.Errorf("not as before:\n%s", diff)
			}
		})
	}
}

// Undoing is final: what somebody sets afterwards is no matter of the journal
// any more.
func TestUndoIsFinal(t *testing.T) {
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	w.fix(t, journals)
	journal := journalsIn(t, journals)[0]
	w.Change(func(s *tenantsim.State) { s.Users[0].SMTPAuth = "off" }) // by somebody else
	w.undoes(t, journals, before)
	w.Change(func(s *tenantsim.State) { s.Users[0].SMTPAuth = "on" })
	seen := len(w.Writes())
	if code := w.run(t.Context(), w.cloud("undo", journal, "--yes")...); code != exitOK || len(w.Writes()) != seen {
		t.Errorf("exit %d, %d writes", code, len(w.Writes())-seen)
	}
}

// What somebody else has set since stays as it is and is said; the rest goes
// back.
func TestUndoLeavesDriftAlone(t *testing.T) {
	w := newWorld(t, scenario(t, "printer"))
	journals := filepath.Join(w.dir, "journals")
	w.fix(t, journals)
	w.Change(func(s *tenantsim.State) { s.Users[0].SMTPAuth = "inherit" })
	seen := len(w.Writes())
	if code := w.run(t.Context(), w.cloud("undo", journalsIn(t, journals)[0], "--yes")...); code != exitUnmended {
		t.Errorf("exit %d", code)
	}
	w.says(t, "somebody has changed a setting since")
	user := w.State().Users[0]
	if user.SMTPAuth != "inherit" || user.PerUserMFA != "enforced" || len(w.Writes()) != seen+1 {
		t.Errorf("mailbox %s, MFA %s after %d writes", user.SMTPAuth, user.PerUserMFA, len(w.Writes())-seen)
	}
}

// Undo says that it is uncertain, and not that there is nothing to do, while a
// write of ours may still land; once that has, it puts it back.
func TestUndoBeforeItLands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	if err := w.SetFaults(tenantsim.Fault{API: "exchange", Cmdlet: "Set-CASMailbox", Kind: "reset"}); err != nil {
		t.Fatal(err)
	}
	if code, _ := w.fix(t, journals); code != exitUnmended {
		t.Errorf("fix: exit %d\n%s", code, w.said.String())
	}
	w.says(t, "may be yet")
	w.said.Reset()
	journal := journalsIn(t, journals)[0]
	if code := w.run(t.Context(), w.cloud("undo", journal, "--yes")...); code != exitUnmended {
		t.Errorf("undo: exit %d", code)
	}
	w.says(t, "Uncertain")
	if strings.Contains(flat(w.said.String()), "nothing left") {
		t.Errorf("calls it done:\n%s", w.said.String())
	}
	if err := w.SetFaults(); err != nil {
		t.Fatal(err)
	}
	w.Change(func(s *tenantsim.State) { s.Users[0].SMTPAuth = "on" }) // it lands
	w.undoes(t, journals, before)
}

// A journal directory that cannot be relied on is exit 2, with the way out,
// before anything is asked or signed in to.
func TestUnusableJournalDir(t *testing.T) {
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	file := filepath.Join(w.dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(w.dir, "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{file: "--journal-dir", filepath.Join(file, "below"): "--journal-dir", open: "chmod go-w " + open} {
		if dir == open && runtime.GOOS == "windows" {
			continue
		}
		w.said.Reset()
		if code, _ := w.fix(t, dir); code != exitUsage {
			t.Errorf("%s: exit %d", dir, code)
		}
		w.says(t, want)
	}
	if n, tried := len(w.Requests()), len(w.Attempts()); n > 0 || tried > 0 {
		t.Errorf("%d requests, %d sign-ins", n, tried)
	}
}

// Each fact is read once in a run, however many blockers and probes there are,
// and again only where a write of ours may have changed it; that the tenant
// has no premium licence is asked twice at most.
func TestEachFactIsReadOnce(t *testing.T) {
	for _, licensed := range []bool{true, false} {
		state := scenario(t, "printer")
		state.SMTP.Flavour, state.SignInLog.Licensed, state.Org.SecurityDefaults = "older", licensed, "on"
		w := newWorld(t, state)
		before, journals := w.State(), filepath.Join(w.dir, "journals")
		if code, _ := w.fix(t, journals); code != exitOK {
			t.Fatalf("exit %d\n%s", code, w.said.String())
		}
		count := map[string]int{}
		for _, r := range w.Requests() {
			path, _, _ := strings.Cut(r.Path, "?")
			count[r.Method+" "+path[strings.LastIndex(path, "/")+1:]+r.Cmdlet]++
		}
		// Before the change for everybody all that it rests on is read anew.
		for what, most := range map[string]int{
			"POST InvokeCommandGet-TransportConfig": 2, "POST InvokeCommandGet-OrganizationConfig": 2, "GET subscribedSkus": 2,
			"GET licenseDetails": 2, "GET policies": 2, "GET organization": 1, "POST InvokeCommandGet-User": 2,
			"POST InvokeCommandGet-Mailbox": 2, "GET signIns": 3, "GET transitiveMemberOf": 2,
			// Asked again before and after the write of each.
			"POST InvokeCommandGet-CASMailbox": 5, "GET requirements": 5, "GET identitySecurityDefaultsEnforcementPolicy": 5,
		} {
			if count[what] > most {
				t.Errorf("licensed %v: %s was asked %d times, at most %d will do", licensed, what, count[what], most)
			}
		}
		w.undoes(t, journals, before)
	}
}

// Security defaults that cannot go on again beside a policy are told for what
// that is, and can be put back once the policy is off.
func TestUndoBesideAPolicy(t *testing.T) {
	w := newWorld(t, scenario(t, "security-defaults"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	if code, said := w.fix(t, journals); code != exitOK {
		t.Fatalf("exit %d\n%s", code, said)
	}
	policy := func(name string) {
		w.Change(func(s *tenantsim.State) {
			if err := s.Set(tenantsim.Mailbox, "org.conditional-access", name); err != nil {
				t.Error(err)
			}
		})
	}
	policy("Block legacy authentication")
	w.said.Reset()
	journal := journalsIn(t, journals)[0]
	code := w.run(t.Context(), w.cloud("undo", journal, "--yes")...)
	if said := flat(w.said.String()); code != exitUnmended || !strings.Contains(said, "switch those policies off first") || strings.Contains(said, "report it") {
		t.Errorf("exit %d\n%s", code, w.said.String())
	}
	policy("none")
	if code := w.run(t.Context(), w.cloud("undo", journal, "--yes")...); code != exitOK {
		t.Errorf("without the policy: exit %d", code)
	}
	if diff := diffStates(before, w.State()); diff != "" {
		t.Errorf("not as before:\n%s", diff)
	}
}
