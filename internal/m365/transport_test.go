package m365

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

func TestOwns(t *testing.T) {
	root, err := url.Parse("https://outlook.office365.com")
	if err != nil {
		t.Fatal(err)
	}
	a := &api{root: root, regional: true, aliases: []string{"alias.example"}}
	tests := map[string]bool{
		"https://outlook.office365.com/x":           true,
		"https://OUTLOOK.office365.com/x":           true,
		"https://eur01.outlook.office365.com/x":     true,
		"https://alias.example/x":                   true,
		"http://outlook.office365.com/x":            false,
		"https://outlook.office365.com:8443/x":      false,
		"https://a.b.outlook.office365.com/x":       false,
		"https://evil-outlook.office365.com/x":      false,
		"https://outlook.office365.com.evil.test/x": false,
		"https://outlook.office365.com@evil.test/x": false,
		"https://.outlook.office365.com/x":          false,
		"https://127.0.0.1/x":                       false,
	}
	for text, want := range tests {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.owns(u); got != want {
			t.Errorf("owns(%s) = %v", text, got)
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
	_, err = tenant.graph.client(tenant.graph.readScopes).Do(req)
	if !errors.Is(err, ErrOutsideCloud) {
		t.Errorf("error = %v", err)
	}
}

func TestRegion(t *testing.T) {
	root, err := url.Parse("https://outlook.office365.com/adminapi/beta/x/InvokeCommand")
	if err != nil {
		t.Fatal(err)
	}
	lab, err := url.Parse("https://127.0.0.1:8443/adminapi/beta/x/InvokeCommand")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		at       *url.URL
		location string
		want     string // "" for refused
	}{
		{root, "https://eurprd01.outlook.office365.com/adminapi/other", "https://eurprd01.outlook.office365.com/adminapi/beta/x/InvokeCommand"},
		{root, "https://nam10.ps.office365.com/", "https://nam10.outlook.office365.com/adminapi/beta/x/InvokeCommand"},
		{root, "https://outlook.office365.com/adminapi/beta2/x", "https://outlook.office365.com/adminapi/beta2/x"},
		{root, "https://outlook.office365.com/adminapi/beta/x/InvokeCommand", ""},
		{root, "https://eur.evil.example/", ""},
		{root, "https://office365.com.evil.example/", ""},
		{root, "http://eur.outlook.office365.com/", ""},
		{lab, "https://127.0.0.2:8443/", ""},
		{lab, "https://eur.0.0.1/", ""},
		{lab, "https://127.0.0.1:9999/", ""},
	}
	for _, tt := range tests {
		location, err := url.Parse(tt.location)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := (&cmdlets{url: tt.at}).region(location)
		if ok != (tt.want != "") || ok && got.String() != tt.want {
			t.Errorf("%s: %v, %v, want %q", tt.location, got, ok, tt.want)
		}
	}
}

// dialTo connects every name to one server, whose certificate must hold it.
func dialTo(f *fake, base *http.Transport) *http.Transport {
	base.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, f.Listener.Addr().String())
	}
	return base
}

// The front door of Exchange sends a POST to a region with a 302; it arrives
// there as a POST, with the token, and the region's name came from the cloud.
func TestRegionalRedirect(t *testing.T) {
	f := newFake(t)
	cloud := f.cloud()
	// The certificate of httptest is good for example.com and *.example.com.
	cloud.Exchange = "https://example.com/exchange"
	o := f.options()
	o.Cloud = cloud
	tenant, err := open(t.Context(), o, dialTo(f, newTransport(cloud)), pause)
	if err != nil {
		t.Fatal(err)
	}
	f.requests()
	f.fault = func(_ string, w http.ResponseWriter, r *http.Request) bool {
		if r.Host != "example.com" {
			return false
		}
		respond(302, "text/html", "", "Location", "https://eur01.example.com/somewhere/else")(w, r)
		return true
	}
	got := tenant.Read(t.Context(), fact.MailboxSMTPAuth)[0]
	if got.Value != "inherit" {
		t.Errorf("reading = %+v", got)
	}
	sent := f.requests()
	if count(sent, "Get-CASMailbox") != 2 || sent[1].Auth != "Bearer "+f.token() || sent[1].Body != sent[0].Body {
		t.Errorf("sent %+v", sent)
	}
	if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on"); err != nil {
		t.Error(err)
	}
}

func TestExchangeRequest(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.requests()
	tenant.Read(t.Context(), fact.MailboxSMTPAuth)
	sent := f.requests()[0]
	want := map[string]string{
		"Content-Type": "application/json", "Accept": "application/json", "X-Cmdletname": "Get-CASMailbox",
		"X-Anchormailbox": "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@" + testTenant, "X-Responseformat": "json",
	}
	for name, value := range want {
		if got := sent.Header.Get(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if want := `{"CmdletInput":{"CmdletName":"Get-CASMailbox","Parameters":{"Identity":"scanner@contoso.com"}}}`; sent.Body != want {
		t.Errorf("body %s, want %s", sent.Body, want)
	}
	f.claims = map[string]any{"upn": "admin@contoso.com", "scp": "Exchange.Manage"}
	f.open(t).Read(t.Context(), fact.MailboxSMTPAuth)
	if got := f.requests()[0].Header.Get("X-Anchormailbox"); got != "UPN:admin@contoso.com" {
		t.Errorf("anchor of a person = %q", got)
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
	tenant := f.open(t)
	f.Close()
	tenant.exchange.base.(*http.Transport).CloseIdleConnections()
	err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
	if !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "no connection to 127.0.0.1") {
		t.Errorf("error = %v", err)
	}
}

// The waits between attempts are bounded and end with the context.
func TestWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if err := pause(ctx, 20*time.Second); err != nil || time.Since(start) != 20*time.Second {
			t.Errorf("pause: %v after %v", err, time.Since(start))
		}
		if err := pause(ctx, time.Hour); err == nil || time.Since(start) != time.Minute {
			t.Errorf("pause: %v after %v", err, time.Since(start))
		}
		total := time.Duration(0)
		for attempt := 1; ; attempt++ {
			wait, again := nextWait(attempt, true, &fault{kind: ErrThrottled}, http.Header{"Retry-After": {"20"}})
			if !again {
				break
			}
			total += wait
		}
		if total != time.Minute {
			t.Errorf("a throttled request waits for %v in all", total)
		}
		at := time.Now().Add(7 * time.Second).UTC().Format(http.TimeFormat)
		if wait, ok := retryAfter(http.Header{"Retry-After": {at}}); !ok || wait != 7*time.Second {
			t.Errorf("Retry-After %s: %v, %v", at, wait, ok)
		}
	})
}

// Whatever JSON Graph sends, the SDK and what stands on it do not panic.
func FuzzGraphAnswer(f *testing.F) {
	for _, body := range []string{`{}`, `[]`, `null`, `1`, `{"value":null}`, `{"value":[null]}`, `{"value":{}}`, `{"isEnabled":[]}`,
		`{"value":[{"servicePlans":[null]}]}`, `{"value":[{"status":null,"createdDateTime":"x"}]}`, `{"value":[{"appliedConditionalAccessPolicies":[null]}]}`,
		`{"value":[{"conditions":null,"state":"enabled"}]}`, `{"value":[{"conditions":[],"state":"enabled"}]}`, `{"id":{},"accountEnabled":1}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		root, err := url.Parse("https://graph.example")
		if err != nil {
			t.Fatal(err)
		}
		s := &service{api: &api{name: fact.APIGraph, root: root, timeout: time.Minute, refusal: graphRefusal,
			base:  answering(body),
			pause: func(context.Context, time.Duration) error { return nil }}, cred: staticToken{}}
		tenant := &Tenant{id: testTenant, mailbox: testUser, now: time.Now, graph: s, exchange: s}
		for _, got := range tenant.Read(t.Context(), allFacts()...) {
			if got.Value != "" && got.Error != "" || got.Value == "" && got.Error == "" {
				t.Errorf("%q: %+v", body, got)
			}
		}
	})
}

// answering is a server that always gives the same answer.
type answering string

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json")
	io.WriteString(rec, string(a))
	return rec.Result(), nil
}
