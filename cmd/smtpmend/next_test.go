package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

// full is a run that knows all that a command may need.
var full = map[string]string{
	"MAILBOX": tenantsim.Mailbox, "JOURNAL": "journal/one.jsonl", "NAME": "device7@contoso.com",
	"APPROVED": "--yes=security-defaults --yes-tenant-wide", "REPLY": "535 5.7.3 Authentication unsuccessful",
}

// Each command of the table is one that the program takes.
func TestEveryNextCommandIsTaken(t *testing.T) {
	for _, row := range view.Rows {
		for _, do := range row.Do {
			root := newRoot(&console{Out: io.Discard, Err: io.Discard, LookupEnv: func(string) (string, bool) { return "", false }})
			ran := false
			for _, c := range root.Commands() {
				c.RunE = func(*cobra.Command, []string) error { ran = true; return nil }
			}
			var args []string
			for word := range strings.FieldsSeq(do) {
				switch value, known := full[word]; {
				case word == "APPROVED", word == "SENDING":
					args = append(args, strings.Fields(value)...)
				case known:
					args = append(args, value)
				default:
					args = append(args, word)
				}
			}
			root.SetArgs(args)
			if err := root.Execute(); err != nil || !ran {
				t.Errorf("%s: %v", do, err)
			}
		}
	}
}

// A way on carries what the run was given, and nothing of what it approved.
func TestAgainCarriesOn(t *testing.T) {
	tests := []struct{ given, then, want string }{
		{"fix a@contoso.com --yes --rollback --keep=false --journal-dir j --cloud-file c.json -v -o json", "fix a@contoso.com",
			"smtpmend fix a@contoso.com --cloud-file c.json --journal-dir j --keep=false --rollback"},
		{"fix a@contoso.com --yes --journal-dir j --cloud-file c.json --tenant contoso.com --auth azure-cli --server h:25", "undo j/x.jsonl",
			"smtpmend undo j/x.jsonl --auth azure-cli --cloud-file c.json --tenant contoso.com"},
		{"diagnose a@contoso.com --auth none --password-file - --cloud-file c.json", "diagnose a@contoso.com --reply no --auth device-code",
			"smtpmend diagnose a@contoso.com --cloud-file c.json --reply no --auth device-code"},
		{"diagnose a@contoso.com --cloud-file c.json --timeout 5s", "listen", "smtpmend listen"},
		{"diagnose a@contoso.com --client-id x", "diagnose a@contoso.com --reply no --auth none --for-admin", "smtpmend diagnose a@contoso.com --reply no --auth none --for-admin"},
		{"listen --forward --cloud-file c.json --name a --name b", "listen --forward", "smtpmend listen --cloud-file c.json --name a --name b --forward"},
		{"fix a@contoso.com --yes=per-user-mfa", "fix a@contoso.com --yes=per-user-mfa", "smtpmend fix a@contoso.com --yes=per-user-mfa"},
	}
	for _, tt := range tests {
		root := newRoot(&console{Out: io.Discard, Err: io.Discard})
		var got string
		for _, c := range root.Commands() {
			c.RunE = func(c *cobra.Command, _ []string) error {
				got, _ = again(c)(strings.Fields(tt.then)...)
				return nil
			}
		}
		root.SetArgs(strings.Fields(tt.given))
		if err := root.Execute(); err != nil || got != tt.want {
			t.Errorf("%s: %v\n%s\n%s", tt.given, err, got, tt.want)
		}
	}
}

// What a device calls itself is not pasted.
func TestDeviceNamesAreNotPasted(t *testing.T) {
	for _, login := range []string{"scanner’|&{//10.0.0.66/s/x.exe}#@contoso.com", "`id`@contoso.com", "a&calc@contoso.com", "$HOME@contoso.com", "-v@contoso.com"} {
		s := startStand(t, "--count", "1")
		if err := submit(s.addr, login, "Paper-Jam-41"); err != nil {
			t.Logf("%q: %v", login, err)
		}
		s.wait()
		for line := range strings.Lines(s.said()) {
			if strings.HasPrefix(line, "    smtpmend ") && strings.Contains(line, "@") {
				t.Errorf("%q: %s", login, line)
			}
		}
	}
}
