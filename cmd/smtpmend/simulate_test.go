package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
)

func lookSh(t *testing.T) string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh here")
	}
	return sh
}

// A lockedBuffer is written to while it is read.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// simulates starts the verb in a process and waits for its answer.
func simulates(t *testing.T, args ...string) string {
	t.Helper()
	w := &world{dir: t.TempDir()}
	cmd := w.command(t, append([]string{"simulate"}, args...)...)
	var out, errs lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), "smtpmend fix "); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no answer:\n%s%s", out.String(), errs.String())
		}
	}
	return out.String()
}

// What simulate says to type works as it stands, and needs nothing else: the
// file carries the endpoint file along, and in a scenario of the password the
// wrong one.
func TestSimulateIsPasted(t *testing.T) {
	sh := lookSh(t)
	if runtime.GOOS == "windows" {
		t.Skip("the lines are for other shells there")
	}
	for scenario, want := range map[string]struct{ verb, outcome string }{
		"smtp-auth-off-mailbox": {"fix", `"outcome":"planned"`},
		"bad-credentials":       {"diagnose", `"cause":"bad-credentials"`},
		"no-auth":               {"diagnose", `"cause":"not-authenticated"`},
	} {
		t.Run(scenario, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "lab dir")
			text := simulates(t, "--scenario", scenario, "--dir", dir)
			var lines []string
			for line := range strings.Lines(text) {
				if command, ok := strings.CutPrefix(line, "    "); ok {
					lines = append(lines, strings.TrimSpace(command))
				}
			}
			if len(lines) != 2 {
				t.Fatalf("%d commands:\n%s", len(lines), text)
			}
			script := lines[0] + "\n" + strings.Replace(lines[1], " fix ", " "+want.verb+" ", 1) + " -o json"
			out := inSh(t, sh, dir, script)
			if !strings.Contains(out, want.outcome) {
				t.Errorf("%s\n%s", script, out)
			}
		})
	}
}

// inSh runs a script with this program as smtpmend, and nothing else of this
// environment.
func inSh(t *testing.T, sh, home, script string) string {
	t.Helper()
	program, err := exec.LookPath("smtpmend")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, sh, "-c", script)
	cmd.Env = []string{"PATH=" + filepath.Dir(program) + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + home, "NO_COLOR=1"}
	cmd.Dir = home
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// The endpoint file of the environment is the default, and a flag wins.
func TestCloudFileOfTheEnvironment(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	w.env[envCloudFile] = w.EndpointFile()
	for _, args := range [][]string{{"probe", tenantsim.Mailbox}, {"diagnose", tenantsim.Mailbox}, {"undo", "--list", "--journal-dir", w.dir}} {
		if code := w.run(t.Context(), args...); code != exitOK {
			t.Errorf("%q: exit code %d\n%s", args, code, &w.said)
		}
	}
	w.env[envCloudFile] = filepath.Join(w.dir, "nowhere.json")
	if code := w.run(t.Context(), "probe", tenantsim.Mailbox); code != exitUsage || !strings.Contains(w.said.String(), "nowhere.json") {
		t.Errorf("a missing file: exit code %d\n%s", code, &w.said)
	}
	if code := w.run(t.Context(), "probe", tenantsim.Mailbox, "--cloud-file", w.EndpointFile()); code != exitOK {
		t.Errorf("--cloud-file does not win: exit code %d\n%s", code, &w.said)
	}
	a := &app{console: &console{LookupEnv: func(string) (string, bool) { return w.EndpointFile(), true }}}
	if cloud, err := a.chooseCloud("usgov", ""); err != nil || cloud.Name != "usgov" {
		t.Errorf("--cloud does not win: %s, %v", cloud.Name, err)
	}
}

// What --print-state prints is a state file.
func TestPrintState(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"simulate", "--print-state"}, {"simulate", "--print-state", "--scenario", "older-words"}} {
		var out, errs bytes.Buffer
		code := run(t.Context(), &console{Out: &out, Err: &errs, LookupEnv: func(string) (string, bool) { return "", false }}, args)
		file := filepath.Join(dir, "state.json")
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		state, err := tenantsim.Load(file)
		if code != exitOK || err != nil || !strings.Contains(errs.String(), "mailbox.smtp-auth") {
			t.Errorf("%q: exit code %d, %v\n%s%s", args, code, err, &out, &errs)
		}
		if len(args) == 4 && state.SMTP.Flavour != "older" {
			t.Errorf("%q prints another scenario", args)
		}
	}
	var out bytes.Buffer
	if code := run(t.Context(), &console{Out: &out, Err: &out}, []string{"simulate", "--print-state", "-o", "json"}); code != exitOK || !json.Valid(out.Bytes()) || !strings.HasPrefix(out.String(), `{"schema":1,"state":{"tenant_id":`) {
		t.Errorf("exit code %d\n%s", code, &out)
	}
}
