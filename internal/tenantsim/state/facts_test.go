package state

import (
	"testing"
	"time"

	"smtpmend/internal/fact"
)

// Every fact has its place: each value that its row lists, and one of its own
// words where it takes any, can be set and is read again, or what Microsoft
// makes of it.
func TestEveryFactHasAPlace(t *testing.T) {
	free := map[fact.Name]string{
		fact.OrgConditionalAccess: "Block legacy authentication",
		fact.UserSignInError:      "50126",
		fact.UserAdminRole:        "Global Reader, Exchange Administrator",
	}
	for _, row := range fact.Table {
		p := placeOf(row.Name)
		if p == nil || p.get == nil || p.set == nil {
			t.Errorf("%s has no place in the state", row.Name)
			continue
		}
		values := []string{}
		for _, v := range row.Values {
			values = append(values, v.Value)
		}
		if row.Free != "" {
			values = append(values, free[row.Name])
		}
		state := Default()
		for _, v := range append(values, values[0]) {
			if err := state.Set(Mailbox, row.Name, v); err != nil {
				t.Errorf("%s: %v", row.Name, err)
			}
			if got := state.Fact(Mailbox, row.Name); !row.Holds(v, got) {
				t.Errorf("%s: set to %q, read %q", row.Name, v, got)
			}
		}
	}
	if len(places) != len(fact.Table) {
		t.Errorf("%d places for %d facts", len(places), len(fact.Table))
	}
}

// What one fact is set to shows in no other.
func TestFactsAreApart(t *testing.T) {
	for _, s := range []Setting{
		{fact.OrgSecurityDefaults, "on"}, {fact.OrgSMTPAuth, "on"}, {fact.OrgLegacyTLS, "on"}, {fact.OrgPremium, "p2"},
		{fact.MailboxSMTPAuth, "inherit"}, {fact.UserPerUserMFA, "enforced"}, {fact.UserAccount, "disabled"},
		{fact.UserExchangeLicence, "no"}, {fact.MailboxKind, "shared"}, {fact.UserAdminRole, "User Administrator"},
		{fact.OrgConditionalAccess, "Block legacy"}, {fact.UserAuthPolicySMTP, "block"}, {fact.UserSignInError, "50053"},
	} {
		before, after := Default(), Default()
		if err := after.Set(Mailbox, s.Fact, s.Value); err != nil {
			t.Errorf("%s: %v", s.Fact, err)
		}
		for _, row := range fact.Table {
			was, is := before.Fact(Mailbox, row.Name), after.Fact(Mailbox, row.Name)
			if changed := was != is; changed != (row.Name == s.Fact) {
				t.Errorf("%s set to %s: %s was %q and is %q", s.Fact, s.Value, row.Name, was, is)
			}
		}
	}
}

func TestSetRefuses(t *testing.T) {
	for _, tc := range []struct {
		mailbox string
		Setting
	}{
		{Mailbox, Setting{fact.MailboxSMTPAuth, "perhaps"}}, {"nobody@contoso.com", Setting{fact.MailboxSMTPAuth, "on"}},
		{Mailbox, Setting{fact.OrgLegacyTLS, Unset}}, {Mailbox, Setting{"org.nothing", "on"}},
		{Mailbox, Setting{fact.UserAdminRole, "King"}},
	} {
		if err := Default().Set(tc.mailbox, tc.Fact, tc.Value); err == nil {
			t.Errorf("%s, %s: %q is taken", tc.mailbox, tc.Fact, tc.Value)
		}
	}
}

func TestWhatFollowsFromTheState(t *testing.T) {
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		change func(*State)
		fact   fact.Name
		want   string
	}{
		{"legacy TLS never set", func(s *State) { s.Org.LegacyTLS = Unset }, fact.OrgLegacyTLS, "off"},
		{"premium by the log's licence", func(s *State) {}, fact.OrgPremium, "p1"},
		{"no licence for the log", func(s *State) { s.SignInLog.Licensed = false }, fact.OrgPremium, "none"},
		{"premium said", func(s *State) { s.SignInLog.Licensed, s.Org.Premium = false, "p2" }, fact.OrgPremium, "p2"},
		{"MFA enabled for who is registered", func(s *State) {
			s.Users[0].MFARegistered = true
			s.Users[0].SetPerUserMFA("enabled")
		}, fact.UserPerUserMFA, "enforced"},
		{"MFA enabled for who is not", func(s *State) { s.Users[0].SetPerUserMFA("enabled") }, fact.UserPerUserMFA, "enabled"},
		{"a sign-in under another name", func(s *State) {
			s.Users[0].UPN = "device7@contoso.com"
			s.SignInLog.Records = []SignIn{{Time: at, Mailbox: "device7@contoso.com", Code: 50126}}
		}, fact.UserSignInError, "50126"},
	} {
		state := Default()
		tc.change(state)
		if err := state.Validate(); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := state.Fact(Mailbox, tc.fact); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// A fact stands in the healthy tenant, and in one whose state file leaves it
// out, with a value that it may have; a value that it may not have is refused.
func TestEveryFactIsSoundAndChecked(t *testing.T) {
	bare, err := Parse([]byte(`{"users":[{"mailbox":"scanner@contoso.com","password":"x"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range fact.Table {
		for name, state := range map[string]*State{"healthy": Default(), "left out": bare} {
			if got := state.Fact(Mailbox, row.Name); !row.Allows(got) {
				t.Errorf("%s, %s: %q is none of its values; see default.go and file.go", row.Name, name, got)
			}
		}
		if row.Free != "" {
			continue
		}
		if err := Default().Set(Mailbox, row.Name, "banana"); err == nil {
			t.Errorf("%s takes any value; see validate.go", row.Name)
		}
	}
}
