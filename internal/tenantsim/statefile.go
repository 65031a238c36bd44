package tenantsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"smtpmend/internal/front"
)

// Load reads a state file. What the file leaves out is as in Default; lists
// are replaced as a whole. Every error names the file and the key.
func Load(path string) (*State, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("state file: %w", err)
	}
	s, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", path, err)
	}
	return s, nil
}

// Parse reads a state from JSON, as Load does.
func Parse(data []byte) (*State, error) {
	s := Default()
	var given struct {
		Org struct {
			AuthPolicies json.RawMessage `json:"auth_policies"`
		} `json:"organisation"`
		Users, Apps json.RawMessage
	}
	if err := json.Unmarshal(data, &given); err != nil {
		return nil, decodeError(data, err)
	}
	// Without this the old entries would shine through the new ones.
	if given.Users != nil {
		s.Users = nil
	}
	if given.Apps != nil {
		s.Apps = nil
	}
	if given.Org.AuthPolicies != nil {
		s.Org.AuthPolicies = nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, decodeError(data, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON object")
	}
	for i := range s.Users {
		s.Users[i].complete(i)
	}
	return s, s.Validate()
}

// complete fills in what an entry of the state file leaves out.
func (u *User) complete(i int) {
	base := newUser(fmt.Sprintf("3f5c9f0a-52f5-4f0e-8f0a-%012d", i+1), "", "")
	for _, f := range []struct{ to, from *string }{
		{&u.ID, &base.ID}, {&u.SMTPAuth, &base.SMTPAuth}, {&u.PerUserMFA, &base.PerUserMFA},
		{&u.Account, &base.Account}, {&u.Licence, &base.Licence}, {&u.Kind, &base.Kind},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
}

func decodeError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("not valid JSON (line %d): %w", line, err)
	case errors.As(err, &kind):
		return fmt.Errorf("key %q must not be a %s", kind.Field, kind.Value)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// Write writes the state as a state file, readable by its owner alone.
func (s *State) Write(path string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o600)
}

// A rule says which values a key may have.
type rule struct {
	key    string
	value  string
	values []string
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// Validate returns an error that names the first key with a value that the
// tenant cannot have.
func (s *State) Validate() error {
	if !guid.MatchString(s.TenantID) {
		return fmt.Errorf("key %q must be a GUID, not %q", "tenant_id", s.TenantID)
	}
	if s.Domain == "" {
		return fmt.Errorf("key %q is missing", "domain")
	}
	rules := s.rules()
	for i, u := range s.Users {
		if !strings.Contains(u.Mailbox, "@") {
			return fmt.Errorf("key %q of user %d must be an address, not %q", "mailbox", i+1, u.Mailbox)
		}
		if !guid.MatchString(u.ID) || s.User(u.ID).Mailbox != u.Mailbox || s.User(u.Mailbox).ID != u.ID {
			return fmt.Errorf("user %s needs an address and an id (a GUID) of its own, not id %q", u.Mailbox, u.ID)
		}
		rules = append(rules, u.rules(s.Org)...)
	}
	for _, r := range rules {
		if !slices.Contains(r.values, r.value) {
			return fmt.Errorf("key %q must be one of %s, not %q", r.key, strings.Join(r.values, ", "), r.value)
		}
	}
	return s.validateFaults()
}

var onOff = []string{"on", "off"}

func (s *State) rules() []rule {
	rules := []rule{
		{"org.security-defaults", s.Org.SecurityDefaults, onOff},
		{"org.smtp-auth", s.Org.SMTPAuth, onOff},
		{"org.legacy-tls", s.Org.LegacyTLS, onOff},
		{"flavour", string(s.SMTP.Flavour), []string{string(front.Newer), string(front.Older)}},
		{"device_code", s.Admin.DeviceCode, []string{"approve", "decline", "ignore"}},
		{"default_auth_policy", s.Org.DefaultAuthPolicy, s.Org.policyNames()},
	}
	for _, p := range s.Org.AuthPolicies {
		rules = append(rules, rule{"smtp", p.SMTP, []string{"allow", "block"}})
	}
	for _, p := range s.Org.ConditionalAccess {
		rules = append(rules, rule{"state", p.State, []string{"enabled", "disabled", "enabledForReportingButNotEnforced"}})
	}
	return rules
}

func (u *User) rules(o Org) []rule {
	return []rule{
		{"mailbox.smtp-auth", u.SMTPAuth, []string{"on", "off", "inherit"}},
		{"user.per-user-mfa", u.PerUserMFA, []string{"disabled", "enabled", "enforced"}},
		{"user.account", u.Account, []string{"enabled", "disabled"}},
		{"user.exchange-licence", u.Licence, []string{"yes", "no"}},
		{"mailbox.kind", u.Kind, []string{"user", "shared", "room", "equipment", "linked", "none"}},
		{"auth_policy", u.AuthPolicy, o.policyNames()},
	}
}

func (o *Org) policyNames() []string {
	names := []string{""}
	for _, p := range o.AuthPolicies {
		names = append(names, p.Name)
	}
	return names
}
