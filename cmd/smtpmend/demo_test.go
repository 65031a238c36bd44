package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/lab"
	"smtpmend/internal/tenantsim"
)

// demonstrates runs a demonstration and returns all that it printed.
func demonstrates(t *testing.T, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	code := run(t.Context(), &console{
		In: strings.NewReader(""), Out: &said, Err: &said,
		LookupEnv: func(string) (string, bool) { return "", false },
	}, append([]string{"demo"}, args...))
	if code == exitUsage || code == exitTrouble {
		t.Fatalf("exit code %d\n%s", code, &said)
	}
	return said.String()
}

// printedCommands are the lines of a text that are there to be pasted.
func printedCommands(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		for _, before := range []string{"$ ", "    "} {
			command, ok := strings.CutPrefix(line, before)
			if ok && (strings.HasPrefix(command, "smtpmend ") || strings.HasPrefix(command, ". ")) {
				all = append(all, command)
			}
		}
	}
	return all
}

// A demonstration whose files are gone at its end prints no path to them, and
// each ends with one's own mailbox.
func TestDemoPrintsNoLostFiles(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} {
		t.Setenv(name, temp)
	}
	for i, s := range tenantsim.Scenarios {
		if !sampled(i, 5) {
			continue
		}
		for _, format := range []string{"text", "json"} {
			text := demonstrates(t, s.Name, "-o", format)
			if strings.Contains(text, temp) || strings.Contains(text, "smtpmend-demo-") {
				t.Errorf("%s, %s:\n%s", s.Name, format, text)
			}
			if end := flat(text[strings.LastIndex(text, "Next"):]); !strings.Contains(end, "smtpmend diagnose MAILBOX") || !strings.Contains(end, "smtpmend demo "+s.Name+" --dir lab") {
				t.Errorf("%s, %s ends with %s", s.Name, format, end)
			}
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// With --dir each line that a demonstration prints works when it is pasted
// into sh, in the order in which they stand.
func TestDemoIsPasted(t *testing.T) {
	sh := lookSh(t)
	if runtime.GOOS == "windows" {
		t.Skip("the lines are for other shells there")
	}
	for _, scenario := range []string{"printer", "bad-credentials", "conditional-access", "no-starttls"} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "lab dir")
			text := demonstrates(t, scenario, "--dir", dir)
			lines := printedCommands(text)
			if len(lines) < 4 || !strings.HasPrefix(lines[0], "smtpmend simulate ") || !strings.HasPrefix(lines[1], ". ") || strings.Contains(text, demoPlace+"/") {
				t.Fatalf("%q\n%s", lines, text)
			}
			home := t.TempDir()
			script := "{ " + lines[0] + " > served & } 2>&1; server=$!; until grep -qs 'smtpmend fix' served; do sleep 0.05; done\n" + lines[1] + "\n"
			for _, line := range lines[2:] {
				if endless(line) {
					line = "{ " + line + " 2>&1 & } ; other=$!; sleep 1; kill -0 $other && kill $other"
				}
				script += line + " </dev/null; echo \"exit $?\"\n"
			}
			out := inSh(t, sh, home, script+"kill $server\n")
			if n := strings.Count(out, "\nexit "); n != len(lines)-2 {
				t.Errorf("%d commands ended, of %d", n, len(lines)-2)
			}
			for _, bad := range []string{"exit 2\n", "exit 5\n", "not found", "No such file"} {
				if strings.Contains(out, bad) {
					t.Errorf("%q in\n%s\n%s", bad, script, out)
				}
			}
			if scenario == "printer" && strings.Count(out, "can submit through") < 1 {
				t.Errorf("nothing was mended:\n%s", out)
			}
		})
	}
}

// endless commands wait for a device or for a change.
func endless(line string) bool {
	return strings.HasPrefix(line, "smtpmend listen") || strings.HasPrefix(line, "smtpmend verify")
}

// A second demonstration in a directory puts back its own change.
func TestDemoAgainInDir(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		text := demonstrates(t, "smtp-auth-off-mailbox", "--dir", dir)
		if !strings.Contains(text, "Put back.") {
			t.Error(text)
		}
		time.Sleep(2 * time.Millisecond) // journals are named by the time
	}
	if info, err := os.Stat(filepath.Join(dir, lab.Posix.File)); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("%v, %v", info, err)
	}
}
