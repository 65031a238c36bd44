package m365

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/fact"
)

func (f *fake) tenantsFast() *Tenants {
	return &Tenants{pause: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

// add has the fake know another mailbox, with answers of its own.
func (f *fake) add(mailbox, id string) {
	f.set("GET /v1.0/users/"+mailbox, directoryUserJSON(mailbox, id))
	f.set("GET /beta/users/"+mailbox+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
}

// Many mailboxes of one tenant, at once and under two of its domains: one
// sign-in, one reading of all that concerns the tenant, and each mailbox's own
// facts for itself.
func TestTenantsReadWideFactsOnce(t *testing.T) {
	f := newFake(t)
	f.set("Get-OrganizationConfig", exchangeValue(`{"DefaultAuthenticationPolicy":"Block Basic Auth"}`))
	ts := f.tenantsFast()
	defer ts.Close()
	const each = 8
	var all sync.WaitGroup
	for i := range each {
		mailbox := fmt.Sprintf("m%d@contoso.com", i)
		if i%2 == 1 {
			mailbox = fmt.Sprintf("m%d@contoso.example", i)
		}
		f.add(mailbox, fmt.Sprintf("bbbbbbbb-0000-4000-8000-00000000000%d", i))
		all.Go(func() {
			o := f.options()
			o.Mailbox = mailbox
			tenant, err := ts.Open(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			defer tenant.Close()
			got := tenant.Read(t.Context(), fact.UserPerUserMFA, fact.UserAccount, fact.OrgSecurityDefaults, fact.OrgSMTPAuth, fact.OrgLegacyTLS, fact.OrgPremium, fact.OrgConditionalAccess)
			want := []string{"enforced", "enabled", "off", "off", "off", "p1", "none"}
			var values []string
			for _, r := range got {
				values = append(values, r.Value+r.Error)
			}
			if diff := cmp.Diff(want, values); diff != "" {
				t.Errorf("%s (-want +got):\n%s", mailbox, diff)
			}
			if s := tenant.Subject(t.Context()); s.User.Name != mailbox || s.TenantID != testTenant || !strings.HasSuffix(mailbox, "@"+s.Domain) {
				t.Errorf("%s: %+v", mailbox, s)
			}
		})
	}
	all.Wait()
	sent := f.requests()
	for _, route := range []string{
		"GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy", "Get-TransportConfig", "GET /v1.0/subscribedSkus",
		"GET /v1.0/identity/conditionalAccess/policies", "GET /v1.0/organization",
	} {
		if n := count(sent, route); n != 1 {
			t.Errorf("%s was sent %d times", route, n)
		}
	}
	if n := count(sent, "Get-CASMailbox"); n < each {
		t.Errorf("%d mailboxes were asked for", n)
	}
	if len(f.logins) != 2 { // a token for each API
		t.Errorf("signed in %d times", len(f.logins))
	}
}

// Many mailboxes at once do not mean many requests at once.
func TestTenantsBoundRequests(t *testing.T) {
	f := newFake(t)
	var mu sync.Mutex
	underWay, most := map[string]int{}, map[string]int{}
	f.fault = func(route string, _ http.ResponseWriter, _ *http.Request) bool {
		api := "exchange"
		if strings.Contains(route, " ") {
			api = "graph"
		}
		mu.Lock()
		underWay[api]++
		most[api] = max(most[api], underWay[api])
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		underWay[api]--
		mu.Unlock()
		return false
	}
	ts := f.tenantsFast()
	defer ts.Close()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			tenant, err := ts.Open(t.Context(), f.options())
			if err != nil {
				t.Error(err)
				return
			}
			for _, r := range tenant.Read(t.Context(), allFacts()...) {
				if r.Error != "" {
					t.Errorf("%+v", r)
				}
			}
		})
	}
	all.Wait()
	if most["exchange"] > atOnce || most["exchange"] < 2 || most["graph"] > atOnce+1 || most["graph"] < 2 { // the sign-in is at Graph's routes here
		t.Errorf("at once %v, want %d", most, atOnce)
	}
}

// A policy by which passwords are refused is read once for all who have it.
func TestTenantsReadAPolicyOnce(t *testing.T) {
	f := newFake(t)
	f.set("Get-OrganizationConfig", exchangeValue(`{"DefaultAuthenticationPolicy":"Block Basic Auth"}`))
	ts := f.tenantsFast()
	defer ts.Close()
	for range 3 {
		tenant, err := ts.Open(t.Context(), f.options())
		if err != nil {
			t.Fatal(err)
		}
		if got := tenant.Read(t.Context(), fact.UserAuthPolicySMTP); got[0].Value != "block" {
			t.Errorf("%+v", got)
		}
	}
	sent := f.requests()
	for _, route := range []string{"Get-AuthenticationPolicy", "Get-OrganizationConfig"} {
		if n := count(sent, route); n != 1 {
			t.Errorf("%s was sent %d times", route, n)
		}
	}
}

// What failed in a way that may pass is asked again for the next mailbox; what
// was refused is not, and neither is a sign-in.
func TestTenantsAskAgain(t *testing.T) {
	f := newFake(t)
	failing := "Get-TransportConfig"
	times := 0
	f.fault = func(route string, w http.ResponseWriter, _ *http.Request) bool {
		if route != failing {
			return false
		}
		if times++; times > 4 { // a throttled request is sent four times
			return false
		}
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	ts := f.tenantsFast()
	defer ts.Close()
	for _, want := range []string{"", "off", "off"} {
		tenant, err := ts.Open(t.Context(), f.options())
		if err != nil {
			t.Fatal(err)
		}
		if got := tenant.Read(t.Context(), fact.OrgSMTPAuth); got[0].Value != want || (got[0].Error == "") != (want != "") {
			t.Errorf("%+v", got)
		}
	}
	if times != 5 {
		t.Errorf("asked %d times", times)
	}
}

// A sign-in that was refused is refused for all mailboxes of the tenant, once.
func TestTenantsSignInOnce(t *testing.T) {
	f := newFake(t)
	tokens := 0
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/token") {
			return false
		}
		tokens++
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}`)
		return true
	}
	ts := f.tenantsFast()
	defer ts.Close()
	said := map[string]bool{}
	for range 5 {
		_, err := ts.Open(t.Context(), f.options())
		if err == nil {
			t.Fatal("signed in")
		}
		said[err.Error()] = true
	}
	if tokens > 2 || len(said) != 1 { // one for each API
		t.Errorf("asked for %d tokens, said %v", tokens, said)
	}
}

// Two tenants are two, also where the application can only sign in to one.
func TestTenantsApart(t *testing.T) {
	f := newFake(t)
	f.tenants = map[string]string{"fabrikam.com": "99999999-0000-4000-8000-000000000000"}
	ts := f.tenantsFast()
	defer ts.Close()
	env := f.options().Env
	open := func(mailbox string) (*Tenant, error) {
		o := f.options()
		o.Mailbox = mailbox
		o.Env = func(name string) (string, bool) { // the customers are many
			if name == "AZURE_TENANT_ID" {
				return "", false
			}
			return env(name)
		}
		return ts.Open(t.Context(), o)
	}
	if _, err := open(testUser); err != nil {
		t.Error(err)
	}
	if _, err := open("a@fabrikam.com"); err == nil || !strings.Contains(err.Error(), "99999999-0000") {
		t.Errorf("a token of another tenant was used: %v", err)
	}
}
