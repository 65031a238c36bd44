package tenantsim

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

// Security defaults go on only where no policy is enabled.
func TestSecurityDefaultsBesidePolicies(t *testing.T) {
	for policy, want := range map[string]int{"enabled": 400, "disabled": 204, "enabledForReportingButNotEnforced": 204} {
		state := Default()
		block(t, state, "Block legacy authentication")
		state.Org.ConditionalAccess[0].State = policy
		tenant := start(t, state)
		c := newCaller(t, tenant, tenant.Cloud().Graph)
		resp, data := c.must("PATCH", tenant.Cloud().Graph+securityDefaultsPath, `{"isEnabled":true}`)
		if resp.StatusCode != want || want == 400 && errorCode(t, data) != "BadRequest" {
			t.Errorf("%s: %d %s", policy, resp.StatusCode, data)
		}
		if on := tenant.State().Org.SecurityDefaults == "on"; on != (want == 204) {
			t.Errorf("%s: on %v", policy, on)
		}
		// Off they go at any time, and stay on where they are.
		state.Org.SecurityDefaults = "on"
		tenant.SetState(state)
		for _, body := range []string{`{"isEnabled":true}`, `{"isEnabled":false}`} {
			if resp, data := c.must("PATCH", tenant.Cloud().Graph+securityDefaultsPath, body); resp.StatusCode != 204 {
				t.Errorf("%s, %s: %d %s", policy, body, resp.StatusCode, data)
			}
		}
	}
}

func TestEnabledBecomesEnforced(t *testing.T) {
	for registered, want := range map[bool]string{true: "enforced", false: "enabled"} {
		state := Default()
		state.User(Mailbox).MFARegistered = registered
		tenant := start(t, state)
		c := newCaller(t, tenant, tenant.Cloud().Graph)
		c.must("PATCH", tenant.Cloud().Graph+perUserMFAPath, `{"perUserMfaState":"enabled"}`)
		if got := tenant.State().User(Mailbox).PerUserMFA; got != want {
			t.Errorf("registered %v: %s", registered, got)
		}
	}
}

// TestPremiumPlans: what was subscribed to, by the names of its plans.
func TestPremiumPlans(t *testing.T) {
	for premium, want := range map[string]string{
		"none": "EXCHANGE_S_FOUNDATION EXCHANGE_S_STANDARD", "p1": "EXCHANGE_S_FOUNDATION EXCHANGE_S_STANDARD AAD_PREMIUM",
		"p2": "EXCHANGE_S_FOUNDATION EXCHANGE_S_STANDARD AAD_PREMIUM AAD_PREMIUM_P2",
	} {
		state := Default()
		if err := state.Set(Mailbox, fact.OrgPremium, premium); err != nil {
			t.Fatal(err)
		}
		tenant := start(t, state)
		c := newCaller(t, tenant, tenant.Cloud().Graph)
		_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/subscribedSkus", "")
		var names []string
		for _, p := range first(t, data)["servicePlans"].([]any) {
			names = append(names, p.(map[string]any)["servicePlanName"].(string))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s", premium, got)
		}
		resp, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/auditLogs/signIns", "")
		if readable := resp.StatusCode == 200; readable != (premium != "none") {
			t.Errorf("%s: sign-in log %d %s", premium, resp.StatusCode, data)
		}
	}
}

func TestOrganization(t *testing.T) {
	tenant := start(t, named())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/organization?$select=id,displayName,verifiedDomains", "")
	row := first(t, data)
	domains, _ := row["verifiedDomains"].([]any)
	if row["id"] != tenant.State().TenantID || row["displayName"] != "Contoso" || len(domains) != 2 ||
		domains[1].(map[string]any)["name"] != "contoso.onmicrosoft.com" || domains[0].(map[string]any)["isDefault"] != true {
		t.Errorf("%s", data)
	}
}

func TestLegacyTLSThatNobodySet(t *testing.T) {
	for value, want := range map[string]any{"unset": nil, "off": false, "on": true} {
		state := Default()
		state.Org.LegacyTLS = value
		tenant := start(t, state)
		_, data := newCaller(t, tenant, tenant.Cloud().Exchange).invoke("Get-TransportConfig", "{}")
		if got, there := first(t, data)["AllowLegacyTLSClients"]; !there || got != want {
			t.Errorf("%s: %v", value, got)
		}
	}
}

// The conditions of a policy are listed as Graph has them, and decide over
// SMTP.
func TestPolicyConditions(t *testing.T) {
	const office = "bbbbbbbb-0000-0000-0000-000000000001"
	state := Default()
	block(t, state, "No passwords for administrators outside")
	state.Org.NamedLocations = []Location{{ID: office, Name: "office", Ranges: []string{"203.0.113.0/24"}}}
	p := &state.Org.ConditionalAccess[0]
	p.IncludeUsers, p.IncludeRoles = nil, []string{"29232cdf-9323-42fd-ade2-1d097af3e4de"}
	p.IncludeLocations, p.ExcludeLocations = []string{"All"}, []string{office}
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/identity/conditionalAccess/policies", "")
	for _, want := range []string{
		`"includeRoles":["29232cdf-9323-42fd-ade2-1d097af3e4de"]`, `"locations":{"excludeLocations":["` + office + `"],"includeLocations":["All"]}`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	for _, tc := range []struct {
		roles  []string
		client string
		stops  bool
	}{
		{nil, "198.51.100.1", false},
		{[]string{"Exchange Administrator"}, "198.51.100.1", true},
		{[]string{"Exchange Administrator"}, "203.0.113.9", false},
		{[]string{"Global Reader"}, "198.51.100.1", false},
	} {
		state.Users[0].AdminRoles, state.SMTP.Client = tc.roles, tc.client
		tenant.SetState(state)
		got := connect(t, tenant).login(Mailbox, Password)
		if stopped := strings.Contains(got, "did not meet the criteria"); stopped != tc.stops {
			t.Errorf("%v from %s: %q", tc.roles, tc.client, got)
		}
	}
}

// Reads lag behind and writes do not: what was written is not read back yet,
// and writing it again is a change of nothing.
func TestReadsLag(t *testing.T) {
	state := Default()
	state.ReadLag.Duration = time.Hour
	tenant := start(t, state)
	exchange, graph := newCaller(t, tenant, tenant.Cloud().Exchange), newCaller(t, tenant, tenant.Cloud().Graph)
	set := "{" + identity + `,"SmtpClientAuthenticationDisabled":true}`
	exchange.invoke("Set-CASMailbox", set)
	graph.must("PATCH", tenant.Cloud().Graph+securityDefaultsPath, `{"isEnabled":true}`)
	if now := tenant.State(); now.Users[0].SMTPAuth != "off" || now.Org.SecurityDefaults != "on" {
		t.Errorf("not written: %+v", now)
	}
	if _, data := exchange.invoke("Get-CASMailbox", "{"+identity+"}"); first(t, data)["SmtpClientAuthenticationDisabled"] != false {
		t.Errorf("Exchange reads %s", data)
	}
	if _, data := graph.must("GET", tenant.Cloud().Graph+securityDefaultsPath, ""); object(t, data)["isEnabled"] != false {
		t.Errorf("Graph reads %s", data)
	}
	if _, data := exchange.invoke("Set-CASMailbox", set); !strings.Contains(string(data), "have been modified") {
		t.Errorf("written twice: %s", data)
	}
	if got := connect(t, tenant).login(Mailbox, Password); !strings.Contains(got, "disabled for the Mailbox") {
		t.Errorf("SMTP: %q", got)
	}
	// Rights count at once.
	tenant.Change(func(s *State) { s.Apps[0].Roles = []string{"Global Reader"} })
	if status, _ := exchange.invoke("Set-CASMailbox", set); status != http.StatusForbidden {
		t.Errorf("without the role: %d", status)
	}
}
