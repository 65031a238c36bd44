//go:build linux

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view/safe"
)

// A tty is the program at work on a pseudo-terminal, which somebody
// watches and types at.
type tty struct {
	t    *testing.T
	cmd  *exec.Cmd
	keys *os.File
	mu   sync.Mutex
	said bytes.Buffer
	read int // of said, so far
	gone chan struct{}
}

// atTerminal starts the program on a terminal of its own.
func (w *world) atTerminal(t *testing.T, args ...string) *tty {
	t.Helper()
	keys, screen := pseudoTerminal(t)
	defer screen.Close()
	x := &tty{t: t, cmd: w.command(t, args...), keys: keys, gone: make(chan struct{})}
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = screen, screen, screen
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(x.gone)
		for buf := make([]byte, 4096); ; {
			n, err := keys.Read(buf)
			x.mu.Lock()
			x.said.Write(buf[:n])
			x.mu.Unlock()
			if err != nil {
				return // EIO once the program has left its terminal
			}
		}
	}()
	return x
}

func pseudoTerminal(t *testing.T) (keys, screen *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { keys.Close() })
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err := errors.Join(err, unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0)); err != nil {
		t.Fatal(err)
	}
	screen, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return keys, screen
}

func (x *tty) types(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.keys, keys); err != nil {
		x.t.Fatal(err)
	}
}

func (x *tty) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.said.String()
}

// shows waits until the screen shows more than it did and text among it.
func (x *tty) shows(text string) {
	x.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		all := x.screen()
		if i := strings.Index(all[x.read:], text); i >= 0 {
			x.read += i + len(text)
			return
		}
		if time.Now().After(end) {
			x.cmd.Process.Kill()
			x.t.Fatalf("no %q on the screen:\n%s", text, all)
		}
	}
}

// ends waits for the end of the program.
func (x *tty) ends(code int) {
	x.t.Helper()
	<-x.gone
	x.cmd.Wait()
	if got := x.cmd.ProcessState.ExitCode(); got != code {
		x.t.Errorf("exit %d, want %d:\n%s", got, code, x.screen())
	}
}

const (
	asksYes  = `Type "yes" to make this change`
	asksName = "Type contoso.com to make this change"
	leaves   = "to leave it: "
)

// A yes approves the plan that stands on the screen and no other: what is
// pasted behind it, or typed before the question, does not count.
func TestTypedAhead(t *testing.T) {
	t.Run("yes twice in one paste", func(t *testing.T) {
		w := newWorld(t, scenario(t, "printer"))
		before, journals := w.State(), filepath.Join(w.dir, "journals")
		x := w.atTerminal(t, w.asking(journals)...)
		x.shows(asksYes)
		x.shows(leaves)
		x.types("yes\nyes\n")
		x.shows("Plan: Take this user out of per-user MFA")
		x.shows(leaves)
		x.types("\n")
		x.ends(exitCause)
		if writes := w.Writes(); len(writes) != 1 || writes[0].Cmdlet != "Set-CASMailbox" {
			t.Errorf("wrote %v", writes)
		}
		w.undoes(t, journals, before)
	})
	t.Run("a name before the question", func(t *testing.T) {
		w := newWorld(t, scenario(t, "security-defaults"))
		x := w.atTerminal(t, w.asking(filepath.Join(w.dir, "journals"))...)
		x.types("contoso.com\n")
		x.shows(asksName)
		x.shows(leaves)
		x.types("\n")
		x.ends(exitCause)
		if writes := w.Writes(); len(writes) > 0 {
			t.Errorf("wrote %v", writes)
		}
	})
}

// A wrong answer says what was expected and is asked again, three times, and
// no way around the question is printed.
func TestWrongAnswerIsAskedAgain(t *testing.T) {
	w := newWorld(t, scenario(t, "security-defaults"))
	x := w.atTerminal(t, w.asking(filepath.Join(w.dir, "journals"))...)
	for _, answer := range []string{"yes", "contoso.con", "\x1b[31mcontoso"} {
		x.shows(asksName)
		x.shows(leaves)
		x.types(answer + "\n")
		x.shows(`is not "contoso.com"; type contoso.com`)
	}
	x.ends(exitCause)
	if n := len(w.Writes()); n > 0 {
		t.Errorf("%d writes", n)
	}
	if text := x.screen(); strings.Contains(text, "--yes") || strings.Contains(text[x.read:], asksName) {
		t.Errorf("a way around, or a fourth question:\n%s", text)
	}
}

// What somebody else changes while the question stands is seen before
// everybody is weakened.
func TestChangedWhileTheQuestionStands(t *testing.T) {
	for name, change := range map[string]func(*tenantsim.State){
		"a policy":            func(s *tenantsim.State) { s.Set(tenantsim.Mailbox, fact.OrgConditionalAccess, "Block legacy") },
		"the mailbox":         func(s *tenantsim.State) { s.Users[0].SMTPAuth = "off" },
		"security defaults":   func(s *tenantsim.State) { s.Org.SecurityDefaults = "off" },
		"an account disabled": func(s *tenantsim.State) { s.Users[0].Account = "disabled" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, scenario(t, "security-defaults"))
			x := w.atTerminal(t, w.asking(filepath.Join(w.dir, "journals"))...)
			x.shows(asksName)
			x.shows(leaves)
			w.Change(change)
			x.types("contoso.com\n")
			code := exitUnmended
			if name == "security defaults" {
				code = exitOK // somebody did it already
			}
			x.ends(code)
			if n := len(w.Writes()); n > 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

// The name of the tenant, in whatever case, makes the change for everybody;
// undo shows and asks in its turn.
func TestAnswersOnATerminal(t *testing.T) {
	w := newWorld(t, scenario(t, "security-defaults"))
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	x := w.atTerminal(t, w.asking(journals)...)
	x.shows(asksName)
	x.shows(leaves)
	x.types("Contoso.com\n")
	x.ends(exitOK)
	journal := journalsIn(t, journals)[0]
	for _, answer := range []struct {
		keys string
		code int
	}{{"\n", exitCause}, {"\x03", exitTrouble}, {"yes\n", exitOK}} {
		if diff := diffStates(before, w.State()); diff == "" {
			t.Error("put back without an answer")
		}
		x = w.atTerminal(t, w.cloud("undo", journal)...)
		x.shows(`Type "yes" to put this back`)
		x.shows(leaves)
		x.types(answer.keys)
		x.ends(answer.code)
		if text := x.screen(); strings.Contains(text, "--yes") {
			t.Errorf("a way around:\n%s", text)
		}
	}
	if diff := diffStates(before, w.State()); diff != "" {
		t.Errorf("not as before:\n%s", diff)
	}
}

// asking is a command line of fix that asks for its approvals.
func (w *world) asking(journals string) []string {
	return w.cloud("fix", w.typed, "--poll", "1ms", "--wait", "10s", "--journal-dir", journals)
}

// Who waits at a terminal sees in one line how long, and nothing of it stays.
func TestCountdown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	x := w.atTerminal(t, w.cloud("verify", tenantsim.Mailbox, "--poll", "3s", "--wait", "4s")...)
	for range 2 {
		x.shows(safe.Rewind + "next probe in ")
		x.shows("; Ctrl-C ends it")
	}
	x.shows(safe.Rewind)
	x.shows("cannot submit through")
	x.ends(exitCause)
}
