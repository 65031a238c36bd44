package state

import (
	"testing"

	"smtpmend/internal/fact"
)

func TestConditionalAccessApplies(t *testing.T) {
	group := "aaaaaaaa-0000-0000-0000-000000000001"
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
		{"no control", func(p *CAPolicy) { p.Controls = nil }, "none"},
	} {
		state := Default()
		state.User(Mailbox).Groups = []string{group}
		state.setConditionalAccess("P")
		tc.change(&state.Org.ConditionalAccess[0])
		if got := state.Fact(Mailbox, fact.OrgConditionalAccess); got != tc.want {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
}
