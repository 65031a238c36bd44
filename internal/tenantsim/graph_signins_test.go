package tenantsim

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSignInLog(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 20, 8, minute, 0, 0, time.UTC) }
	state := Default()
	state.SignInLog.Records = []SignIn{
		{ID: "a", Time: at(1), Mailbox: Mailbox, Code: 50126},
		{ID: "b", Time: at(3), Mailbox: Mailbox, Code: 53003, Policies: []string{"Block legacy"}},
		{ID: "c", Time: at(2), Mailbox: "ann@contoso.com", Code: 0},
	}
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	list := func(version string, query url.Values) (ids string, reply map[string]any) {
		_, data := c.must("GET", tenant.Cloud().Graph+version+"/auditLogs/signIns?"+query.Encode(), "")
		reply = object(t, data)
		values, _ := reply["value"].([]any)
		for _, v := range values {
			ids += v.(map[string]any)["id"].(string)
		}
		return ids, reply
	}
	for _, tc := range []struct{ version, filter, want string }{
		{"/v1.0", "", "bca"},
		{"/v1.0", "userPrincipalName eq 'scanner@contoso.com'", "ba"},
		{"/v1.0", "createdDateTime ge 2026-11-20T08:02:00Z and userPrincipalName eq 'scanner@contoso.com'", "b"},
		{"/v1.0", "createdDateTime lt 2026-11-20T08:02:30.5Z", "ca"},
		{"/v1.0", "status/errorCode eq 53003 or status/errorCode eq 0", "bc"},
		{"/v1.0", "startsWith(userPrincipalName,'ann') and (clientAppUsed eq 'Authenticated SMTP' or clientAppUsed eq 'SMTP')", "c"},
		{"/v1.0", "clientAppUsed eq 'SMTP'", ""},
		{"/beta", "signInEventTypes/any(t: t eq 'nonInteractiveUser')", ""},
		{"/beta", "signInEventTypes/any(t:t eq 'interactiveUser') and status/errorCode eq 0", "c"},
	} {
		if got, reply := list(tc.version, url.Values{"$filter": {tc.filter}}); got != tc.want {
			t.Errorf("%s %s: %q in %v", tc.version, tc.filter, got, reply)
		}
	}
	_, reply := list("/v1.0", url.Values{"$top": {"2"}})
	next, _ := reply["@odata.nextLink"].(string)
	if _, data := c.must("GET", next, ""); !strings.Contains(string(data), `"id":"a"`) || strings.Contains(string(data), `"id":"b"`) {
		t.Errorf("second page: %s", data)
	}

	state.SignInLog.Interactive = false
	tenant.SetState(state)
	if got, _ := list("/v1.0", nil); got != "" {
		t.Errorf("non-interactive ones on v1.0: %q", got)
	}
	if got, _ := list("/beta", url.Values{"$filter": {"signInEventTypes/any(t: t eq 'nonInteractiveUser')"}}); got != "bca" {
		t.Errorf("non-interactive ones on beta: %q", got)
	}
	state.SignInLog.Licensed = false
	tenant.SetState(state)
	if _, reply := list("/v1.0", nil); !strings.Contains(reply["error"].(map[string]any)["code"].(string), "NonPremiumTenant") {
		t.Errorf("without the licence: %v", reply)
	}
}

func TestSignInsAppearAndNamePolicies(t *testing.T) {
	state := Default()
	block(t, state, "Block legacy authentication")
	tenant := start(t, state)
	connect(t, tenant).login(Mailbox, Password)
	for _, withPolicies := range []bool{true, false} {
		if !withPolicies {
			tenant.Change(func(s *State) { s.Apps[0].Permissions = []string{"AuditLog.Read.All"} })
		}
		c := newCaller(t, tenant, tenant.Cloud().Graph)
		_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/auditLogs/signIns", "")
		if !strings.Contains(string(data), `"errorCode":53003`) {
			t.Errorf("no record: %s", data)
		}
		if got := strings.Contains(string(data), "Block legacy authentication"); got != withPolicies {
			t.Errorf("policies named: %v, want %v", got, withPolicies)
		}
	}
}

// A record bears the principal name, whatever was typed, and says from where.
func TestSignInOfAnotherName(t *testing.T) {
	state := named()
	state.Users[0].UPN, state.Users[0].AliasSignIn, state.SMTP.Client = "Device7@contoso.onmicrosoft.com", true, "198.51.100.9"
	tenant := start(t, state)
	connect(t, tenant).login("SCAN@contoso.com", Password)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/auditLogs/signIns", "")
	row := first(t, data)
	if row["userPrincipalName"] != "device7@contoso.onmicrosoft.com" || row["userId"] != state.Users[0].ID || row["ipAddress"] != "198.51.100.9" {
		t.Errorf("%v", row)
	}
}
