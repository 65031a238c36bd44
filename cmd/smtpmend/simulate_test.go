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

// hostileVars are what no shell may read as anything else.
var hostileVars = []envVar{
	{"SMTPMEND_PASSWORD", `it's %PATH% $HOME ` + "`id`" + ` ^ & | \ ‘’‚‛ é`},
	{"AZURE_CLIENT_SECRET", `two"words`},
	{"AZURE_CLIENT_ID", `100%&calc`},
	{"AZURE_TENANT_ID", ""},
}

// Each shell's file holds each value in that shell's own quotes.
func TestEnvFiles(t *testing.T) {
	for _, tt := range []struct {
		shell shell
		want  string
	}{
		{posixShell, `export SMTPMEND_PASSWORD='it'\''s %PATH% $HOME ` + "`id`" + ` ^ & | \ ‘’‚‛ é'` + "\n" +
			"export AZURE_CLIENT_SECRET='two\"words'\nexport AZURE_CLIENT_ID='100%&calc'\nunset AZURE_TENANT_ID\n"},
		{powerShell, "\ufeff" + `$env:SMTPMEND_PASSWORD = 'it''s %PATH% $HOME ` + "`id`" + ` ^ & | \ ‘‘’’‚‚‛‛ é'` + "\r\n" +
			"$env:AZURE_CLIENT_SECRET = 'two\"words'\r\n$env:AZURE_CLIENT_ID = '100%&calc'\r\nRemove-Item Env:AZURE_TENANT_ID -ErrorAction SilentlyContinue\r\n"},
		{cmdShell, "@rem SMTPMEND_PASSWORD holds characters that cmd.exe does not take from here; env.ps1 has it\r\n@set \"SMTPMEND_PASSWORD=\"\r\n" +
			"@rem AZURE_CLIENT_SECRET holds characters that cmd.exe does not take from here; env.ps1 has it\r\n@set \"AZURE_CLIENT_SECRET=\"\r\n" +
			"@set \"AZURE_CLIENT_ID=100%%&calc\"\r\n@set \"AZURE_TENANT_ID=\"\r\n"},
	} {
		if got := tt.shell.write(hostileVars); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.shell.file, got, tt.want)
		}
	}
}

// sh reads from its file what was written.
func TestEnvIsRead(t *testing.T) {
	sh := lookSh(t)
	files, err := writeEnv(t.TempDir(), hostileVars, []shell{posixShell})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh, "-c", `. "$0"; printf '%s\n' "$SMTPMEND_PASSWORD" "$AZURE_CLIENT_SECRET" "$AZURE_CLIENT_ID" "${AZURE_TENANT_ID-unset}"`, files[0].path)
	cmd.Env = []string{"AZURE_TENANT_ID=of another lab"}
	out, err := cmd.CombinedOutput()
	want := hostileVars[0].value + "\n" + hostileVars[1].value + "\n" + hostileVars[2].value + "\nunset\n"
	if err != nil || string(out) != want {
		t.Errorf("%v: %q, want %q", err, out, want)
	}
}

func lookSh(t *testing.T) string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh here")
	}
	return sh
}

// Windows gets a file and a line for each of its shells, in words where a path
// cannot be pasted.
func TestEnvOnWindows(t *testing.T) {
	dir := t.TempDir()
	files, err := writeEnv(dir, practiceEnv(tenantsim.Default(), tenantsim.Device{}, `C:\lab dir\endpoints.json`), shellsOf("windows"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"env.ps1": `$env:SMTPMEND_CLOUD_FILE = 'C:\lab dir\endpoints.json'` + "\r\n",
		"env.cmd": `@set "SMTPMEND_CLOUD_FILE=C:\lab dir\endpoints.json"` + "\r\n",
	} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "env")); err == nil {
		t.Error("a file for sh is written too")
	}
	p := newPage(false)
	simulateText(p, simulateObject{Mailbox: tenantsim.Mailbox}, files)
	for _, want := range []string{"PowerShell:\n    Get-Content -Raw -LiteralPath ", "env.ps1 | Invoke-Expression\n", "cmd.exe:\n    call ", "\n    smtpmend fix scanner@contoso.com"} {
		if !strings.Contains(p.String(), want) {
			t.Errorf("lacks %q:\n%s", want, p)
		}
	}
	for path, want := range map[string]string{
		"/lab dir/env": `. "/lab dir/env"`, "/lab/env": ". /lab/env", "/$HOME/env": "", "/a`id`/env": "", "/a\"b/env": "", "/a%b/env": "", "/a\u202eb/env": "", "/‘a’&b/env": "",
	} {
		if got := (envFile{posixShell, path}).take(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// A mailbox that a shell could take for more than a word is in no command.
func TestSimulateHostileMailbox(t *testing.T) {
	p := newPage(false)
	simulateText(p, simulateObject{Mailbox: "scanner’|&{//10.0.0.66/s/x.exe}#@contoso.com"}, []envFile{{posixShell, "/lab/env"}})
	if strings.Contains(p.String(), "fix scanner") || !strings.Contains(p.String(), "fix MAILBOX") {
		t.Error(p)
	}
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
