package m365

import (
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

func TestMailboxThatIsNone(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route != "Get-Mailbox" {
			return false
		}
		respond(404, "application/json", `{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"message":"Ex41BAF5|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The specified mailbox Identity:\"scanner@contoso.com\" doesn't exist."}]}}`)(w, r)
		return true
	}
	got := tenant.Read(t.Context(), fact.MailboxKind)[0]
	if got.Value != fact.None || !strings.Contains(got.Detail, "doesn't exist") {
		t.Errorf("reading = %+v", got)
	}
}

// An API that repeats the token in its words does not get it printed.
func TestEchoedTokenIsMasked(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
		respond(403, "application/json", `{"error":{"code":"X","message":"bad header `+r.Header.Get("Authorization")+`"}}`)(w, r)
		return true
	}
	for _, got := range tenant.Read(t.Context(), allFacts()...) {
		if strings.Contains(got.Error, f.token()) || !strings.Contains(got.Error, "Bearer ****") {
			t.Errorf("%s: %q", got.Fact, got.Error)
		}
	}
}

// The log's licence gate is known to be wrong at times, so it is asked twice,
// and then no more in this run; once where the subscriptions say the same.
func TestPremiumGateIsAskedTwice(t *testing.T) {
	gate := respond(403, "application/json", `{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"Tenant is not a B2C tenant and doesn't have premium license"}}`)
	for _, shut := range []int{1, 2, 100} {
		f := newFake(t)
		tenant := f.open(t)
		left := shut
		f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(route, "/signIns") || left == 0 {
				return false
			}
			left--
			gate(w, r)
			return true
		}
		got := tenant.Read(t.Context(), fact.UserSignInError)[0]
		if shut == 1 && got.Value != fact.None || shut > 1 && !strings.Contains(got.Error, "Entra ID P1 or P2 licence") {
			t.Errorf("gate shut %d times: %+v", shut, got)
		}
		if shut == 1 {
			continue
		}
		f.requests()
		again := tenant.Read(t.Context(), fact.UserSignInError)[0]
		sent := f.requests()
		if again.Error != got.Error || count(sent, routeSignIns)+count(sent, routeSignIns2) > 0 {
			t.Errorf("asked again: %+v, %+v", again, sent)
		}
		if n := shut - left; n != 2 {
			t.Errorf("the gate was met %d times", n)
		}
	}
	f := newFake(t)
	f.set(routeSKUs, skus("EXCHANGE_S_STANDARD"))
	tenant, met := f.open(t), 0
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(route, "/signIns") {
			return false
		}
		met++
		gate(w, r)
		return true
	}
	for range 2 {
		tenant.Read(t.Context(), fact.UserSignInError)
	}
	if met != 1 {
		t.Errorf("met %d times in a tenant without the licence", met)
	}
}
