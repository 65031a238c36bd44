//go:build linux

package main

import (
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"smtpmend/internal/tenantsim"
)

const asksPassword = "(empty: do not sign in): "

// echoes reports whether the terminal shows what is typed.
func (x *tty) echoes() bool {
	x.t.Helper()
	mode, err := unix.IoctlGetTermios(int(x.keys.Fd()), unix.TCGETS)
	if err != nil {
		x.t.Fatal(err)
	}
	return mode.Lflag&unix.ECHO != 0
}

// Ctrl-C at any question: it is no answer, nothing more is written, and the
// terminal echoes again.
func TestInterruptedAtEveryQuestion(t *testing.T) {
	const slow = time.Hour
	for _, tt := range []struct {
		name, scenario string
		args           func(w *world, journals string) []string
		asks           string
		silent         bool // what is typed does not show
		writes         int  // before the question
	}{
		{name: "password of probe", scenario: "healthy", asks: asksPassword, silent: true,
			args: func(w *world, _ string) []string { return w.cloud("probe", w.typed) }},
		{name: "password of diagnose", scenario: "healthy", asks: asksPassword, silent: true,
			args: func(w *world, _ string) []string { return w.cloud("diagnose", w.typed) }},
		{name: "password of verify", scenario: "healthy", asks: asksPassword, silent: true,
			args: func(w *world, _ string) []string { return w.cloud("verify", w.typed) }},
		{name: "password of fix", scenario: "printer", asks: asksPassword, silent: true,
			args: func(w *world, journals string) []string { return w.asking(journals) }},
		{name: "approval", scenario: "printer", asks: leaves,
			args: func(w *world, journals string) []string { return w.asking(journals) }},
		{name: "approval by name", scenario: "security-defaults", asks: leaves,
			args: func(w *world, journals string) []string { return w.asking(journals) }},
		{name: "rollback", scenario: "smtp-auth-off-mailbox", asks: "to wait on: ", writes: 1,
			args: func(w *world, journals string) []string {
				return w.cloud("fix", w.typed, "--yes", "--poll", "1ms", "--wait", "20ms", "--journal-dir", journals)
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			state := scenario(t, tt.scenario)
			if tt.writes > 0 {
				state.SMTP.Propagation.Duration = slow
			}
			w := newWorld(t, state)
			if tt.silent {
				delete(w.env, envPassword)
			}
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			x := w.atTerminal(t, tt.args(w, journals)...)
			x.shows(tt.asks)
			for end := time.Now().Add(soon); x.echoes() == tt.silent && time.Now().Before(end); {
				time.Sleep(time.Millisecond)
			}
			x.types("\x03")
			if code := endsSoon(t, x.cmd); code != exitTrouble {
				t.Errorf("exit %d\n%s", code, x.screen())
			}
			if !x.echoes() {
				t.Errorf("the terminal does not echo any more")
			}
			if n := len(w.Writes()); n != tt.writes || tt.silent && len(w.Attempts()) > 0 {
				t.Errorf("%d writes, %d sign-ins", n, len(w.Attempts()))
			}
			knows(t, journals, before, w.State())
			w.undoes(t, journals, before)
		})
	}
}

// Ctrl-C at the question of undo leaves everything as the fix left it.
func TestInterruptedUndo(t *testing.T) {
	w := newWorld(t, scenario(t, "printer"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	if code, _ := w.fix(t, journals); code != exitOK {
		t.Fatalf("exit %d\n%s", code, w.said.String())
	}
	fixed, n := w.State(), len(w.Writes())
	x := w.atTerminal(t, w.cloud("undo", journalsIn(t, journals)[0])...)
	x.shows(leaves)
	x.types("\x03")
	if code := endsSoon(t, x.cmd); code != exitTrouble || !x.echoes() || len(w.Writes()) != n {
		t.Errorf("exit %d, echoes %v, %d writes\n%s", code, x.echoes(), len(w.Writes())-n, x.screen())
	}
	if diff := diffStates(fixed, w.State()); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	w.undoes(t, journals, before)
}

// Ctrl-C ends what serves at a terminal too, with the echo as it was.
func TestInterruptedServersAtATerminal(t *testing.T) {
	for _, tt := range []struct {
		asks string
		code int
		args []string
	}{
		{"listening", exitUnsettled, []string{"listen", "--addr", "127.0.0.1:0"}},
		{"In another terminal", exitOK, []string{"simulate", "--scenario", "healthy"}},
	} {
		t.Run(tt.args[0], func(t *testing.T) {
			w := newWorld(t, tenantsim.Default())
			x := w.atTerminal(t, tt.args...)
			x.shows(tt.asks)
			x.types("\x03")
			if code := endsSoon(t, x.cmd); code != tt.code || !x.echoes() {
				t.Errorf("exit %d, echoes %v\n%s", code, x.echoes(), x.screen())
			}
		})
	}
}

// Ctrl-C ends listen while it waits for Enter before it hands a sign-in on.
func TestInterruptedListenAtItsQuestion(t *testing.T) {
	w := newWorld(t, scenario(t, "healthy"))
	x := w.atTerminal(t, w.cloud("listen", "--addr", "127.0.0.1:0", "--forward")...)
	x.shows("listening on ")
	x.shows("Ctrl-C ends it")
	addr := regexp.MustCompile(`listening on (\S+);`).FindStringSubmatch(x.screen())
	if addr == nil {
		t.Fatalf("no address:\n%s", x.screen())
	}
	if err := submit(addr[1], tenantsim.Mailbox, "Wr0ng+password"); err == nil {
		t.Error("the device was let in")
	}
	x.shows("until you press Enter")
	x.types("\x03")
	if code := endsSoon(t, x.cmd); code == exitTrouble || code < 0 || !x.echoes() {
		t.Errorf("exit %d, echoes %v\n%s", code, x.echoes(), x.screen())
	}
	x.shows("1 session") // the end may still be on its way through the terminal
	if n := len(w.Attempts()); n != 1 {
		t.Errorf("%d sign-ins\n%s", n, x.screen())
	}
}
