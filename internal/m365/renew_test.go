package m365

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

// expire makes the token that is in use an expired one; the next has other
// claims.
func (f *fake) expire(challenge string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := "Bearer " + jwt(f.claims)
	f.claims["iat"] = len(f.logins)
	f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") != old {
			return false
		}
		respond(401, "application/json", `{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}`, "WWW-Authenticate", challenge)(w, r)
		return true
	}
}

// A token that expires in the middle of a run is refreshed, once for all that
// met it, and what was refused is sent again, a write too.
func TestExpiredToken(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	logins := len(f.logins)
	f.expire("")
	for _, got := range tenant.Read(t.Context(), allFacts()...) {
		if !got.Known() {
			t.Errorf("%+v", got)
		}
	}
	if n := len(f.logins) - logins; n != 2 {
		t.Errorf("%d tokens were fetched for two APIs", n)
	}
	for _, w := range writes {
		f = newFake(t)
		tenant = f.open(t)
		tenant.Subject(t.Context())
		f.expire("")
		f.requests()
		if err := tenant.Write(t.Context(), w.fact, w.value); err != nil {
			t.Errorf("%s: %v", w.fact, err)
		}
		if n := count(f.requests(), w.route); n != 2 {
			t.Errorf("%s was sent %d times", w.fact, n)
		}
	}
}

// Only a token that was fetched anew and refused again means a missing role,
// and it is not fetched a third time.
func TestRefusedTokenIsRefreshedOnce(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	tenant.Subject(t.Context())
	logins := len(f.logins)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		refused := strings.HasPrefix(route, "Get-")
		if refused {
			respond(401, "application/json", "")(w, r)
		}
		return refused
	}
	for range 2 {
		got := tenant.Read(t.Context(), fact.MailboxSMTPAuth, fact.OrgSMTPAuth)
		if !strings.Contains(got[0].Error, "Exchange.ManageAsApp and needs a role besides") {
			t.Errorf("reading = %+v", got[0])
		}
	}
	if n := len(f.logins) - logins; n != 1 {
		t.Errorf("%d tokens were fetched", n)
	}
}

// The claims that an API asks for go to the token endpoint; without them a
// claims request goes there that no remembered token answers.
func TestClaimsChallenge(t *testing.T) {
	const asked = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	for _, tt := range []struct{ challenge, want string }{
		{`Bearer realm="", error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(asked)) + `"`, "1604106651"},
		{`Bearer error="invalid_token"`, "nbf"},
		{`Bearer claims="!!"`, "nbf"},
	} {
		f := newFake(t)
		tenant := f.open(t)
		f.expire(tt.challenge)
		if got := tenant.Read(t.Context(), fact.OrgSecurityDefaults)[0]; !got.Known() {
			t.Errorf("%+v", got)
		}
		if last := f.logins[len(f.logins)-1]; !strings.Contains(last, "claims=") || !strings.Contains(last, tt.want) {
			t.Errorf("%s: asked for %q", tt.challenge, last)
		}
	}
}

// A refreshed token of another tenant is not used, and nothing after it.
func TestRefreshedTokenOfAnotherTenant(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	tenant.Subject(t.Context())
	f.expire("")
	f.mu.Lock()
	f.claims["tid"] = otherTenant
	f.mu.Unlock()
	f.requests()
	err := tenant.Write(t.Context(), fact.OrgSecurityDefaults, "off")
	if !errors.Is(err, fact.ErrOtherTenant) || errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), otherTenant) {
		t.Errorf("error = %v", err)
	}
	for _, r := range f.requests() {
		if r.Auth == "Bearer "+f.token() {
			t.Errorf("%s was sent with the other tenant's token", r.Route)
		}
	}
}

// A sign-in that fails for no fault of the credentials does not blame them.
func TestSignInStepFollowsTheKind(t *testing.T) {
	for _, status := range []int{500, 502, 503} {
		f := newFake(t)
		f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				respond(status, "application/json", "")(w, r)
			}
			return r.Method == http.MethodPost
		}
		_, err := openFast(t.Context(), f.options())
		if !errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), "credentials") || !strings.Contains(err.Error(), "try again later") {
			t.Errorf("%d: %v", status, err)
		}
	}
}
