package state

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"smtpmend/internal/front"
)

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
	return ValidateFaults(s.Faults)
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
