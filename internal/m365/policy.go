package m365

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
)

// Exchange Online, by itself and as part of suites.
var exchangeApplications = []string{"All", "Office365", "00000002-0000-0ff1-ce00-000000000000"}

// A tri is a statement that can be left open.
type tri int

const (
	no tri = iota
	maybe
	yes
)

func (t tri) and(other tri) tri { return min(t, other) }
func (t tri) or(other tri) tri  { return max(t, other) }
func (t tri) not() tri          { return yes - t }

func truth(b bool) tri {
	if b {
		return yes
	}
	return no
}

// concernsSMTP reports whether the policy may be enabled and may stop an SMTP
// sign-in with a password of some user.
func (p caPolicy) concernsSMTP() bool {
	if p.enabled() == no || p.unmeetable() == no {
		return false
	}
	c := p.Conditions
	return c == nil || c.client() != no && c.Applications.exchange() != no && !c.otherFlow()
}

func (p caPolicy) enabled() tri {
	switch p.State {
	case "enabled":
		return yes
	case "disabled", "enabledForReportingButNotEnforced":
		return no
	}
	return maybe
}

func (p caPolicy) name() string {
	return cmp.Or(cloudapi.Clean(p.DisplayName), cloudapi.Clean(p.ID), "without a name")
}

func (p caPolicy) users() caUsers {
	if p.Conditions == nil || p.Conditions.Users == nil {
		return caUsers{}
	}
	return *p.Conditions.Users
}

func (p caPolicy) namesGroups() bool {
	return len(p.users().IncludeGroups)+len(p.users().ExcludeGroups) > 0
}

func (p caPolicy) namesRoles() bool {
	return len(p.users().IncludeRoles)+len(p.users().ExcludeRoles) > 0
}

// stops reports whether the policy, one that concernsSMTP, stops the user's
// sign-in, and for maybe what that depends on.
func (p caPolicy) stops(who *caUser) (tri, []string) {
	c := p.Conditions
	if c == nil {
		return maybe, []string{"its conditions, which were not given"}
	}
	user, groups := c.Users.applies(who)
	questions := []struct {
		answer tri
		about  string
	}{
		{p.enabled(), "its state, which is not known here"},
		{user, groups},
		{c.client(), "client types not known here"},
		{c.Applications.exchange(), "a filter on applications, or applications that were not given"},
		{c.anywhere(), "location"},
		{c.anyPlatform(), "device platform"},
		{p.unmeetable(), "a grant control not known here"},
	}
	all := yes
	var reasons []string
	for _, q := range questions {
		all = all.and(q.answer)
		if q.answer == maybe {
			reasons = append(reasons, q.about)
		}
	}
	if more := c.undecidable(); len(more) > 0 {
		all = all.and(maybe)
		reasons = append(reasons, more...)
	}
	return all, reasons
}

// client: a password over SMTP is of the client type "other".
func (c caConditions) client() tri {
	if c.ClientAppTypes == nil {
		return maybe
	}
	known := []string{"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported"}
	result := truth(len(*c.ClientAppTypes) == 0)
	for _, t := range *c.ClientAppTypes {
		switch {
		case t == "all" || t == "other":
			return yes
		case !slices.Contains(known, t):
			result = maybe
		}
	}
	return result
}

// exchange reports whether Exchange Online is among the applications.
func (a *caApplications) exchange() tri {
	if a == nil || a.IncludeApplications == nil && a.IncludeUserActions == nil && isNull(a.ApplicationFilter) {
		return maybe
	}
	included := truth(overlap(a.IncludeApplications, exchangeApplications))
	if !isNull(a.ApplicationFilter) {
		included = maybe
	}
	return included.and(truth(overlap(a.ExcludeApplications, exchangeApplications)).not())
}

func (c caConditions) anywhere() tri {
	l := c.Locations
	if len(l.ExcludeLocations) == 0 && (len(l.IncludeLocations) == 0 || slices.Contains(l.IncludeLocations, "All")) {
		return yes
	}
	return maybe
}

func (c caConditions) anyPlatform() tri {
	p := c.Platforms
	if len(p.ExcludePlatforms) == 0 && (len(p.IncludePlatforms) == 0 || slices.Contains(p.IncludePlatforms, "all")) {
		return yes
	}
	return maybe
}

// otherFlow reports whether the policy is for device code and transfer flows,
// which no SMTP sign-in uses.
func (c caConditions) otherFlow() bool { return !isNull(c.other["authenticationFlows"]) }

// harmless are conditions that say nothing about a user's sign-in.
var harmless = []string{"clientApplications", "servicePrincipalRiskLevels", "authenticationFlows"}

// otherConditions are the names for people of conditions that the policy list
// cannot decide; one without a row goes by its own name.
var otherConditions = []struct{ key, words string }{
	{"userRiskLevels", "the user's risk"},
	{"signInRiskLevels", "the sign-in's risk"},
	{"insiderRiskLevels", "insider risk"},
	{"devices", "a filter on devices"},
	{"times", "the time of day"},
}

func (c caConditions) undecidable() []string {
	var words []string
	left := c.other
	for _, o := range otherConditions {
		if !isNull(left[o.key]) {
			words = append(words, o.words)
		}
	}
	var unknown []string
	for key, value := range left {
		named := slices.ContainsFunc(otherConditions, func(o struct{ key, words string }) bool { return o.key == key })
		if !named && !isNull(value) && !slices.Contains(harmless, key) && !strings.Contains(key, "@") {
			unknown = append(unknown, "the condition "+cloudapi.Clean(key))
		}
	}
	slices.Sort(unknown)
	return append(words, unknown...)
}

// isNull reports whether a condition is absent, null or empty.
func isNull(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return slices.Contains([]string{"", "null", "[]", "{}", `""`}, string(raw))
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return strings.EqualFold(x, y) })
	})
}
