package m365

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/fact"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	io.WriteString(zw, text)
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Answers may come compressed, asked for or not; requests go out plain.
func TestGzip(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.requests()
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		f.mu.Lock()
		body := f.bodies[route]
		f.mu.Unlock()
		respond(200, "application/json", gzipped(t, body), "Content-Encoding", "gzip")(w, r)
		return true
	}
	for _, got := range tenant.Read(t.Context(), allFacts()...) {
		if !got.Known() {
			t.Errorf("%+v", got)
		}
	}
	for _, r := range f.requests() {
		if r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s was sent compressed", r.Route)
		}
	}
}

// A request to a host outside the cloud fails before it is sent and before a
// token is asked for.
func TestNoTokenForOtherHosts(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, elsewhere(t)+"/v1.0/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tenant.graph.Client(tenant.graph.ReadScopes).Do(req)
	if !errors.Is(err, ErrOutsideCloud) {
		t.Errorf("error = %v", err)
	}
}

// A certificate that the cloud's roots do not bear out ends the attempt, and
// no change was made.
func TestUntrustedCertificate(t *testing.T) {
	f := newFake(t)
	o := f.options()
	o.Cloud.Roots = nil
	_, err := openFast(t.Context(), o)
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "is not trusted") {
		t.Errorf("error = %v", err)
	}
}

func TestNobodyListens(t *testing.T) {
	f := newFake(t)
	base := cloudapi.NewTransport(f.cloud(), nil)
	tenant, err := open(t.Context(), f.options(), base, cloudapi.Pause)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	base.CloseIdleConnections()
	err = tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
	if !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "no connection to 127.0.0.1") {
		t.Errorf("error = %v", err)
	}
}

// Whatever JSON Graph sends, the SDK and what stands on it do not panic.
func FuzzGraphAnswer(f *testing.F) {
	for _, body := range []string{`{}`, `[]`, `null`, `1`, `{"value":null}`, `{"value":[null]}`, `{"value":{}}`, `{"isEnabled":[]}`,
		`{"value":[{"servicePlans":[null]}]}`, `{"value":[{"status":null,"createdDateTime":"x"}]}`, `{"value":[{"appliedConditionalAccessPolicies":[null]}]}`,
		`{"value":[{"conditions":null,"state":"enabled"}]}`, `{"value":[{"conditions":[],"state":"enabled"}]}`, `{"id":{},"accountEnabled":1}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		o := Options{
			Cloud:   endpoint.Cloud{Name: "lab", Login: "https://login.example", Graph: "https://graph.example", Exchange: "https://exchange.example"},
			Mailbox: testUser,
			Env:     lookup(map[string]string{"AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_SECRET": testSecret}),
		}
		tenant, err := open(t.Context(), o, answering(body), func(context.Context, time.Duration) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range tenant.Read(t.Context(), allFacts()...) {
			if got.Value != "" && got.Error != "" || got.Value == "" && got.Error == "" {
				t.Errorf("%q: %+v", body, got)
			}
		}
	})
}

// answering is a server of both APIs that always gives the same answer.
type answering string

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json")
	root := "https://login.example/" + testTenant
	switch {
	case r.URL.Host != "login.example":
		io.WriteString(rec, string(a))
	case r.Method == http.MethodGet:
		io.WriteString(rec, `{"token_endpoint":"`+root+`/oauth2/v2.0/token","authorization_endpoint":"`+root+`/oauth2/v2.0/authorize","issuer":"`+root+`/v2.0"}`)
	default:
		io.WriteString(rec, `{"token_type":"Bearer","expires_in":3600,"access_token":"opaque"}`)
	}
	return rec.Result(), nil
}
