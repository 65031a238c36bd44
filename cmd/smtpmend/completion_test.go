package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// complete asks, as a shell does, what could be typed for the last of words.
func complete(t *testing.T, words ...string) (offered []string, directive cobra.ShellCompDirective) {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), &console{
		In: strings.NewReader(""), Out: &out, Err: &err,
		LookupEnv: func(string) (string, bool) { return "", false },
	}, append([]string{cobra.ShellCompNoDescRequestCmd}, words...))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	number, bad := strconv.Atoi(strings.TrimPrefix(lines[len(lines)-1], ":"))
	if code != exitOK || bad != nil {
		t.Fatalf("%q: exit code %d\n%s%s", words, code, &out, &err)
	}
	return lines[:len(lines)-1], cobra.ShellCompDirective(number)
}

// File names are offered where a file is wanted and nowhere else, for each
// flag and argument of each verb.
func TestFilesAreOfferedForFiles(t *testing.T) {
	root := newRoot(&console{In: strings.NewReader("")})
	files := 0
	for _, verb := range root.Commands() {
		if !verb.IsAvailableCommand() || verb.Name() == "completion" {
			continue
		}
		verb.InheritedFlags() // merges those of the root
		verb.Flags().VisitAll(func(f *pflag.Flag) {
			what, _ := pflag.UnquoteUsage(f)
			want := cobra.ShellCompDirectiveNoFileComp
			switch what {
			case "FILE", "LIST":
				want = cobra.ShellCompDirectiveDefault
				files++
			case "DIR":
				want = cobra.ShellCompDirectiveFilterDirs
				files++
			}
			_, got := complete(t, verb.Name(), "--"+f.Name+"=")
			if got&^cobra.ShellCompDirectiveNoSpace != want {
				t.Errorf("%s --%s %s: directive %d, want %d", verb.Name(), f.Name, what, got, want)
			}
		})
		if _, got := complete(t, verb.Name(), ""); verb.Name() != "undo" && got&cobra.ShellCompDirectiveNoFileComp == 0 {
			t.Errorf("%s offers files as arguments", verb.Name())
		}
	}
	if files < 15 {
		t.Errorf("only %d flags want a file", files)
	}
	if _, got := complete(t, "explain", "--log", "x", ""); got != cobra.ShellCompDirectiveDefault {
		t.Errorf("explain --log offers no files")
	}
}

func TestValuesAreOffered(t *testing.T) {
	for words, want := range map[string]string{
		"fix --auth ":             "none browser device-code client-secret client-certificate azure-cli",
		"diagnose --cloud ":       "global usgov dod china",
		"undo --cloud ":           "global usgov dod china",
		"explain -o ":             "text json csv",
		"diagnose -o ":            "text json csv",
		"inventory -o ":           "text json csv",
		"inventory --fail-on ":    "affected",
		"probe --auth-mechanism ": "login plain xoauth2",
		"verify --oauth ":         "browser device-code client-secret client-certificate",
		"fix --yes=":              "smtp-auth-off-mailbox smtp-auth-off-org per-user-mfa security-defaults",
		"fix --yes=per-user-mfa,": "per-user-mfa,smtp-auth-off-mailbox per-user-mfa,smtp-auth-off-org per-user-mfa,security-defaults",
		"explain security-def":    "security-defaults",
		"demo pr":                 "printer",
		"simulate --scenario old": "older-words old-tls",
		"demo printer ":           "",
		"help exit":               "exit-codes",
	} {
		offered, _ := complete(t, strings.Split(words, " ")...)
		if words[len(words)-1] != ' ' && !strings.Contains(words, "=") { // the shell leaves out what does not begin so
			typed := words[strings.LastIndexByte(words, ' ')+1:]
			var fit []string
			for _, o := range offered {
				if strings.HasPrefix(o, typed) {
					fit = append(fit, o)
				}
			}
			offered = fit
		}
		if got := strings.Join(offered, " "); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

// Journals are offered to undo, also those of another directory.
func TestJournalsAreOffered(t *testing.T) {
	state := tenantsim.Default()
	if err := state.Set(tenantsim.Mailbox, fact.MailboxSMTPAuth, "off"); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, state)
	journals := filepath.Join(w.dir, "j")
	if code := w.run(t.Context(), "fix", tenantsim.Mailbox, "--cloud-file", w.EndpointFile(), "--yes", "--poll", "10ms", "--journal-dir", journals); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, &w.said)
	}
	offered, _ := complete(t, "undo", "--journal-dir", journals, "")
	if len(offered) != 1 || filepath.Dir(offered[0]) != journals {
		t.Errorf("offered: %q", offered)
	}
}

// Help shows what --yes may be limited to, and no flag with a value that
// nobody types.
func TestHelpOfFlags(t *testing.T) {
	root := newRoot(&console{})
	for _, verb := range root.Commands() {
		if help := verb.UsageString(); strings.Contains(help, "true|false") || strings.Contains(help, "[=true]") {
			t.Errorf("%s:\n%s", verb.Name(), help)
		}
	}
	fix, _, _ := root.Find([]string{"fix"})
	if !strings.Contains(fix.UsageString(), "--yes[=CAUSE,...]   ") {
		t.Error(fix.UsageString())
	}
}

// Each environment variable that the source names is in help.
func TestEnvironmentHelp(t *testing.T) {
	name := regexp.MustCompile(`"((?:AZURE|SMTPMEND|SUDO)_[A-Z_]+|NO_COLOR|TERM)"`)
	found := 0
	for _, dir := range []string{".", "../../internal/m365", "../../internal/cloudapi", "../../internal/endpoint"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range name.FindAllStringSubmatch(string(source), -1) {
				found++
				if !strings.Contains(environmentHelp, m[1]) {
					t.Errorf("help environment lacks %s of %s", m[1], file)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d found", found)
	}
}
