package tenantsim

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFaults strikes a write with each kind, before and after its effect.
func TestFaults(t *testing.T) {
	nul := string(make([]byte, 4096))
	for _, tc := range []struct {
		kind   string
		status int
		header string // name of one that must be there
		body   string // begins so
		effect bool   // even when the fault comes before it
	}{
		{kind: "401", status: 401, body: `{"error":{"code":"InvalidAuthenticationToken"`},
		{kind: "403", status: 403, body: `{"error":{"code":"Authorization_RequestDenied"`},
		{kind: "403-nul", status: 403, header: "Content-Encoding", body: nul},
		{kind: "404", status: 404, body: `{"error":{"code":"Request_ResourceNotFound"`},
		{kind: "429", status: 429, body: `{"error":{"code":"TooManyRequests"`},
		{kind: "429-retry-after", status: 429, header: "Retry-After", body: `{"error":`},
		{kind: "500", status: 500, body: `{"error":{"code":"InternalServerError"`},
		{kind: "503", status: 503, body: `{"error":{"code":"ServiceUnavailable"`},
		{kind: "html", status: 200, body: "<!DOCTYPE html>"},
		{kind: "empty", status: 200},
		{kind: "redirect", status: 302, header: "Location"},
		{kind: "slow", status: 204, effect: true},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			for _, after := range []bool{false, true} {
				tenant := start(t, Default())
				c := newCaller(t, tenant, tenant.Cloud().Graph)
				fault := Fault{API: "graph", Method: "PATCH", Kind: tc.kind, AfterEffect: after,
					Delay: Duration{Duration: 10 * time.Millisecond}, Location: "https://region.example/"}
				if err := tenant.SetFaults(fault); err != nil {
					t.Fatal(err)
				}
				resp, data := c.must("PATCH", tenant.Cloud().Graph+"/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":true}`)
				if resp.StatusCode != tc.status || !strings.HasPrefix(string(data), tc.body) {
					t.Errorf("%d %q", resp.StatusCode, data)
				}
				if tc.header != "" && resp.Header.Get(tc.header) == "" {
					t.Errorf("no %s in %v", tc.header, resp.Header)
				}
				if got := tenant.State().Org.SecurityDefaults == "on"; got != (after || tc.effect) {
					t.Errorf("after the effect %v: took effect %v", after, got)
				}
			}
		})
	}
}

func TestBrokenAnswers(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	where := tenant.Cloud().Graph + "/v1.0/organization"
	for kind, want := range map[string]error{"truncated": io.ErrUnexpectedEOF, "reset": syscall.ECONNRESET} {
		if err := tenant.SetFaults(Fault{Kind: kind}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.send("GET", where, ""); !errors.Is(err, want) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestFaultsFit(t *testing.T) {
	tenant := start(t, Default())
	graph, exchange := newCaller(t, tenant, tenant.Cloud().Graph), newCaller(t, tenant, tenant.Cloud().Exchange)
	err := tenant.SetFaults(
		Fault{API: "graph", Path: "/users/", Nth: 2, Kind: "500"},
		Fault{Cmdlet: "get-transportconfig", Kind: "503"},
	)
	if err != nil {
		t.Fatal(err)
	}
	user := tenant.Cloud().Graph + "/v1.0/users/" + Mailbox
	for i, want := range []int{200, 500, 200} {
		if resp, _ := graph.must("GET", user, ""); resp.StatusCode != want {
			t.Errorf("request %d: %d", i+1, resp.StatusCode)
		}
	}
	for cmdlet, want := range map[string]int{"Get-TransportConfig": 503, "Get-OrganizationConfig": 200} {
		if status, _ := exchange.invoke(cmdlet, "{}"); status != want {
			t.Errorf("%s: %d", cmdlet, status)
		}
	}
	if err := tenant.SetFaults(Fault{Kind: "teapot"}); err == nil {
		t.Error("an unknown kind is taken")
	}
	if err := tenant.SetFaults(); err != nil {
		t.Fatal(err)
	}
	if status, _ := exchange.invoke("Get-TransportConfig", "{}"); status != http.StatusOK {
		t.Errorf("without faults: %d", status)
	}
}
