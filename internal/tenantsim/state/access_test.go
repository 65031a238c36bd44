package state

import (
	"testing"

	"smtpmend/internal/fact"
)

func TestConditionalAccessApplies(t *testing.T) {
	const (
		group        = "aaaaaaaa-0000-0000-0000-000000000001"
		here         = "bbbbbbbb-0000-0000-0000-000000000001"
		elsewhere    = "bbbbbbbb-0000-0000-0000-000000000002"
		globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	)
	for _, tc := range []struct {
		name   string
		change func(*CAPolicy)
		want   string
	}{
		{"as it is", func(*CAPolicy) {}, "P"},
		{"report only", func(p *CAPolicy) { p.State = "enabledForReportingButNotEnforced" }, "none"},
		{"browsers", func(p *CAPolicy) { p.ClientApps = []string{"browser"} }, "none"},
		{"any client, MFA", func(p *CAPolicy) { p.ClientApps, p.Controls = []string{"all"}, []string{"mfa"} }, "P"},
		{"another app", func(p *CAPolicy) { p.Applications = []string{"00000003-0000-0000-c000-000000000000"} }, "none"},
		{"another user", func(p *CAPolicy) { p.IncludeUsers = []string{"ann@contoso.com"} }, "none"},
		{"excluded", func(p *CAPolicy) { p.ExcludeUsers = []string{Mailbox} }, "none"},
		{"by group", func(p *CAPolicy) { p.IncludeUsers, p.IncludeGroups = nil, []string{group} }, "P"},
		{"excluded by group", func(p *CAPolicy) { p.ExcludeGroups = []string{group} }, "none"},
		{"by role", func(p *CAPolicy) { p.IncludeUsers, p.IncludeRoles = nil, []string{globalReader} }, "P"},
		{"by another role", func(p *CAPolicy) { p.IncludeUsers, p.IncludeRoles = nil, RoleIDs([]string{"Security Reader"}) }, "none"},
		{"excluded by role", func(p *CAPolicy) { p.ExcludeRoles = []string{globalReader} }, "none"},
		{"from here", func(p *CAPolicy) { p.IncludeLocations = []string{here} }, "P"},
		{"from elsewhere", func(p *CAPolicy) { p.IncludeLocations = []string{elsewhere} }, "none"},
		{"from anywhere but here", func(p *CAPolicy) { p.IncludeLocations, p.ExcludeLocations = []string{"All"}, []string{here} }, "none"},
		{"from anywhere but elsewhere", func(p *CAPolicy) { p.IncludeLocations, p.ExcludeLocations = []string{"All"}, []string{elsewhere} }, "P"},
		{"from where nothing is trusted", func(p *CAPolicy) { p.IncludeLocations, p.ExcludeLocations = []string{"All"}, []string{"AllTrusted"} }, "P"},
		{"from trusted places", func(p *CAPolicy) { p.IncludeLocations = []string{"AllTrusted"} }, "none"},
		{"no control", func(p *CAPolicy) { p.Controls = nil }, "none"},
	} {
		state := Default()
		state.User(Mailbox).Groups, state.User(Mailbox).AdminRoles = []string{group}, []string{"Global Reader"}
		state.Org.NamedLocations = []Location{
			{ID: here, Name: "office", Ranges: []string{"203.0.113.0/24"}},
			{ID: elsewhere, Name: "warehouse", Trusted: true, Ranges: []string{"198.51.100.0/24", "2001:db8::/32"}},
		}
		state.Org.setConditionalAccess("P")
		tc.change(&state.Org.ConditionalAccess[0])
		if err := state.Validate(); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := state.Fact(Mailbox, fact.OrgConditionalAccess); got != tc.want {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
	// The same policy, from another place.
	state := Default()
	state.Org.setConditionalAccess("P")
	state.Org.NamedLocations = []Location{{ID: here, Ranges: []string{"203.0.113.0/24"}}}
	state.Org.ConditionalAccess[0].IncludeLocations = []string{here}
	for client, want := range map[string]string{"": "P", "203.0.113.77": "P", "198.51.100.7": "none", "2001:db8::1": "none"} {
		state.SMTP.Client = client
		if got := state.Fact(Mailbox, fact.OrgConditionalAccess); got != want {
			t.Errorf("from %q: %s", client, got)
		}
	}
}
