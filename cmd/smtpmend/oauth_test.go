package main

import (
	"fmt"
	"slices"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// A broken link: what is done to the tenant, and what it comes to. They stand in
// the order in which a submission meets them.
type brokenLink struct {
	name   string
	breaks func(*tenantsim.State, *tenantsim.App)
	cause  catalogue.Code
	proof  catalogue.Reach
	// hides: without it nothing that hidden links depend on can be seen.
	hides, hidden bool
}

var (
	entraLinks = []brokenLink{
		{"unknown", func(_ *tenantsim.State, a *tenantsim.App) { a.Status = "absent" }, "oauth-app-not-found", catalogue.GotToken, true, false},
		{"disabled", func(_ *tenantsim.State, a *tenantsim.App) { a.Status = "disabled" }, "oauth-app-blocked", catalogue.GotToken, false, true},
		{"blocked", func(_ *tenantsim.State, a *tenantsim.App) { a.Status = "blocked" }, "oauth-app-blocked", catalogue.GotToken, false, true},
	}
	personLinks = []brokenLink{
		{"account", func(s *tenantsim.State, _ *tenantsim.App) { s.Users[0].Account = "disabled" }, "account-disabled", catalogue.GotToken, false, false},
		{"assignment", func(_ *tenantsim.State, a *tenantsim.App) { a.AssignmentRequired = true }, "oauth-app-blocked", catalogue.GotToken, false, true},
		{"consent", func(_ *tenantsim.State, a *tenantsim.App) { a.Permissions = []string{"SMTP.SendAsApp"} }, "oauth-scope-missing", catalogue.GotToken, false, true},
		{"policy", func(s *tenantsim.State, _ *tenantsim.App) { s.Org.ConditionalAccess = []tenantsim.CAPolicy{blocking()} }, "conditional-access", catalogue.GotToken, false, false},
	}
	ownLinks = []brokenLink{
		{"credential", func(_ *tenantsim.State, a *tenantsim.App) { expire(a) }, "oauth-client-secret", catalogue.GotToken, false, true},
		{"workload policy", func(s *tenantsim.State, a *tenantsim.App) {
			p := blocking()
			p.IncludeApps = []string{a.ClientID}
			s.Org.ConditionalAccess = append(s.Org.ConditionalAccess, p)
		}, "conditional-access", catalogue.GotToken, false, true},
	}
	mailboxLinks = []brokenLink{
		{"no mailbox", func(s *tenantsim.State, _ *tenantsim.App) { s.Users[0].Kind = fact.None }, "no-licensed-mailbox", catalogue.SignedIn, false, false},
		{"switch", func(s *tenantsim.State, _ *tenantsim.App) { s.Users[0].SMTPAuth = "off" }, "smtp-auth-off-mailbox", catalogue.SignedIn, false, false},
		{"organisation", func(s *tenantsim.State, _ *tenantsim.App) { s.Users[0].SMTPAuth = "inherit" }, "smtp-auth-off-org", catalogue.SignedIn, false, false},
	}
	classicLinks = []brokenLink{
		{"registered wrongly", func(_ *tenantsim.State, a *tenantsim.App) { a.ExchangePrincipal = "wrong-object" }, "oauth-exchange-principal-missing", catalogue.SignedIn, false, true},
		{"permission", func(_ *tenantsim.State, a *tenantsim.App) { a.Permissions = nil }, "oauth-scope-missing", catalogue.SignedIn, false, true},
		{"full access", func(_ *tenantsim.State, a *tenantsim.App) { a.Mailboxes = nil }, "oauth-mailbox-permission-missing", catalogue.Sent, false, true},
	}
	roleLinks = []brokenLink{
		{"registered wrongly", func(_ *tenantsim.State, a *tenantsim.App) { a.ExchangePrincipal = "wrong-object" }, "oauth-exchange-principal-missing", catalogue.SignedIn, false, true},
		{"role", func(_ *tenantsim.State, a *tenantsim.App) { a.RoleScope = nil }, "oauth-scope-missing", catalogue.SignedIn, false, true},
	}
	scopeLinks = []brokenLink{
		{"scope", func(_ *tenantsim.State, a *tenantsim.App) { a.RoleScope = []string{"ann@contoso.com"} }, "oauth-mailbox-permission-missing", catalogue.SignedIn, false, true},
	}
	publicLink = brokenLink{"public flows", func(_ *tenantsim.State, a *tenantsim.App) { a.PublicFlows = "off" }, "oauth-client-secret", catalogue.GotToken, false, true}
)

// blocking refuses everybody's tokens, and no password.
func blocking() tenantsim.CAPolicy {
	return tenantsim.CAPolicy{ID: "10ef4fe6-5e51-4f5c-8a52-00000000000a", Name: "No outsiders", State: "enabled",
		ClientApps: []string{"mobileAppsAndDesktopClients"}, Applications: []string{"All"}, IncludeUsers: []string{"All"}, Controls: []string{"block"}}
}

// A chainCase is one way to a token, the tenant in which it works, and the links
// that it needs.
type chainCase struct {
	way   catalogue.Way
	model string
	links []brokenLink
}

func chainCases() []chainCase {
	return []chainCase{
		{catalogue.ClientSecret, "permission", slices.Concat(entraLinks, ownLinks, mailboxLinks, classicLinks)},
		{catalogue.ClientSecret, "role", slices.Concat(entraLinks, ownLinks, mailboxLinks, roleLinks)},
		{catalogue.ClientSecret, "role", slices.Concat(entraLinks, ownLinks, mailboxLinks, scopeLinks)},
		{catalogue.ClientCertificate, "permission", slices.Concat(entraLinks, ownLinks, mailboxLinks, classicLinks)},
		{catalogue.DeviceCode, "", slices.Concat(entraLinks, []brokenLink{publicLink}, personLinks, mailboxLinks)},
	}
}

// healthyFor is a tenant in which the mailbox submits with OAuth.
func healthyFor(model string) *tenantsim.State {
	state := tenantsim.Default()
	if app := &state.Apps[1]; model == "role" {
		app.Permissions, app.Mailboxes, app.RoleScope = []string{"SMTP.Send"}, nil, []string{tenantsim.Mailbox}
	}
	return state
}

// What is proven is what the server or Entra said, then the first link that is
// missing; the others wait behind it.
func TestOAuthChain(t *testing.T) {
	n, tried := 0, 0
	for _, c := range chainCases() {
		w := newWorld(t, healthyFor(c.model))
		pairs := [][]brokenLink{{}}
		for i, a := range c.links {
			pairs = append(pairs, []brokenLink{a})
			for _, b := range c.links[i+1:] {
				pairs = append(pairs, []brokenLink{a, b})
			}
		}
		for _, pair := range pairs {
			single := len(pair) < 2 && c.way != catalogue.DeviceCode // which takes two seconds
			if n++; !single && !sampled(n, 7) || alike(pair) {
				continue
			}
			state := healthyFor(c.model)
			name := fmt.Sprintf("%s %s", c.way, c.model)
			if c.way == catalogue.ClientCertificate {
				certify(t, w, state)
			}
			for _, b := range pair {
				b.breaks(state, &state.Apps[1])
				name += ", " + b.name
			}
			w.SetState(state)
			tried++
			w.proves(t, name, c.way, pair)
		}
	}
	t.Logf("%d tenants of %d", tried, n)
}

// alike reports whether two breaks are of one setting.
func alike(pair []brokenLink) bool {
	if len(pair) < 2 {
		return false
	}
	names := [2]string{pair[0].name, pair[1].name}
	for _, one := range [][]string{{"unknown", "disabled", "blocked"}, {"switch", "organisation"}} {
		if slices.Contains(one, names[0]) && slices.Contains(one, names[1]) {
			return true
		}
	}
	return false
}

// proves runs diagnose --oauth and holds its answer against the breaks.
func (w *world) proves(t *testing.T, name string, way catalogue.Way, pair []brokenLink) {
	t.Helper()
	var d oauthAnswer
	w.said.Reset()
	code := w.object(t, &d, "diagnose", w.typed, "--oauth", string(way))
	want := expected(pair)
	if len(want) == 0 {
		if code != exitOK || d.Verdict != diagnose.Healthy || len(d.Also) > 0 || len(d.Unseen) > 0 || d.Token == nil || d.Token.Application != tenantsim.MailClientID {
			t.Errorf("%s: exit %d, %+v\n%s", name, code, d, w.said.String())
		}
		return
	}
	if code != exitCause || d.Verdict != diagnose.Confirmed || d.Cause != want[0] || !slices.Equal(d.Also, append([]catalogue.Code{}, want[1:]...)) {
		t.Errorf("%s: exit %d, %s %s, also %v, unseen %v; want %v", name, code, d.Verdict, d.Cause, d.Also, d.Unseen, want)
	}
	if refused := pair[0].proof == catalogue.GotToken; refused != (d.Token == nil) {
		t.Errorf("%s: token %v", name, d.Token)
	}
	if len(d.Missing) == 0 || d.Missing[0].Cause != d.Cause {
		t.Errorf("%s: missing %+v", name, d.Missing)
	}
	if len(w.Writes()) > 0 {
		t.Errorf("%s: it writes %+v", name, w.Writes())
	}
}

// expected are the causes that the breaks come to, the first in front.
func expected(pair []brokenLink) []catalogue.Code {
	if len(pair) == 2 && pair[0].hides && pair[1].hidden {
		pair = pair[:1]
	}
	var want []catalogue.Code
	for _, b := range pair {
		want = append(want, b.cause)
	}
	switch {
	case len(pair) == 2 && pair[0].name == "permission" && pair[1].name == "full access":
		return want[:1] // neither way is set up: one link, the role in Exchange
	case len(pair) == 2 && pair[0].name == "no mailbox" && slices.Contains([]string{"switch", "organisation", "permission", "full access", "role", "scope"}, pair[1].name):
		return want[:1] // a mailbox that is not there has no switch, and nobody a right to it
	}
	return slices.Compact(want)
}
