package m365

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

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
	tenant, err := open(t.Context(), o, dialTo(f, cloudapi.NewTransport(cloud, nil)), cloudapi.Pause)
	if err != nil {
		t.Fatal(err)
	}
	tenant.Subject(t.Context())
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
	tenant.Subject(t.Context())
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
	f.requests()
	f.open(t).Read(t.Context(), fact.MailboxSMTPAuth)
	if got := exchangeOnly(f.requests())[0].Header.Get("X-Anchormailbox"); got != "UPN:admin@contoso.com" {
		t.Errorf("anchor of a person = %q", got)
	}
}

// exchangeOnly leaves out what went to Graph.
func exchangeOnly(sent []request) []request {
	return slices.DeleteFunc(sent, func(r request) bool { return strings.Contains(r.Route, " ") })
}
