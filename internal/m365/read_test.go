package m365

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/fact"
)

func allFacts() []fact.Name {
	var names []fact.Name
	for _, row := range fact.Table {
		names = append(names, row.Name)
	}
	return names
}

func TestReadAll(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	got := tenant.Read(t.Context(), allFacts()...)
	want := fact.Evidence{
		{Fact: fact.OrgSecurityDefaults, Value: "off"},
		{Fact: fact.OrgSMTPAuth, Value: "off"},
		{Fact: fact.MailboxSMTPAuth, Value: "inherit"},
		{Fact: fact.UserPerUserMFA, Value: "disabled"},
		{Fact: fact.UserAuthPolicySMTP, Value: "allow", Detail: "no authentication policy applies"},
		{Fact: fact.UserAccount, Value: "enabled"},
		{Fact: fact.UserExchangeLicence, Value: "yes", Detail: "EXCHANGE_S_STANDARD"},
		{Fact: fact.MailboxKind, Value: "user", Detail: "UserMailbox"},
		{Fact: fact.OrgConditionalAccess, Value: "none"},
		{Fact: fact.UserSignInError, Value: "none"},
		{Fact: fact.OrgLegacyTLS, Value: "off"},
		{Fact: fact.OrgPremium, Value: "p1"},
		{Fact: fact.UserAdminRole, Value: "none"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, r := range f.requests() {
		if !strings.HasPrefix(r.Route, "Get-") && !strings.HasPrefix(r.Route, "GET ") {
			t.Errorf("reading sent %s", r.Route)
		}
		if r.Auth != "Bearer "+f.token() {
			t.Errorf("%s came without the token", r.Route)
		}
	}
}
