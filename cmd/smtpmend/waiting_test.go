package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/front"
	"smtpmend/internal/lab"
	"smtpmend/internal/tenantsim"
)

// patient is a command line of fix that waits for as long as it takes.
func (w *world) patient(journals string, flags ...string) []string {
	return w.cloud(append([]string{"fix", w.typed, "--yes-tenant-wide", "--poll", "10ms", "--wait", "30s", "--journal-dir", journals}, flags...)...)
}

// Run again while its own change is on its way, fix waits for it: it ends well
// when the change arrives, and as not effective yet when it does not, never by
// hand and never with the advice to tick what is ticked.
func TestFixAgainWhileArriving(t *testing.T) {
	for _, flavour := range []front.Flavour{front.Newer, front.Older} {
		t.Run(string(flavour), func(t *testing.T) {
			state := scenario(t, "smtp-auth-off-mailbox")
			state.SMTP.Flavour, state.SMTP.Propagation.Duration = flavour, time.Hour
			w := newWorld(t, state)
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			if code, _ := w.fix(t, journals); code != exitUnmended {
				t.Fatalf("first: exit %d\n%s", code, w.said.String())
			}
			w.said.Reset()
			code, answer := w.fix(t, journals)
			if code != exitUnmended || strings.Contains(answer, "tick Authenticated SMTP") {
				t.Errorf("again: exit %d\n%s", code, w.said.String())
			}
			w.says(t, "the setting is right already", "smtpmend verify ")
			arrived := w.State()
			arrived.SMTP.Propagation.Duration = 0
			w.SetState(arrived)
			if code := w.run(t.Context(), w.patient(journals)...); code != exitOK {
				t.Errorf("arrived: exit %d\n%s", code, w.said.String())
			}
			if n := len(w.Writes()); n != 1 {
				t.Errorf("%d writes", n)
			}
			before.SMTP.Propagation.Duration = 0
			w.undoes(t, journals, before)
		})
	}
}

// A directory whose answers lag is probed for as long as --wait allows, and
// ends as fixed.
func TestLaggingDirectory(t *testing.T) {
	for _, name := range []string{"smtp-auth-off-mailbox", "per-user-mfa", "security-defaults", "scanner"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := scenario(t, name)
			state.ReadLag.Duration, state.SMTP.Propagation.Duration = time.Second, 300*time.Millisecond
			w := newWorld(t, state)
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			if code := w.run(t.Context(), w.patient(journals)...); code != exitOK {
				t.Errorf("exit %d\n%s", code, w.said.String())
			}
			time.Sleep(state.ReadLag.Duration) // so that undo sees what fix wrote
			w.undoes(t, journals, before)
		})
	}
}

// Front ends that learn of a change one after the other answer from before and
// after by turns: a refusal of before is no reason for another change.
func TestFrontEndsSwitchOneByOne(t *testing.T) {
	for _, flavour := range []front.Flavour{front.Newer, front.Older} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			state := scenario(t, "scanner")
			state.SMTP.Flavour, state.SMTP.FrontEnds, state.SMTP.Propagation.Duration = flavour, 4, time.Second
			w := newWorld(t, state)
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			if code := w.run(t.Context(), w.patient(journals)...); code != exitOK {
				t.Errorf("exit %d\n%s", code, w.said.String())
			}
			var names []string
			for _, r := range w.Writes() {
				names = append(names, wrote(r))
			}
			if want := []string{"Set-CASMailbox", "PATCH:identitySecurityDefaultsEnforcementPolicy"}; !slices.Equal(names, want) {
				t.Errorf("wrote %q, want %q", names, want)
			}
			w.undoes(t, journals, before)
		})
	}
}

// Ctrl-C while a reply is waited for ends as interrupted, and the question of
// the server before it is not taken for its answer.
func TestInterruptedWords(t *testing.T) {
	state := scenario(t, "smtp-auth-off-mailbox")
	w := &world{state: state, env: map[string]string{}, dir: t.TempDir(), typed: tenantsim.Mailbox}
	ten, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: w.dir, RefusalDelay: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ten.Close() })
	w.Tenant = ten
	for _, v := range lab.Credentials(state) {
		w.env[v.Name] = v.Value
	}
	for _, verb := range []string{"probe", "diagnose", "fix"} {
		t.Run(verb, func(t *testing.T) {
			w.said.Reset()
			ctx, cancel := context.WithCancel(t.Context())
			seen := len(w.Attempts())
			go func() {
				defer cancel()
				for len(w.Attempts()) == seen && ctx.Err() == nil {
					time.Sleep(time.Millisecond)
				}
			}()
			args := w.cloud(verb, tenantsim.Mailbox)
			if verb == "fix" {
				args = w.fixing(filepath.Join(w.dir, "journals"))
			}
			if code := w.run(ctx, args...); code != exitTrouble {
				t.Errorf("exit %d", code)
			}
			text := flat(w.said.String())
			if i := strings.Index(text, "The server said"); i >= 0 {
				t.Errorf("gives the server a word:\n%s", text)
			}
			if !strings.Contains(strings.ToLower(text), "interrupted") {
				t.Errorf("does not say that it was interrupted:\n%s", text)
			}
			if strings.Contains(text, "last reply: 334") || strings.Contains(text, "probe 1: 334") {
				t.Errorf("takes the question for an answer:\n%s", text)
			}
		})
	}
}
