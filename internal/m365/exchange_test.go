package m365

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"testing"

	"smtpmend/internal/fact"
)

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
