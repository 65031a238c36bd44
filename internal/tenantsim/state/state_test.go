package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStateFileRoundTrip(t *testing.T) {
	for _, s := range Scenarios {
		want := s.State()
		want.Faults = []Fault{{API: "graph", Kind: "429-retry-after", Nth: 2}}
		file := filepath.Join(t.TempDir(), "state.json")
		if err := want.Write(file); err != nil {
			t.Fatal(err)
		}
		got, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.Name, diff)
		}
		if diff := cmp.Diff(want, want.Clone()); diff != "" {
			t.Errorf("%s: clone differs:\n%s", s.Name, diff)
		}
	}
}

// What a state file leaves out is as in the default tenant, and new lists
// hold nothing of the old ones.
func TestParseFillsIn(t *testing.T) {
	got, err := Parse([]byte(`{
		"organisation": {"org.security-defaults": "on", "auth_policies": [{"name": "P", "smtp": "allow"}]},
		"users": [{"mailbox": "mfp@contoso.com", "password": "x", "mailbox.smtp-auth": "inherit"}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if got.Org.SecurityDefaults != "on" || got.Org.SMTPAuth != "off" || len(got.Apps) != 2 {
		t.Errorf("organisation: %+v", got.Org)
	}
	want := newUser("3f5c9f0a-52f5-4f0e-8f0a-000000000001", "mfp@contoso.com", "x")
	want.SMTPAuth = "inherit"
	if diff := cmp.Diff([]User{want}, got.Users); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]AuthPolicy{{Name: "P", SMTP: "allow"}}, got.Org.AuthPolicies); diff != "" {
		t.Error(diff)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, tc := range []struct{ name, data, want string }{
		{"unknown key", `{"tennant_id": "x"}`, `unknown field "tennant_id"`},
		{"unknown key below", `{"organisation": {"org.smtp": "on"}}`, `unknown field "org.smtp"`},
		{"bad value", `{"organisation": {"org.smtp-auth": "yes"}}`, `key "org.smtp-auth" must be one of on, off, not "yes"`},
		{"bad user value", `{"users": [{"mailbox": "a@b.c", "user.per-user-mfa": "on"}]}`, `key "user.per-user-mfa" must be one of disabled, enabled, enforced, not "on"`},
		{"no address", `{"users": [{"mailbox": "a"}]}`, `key "mailbox" of user 1 must be an address`},
		{"twice", `{"users": [{"mailbox": "a@b.c"}, {"mailbox": "A@b.c"}]}`, `an address and an id`},
		{"no such policy", `{"users": [{"mailbox": "a@b.c", "auth_policy": "X"}]}`, `key "auth_policy" must be one of`},
		{"tenant", `{"tenant_id": "contoso"}`, `key "tenant_id" must be a GUID`},
		{"flavour", `{"smtp": {"flavour": "old"}}`, `key "flavour" must be one of newer, older`},
		{"duration", `{"smtp": {"propagation": "soon"}}`, `invalid duration`},
		{"UPN", `{"users": [{"mailbox": "a@b.c", "upn": "a"}]}`, `of user a@b.c must hold addresses, not "a"`},
		{"alias of another", `{"users": [{"mailbox": "a@b.c"}, {"mailbox": "d@b.c", "aliases": ["A@b.c"]}]}`, `which another user has`},
		{"UPN of another", `{"users": [{"mailbox": "a@b.c", "upn": "x@b.c"}, {"mailbox": "x@b.c", "upn": "y@b.c"}]}`, `which another user has`},
		{"role", `{"users": [{"mailbox": "a@b.c", "user.admin-role": ["King"]}]}`, `key "user.admin-role" must be one of Global Administrator`},
		{"role of a policy", `{"organisation": {"conditional_access": [{"state": "enabled", "include_roles": ["King"]}]}}`, `key "include_roles" must be one of 62e90394`},
		{"location", `{"organisation": {"conditional_access": [{"name": "P", "state": "enabled", "include_locations": ["office"]}]}}`, `policy P names the location "office"`},
		{"exclusion alone", `{"organisation": {"conditional_access": [{"name": "P", "state": "enabled", "exclude_locations": ["All"]}]}}`, `key "include_locations" of policy P is missing`},
		{"network", `{"organisation": {"named_locations": [{"id": "office", "ranges": ["203.0.113.5"]}]}}`, `key "ranges" must hold networks`},
		{"client", `{"smtp": {"client": "home"}}`, `key "client" must be an IP address`},
		{"front ends", `{"smtp": {"front_ends": -1}}`, `key "front_ends" must be 0 or more`},
		{"read lag", `{"read_lag": "-1s"}`, `key "read_lag" must not be negative`},
		{"premium", `{"organisation": {"org.premium": "p3"}}`, `key "org.premium" must be one of`},
		{"basic", `{"organisation": {"basic_auth": "maybe"}}`, `key "basic_auth" must be one of on, off`},
		{"legacy TLS", `{"organisation": {"org.legacy-tls": "null"}}`, `key "org.legacy-tls" must be one of on, off, unset`},
		{"fault", `{"faults": [{"kind": "teapot"}]}`, `key "kind" must be one of 401`},
		{"kind", `{"domain": 7}`, `key "domain" must not be a number`},
		{"syntax", "{\n\"domain\": }", `not valid JSON (line 2)`},
		{"two objects", `{} {}`, `not valid JSON`},
		{"empty", ``, `not valid JSON`},
	} {
		file := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(file, []byte(tc.data), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(file)
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
	if _, err := Load("no-such-file.json"); err == nil {
		t.Error("a missing file is no error")
	}
}

func TestScenarios(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range Scenarios {
		if seen[s.Name] || s.Summary == "" || strings.HasSuffix(s.Summary, ".") || strings.Contains(s.Summary, "\n") {
			t.Errorf("scenario %q: %q", s.Name, s.Summary)
		}
		seen[s.Name] = true
		if err := s.State().Validate(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	for _, name := range []string{DefaultScenario, "smtp-auth-off-mailbox", "smtp-auth-off-org", "per-user-mfa", "security-defaults",
		"bad-credentials", "conditional-access", "no-auth", "no-starttls", "old-tls", "auth-policy", "healthy", "admin-mfa", "upn-differs", "basic-auth-off-by-default"} {
		if _, ok := LookupScenario(name); !ok {
			t.Errorf("no scenario %q", name)
		}
	}
	if _, ok := LookupScenario("none"); ok {
		t.Error("a scenario that is not there is found")
	}
}
