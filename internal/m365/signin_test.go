package m365

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

func TestOpen(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	if tenant.ID() != testTenant || tenant.Name() != "contoso.com" || tenant.Account() != "application "+testApp {
		t.Errorf("ID %q, name %q, account %q", tenant.ID(), tenant.Name(), tenant.Account())
	}
	if len(f.logins) != 2 || !strings.Contains(f.logins[0], "graph%2F.default") || !strings.Contains(f.logins[1], "exchange%2F.default") {
		t.Errorf("logins = %q", f.logins)
	}
}

func TestOpenUnknownDomain(t *testing.T) {
	f := newFake(t)
	o := f.options()
	o.TenantID = "nowhere.example"
	f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
		respond(400, "application/json", `{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant 'nowhere.example' not found. Trace ID: 1"}`)(w, r)
		return true
	}
	_, err := openFast(t.Context(), o)
	if !errors.Is(err, ErrSignIn) || !strings.Contains(err.Error(), "AADSTS90002") || !strings.Contains(err.Error(), "--cloud") || strings.Contains(err.Error(), "Trace ID") {
		t.Errorf("error = %v", err)
	}
}

// Refusals of the token endpoint become a sentence with the next step, and
// hold no secret even where the answer does.
func TestSignInRefused(t *testing.T) {
	token := jwt(map[string]any{"aud": "x"})
	tests := []struct {
		name  string
		serve func(http.ResponseWriter, *http.Request)
		kind  error
		want  []string
	}{
		{"wrong secret", respond(401, "application/json", `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: `+testSecret+`. Trace ID: 0 Correlation ID: 1","error_codes":[7000215]}`), ErrSignIn, []string{"AADSTS7000215", "set AZURE_CLIENT_SECRET"}},
		{"unknown application", respond(400, "application/json", `{"error":"unauthorized_client","error_description":"AADSTS700016: Application not found"}`), ErrSignIn, []string{"AADSTS700016", "AZURE_CLIENT_ID"}},
		{"no words", respond(400, "application/json", `{}`), ErrSignIn, nil},
		{"web page", respond(200, "text/html", "<html>"), ErrUnreachable, []string{"a web page came back", "proxy"}},
		{"token cut short", respond(200, "application/json", `{"token_type":"Bearer","access_token":"`+token), ErrUnreachable, nil},
		{"no token", respond(200, "application/json", `{"token_type":"Bearer","expires_in":3600}`), ErrSignIn, nil},
		{"server failure", respond(503, "application/json", ``), ErrUnreachable, []string{"status 503"}},
		{"throttled", respond(429, "application/json", ``, "Retry-After", "600"), ErrThrottled, []string{"try again in 10 minutes"}},
		{"reset", reset, ErrUnreachable, []string{"the connection broke"}},
		{"redirect", respond(307, "text/html", ``, "Location", "https://evil.example/token"), ErrOutsideCloud, []string{"evil.example, which is not a host of the cloud"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPost {
					return false
				}
				tt.serve(w, r)
				return true
			}
			_, err := openFast(t.Context(), f.options())
			if !errors.Is(err, tt.kind) {
				t.Fatalf("error = %v, want of the kind %q", err, tt.kind)
			}
			// Two sign-ins of four attempts at most: the library repeats none.
			if n := len(f.logins); n > 8 {
				t.Errorf("%d sign-ins were sent", n)
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q lacks %q", err, w)
				}
			}
			for _, secret := range []string{token, testSecret, "Trace ID", "\n"} {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
					t.Errorf("error holds %q: %q", secret, err)
				}
			}
		})
	}
}

// When one API does not accept the sign-in, the facts of the other are read.
func TestOneSignInRefused(t *testing.T) {
	f := newFake(t)
	f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
		f.mu.Lock()
		exchange := len(f.logins) > 0 && strings.Contains(f.logins[len(f.logins)-1], "exchange%2F.default")
		f.mu.Unlock()
		if !exchange || !strings.HasPrefix(r.URL.Path, "/login/") {
			return false
		}
		respond(400, "application/json", `{"error":"invalid_resource","error_description":"AADSTS500011: The resource principal was not found"}`)(w, r)
		return true
	}
	tenant := f.open(t)
	logins := len(f.logins)
	got := tenant.Read(t.Context(), fact.UserAccount, fact.MailboxSMTPAuth, fact.OrgSMTPAuth)
	if got[0].Value != "enabled" || !strings.Contains(got[1].Error, "AADSTS500011") || !strings.Contains(got[1].Error, "grant it with admin consent") {
		t.Errorf("evidence = %+v", got)
	}
	if len(f.logins) != logins {
		t.Errorf("the refused sign-in was repeated")
	}
	if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on"); !errors.Is(err, ErrSignIn) || errors.Is(err, ErrUncertain) {
		t.Errorf("error of a write = %v", err)
	}
}

func TestInterruptedSignIn(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(_ string, _ http.ResponseWriter, r *http.Request) bool {
		cancel()
		<-r.Context().Done()
		return true
	}
	if _, err := openFast(ctx, f.options()); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

// Without an app registration of one's own there are two sign-ins, each with
// its public client; with one there is a single code.
func TestDeviceCode(t *testing.T) {
	for _, client := range []string{"", testApp} {
		f := newFake(t)
		f.claims = map[string]any{"tid": testTenant, "upn": "admin@contoso.com", "scp": "Policy.Read.All"}
		o := f.options()
		o.Env, o.ClientID, o.TenantID = nil, client, testTenant
		var prompts []DevicePrompt
		o.Prompt = func(p DevicePrompt) { prompts = append(prompts, p) }
		tenant, err := openFast(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if tenant.Account() != "admin@contoso.com" {
			t.Errorf("account = %q", tenant.Account())
		}
		want := []string{fact.APIGraph, fact.APIExchange}
		if client != "" {
			want = []string{"Microsoft Graph and Exchange Online"}
		}
		for i, p := range prompts {
			if len(prompts) != len(want) || p.API != want[i] || p.URL != "https://login.example/device" || p.Code != "ABCD1234" || p.Instead == "" {
				t.Errorf("client %q: prompts = %+v", client, prompts)
			}
		}
		first := f.logins[0]
		if client == "" && (!strings.Contains(first, "14d82eec-204b-4c2f-b7e8-296a70dab67e") || !strings.Contains(first, "graph%2FPolicy.Read.All")) {
			t.Errorf("first login = %q", first)
		}
		if client != "" && (!strings.Contains(first, testApp) || !strings.Contains(first, "graph%2F.default")) {
			t.Errorf("first login = %q", first)
		}
	}
}

// The secret goes to the token endpoint and nowhere else.
func TestSecretStaysAtLogin(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	tenant.Read(t.Context(), allFacts()...)
	for _, r := range f.requests() {
		if strings.Contains(r.Body+r.Query+fmt.Sprint(r.Header), testSecret) {
			t.Errorf("%s holds the secret", r.Route)
		}
	}
	if s := fmt.Sprintf("%v %+v", tenant, f.options()); strings.Contains(s, testSecret) {
		t.Error("printing shows the secret")
	}
}
