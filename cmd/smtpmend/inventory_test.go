package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/inventory"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view/safe"
)

// The permissions and the role of inventory in docs/sign-in.md.
var inventoryPermissions = []string{
	"User.Read.All", "Policy.Read.All", "LicenseAssignment.Read.All", "AuditLog.Read.All", "RoleManagement.Read.Directory",
	"Organization.Read.All", "Reports.Read.All", "Exchange.ManageAsApp",
}

// With what docs/sign-in.md names everything is read, by a reader, and the
// code is 0; what is taken away is unread, named, and no failure.
func TestInventoryPrivilege(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("office")
	for _, tt := range []struct {
		lack   string
		unread []string // besides the clients report
	}{
		{"nothing", nil},
		{"AuditLog.Read.All", []string{"log.sign-ins"}},
		{"Policy.Read.All", []string{"org.conditional-access", "org.security-defaults"}},
		{"Exchange.ManageAsApp", []string{"mailbox.kind", "mailbox.smtp-auth", "org.direct-send", "org.smtp-auth", "user.auth-policy-smtp"}},
		{"Organization.Read.All", nil},
		{"Reports.Read.All", nil}, // the log is there
	} {
		t.Run(tt.lack, func(t *testing.T) {
			state := scenario.State()
			app := &state.Apps[0]
			app.Permissions = slices.DeleteFunc(slices.Clone(inventoryPermissions), func(p string) bool { return p == tt.lack })
			app.Roles = []string{"Global Reader"}
			w := newWorld(t, state)
			var out bytes.Buffer
			if code := w.runTo(t.Context(), &out, w.cloud("inventory", "-o", "json")...); code != exitOK {
				t.Errorf("exit %d\n%s", code, w.said.String())
			}
			var got []string
			for _, u := range lastUnread(t, out.Bytes()) {
				if got = append(got, u.Fact); u.Fact != "report.smtp-auth-clients" && !strings.Contains(u.Error, tt.lack) {
					t.Errorf("%s does not name %s: %s", u.Fact, tt.lack, u.Error)
				}
			}
			want := append(slices.Clone(tt.unread), "report.smtp-auth-clients")
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("unread %q, want %q", got, want)
			}
			if n := len(w.Writes()); n > 0 {
				t.Errorf("%d requests asked for a change", n)
			}
		})
	}
}

type unreadFact struct{ Fact, Error string }

func lastUnread(t *testing.T, text []byte) []unreadFact {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	for _, line := range lines {
		if !json.Valid(line) {
			t.Errorf("no JSON: %s", line)
		}
	}
	var end struct{ Unread []unreadFact }
	if err := json.Unmarshal(lines[len(lines)-1], &end); err != nil {
		t.Fatal(err)
	}
	return end.Unread
}

// Whatever stands in a tenant's names and in an export: nothing raw is printed,
// and a spreadsheet takes none of it for a formula.
func TestInventoryPrintsNothingRaw(t *testing.T) {
	state := tenantsim.Default()
	state.Name = hostile
	for i := range state.Users {
		u := &state.Users[i]
		u.Mailbox, u.UPN = "=cmd|' /C calc'!A0"+strings.ToValidUTF8(hostile, "")+u.Mailbox, u.Mailbox
		u.OAuthMessages = 1
	}
	state.SignInLog.Licensed = false
	w := newWorld(t, state)
	path := filepath.Join(t.TempDir(), "report.csv")
	if err := os.WriteFile(path, []byte("Sender address,Messages sent\n"+hostile+"@contoso.com,3\n=1+1@contoso.com,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json", "csv"} {
		for _, more := range [][]string{nil, {"--clients-report", path}, {"--tenant", hostile}, {"--since", hostile}, {"--fail-on", hostile}, {"--clients-report", filepath.Join(w.dir, hostile)}} {
			w.said.Reset()
			w.run(t.Context(), w.cloud(append([]string{"inventory", "-v", "-o", format}, more...)...)...)
			if found := rawIn(w.said.Bytes()); found != "" {
				t.Errorf("%s %q: %s", format, more, found)
			}
			for line := range strings.Lines(w.said.String()) {
				if format == "csv" && strings.HasPrefix(line, "=") {
					t.Errorf("a formula: %s", line)
				}
			}
		}
	}
}

// Ctrl-C while a list is read: the end says what was read, with the code of an
// interruption, and soon.
func TestInventoryInterrupted(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("office")
	w := newWorld(t, scenario.State())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.OnRequest(func(r tenantsim.Request, m tenantsim.Moment) {
		if r.Cmdlet == "Get-CASMailbox" && m == tenantsim.Before {
			cancel()
		}
	})
	if err := w.SetFaults(tenantsim.Fault{API: "exchange", Cmdlet: "Get-CASMailbox", Kind: "slow"}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var out bytes.Buffer
	code := w.runTo(ctx, &out, w.cloud("inventory", "-o", "json")...)
	if code != exitTrouble || time.Since(began) > 10*time.Second {
		t.Errorf("exit %d after %v\n%s", code, time.Since(began), w.said.String())
	}
	lastUnread(t, out.Bytes())
	if !strings.Contains(w.said.String(), "interrupted; what was read is not all") {
		t.Error(w.said.String())
	}
}

// Names of the tenant and of its accounts are in the answer, secrets are not,
// and the address of the report, which opens it to anybody, is in nothing.
func TestInventoryKeepsSecrets(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("office")
	state := scenario.State()
	state.SignInLog.Licensed, state.Org.Premium = false, "none"
	w := newWorld(t, state)
	for _, fault := range []string{"", "reset", "truncated", "503", "html"} {
		if fault != "" {
			if err := w.SetFaults(tenantsim.Fault{API: "reports", Kind: fault}); err != nil {
				t.Fatal(err)
			}
		}
		w.said.Reset()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // what fails is asked for again, which is not waited for
		w.run(ctx, w.cloud("inventory", "-v", "-o", "json")...)
		cancel()
		if found := leaks(w.said.String(), []string{tenantsim.ClientSecret, "/data/download/"}); len(found) > 0 {
			t.Errorf("%q: %q in\n%s", fault, found, w.said.String())
		}
	}
}

// On a terminal the progress is one line that is gone before anything else is
// said; elsewhere it is a note now and then.
func TestInventoryProgress(t *testing.T) {
	for _, tt := range []struct {
		interactive bool
		want        string
	}{
		{true, safe.Rewind + "read 2000 mailboxes; Ctrl-C ends it" + safe.Rewind + "smtpmend: wait\n"},
		{false, "smtpmend: read 2000 mailboxes\nsmtpmend: wait\n"},
	} {
		var said bytes.Buffer
		told := &telling{app: &app{console: &console{Err: &said, Interactive: tt.interactive}}, last: time.Now()}
		told.read("mailboxes", 1000) // too early
		told.last = told.last.Add(-time.Minute)
		told.read("mailboxes", 2000)
		told.read("mailboxes", 3000)
		told.note("wait")
		told.clear()
		if said.String() != tt.want {
			t.Errorf("%q, want %q", said.String(), tt.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string]string{"7d": "7d", "12h": "12h0m0s", "48h": "2d", "180d": "180d", "1h": "1h0m0s"} {
		var s span
		if err := s.Set(text); err != nil || s.String() != want {
			t.Errorf("%s: %s, %v", text, s.String(), err)
		}
	}
	for _, text := range []string{"", "7", "d", "-7d", "0d", "181d", "59m", "7w", "1.5d", "99999999999d", "NaN"} {
		if err := new(span).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// With --fail-on affected 0 says that nothing is, so it takes whole lists;
// without it what may not be read is no failure.
func TestInventoryExit(t *testing.T) {
	whole := inventory.Summary{Mailboxes: 2, Unaffected: 2, Listed: true}
	for _, tt := range []struct {
		name           string
		change         func(*inventory.Summary)
		plain, failing int
	}{
		{"whole", func(*inventory.Summary) {}, exitOK, exitOK},
		{"not licensed", func(s *inventory.Summary) { s.Unaffected = 0 }, exitOK, exitOK},
		{"affected", func(s *inventory.Summary) { s.Affected = 1 }, exitOK, exitCause},
		{"affected, and a list was cut", func(s *inventory.Summary) { s.Affected, s.Listed = 1, false }, exitOK, exitCause},
		{"a list was cut", func(s *inventory.Summary) { s.Listed = false }, exitOK, exitTrouble},
		{"the log was cut", func(s *inventory.Summary) { s.LogCut, s.Unaffected = true, 1 }, exitOK, exitTrouble},
		{"accepted sign-ins of others", func(s *inventory.Summary) { s.Strangers, s.Accepted = 1, 1 }, exitOK, exitTrouble},
		{"refused sign-ins of others", func(s *inventory.Summary) { s.Strangers = 1 }, exitOK, exitOK},
	} {
		sum := whole
		tt.change(&sum)
		plain := inventoryExit(t.Context(), sum, inventoryFlags{})
		failing := inventoryExit(t.Context(), sum, inventoryFlags{failOn: failOnAffected})
		if plain != tt.plain || failing != tt.failing {
			t.Errorf("%s: %d and %d", tt.name, plain, failing)
		}
	}
}
