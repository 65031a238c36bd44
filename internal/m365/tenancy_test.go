package m365

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

const otherTenant = "99999999-1111-4000-8000-00000000dcba"

// Whatever names another tenant than the mailbox's is refused before anybody
// signs in, in a sentence that holds both and where the other one came from.
func TestOtherTenantIsRefused(t *testing.T) {
	type env = map[string]string
	tests := []struct {
		name    string
		flag    string
		env     string
		want    string
		refuses []string // nil for a tenant that is accepted
	}{
		{name: "nothing names one"},
		{name: "the same by id", flag: testTenant, env: strings.ToUpper(testTenant)},
		{name: "the same by domain", flag: "contoso.onmicrosoft.com", env: "CONTOSO.com"},
		{name: "the one that is wanted", want: strings.ToUpper(testTenant), env: testTenant},
		{name: "environment by id", env: otherTenant, refuses: []string{"AZURE_TENANT_ID names tenant " + otherTenant, "contoso.com belongs to tenant " + testTenant, "nothing was read or changed", "unset AZURE_TENANT_ID"}},
		{name: "environment by domain", env: "fabrikam.com", refuses: []string{"AZURE_TENANT_ID names fabrikam.com, which is tenant " + otherTenant, testTenant}},
		{name: "flag by id", flag: otherTenant, refuses: []string{"--tenant names tenant " + otherTenant, testTenant, "leave --tenant out"}},
		{name: "flag by domain", flag: "fabrikam.com", refuses: []string{"--tenant names fabrikam.com", otherTenant, testTenant}},
		{name: "environment beside a right flag", flag: testTenant, env: otherTenant, refuses: []string{"AZURE_TENANT_ID names tenant " + otherTenant}},
		{name: "no tenant", env: "common", refuses: []string{`AZURE_TENANT_ID is "common", which is no tenant`, testTenant}},
		{name: "no tenant either", flag: "Organizations", refuses: []string{`--tenant is "Organizations", which is no tenant`}},
		{name: "wanted and another", want: otherTenant, env: testTenant, refuses: []string{"AZURE_TENANT_ID names tenant " + testTenant, "this run is for tenant " + otherTenant}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			f.tenants = map[string]string{"fabrikam.com": otherTenant}
			o := f.options()
			vars := env{"AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_SECRET": testSecret}
			if tt.env != "" {
				vars["AZURE_TENANT_ID"] = tt.env
			}
			o.Env, o.TenantID, o.Want = lookup(vars), tt.flag, tt.want
			tenant, err := openFast(t.Context(), o)
			if tt.refuses == nil {
				if err != nil || tenant.ID() != testTenant || tenant.Name() != "contoso.com" {
					t.Errorf("tenant %v, error %v", tenant, err)
				}
				return
			}
			if !errors.Is(err, fact.ErrOtherTenant) {
				t.Fatalf("error = %v", err)
			}
			for _, w := range tt.refuses {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q lacks %q", err, w)
				}
			}
			if len(f.logins) > 0 || len(f.requests()) > 0 {
				t.Errorf("somebody signed in: %q", f.logins)
			}
		})
	}
}

// A token of another tenant is never used, whichever API it is for.
func TestTokenOfAnotherTenant(t *testing.T) {
	for _, api := range []string{"graph", "exchange"} {
		f := newFake(t)
		own := f.claims
		f.fault = func(_ string, _ http.ResponseWriter, r *http.Request) bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			if strings.HasPrefix(r.URL.Path, "/login/") && len(f.logins) > 0 {
				f.claims = maps.Clone(own)
				if strings.Contains(f.logins[len(f.logins)-1], api+"%2F.default") {
					f.claims["tid"] = otherTenant
				}
			}
			return false
		}
		_, err := openFast(t.Context(), f.options())
		if !errors.Is(err, fact.ErrOtherTenant) || !strings.Contains(err.Error(), otherTenant) || !strings.Contains(err.Error(), testTenant) {
			t.Errorf("%s: error = %v", api, err)
		}
		if sent := f.requests(); len(sent) > 0 {
			t.Errorf("%s: sent %+v", api, sent)
		}
	}
}

// One claim that cannot be read does not hide the tenant.
func TestTokenOfAnotherTenantWithOddClaims(t *testing.T) {
	f := newFake(t)
	f.claims["tid"], f.claims["roles"] = otherTenant, "no list"
	if _, err := openFast(t.Context(), f.options()); !errors.Is(err, fact.ErrOtherTenant) {
		t.Errorf("error = %v", err)
	}
}

func TestTokenInUpperCase(t *testing.T) {
	f := newFake(t)
	f.claims["tid"] = strings.ToUpper(testTenant)
	f.open(t)
}

// A token that does not tell its tenant is used, and the tenant is asked who
// it is.
func TestOpaqueToken(t *testing.T) {
	f := newFake(t)
	f.opaque = true
	tenant := f.open(t)
	if s := tenant.Subject(t.Context()); s.Organisation != "Contoso Ltd" || s.Mailbox.Err != nil || s.User.Err != nil {
		t.Errorf("subject = %+v", s)
	}
	f.set("GET /v1.0/organization", `{"value":[{"id":"`+otherTenant+`","displayName":"Fabrikam"}]}`)
	_, err := openFast(t.Context(), f.options())
	if !errors.Is(err, fact.ErrOtherTenant) || !strings.Contains(err.Error(), otherTenant) {
		t.Errorf("error = %v", err)
	}
}

// The name of the organisation is a courtesy; without it all else goes on.
func TestOrganisationUnreadable(t *testing.T) {
	f := newFake(t)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route == "GET /v1.0/organization" {
			respond(403, "application/json", `{"error":{"code":"Authorization_RequestDenied"}}`)(w, r)
		}
		return route == "GET /v1.0/organization"
	}
	tenant := f.open(t)
	s := tenant.Subject(t.Context())
	want := fact.Subject{TenantID: testTenant, Domain: "contoso.com", Account: "application " + testApp,
		Mailbox: fact.Object{ID: testUserID, Name: "scanner@contoso.com"},
		User:    fact.Object{ID: testUserID, Name: "scanner@contoso.com"}}
	if s != want {
		t.Errorf("subject = %+v", s)
	}
	if n := count(f.requests(), "GET /v1.0/organization"); n != 1 {
		t.Errorf("the refused question was asked %d times", n)
	}
}

// An answer that does not give one id gives none, and nobody signs in.
func TestDiscoveryThatGivesNoTenant(t *testing.T) {
	const at = `"token_endpoint":"https://login.example/` + testTenant + `/oauth2/v2.0/token"`
	for name, tt := range map[string]struct {
		status int
		body   string
		kind   error
		want   string
	}{
		"two ids":      {200, `{` + at + `,"issuer":"https://login.example/` + otherTenant + `/v2.0"}`, ErrSignIn, "names two"},
		"none":         {200, `{"token_endpoint":"https://login.example/token"}`, ErrSignIn, "names none"},
		"another type": {200, `{"token_endpoint":7}`, ErrUnreachable, "not the JSON"},
		"unavailable":  {503, ``, ErrUnreachable, "status 503; try again later"},
		"throttled":    {429, ``, ErrThrottled, "takes no more requests"},
		"unknown":      {400, `{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant not found."}`, ErrSignIn, "AADSTS90002"},
	} {
		f := newFake(t)
		f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
			respond(tt.status, "application/json", tt.body)(w, r)
			return true
		}
		_, err := openFast(t.Context(), f.options())
		if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.want) || len(f.logins) > 0 || len(f.requests()) > 0 {
			t.Errorf("%s: error %v, sign-ins %d", name, err, len(f.logins))
		}
	}
}

// A person of another tenant is a visitor, as far as the domains tell.
func TestVisiting(t *testing.T) {
	for _, tt := range []struct {
		upn, organisation string
		want              bool
	}{
		{"admin@CONTOSO.com", "", false},
		{"admin@partner.example", "", true},
		{"admin@partner.example", `{"value":[{"id":"` + testTenant + `","displayName":"Contoso Ltd"}]}`, false},
		{"", "", false}, // an application
	} {
		f := newFake(t)
		if tt.upn != "" {
			f.claims["upn"] = tt.upn
		}
		if tt.organisation != "" {
			f.bodies["GET /v1.0/organization"] = tt.organisation
		}
		if tenant := f.open(t); tenant.Visiting() != tt.want {
			t.Errorf("%s, signed in as %s: %v", tt.organisation, tenant.Account(), !tt.want)
		}
	}
}
