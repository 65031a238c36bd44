package m365

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
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
