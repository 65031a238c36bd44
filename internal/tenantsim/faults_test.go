package tenantsim

import (
	"errors"
	"io"
	"net/http"
	"slices"
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
		{kind: "429-date", status: 429, header: "Retry-After", body: `{"error":`},
		{kind: "502-html", status: 502, body: "<!DOCTYPE html>"},
		{kind: "error-200", status: 200, body: `{"error":{"code":"InternalServerError"`},
		{kind: "bad-gzip", status: 200, header: "Content-Encoding", body: "{}", effect: true},
		{kind: "expired-token", status: 401, body: `{"error":{"code":"InvalidAuthenticationToken"`},
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

// TestSpoiltAnswers strikes a read with what changes the right answer.
func TestSpoiltAnswers(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	e := newCaller(t, tenant, tenant.Cloud().Exchange)
	for _, tc := range []struct {
		fault         Fault
		graph, cmdlet string // parts of the answers
		gone          string // a part that is in neither
	}{
		{Fault{Kind: "without", Key: "isEnabled"}, `"displayName":"Security Defaults"`, `"SmtpClientAuthenticationDisabled":false`, "isEnabled"},
		{Fault{Kind: "without", Key: "SmtpClientAuthenticationDisabled"}, `"isEnabled":false`, `"PopEnabled":true`, "SmtpClientAuthenticationDisabled"},
		{Fault{Kind: "mistyped", Key: "isEnabled"}, `"isEnabled":"perhaps"`, `"PopEnabled":true`, `"isEnabled":false`},
		{Fault{Kind: "mistyped", Key: "PrimarySmtpAddress"}, `"isEnabled":false`, `"PrimarySmtpAddress":7`, "perhaps"},
		{Fault{Kind: "wrong-types"}, `"isEnabled":"perhaps"`, `"SmtpClientAuthenticationDisabled":"perhaps"`, `:false`},
		{Fault{Kind: "wrong-types"}, `"displayName":7`, `"EmailAddresses":"text"`, `:true`},
		{Fault{Kind: "wrong-types"}, `"@odata.context":"https:`, `"Guid@data.type":"System.Guid"`, `"Security Defaults"`},
		{Fault{Kind: "foreign-next"}, `"isEnabled":false`, `"@odata.nextLink":"https://elsewhere.example/next"`, "perhaps"},
		{Fault{Kind: "foreign-next", Location: "https://attacker.example/"}, `"isEnabled":false`, `"@odata.nextLink":"https://attacker.example/"`, "elsewhere"},
	} {
		if err := tenant.SetFaults(tc.fault); err != nil {
			t.Fatal(err)
		}
		_, fromGraph := c.must("GET", tenant.Cloud().Graph+securityDefaultsPath, "")
		_, fromExchange := e.invoke("Get-CASMailbox", "{"+identity+"}")
		if !strings.Contains(string(fromGraph), tc.graph) || !strings.Contains(string(fromExchange), tc.cmdlet) {
			t.Errorf("%+v: %s\n%s", tc.fault, fromGraph, fromExchange)
		}
		if strings.Contains(string(fromGraph)+string(fromExchange), tc.gone) {
			t.Errorf("%+v: %s is left in %s\n%s", tc.fault, tc.gone, fromGraph, fromExchange)
		}
	}
}

// The date of a 429 lies as far ahead as the delay says.
func TestRetryAfterDate(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	if err := tenant.SetFaults(Fault{Kind: "429-date", Delay: Duration{Duration: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	resp, _ := c.must("GET", tenant.Cloud().Graph+"/v1.0/organization", "")
	at, err := http.ParseTime(resp.Header.Get("Retry-After"))
	if ahead := time.Until(at); err != nil || ahead < 30*time.Minute || ahead > time.Hour {
		t.Errorf("%q: %s ahead, %v", resp.Header.Get("Retry-After"), ahead, err)
	}
}

// One element a page, and the links lead to all of them.
func TestPaging(t *testing.T) {
	tenant := start(t, Default())
	graph, exchange := newCaller(t, tenant, tenant.Cloud().Graph), newCaller(t, tenant, tenant.Cloud().Exchange)
	if err := tenant.SetFaults(Fault{Kind: "paging"}); err != nil {
		t.Fatal(err)
	}
	command := `{"CmdletInput":{"CmdletName":"Get-AuthenticationPolicy","Parameters":{}}}`
	for _, tc := range []struct {
		c                             *caller
		method, address, body, member string
		want                          []string
	}{
		{graph, "GET", tenant.Cloud().Graph + "/v1.0/users?$select=mail", "", "mail", []string{Mailbox, "ann@contoso.com"}},
		{exchange, "POST", tenant.Cloud().Exchange + "/adminapi/beta/" + tenant.State().TenantID + "/InvokeCommand", command, "Name",
			[]string{BlockPolicy, "Allow Basic SMTP"}},
	} {
		var got []string
		for next := tc.address; next != ""; {
			_, data := tc.c.must(tc.method, next, tc.body)
			page := object(t, data)
			rows := page["value"].([]any)
			if len(rows) != 1 {
				t.Fatalf("%d elements in %s", len(rows), data)
			}
			got = append(got, rows[0].(map[string]any)[tc.member].(string))
			next, _ = page["@odata.nextLink"].(string)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q", tc.address, got)
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
	for _, f := range []Fault{{Kind: "teapot"}, {Kind: "without"}, {Kind: "500", Key: "id"}} {
		if err := tenant.SetFaults(f); err == nil {
			t.Errorf("%+v is taken", f)
		}
	}
	if err := tenant.SetFaults(); err != nil {
		t.Fatal(err)
	}
	if status, _ := exchange.invoke("Get-TransportConfig", "{}"); status != http.StatusOK {
		t.Errorf("without faults: %d", status)
	}
}
