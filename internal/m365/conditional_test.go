package m365

import (
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

// caPolicyJSON writes a policy that stops everybody's SMTP sign-in, with some of its
// parts replaced.
func caPolicyJSON(name string, swaps ...string) string {
	p := `{"id":"x","displayName":"` + name + `","state":"enabled","conditions":{` +
		`"clientAppTypes":["exchangeActiveSync","other"],` +
		`"applications":{"includeApplications":["All"],"excludeApplications":[]},` +
		`"users":{"includeUsers":["All"],"excludeUsers":[],"includeGroups":[],"excludeGroups":[],"includeRoles":[],"excludeRoles":[]},` +
		`"locations":null,"platforms":null,"userRiskLevels":[],"signInRiskLevels":[]},` +
		`"grantControls":{"operator":"OR","builtInControls":["block"],"customAuthenticationFactors":[],"termsOfUse":[]},"sessionControls":null}`
	for i := 0; i < len(swaps); i += 2 {
		if !strings.Contains(p, swaps[i]) {
			panic("nothing to replace: " + swaps[i])
		}
		p = strings.Replace(p, swaps[i], swaps[i+1], 1)
	}
	return p
}

const (
	group    = "bbbbbbbb-0000-4000-8000-000000000002"
	role     = "62e90394-69f5-4237-9190-012177145e10"
	exchange = "00000002-0000-0ff1-ce00-000000000000"
)

func TestConditionalAccess(t *testing.T) {
	const (
		all      = `"includeUsers":["All"]`
		clients  = `"clientAppTypes":["exchangeActiveSync","other"]`
		apps     = `"includeApplications":["All"]`
		controls = `"builtInControls":["block"]`
	)
	tests := []struct {
		name   string
		policy string
		value  string
		fails  string
	}{
		{"blocks legacy sign-ins", caPolicyJSON("P"), "P", ""},
		{"switched off", caPolicyJSON("P", `"state":"enabled"`, `"state":"disabled"`), "none", ""},
		{"only reports", caPolicyJSON("P", `"state":"enabled"`, `"state":"enabledForReportingButNotEnforced"`), "none", ""},

		{"a state of the future", caPolicyJSON("P", `"state":"enabled"`, `"state":"enabledForSome"`), "", "policy P depends on its state"},
		{"no state", caPolicyJSON("P", `"state":"enabled",`, ``), "", "policy P depends on its state"},
		{"no conditions", `{"displayName":"P","state":"enabled","conditions":null,"grantControls":{"operator":"OR","builtInControls":["block"]}}`, "", "its conditions, which were not given"},
		{"no conditions, switched off", `{"displayName":"P","state":"disabled"}`, "none", ""},
		{"no users", caPolicyJSON("P", `"users":{`, `"people":{`), "", "its users, which were not given"},
		{"users without a word", caPolicyJSON("P", `"users":{"includeUsers":["All"],"excludeUsers":[],"includeGroups":[],"excludeGroups":[],"includeRoles":[],"excludeRoles":[]}`, `"users":{}`), "", "its users, which were not given"},
		{"no applications", caPolicyJSON("P", `"applications":{`, `"apps":{`), "", "applications that were not given"},
		{"no key for clients", caPolicyJSON("P", clients+",", ``), "", "client types not known here"},
		{"clients are null", caPolicyJSON("P", clients, `"clientAppTypes":null`), "", "client types not known here"},
		{"no key for controls", caPolicyJSON("P", `"grantControls":{`, `"controls":{`), "", "a grant control not known here"},
		{"controls without a list", caPolicyJSON("P", controls+",", ``), "", "a grant control not known here"},
		{"an operator of the future", caPolicyJSON("P", controls, `"builtInControls":["mfa","passwordChange"]`, `"OR"`, `"XOR"`), "", "a grant control not known here"},
		{"clients of another type", caPolicyJSON("P", clients, `"clientAppTypes":"all"`), "", "not the JSON of this API"},
		{"a policy that is null", `null`, "", "does not hold each entry"},
		{"a policy called none", caPolicyJSON("none"), `"none"`, ""},
		{"a policy without a name", caPolicyJSON(""), "x", ""},
		{"a role that is not named", caPolicyJSON("P", all, `"includeUsers":[]`, `"includeRoles":[]`, `"includeRoles":["11111111-0000-4000-8000-000000000009"]`), "none", ""},

		{"all clients", caPolicyJSON("P", clients, `"clientAppTypes":["all"]`), "P", ""},
		{"no client named", caPolicyJSON("P", clients, `"clientAppTypes":[]`), "P", ""},
		{"browsers", caPolicyJSON("P", clients, `"clientAppTypes":["browser","mobileAppsAndDesktopClients"]`), "none", ""},
		{"a client of the future", caPolicyJSON("P", clients, `"clientAppTypes":["agentClients"]`), "", "client types not known here"},

		{"Exchange", caPolicyJSON("P", apps, `"includeApplications":["`+exchange+`"]`), "P", ""},
		{"Office 365", caPolicyJSON("P", apps, `"includeApplications":["Office365"]`), "P", ""},
		{"another application", caPolicyJSON("P", apps, `"includeApplications":["797f4846-ba00-4fd7-ba43-dac1f8f63013"]`), "none", ""},
		{"not Exchange", caPolicyJSON("P", `"excludeApplications":[]`, `"excludeApplications":["Office365"]`), "none", ""},
		{"a user action", caPolicyJSON("P", apps, `"includeApplications":[],"includeUserActions":["urn:user:registersecurityinfo"]`), "none", ""},
		{"filter on applications", caPolicyJSON("P", apps, `"includeApplications":[],"applicationFilter":{"mode":"include","rule":"x"}`), "", "a filter on applications"},

		{"this user", caPolicyJSON("P", all, `"includeUsers":["`+strings.ToUpper(testUserID)+`"]`), "P", ""},
		{"another user", caPolicyJSON("P", all, `"includeUsers":["cccccccc-0000-4000-8000-000000000003"]`), "none", ""},
		{"not this user", caPolicyJSON("P", `"excludeUsers":[]`, `"excludeUsers":["`+testUserID+`"]`), "none", ""},
		{"a group of the user", caPolicyJSON("P", all, `"includeUsers":[]`, `"includeGroups":[]`, `"includeGroups":["`+group+`"]`), "P", ""},
		{"another group", caPolicyJSON("P", all, `"includeUsers":[]`, `"includeGroups":[]`, `"includeGroups":["dddddddd-0000-4000-8000-000000000004"]`), "none", ""},
		{"not a group of the user", caPolicyJSON("P", `"excludeGroups":[]`, `"excludeGroups":["`+group+`"]`), "none", ""},
		{"a role of the user", caPolicyJSON("P", all, `"includeUsers":["None"]`, `"includeRoles":[]`, `"includeRoles":["`+role+`"]`), "P", ""},
		{"guests", caPolicyJSON("P", all, `"includeUsers":["GuestsOrExternalUsers"]`), "none", ""},
		{"not guests", caPolicyJSON("P", `"excludeUsers":[]`, `"excludeUsers":["GuestsOrExternalUsers"]`), "P", ""},

		{"MFA", caPolicyJSON("P", controls, `"builtInControls":["mfa"]`), "P", ""},
		{"a compliant or joined device", caPolicyJSON("P", controls, `"builtInControls":["compliantDevice","domainJoinedDevice"]`), "P", ""},
		{"authentication strength", caPolicyJSON("P", controls, `"builtInControls":[],"authenticationStrength":{"id":"x"}`), "P", ""},
		{"session controls alone", caPolicyJSON("P", `"grantControls":{"operator":"OR",`+controls+`,"customAuthenticationFactors":[],"termsOfUse":[]}`, `"grantControls":null`), "none", ""},
		{"MFA or a new password", caPolicyJSON("P", controls, `"builtInControls":["mfa","passwordChange"]`), "", "a grant control not known here"},
		{"MFA and a new password", caPolicyJSON("P", controls, `"builtInControls":["mfa","passwordChange"]`, `"OR"`, `"AND"`), "P", ""},
		{"a control of the future", caPolicyJSON("P", controls, `"builtInControls":["verifiedPresence"]`), "", "a grant control not known here"},
		{"terms of use", caPolicyJSON("P", controls, `"builtInControls":[]`, `"termsOfUse":[]`, `"termsOfUse":["x"]`), "", "a grant control not known here"},

		{"from outside", caPolicyJSON("P", `"locations":null`, `"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}`), "", "policy P depends on location"},
		{"from anywhere", caPolicyJSON("P", `"locations":null`, `"locations":{"includeLocations":["All"],"excludeLocations":[]}`), "P", ""},
		{"on Windows", caPolicyJSON("P", `"platforms":null`, `"platforms":{"includePlatforms":["windows"]}`), "", "device platform"},
		{"risky sign-ins", caPolicyJSON("P", `"signInRiskLevels":[]`, `"signInRiskLevels":["high"]`), "", "the sign-in's risk"},
		{"filter on devices", caPolicyJSON("P", `"platforms":null`, `"devices":{"deviceFilter":{"mode":"include","rule":"x"}}`), "", "a filter on devices"},
		{"a condition of the future", caPolicyJSON("P", `"platforms":null`, `"moonPhases":["full"]`), "", "the condition moonPhases"},
		{"device code flow", caPolicyJSON("P", clients, `"clientAppTypes":["all"],"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`), "none", ""},

		{"certain and possible", caPolicyJSON("P") + "," + caPolicyJSON("Q") + "," + caPolicyJSON("R", `"userRiskLevels":[]`, `"userRiskLevels":["high"]`), "P; Q", ""},
		{"possible and switched off", caPolicyJSON("P", `"signInRiskLevels":[]`, `"signInRiskLevels":["low"]`) + "," + caPolicyJSON("Q", `"state":"enabled"`, `"state":"disabled"`), "", "policy P depends on the sign-in's risk"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.set(routePolicies, `{"value":[`+tt.policy+`]}`)
			f.set(routeMember, `{"value":[{"@odata.type":"#microsoft.graph.group","id":"`+group+`"},{"@odata.type":"#microsoft.graph.directoryRole","id":"y","roleTemplateId":"`+role+`"}]}`)
			got := f.open(t).Read(t.Context(), fact.OrgConditionalAccess)[0]
			if got.Value != tt.value || (got.Error == "") != (tt.fails == "") || !strings.Contains(got.Error, tt.fails) {
				t.Errorf("got %+v\nwant value %q, error with %q", got, tt.value, tt.fails)
			}
		})
	}
}

// Groups that cannot be read leave a policy open, unless it applies anyway.
func TestConditionalAccessWithoutGroups(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route == routeMember {
			respond(403, "application/json", `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges"}}`)(w, r)
		}
		return route == routeMember
	}
	excluding := caPolicyJSON("P", `"excludeGroups":[]`, `"excludeGroups":["`+group+`"]`)
	f.set(routePolicies, `{"value":[`+excluding+`]}`)
	got := tenant.Read(t.Context(), fact.OrgConditionalAccess)[0]
	if got.Known() || !strings.Contains(got.Error, "groups and roles, which could not be read") {
		t.Errorf("reading = %+v", got)
	}
	f.set(routePolicies, `{"value":[`+excluding+`,`+caPolicyJSON("Q")+`]}`)
	got = tenant.Read(t.Context(), fact.OrgConditionalAccess)[0]
	if got.Value != "Q" || !strings.Contains(got.Detail, "policy P depends on the user's groups") {
		t.Errorf("reading = %+v", got)
	}
}

// Roles whose names are kept back leave a policy for roles open, and no other.
func TestConditionalAccessWithoutRoles(t *testing.T) {
	f := newFake(t)
	f.set(routeMember, members(`"roleTemplateId":null`))
	tenant := f.open(t)
	for swap, known := range map[string]bool{
		`"includeRoles":["` + role + `"]`:   false,
		`"includeGroups":["` + group + `"]`: true,
	} {
		key, _, _ := strings.Cut(swap, ":")
		f.set(routePolicies, `{"value":[`+caPolicyJSON("P", `"includeUsers":["All"]`, `"includeUsers":[]`, key+`:[]`, swap)+`]}`)
		got := tenant.Read(t.Context(), fact.OrgConditionalAccess)[0]
		if got.Known() != known || !known && !strings.Contains(got.Error, "without saying which") {
			t.Errorf("%s: %+v", swap, got)
		}
	}
}

// A tenant that never had the licence has no policies, whatever it answers;
// any other refusal stays one.
func TestConditionalAccessWithoutPremium(t *testing.T) {
	for _, tt := range []struct {
		status  int
		premium string
		value   string
	}{
		{403, skus("EXCHANGE_S_STANDARD"), fact.None},
		{400, skus("EXCHANGE_S_STANDARD"), fact.None},
		{403, skus("AAD_PREMIUM"), ""},
		{403, `{"value":[]}`, ""},
		{503, skus("EXCHANGE_S_STANDARD"), ""},
		{429, skus("EXCHANGE_S_STANDARD"), ""},
	} {
		f := newFake(t)
		f.set(routeSKUs, tt.premium)
		f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
			if route == routePolicies {
				respond(tt.status, "application/json", `{"error":{"code":"Forbidden","message":"Your tenant is not licensed for this feature."}}`)(w, r)
			}
			return route == routePolicies
		}
		got := f.open(t).Read(t.Context(), fact.OrgConditionalAccess)[0]
		if got.Value != tt.value || tt.value != "" && !strings.Contains(got.Detail, "never had Entra ID P1") {
			t.Errorf("%d, %s: %+v", tt.status, tt.premium, got)
		}
	}
}

// Groups are asked for only when a policy names some.
func TestConditionalAccessAsksNoMore(t *testing.T) {
	f := newFake(t)
	f.set(routePolicies, `{"value":[`+caPolicyJSON("P")+`]}`)
	f.open(t).Read(t.Context(), fact.OrgConditionalAccess)
	if n := count(f.requests(), routeMember); n != 0 {
		t.Errorf("groups were asked for %d times", n)
	}
}

func TestConditionalAccessPages(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.set(routePolicies, `{"value":[`+caPolicyJSON("P")+`],"@odata.nextLink":"`+f.URL+`/graph/v1.0/next?$skiptoken=x"}`)
	f.set("GET /v1.0/next", `{"value":[`+caPolicyJSON("Q")+`]}`)
	if got := tenant.Read(t.Context(), fact.OrgConditionalAccess)[0]; got.Value != "P; Q" {
		t.Errorf("reading = %+v", got)
	}
	f.set(routePolicies, `{"value":[],"@odata.nextLink":"`+elsewhere(t)+`/graph/v1.0/next"}`)
	if got := tenant.Read(t.Context(), fact.OrgConditionalAccess)[0]; got.Known() || !strings.Contains(got.Error, "not a host of the cloud") {
		t.Errorf("link to elsewhere: %+v", got)
	}
	f.set(routePolicies, `{"value":[],"@odata.nextLink":"`+f.URL+`/graph/v1.0/identity/conditionalAccess/policies"}`)
	if got := tenant.Read(t.Context(), fact.OrgConditionalAccess)[0]; got.Known() || !strings.Contains(got.Error, "an end of the list") {
		t.Errorf("endless list: %+v", got)
	}
}

// A list that is none is not an empty one.
func TestConditionalAccessWithoutList(t *testing.T) {
	f := newFake(t)
	f.set(routePolicies, `{}`)
	if got := f.open(t).Read(t.Context(), fact.OrgConditionalAccess)[0]; got.Known() {
		t.Errorf("reading = %+v", got)
	}
}

// A user whose kind was not sent may be a guest; one whose kind is null is from
// before there were guests.
func TestConditionalAccessForGuests(t *testing.T) {
	f := newFake(t)
	f.set(routePolicies, `{"value":[`+caPolicyJSON("P", `"includeUsers":["All"]`, `"includeUsers":["GuestsOrExternalUsers"]`)+`]}`)
	for kind, known := range map[string]bool{`"userType":"Member",`: true, `"userType":null,`: true, ``: false, `"userType":"Guest",`: false} {
		f.set(routeUser, strings.Replace(directoryUserJSON(testUser, testUserID), `"userType":"Member",`, kind, 1))
		if got := f.open(t).Read(t.Context(), fact.OrgConditionalAccess)[0]; got.Known() != known {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}
