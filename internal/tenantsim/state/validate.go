package state

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"smtpmend/internal/fact"
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
	if s.SMTP.FrontEnds < 0 {
		return fmt.Errorf("key %q must be 0 or more, not %d", "front_ends", s.SMTP.FrontEnds)
	}
	if s.ReadLag.Duration < 0 {
		return fmt.Errorf("key %q must not be negative, as %s is", "read_lag", s.ReadLag)
	}
	if err := s.validateNames(); err != nil {
		return err
	}
	rules := s.rules()
	for _, u := range s.Users {
		rules = append(rules, u.rules(s.Org)...)
	}
	for _, r := range rules {
		if !slices.Contains(r.values, r.value) {
			return fmt.Errorf("key %q must be one of %s, not %q", r.key, strings.Join(r.values, ", "), r.value)
		}
	}
	if err := s.validateLocations(); err != nil {
		return err
	}
	return ValidateFaults(s.Faults)
}

// validateNames wants ids, addresses and principal names that are nobody
// else's.
func (s *State) validateNames() error {
	ids, holders := map[string]bool{}, map[string]int{}
	for i, u := range s.Users {
		mailbox, id := strings.ToLower(u.Mailbox), strings.ToLower(u.ID)
		if !strings.Contains(mailbox, "@") {
			return fmt.Errorf("key %q of user %d must be an address, not %q", "mailbox", i+1, u.Mailbox)
		}
		if _, taken := holders[mailbox]; taken || ids[id] || !guid.MatchString(id) {
			return fmt.Errorf("user %s needs an address and an id (a GUID) of its own, not id %q", u.Mailbox, u.ID)
		}
		ids[id], holders[mailbox] = true, i
	}
	for i, u := range s.Users {
		for _, name := range slices.Concat(u.Aliases, []string{u.Principal()}) {
			holder, taken := holders[strings.ToLower(name)]
			switch {
			case !strings.Contains(name, "@"):
				return fmt.Errorf("keys %q and %q of user %s must hold addresses, not %q", "upn", "aliases", u.Mailbox, name)
			case taken && holder != i:
				return fmt.Errorf("keys %q and %q of user %s name %s, which another user has", "upn", "aliases", u.Mailbox, name)
			}
			holders[strings.ToLower(name)] = i
		}
	}
	return nil
}

func (s *State) validateLocations() error {
	if _, err := netip.ParseAddr(s.ClientIP()); err != nil {
		return fmt.Errorf("key %q must be an IP address, not %q", "client", s.SMTP.Client)
	}
	known := []string{"All", "AllTrusted"}
	for _, l := range s.Org.NamedLocations {
		known = append(known, l.ID)
		for _, r := range l.Ranges {
			if _, err := netip.ParsePrefix(r); err != nil {
				return fmt.Errorf("key %q must hold networks as in 203.0.113.0/24, not %q", "ranges", r)
			}
		}
	}
	for _, p := range s.Org.ConditionalAccess {
		if len(p.ExcludeLocations) > 0 && len(p.IncludeLocations) == 0 {
			return fmt.Errorf("key %q of policy %s is missing: without it nothing is excluded", "include_locations", p.Name)
		}
		for _, id := range slices.Concat(p.IncludeLocations, p.ExcludeLocations) {
			if !slices.Contains(known, id) {
				return fmt.Errorf("policy %s names the location %q, which is not in key %q", p.Name, id, "named_locations")
			}
		}
	}
	return nil
}

var onOff = []string{"on", "off"}

func (s *State) rules() []rule {
	rules := []rule{
		{"org.security-defaults", s.Org.SecurityDefaults, onOff},
		{"org.smtp-auth", s.Org.SMTPAuth, onOff},
		{"org.legacy-tls", s.Org.LegacyTLS, []string{"on", "off", Unset}},
		{"org.premium", s.Org.Premium, []string{"", fact.None, "p1", "p2"}},
		{"device_flow", s.Org.DeviceFlow, []string{"", "allowed", "blocked"}},
		{"basic_auth", s.Org.BasicAuth, onOff},
		{"flavour", string(s.SMTP.Flavour), []string{string(front.Newer), string(front.Older)}},
		{"device_code", s.Admin.DeviceCode, []string{"approve", "decline", "ignore"}},
		{"default_auth_policy", s.Org.DefaultAuthPolicy, s.Org.policyNames()},
	}
	for _, a := range s.Apps {
		rules = append(rules, rule{"redirect", a.Redirect, []string{"", "localhost", fact.None}}, rule{"public_flows", a.PublicFlows, []string{"", "on", "off"}})
		rules = append(rules,
			rule{"status", a.Status, []string{"", "disabled", "blocked", "absent"}},
			rule{"exchange_principal", a.ExchangePrincipal, []string{"", "wrong-object", "none"}})
	}
	for _, p := range s.Org.AuthPolicies {
		rules = append(rules, rule{"smtp", p.SMTP, []string{"allow", "block"}})
	}
	for _, p := range s.Org.ConditionalAccess {
		rules = append(rules, rule{"state", p.State, []string{"enabled", "disabled", "enabledForReportingButNotEnforced"}})
		for _, id := range slices.Concat(p.IncludeRoles, p.ExcludeRoles) {
			rules = append(rules, rule{"include_roles", strings.ToLower(id), RoleIDs(roleNames())})
		}
	}
	return rules
}

func (u *User) rules(o Org) []rule {
	rules := []rule{
		{"mailbox.smtp-auth", u.SMTPAuth, []string{"on", "off", "inherit"}},
		{"user.per-user-mfa", u.PerUserMFA, []string{"disabled", "enabled", "enforced"}},
		{"user.account", u.Account, []string{"enabled", "disabled"}},
		{"user.exchange-licence", u.Licence, []string{"yes", "no"}},
		{"mailbox.kind", u.Kind, []string{"user", "shared", "room", "equipment", "linked", "other", "none"}},
		{"auth_policy", u.AuthPolicy, o.policyNames()},
	}
	for _, name := range u.AdminRoles {
		rules = append(rules, rule{"user.admin-role", name, roleNames()})
	}
	return rules
}

func (o *Org) policyNames() []string {
	names := []string{""}
	for _, p := range o.AuthPolicies {
		names = append(names, p.Name)
	}
	return names
}
