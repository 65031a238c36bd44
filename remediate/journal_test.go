package remediate

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

var mailboxChange = Change{fact.MailboxSMTPAuth, mailbox, "inherit", "on", fact.ScopeMailbox}

// written makes a journal with the states given, all of change 1.
func written(t *testing.T, states ...State) *Journal {
	t.Helper()
	j := NewJournal(filepath.Join(t.TempDir(), "new", "journal"), newTenant(t, nil), mailbox)
	t.Cleanup(func() { j.Close() })
	for i, s := range states {
		var err error
		if i == 0 {
			_, err = j.begin(catalogue.SMTPAuthOffOrg, mailboxChange, objectID, s)
		} else {
			err = j.mark(1, s)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return j
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestJournalFile(t *testing.T) {
	j := written(t)
	if exists(j.Path()) {
		t.Errorf("a file before the first record: %s", j.Path())
	}
	j = written(t, Intent, Applied)
	info, err := os.Stat(j.Path())
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	name := regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}Z-scanner_contoso\.com\.jsonl$`)
	if !name.MatchString(filepath.Base(j.Path())) {
		t.Errorf("name %s", j.Path())
	}
	lines := bytes.Split(bytes.TrimSpace(readFile(t, j.Path())), []byte("\n"))
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	var got map[string]any
	if err := json.Unmarshal(lines[0], &got); err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, got["at"].(string))
	if err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("at %v: %v", got["at"], err)
	}
	delete(got, "at")
	want := map[string]any{
		"schema": 2.0, "object": objectID, "state": "intent", "change": 1.0, "tenant_id": tenantID, "tenant": "contoso.com",
		"mailbox": mailbox, "who": "admin@contoso.com", "cause": "smtp-auth-off-org",
		"fact": "mailbox.smtp-auth", "target": mailbox, "from": "inherit", "to": "on", "scope": "mailbox",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestJournalNames(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 5, 4, 7e6, time.UTC)
	tests := []struct {
		mailbox string
		try     int
		want    string
	}{
		{"scanner@contoso.com", 0, "20261123T090504.007Z-scanner_contoso.com.jsonl"},
		{"scanner@contoso.com", 2, "20261123T090504.007Z-scanner_contoso.com-2.jsonl"},
		{"../..\\O'Neil $(x)\n\u00fc@c", 0, "20261123T090504.007Z-.._.._o_neil___x____c.jsonl"},
		{strings.Repeat("a", 300), 0, "20261123T090504.007Z-" + strings.Repeat("a", 64) + ".jsonl"},
	}
	for _, tt := range tests {
		if got := fileName(at, tt.mailbox, tt.try); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.mailbox, got, tt.want)
		}
	}
}

// Two fixes of one mailbox in one millisecond, and neither touches the other's file.
func TestJournalNeverSharesAFile(t *testing.T) {
	dir, seen := t.TempDir(), map[string]bool{}
	for range 20 {
		j := NewJournal(dir, newTenant(t, nil), mailbox)
		if _, err := j.begin(catalogue.SMTPAuthOffOrg, mailboxChange, objectID, Intent); err != nil {
			t.Fatal(err)
		}
		j.Close()
		if seen[j.Path()] {
			t.Fatalf("%s twice", j.Path())
		}
		seen[j.Path()] = true
	}
}

func TestPending(t *testing.T) {
	tests := []struct {
		states []State
		open   bool
	}{
		{[]State{Intent}, true},
		{[]State{Intent, Applied}, true},
		{[]State{Intent, NotApplied}, false},
		{[]State{Skipped}, false},
		{[]State{Intent, Sent}, true},
		{[]State{Intent, Sent, Applied}, true},
		{[]State{Intent, AsBefore}, false},
		{[]State{Intent, Restoring}, true},
		{[]State{Intent, Applied, Restoring}, true},
		{[]State{Intent, Applied, Restoring, Restoring, Restored}, false},
	}
	for _, tt := range tests {
		j := written(t, tt.states...)
		back, err := ReadJournal(j.Path())
		if err != nil {
			t.Fatalf("%v: %v", tt.states, err)
		}
		if diff := cmp.Diff(j.Pending(), back.Pending()); diff != "" {
			t.Errorf("%v: read back (-want +got):\n%s", tt.states, diff)
		}
		if open := len(back.Pending()) == 1; open != tt.open {
			t.Errorf("%v: open %v", tt.states, open)
		}
		if back.Mailbox() != mailbox || back.TenantID() != tenantID {
			t.Errorf("%v: of %s in %s", tt.states, back.Mailbox(), back.TenantID())
		}
	}
}

func TestOpenJournalRefuses(t *testing.T) {
	good := string(readFile(t, written(t, Intent).Path()))
	replace := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	tests := []struct{ name, text, want string }{
		{"other schema", replace(`"schema":2`, `"schema":3`), "schema 3"},
		{"no schema", replace(`"schema":2,`, ``), "schema 0"},
		{"other text", "Dear admin,\nplease undo\n", "not a record"},
		{"other text without line end", "Dear admin", "not a record"},
		{"key twice", replace(`"from":"inherit"`, `"from":"inherit","from":"off"`), "twice"},
		{"key twice in another case", replace(`"from":"inherit"`, `"from":"inherit","From":"off"`), "twice"},
		{"two tenants", good + strings.Replace(replace(`"state":"intent"`, `"state":"applied"`), tenantID, "other", 1), "another tenant"},
		{"two mailboxes", good + strings.ReplaceAll(replace(`"state":"intent"`, `"state":"applied"`), mailbox, "x@y.z"), "another tenant or mailbox"},
		{"no tenant", replace(tenantID, ""), "no tenant"},
		{"unknown state", replace(`"state":"intent"`, `"state":"maybe"`), "maybe"},
		{"outcome without intent", replace(`"state":"intent"`, `"state":"applied"`), "out of order"},
		{"intent twice", good + good, "out of order"},
		{"a change that is over", good + replace(`"state":"intent"`, `"state":"restored"`) + replace(`"state":"intent"`, `"state":"restoring"`), "does not match"},
		{"another change", good + strings.Replace(replace(`"state":"intent"`, `"state":"applied"`), `"inherit"`, `"off"`, 1), "does not match"},
		{"a fact no remedy writes", replace("mailbox.smtp-auth", "org.smtp-auth"), ErrInvalidPlan.Error()},
		{"a value no remedy writes", replace(`"to":"on"`, `"to":"off"`), ErrInvalidPlan.Error()},
		{"another target", replace(`"target":"scanner@`, `"target":"ceo@`), "not the mailbox"},
		{"something else in the middle", good + "{}\n" + good, "line 2"},
		{"another object", good + strings.Replace(replace(`"state":"intent"`, `"state":"applied"`), objectID, "x", 1), "does not match"},
		{"too large", strings.Repeat(good, maxJournal/len(good)+1), "larger"},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "j.jsonl")
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadJournal(path)
		if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := ReadJournal(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}
