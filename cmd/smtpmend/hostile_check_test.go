package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// rawIn returns the first character of what was printed that must not be.
func rawIn(said []byte) string {
	for len(said) > 0 {
		r, n := utf8.DecodeRune(said)
		switch {
		case r == utf8.RuneError && n == 1, r < 0x20 && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0, r == 0xad, r == 0xfeff,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xe0000 && r <= 0xe0fff:
			return fmt.Sprintf("%q before %q", said[:n], said[n:min(len(said), n+40)])
		}
		said = said[n:]
	}
	return ""
}

// A printed is what one command line said.
type printed struct {
	out, err bytes.Buffer
	kept     []byte // as a report
	person   bool   // at a terminal: with colours and status lines of our own
	shell    bool   // reads it, to complete what is typed
}

// Of our own are these sequences, and none of them stands before foreignWord.
var own = regexp.MustCompile("\x1b\\[(?:0|1|2|31|32)m|\r\x1b\\[K")

// foreignWord is in all that is hostile.
const foreignWord = "PWN"

// A bareWord and a quotedWord are what sh, PowerShell and cmd.exe read alike;
// written out here so as not to ask what is tested.
const (
	bareWord   = `(?:--[A-Za-z0-9/_.@+:=-]*|-[A-Za-z0-9]+|[A-Za-z0-9/_.+:][A-Za-z0-9/_.@+:=-]*)`
	quotedWord = "\"(?:[^\"%!$^&`\\\\\u201c\u201d\u201e\\p{Cc}\\p{Cf}]|\\\\[^\\\\\"])+\""
)

var (
	shellWord = regexp.MustCompile(bareWord + "|" + quotedWord)
	shellLine = regexp.MustCompile(`^(?:smtpmend|\.)(?: (?:` + bareWord + "|" + quotedWord + "))+$")
	// strayLine begins as a command of ours does, and is foreign.
	strayLine = regexp.MustCompile(`^\s*smtpmend ` + foreignWord)
	// psString is a string that PowerShell does not expand.
	psString = regexp.MustCompile("['\u2018\u2019\u201a\u201b](?:[^'\u2018\u2019\u201a\u201b]|['\u2018\u2019\u201a\u201b]{2})*['\u2018\u2019\u201a\u201b]")
	psCode   = regexp.MustCompile("^[ -~]*$")
)

// check says what is wrong with what was printed, and returns the commands in it.
func (p *printed) check(asJSON bool) (commands []string, wrong []string) {
	fail := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, stream := range []*bytes.Buffer{&p.out, &p.err} {
		said := stream.Bytes()
		if p.person {
			for _, at := range own.FindAllIndex(said, -1) {
				if bytes.HasPrefix(said[at[1]:], []byte(foreignWord+"!")) {
					fail("a sequence that is not ours: %q", said[at[0]:at[1]+10])
				}
			}
			said = own.ReplaceAll(said, nil)
		}
		if found := rawIn(said); found != "" {
			fail("raw: %s", found)
		}
		block := false
		for line := range strings.Lines(string(said)) {
			line = strings.TrimSuffix(line, "\n")
			if strayLine.MatchString(line) && !p.shell {
				fail("passes for a command: %s", line)
			}
			if shown, isShown := strings.CutPrefix(line, "$ "); isShown { // by demo
				commands = append(commands, shown)
			}
			switch code, indented := strings.CutPrefix(line, "    "); {
			case !indented:
			case strings.HasPrefix(code, "smtpmend "), strings.HasPrefix(code, ". "):
				commands = append(commands, code)
			case strings.HasPrefix(code, "touch "), strings.HasPrefix(code, "Remove-Mailbox "):
				fail("passes for a command: %s", line)
			case code == "& {", block:
				block = code != "}"
				wrong = append(wrong, powerShellFaults(code)...)
			}
		}
	}
	if found := rawIn(p.kept); found != "" {
		fail("raw in a report: %s", found)
	}
	if asJSON {
		for line := range strings.Lines(p.out.String()) {
			wrong = append(wrong, repeatedKeys(line)...)
			var o struct {
				Next, Undo string
				PowerShell []string
			}
			if err := json.Unmarshal([]byte(line), &o); err != nil {
				fail("no JSON: %v: %s", err, line)
			}
			for _, next := range []string{o.Next, o.Undo} {
				if next != "" {
					commands = append(commands, next)
				}
			}
			for _, code := range o.PowerShell {
				wrong = append(wrong, powerShellFaults(code)...)
			}
		}
	}
	for _, c := range commands {
		if !shellLine.MatchString(c) {
			fail("no shell reads it like another: %s", c)
		} else if err := taken(c); err != nil {
			fail("smtpmend does not take it: %v: %s", err, c)
		}
	}
	return commands, wrong
}

// taken reads a command line of ours as the program does, and runs nothing.
func taken(line string) error {
	words := shellWord.FindAllString(line, -1)
	if words[0] != "smtpmend" {
		return nil
	}
	for i := range words {
		words[i] = strings.Trim(words[i], `"`)
	}
	root := newRoot(&console{Out: io.Discard, Err: io.Discard, LookupEnv: func(string) (string, bool) { return "", false }})
	for _, c := range root.Commands() {
		c.RunE = func(*cobra.Command, []string) error { return nil }
	}
	root.SetArgs(words[1:])
	return root.Execute()
}

// powerShellFaults are of one line: foreign words outside a string, or more than
// one line.
func powerShellFaults(line string) []string {
	code := psString.ReplaceAllString(line, "''")
	switch {
	case strings.HasPrefix(line, "#") && !strings.ContainsAny(line, "\r\n"), !strings.HasPrefix(line, "#") && psCode.MatchString(code) && !strings.Contains(code, foreignWord):
		return nil
	}
	return []string{fmt.Sprintf("PowerShell: %q", line)}
}

// repeatedKeys are the names that stand twice in one object of a line of JSON.
func repeatedKeys(line string) (wrong []string) {
	d := json.NewDecoder(strings.NewReader(line))
	type level struct {
		object, value bool
		keys          []string
	}
	var open []level
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			return wrong
		}
		top := len(open) - 1
		if t == json.Delim('}') || t == json.Delim(']') {
			open = open[:top]
			continue
		}
		if top >= 0 && open[top].object {
			if !open[top].value {
				if key := t.(string); slices.Contains(open[top].keys, key) {
					wrong = append(wrong, "twice in an object: "+key)
				}
				open[top].keys = append(open[top].keys, t.(string))
			}
			open[top].value = !open[top].value
		}
		if t == json.Delim('{') || t == json.Delim('[') {
			open = append(open, level{object: t == json.Delim('{')})
		}
	}
}

// pastedInto runs each command in sh, with a program in the place of smtpmend that
// prints its words, and wants the words that the quotes enclose. What is
// hostile would make a file.
func pastedInto(t *testing.T, commands []string) {
	t.Helper()
	dir := t.TempDir()
	stub := filepath.Join(dir, "smtpmend")
	if err := os.WriteFile(stub, []byte("#!/bin/sh\nfor word; do printf '[%s]\\n' \"$word\"; done\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	slices.Sort(commands)
	for _, c := range slices.Compact(commands) {
		if !strings.HasPrefix(c, "smtpmend ") || !shellLine.MatchString(c) {
			continue
		}
		var want strings.Builder
		for _, word := range shellWord.FindAllString(c, -1)[1:] {
			fmt.Fprintf(&want, "[%s]\n", strings.Trim(word, `"`))
		}
		for _, shell := range []string{"sh", "bash", "zsh"} {
			path, err := exec.LookPath(shell)
			if err != nil {
				continue
			}
			cmd := exec.Command(path, "-c", c)
			cmd.Dir, cmd.Env = dir, []string{"PATH=" + dir + ":/usr/bin:/bin", "HOME=" + dir}
			if got, err := cmd.CombinedOutput(); err != nil || string(got) != want.String() {
				t.Errorf("%s reads %s as\n%s, %v", shell, c, got, err)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, canary)); !os.IsNotExist(err) {
		t.Errorf("a pasted command did what somebody else wanted: %v", err)
	}
}

// canary is the file that hostile text makes where a shell runs it.
const canary = "PWNED"
