package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
	"smtpmend/remediate"
)

// What README and docs show is what is printed: each command of their console
// blocks is run, against a simulated tenant that the page itself has started.
// A line "..." stands for any lines, and at the end of a line for any words.
// With -update what differs is rewritten as it is; shorten it by hand.
func TestExamples(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the pages are for other shells")
	}
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, filepath.Join(root, "README.md"))
	commands := make(chan int, len(pages))
	t.Run("pages", func(t *testing.T) {
		for _, page := range pages {
			t.Run(filepath.Base(page), func(t *testing.T) {
				t.Parallel()
				commands <- examplesOf(t, page)
			})
		}
	})
	close(commands)
	all := 0
	for n := range commands {
		all += n
	}
	if all < 15 {
		t.Errorf("only %d commands are shown", all)
	}
}

// examplesOf runs the commands of a page and returns how many there are.
func examplesOf(t *testing.T, page string) int {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(t)
	var out []string
	lines := strings.Split(string(text), "\n")
	commands, inside := 0, false
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		out = append(out, line)
		if strings.HasPrefix(line, "```") {
			inside = line == "```console"
			continue
		}
		command, ok := strings.CutPrefix(line, "$ ")
		if !inside || !ok {
			continue
		}
		commands++
		var shown []string
		for i+1 < len(lines) && !strings.HasPrefix(lines[i+1], "$ ") && lines[i+1] != "```" {
			i++
			shown = append(shown, lines[i])
		}
		printed := r.run(command)
		if !likeness(shown).MatchString(plain(printed)) {
			if !*update {
				t.Errorf("$ %s\nprints\n%s\n\nbut the page shows\n%s", command, printed, strings.Join(shown, "\n"))
			}
			shown = strings.Split(strings.TrimRight(trailing.ReplaceAllString(printed, "\n"), "\n"), "\n")
		}
		out = append(out, shown...)
	}
	if *update {
		if err := os.WriteFile(page, []byte(strings.Join(out, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return commands
}

// changing are the parts of an output that no two runs share.
var changing = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`/home/ann\b`), "HOME"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:PORT"},
	{regexp.MustCompile(`\d{8}T\d{6}\.\d+Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "TIME"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`), "TIME"},
	{regexp.MustCompile(`\bsince \d+ \w+ \d{4}\b`), "since DATE"},
	{regexp.MustCompile(`\b[0-9A-F]{16}\b`), "ID"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "SHA256"},
	{regexp.MustCompile(`"(ms|waited_ms|after_ms)":\d+`), `"$1":N`},
	{regexp.MustCompile(`\b[\d.]+ ?m?s\b`), "TIME"},
	{regexp.MustCompile(`Mon|Tue|Wed|Thu|Fri|Sat|Sun`), "DAY"},
	{regexp.MustCompile(`\d+ \w{3} \d{4} \d\d:\d\d:\d\d \+0000`), "DATE"},
	{regexp.MustCompile(`DAY, DATE`), "DATE"},
	{regexp.MustCompile(`\s+`), " "},
}

var trailing = regexp.MustCompile(`[ \t]+\n`)

// plain is text without what changes, on one line.
func plain(text string) string {
	for _, c := range changing {
		text = c.what.ReplaceAllString(text, c.with)
	}
	return strings.TrimSpace(text)
}

// likeness matches what may be printed where lines are shown.
func likeness(shown []string) *regexp.Regexp {
	pattern, part := "", ""
	end := func(wild string) {
		pattern += regexp.QuoteMeta(plain(part)) + wild
		part = ""
	}
	for _, line := range shown {
		before, cut := strings.CutSuffix(line, "...")
		switch {
		case cut && (strings.TrimSpace(before) == "" || strings.HasSuffix(before, " ")):
			part += before
			end(".*?")
		default:
			part += line + "\n"
		}
	}
	end("")
	return regexp.MustCompile("^" + strings.ReplaceAll(pattern, ".*?.*?", ".*?") + "$")
}

// A reader types the commands of one page, in a directory of its own.
type reader struct {
	t       *testing.T
	sh, dir string
	env     map[string]string
	stop    func() // the simulated tenant
}

func newReader(t *testing.T) *reader {
	program, err := exec.LookPath("smtpmend")
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, sh: lookSh(t), dir: t.TempDir(), stop: func() {}}
	r.env = map[string]string{
		"PATH": filepath.Dir(program) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME": r.dir, "NO_COLOR": "1",
		envCloudFile: filepath.Join(r.dir, "nowhere.json"), // nothing reaches Microsoft
	}
	t.Cleanup(func() { r.stop() })
	return r
}

func (r *reader) command(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.sh, "-c", "exec "+line)
	if strings.ContainsAny(line, ";|") {
		cmd = exec.CommandContext(ctx, r.sh, "-c", line)
	}
	cmd.Dir = r.dir
	cmd.WaitDelay = time.Second
	for name, value := range r.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

var exported = regexp.MustCompile(`(?m)^export (\w+)='(.*)'$`)

// run returns what a command prints.
func (r *reader) run(line string) string {
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	switch {
	case strings.HasPrefix(line, "smtpmend simulate") && !strings.Contains(line, "--print-state"):
		r.stop()
		return r.beside(line)
	case strings.HasPrefix(line, "smtpmend listen"):
		return r.listens(ctx, line)
	}
	if file, ok := strings.CutPrefix(line, ". "); ok {
		text, err := os.ReadFile(filepath.Join(r.dir, file))
		if err != nil {
			r.t.Fatal(err)
		}
		for _, m := range exported.FindAllStringSubmatch(string(text), -1) {
			r.env[m[1]] = m[2]
		}
		return ""
	}
	out, err := r.command(ctx, line).CombinedOutput()
	if ctx.Err() != nil {
		r.t.Errorf("$ %s\ndoes not end: %v", line, err)
	}
	return r.at(out)
}

// at names the reader's directory as the pages do.
func (r *reader) at(out []byte) string { return strings.ReplaceAll(string(out), r.dir, "/home/ann") }

// beside starts the simulated tenant and returns what it says.
func (r *reader) beside(line string) string {
	var out lockedBuffer
	ctx, cancel := context.WithCancel(r.t.Context())
	cmd := r.command(ctx, line)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.stop = func() { cancel(); cmd.Wait() }
	r.until(&out, "smtpmend fix ")
	return r.at([]byte(out.String()))
}

func (r *reader) until(out *lockedBuffer, said string) {
	for end := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), said); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%q was never said:\n%s", said, out.String())
		}
	}
}

// listens has a device send to listen, and returns its answer; what it says
// beside it is about the machine. The device is one that never starts TLS, and
// with --forward one that does everything right.
func (r *reader) listens(ctx context.Context, line string) string {
	var out, notes lockedBuffer
	cmd := r.command(ctx, strings.Replace(line, " --", " --addr 127.0.0.1:0 --", 1))
	cmd.Stdout, cmd.Stderr = &out, &notes
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.until(&notes, "listening on")
	addr := listeningOn.FindStringSubmatch(notes.String())[1]
	if strings.Contains(line, "--forward") {
		submit(addr, tenantsim.Mailbox, r.env[envPassword]) // its errors are what is shown
	} else {
		d, _ := dialFrom(r.t, "127.0.0.1", addr)
		d.cmd("EHLO hostname", "MAIL FROM:<scanner@contoso.com> SIZE=3")
		d.conn.Close()
	}
	cmd.Wait()
	return r.at([]byte(out.String()))
}

// The page of the exit codes says what help says.
func TestExitCodesPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "exit-codes.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\d) \| (.*) \|$`).FindAllStringSubmatch(string(text), -1)
	for _, row := range rows {
		if !strings.Contains(flat(exitCodesHelp), row[1]+" "+row[2]) {
			t.Errorf("help does not say: %s %s", row[1], row[2])
		}
	}
	if len(rows) != exitTrouble+1 {
		t.Errorf("%d exit codes", len(rows))
	}
}

// The table of what fix changes has a row for each cause that it mends, and
// for no other.
func TestFixTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "verbs.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| cause | change | touches |")
	table, _, _ = strings.Cut(table, "\n\n")
	var listed []string
	for _, m := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(table, -1) {
		listed = append(listed, m[1])
	}
	if mends := view.Codes(remediate.Mendable()); !slices.Equal(listed, mends) {
		t.Errorf("listed: %q, mended: %q", listed, mends)
	}
}

// What is shown is not taken for something else that looks like it.
func TestLikeness(t *testing.T) {
	for _, tt := range []struct {
		shown, printed string
		like           bool
	}{
		{"a b", "a\n  b", true}, {"a", "a b", false}, {"a\n...", "a b c", true}, {"a ...\nc", "a b c", true},
		{"a...", "a b", false}, {"after 8 ms", "after 12 ms", true}, {"127.0.0.1:1 x", "127.0.0.1:22 x", true}, {"", "a", false},
	} {
		if got := likeness(strings.Split(tt.shown, "\n")).MatchString(plain(tt.printed)); got != tt.like {
			t.Errorf("%q, %q: %v", tt.shown, tt.printed, got)
		}
	}
}
