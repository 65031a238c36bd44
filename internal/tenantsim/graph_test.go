package tenantsim

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/tenantsim/token"
)

const (
	securityDefaultsPath = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
	perUserMFAPath       = "/beta/users/" + Mailbox + "/authentication/requirements"
)

// TestGraphPermissions takes each permission away in turn: what needs it is
// refused in its own words.
func TestGraphPermissions(t *testing.T) {
	for _, tc := range []struct {
		method, path, body string
		needs              []string // all of them together
		code               string
	}{
		{"GET", securityDefaultsPath, "", []string{"Policy.Read.All"}, "AccessDenied"},
		{"PATCH", securityDefaultsPath, `{"isEnabled":false}`, []string{"Policy.ReadWrite.SecurityDefaults", "Policy.Read.All"}, "AccessDenied"},
		{"GET", "/v1.0/identity/conditionalAccess/policies", "", []string{"Policy.Read.All"}, "AccessDenied"},
		{"GET", perUserMFAPath, "", []string{"Policy.Read.All"}, "AccessDenied"},
		{"PATCH", perUserMFAPath, `{"perUserMfaState":"disabled"}`, []string{"Policy.ReadWrite.AuthenticationMethod"}, "AccessDenied"},
		{"GET", "/v1.0/auditLogs/signIns", "", []string{"AuditLog.Read.All"}, "Authentication_MSGraphPermissionMissing"},
		{"GET", "/v1.0/users/" + Mailbox, "", []string{"User.Read.All"}, "Authorization_RequestDenied"},
		{"GET", "/v1.0/users/" + Mailbox + "/licenseDetails", "", []string{"LicenseAssignment.Read.All"}, "Authorization_RequestDenied"},
		{"GET", "/v1.0/organization", "", []string{"Organization.Read.All"}, "Authorization_RequestDenied"},
		{"GET", "/v1.0/subscribedSkus", "", []string{"LicenseAssignment.Read.All"}, "Authorization_RequestDenied"},
	} {
		try := func(permissions []string) (int, []byte) {
			state := Default()
			state.Apps[0].Permissions = permissions
			tenant := start(t, state)
			c := newCaller(t, tenant, tenant.Cloud().Graph)
			resp, data := c.must(tc.method, tenant.Cloud().Graph+tc.path, tc.body)
			return resp.StatusCode, data
		}
		if status, data := try(tc.needs); status >= 300 {
			t.Errorf("%s %s with %v: %d %s", tc.method, tc.path, tc.needs, status, data)
		}
		for i := range tc.needs {
			status, data := try(slices.Delete(slices.Clone(tc.needs), i, i+1))
			if status != http.StatusForbidden || errorCode(t, data) != tc.code {
				t.Errorf("%s %s without %s: %d %s", tc.method, tc.path, tc.needs[i], status, data)
			}
		}
	}
}

// A person needs a role besides the permission.
func TestGraphRoles(t *testing.T) {
	for role, want := range map[string]int{"Security Administrator": 204, "Global Reader": 403} {
		state := Default()
		state.Admin.Roles = []string{role}
		tenant := start(t, state)
		c := newCaller(t, tenant, "")
		c.bearer = token.Claims{Audience: tenant.Cloud().Graph, TenantID: state.TenantID, AppID: ClientID, User: state.Admin.User,
			Scopes: strings.Join(state.Apps[0].Permissions, " "), Expires: time.Now().Add(time.Hour).Unix()}.Token()
		if resp, data := c.must("PATCH", tenant.Cloud().Graph+securityDefaultsPath, `{"isEnabled":true}`); resp.StatusCode != want {
			t.Errorf("%s: %d %s", role, resp.StatusCode, data)
		}
	}
}

func TestGraphTokens(t *testing.T) {
	tenant := start(t, Default())
	where := tenant.Cloud().Graph + "/v1.0/organization"
	good := token.Claims{Audience: tenant.Cloud().Graph, TenantID: tenant.State().TenantID, AppID: ClientID,
		Roles: []string{"Organization.Read.All"}, Expires: time.Now().Add(time.Hour).Unix()}
	for _, tc := range []struct {
		name   string
		change func(*token.Claims)
		want   int
	}{
		{"good", func(*token.Claims) {}, 200},
		{"expired", func(c *token.Claims) { c.Expires = 1 }, 401},
		{"for Exchange", func(c *token.Claims) { c.Audience = tenant.Cloud().Exchange }, 401},
		{"other tenant", func(c *token.Claims) { c.TenantID = "other" }, 401},
	} {
		claims := good
		tc.change(&claims)
		c := newCaller(t, tenant, "")
		c.bearer = claims.Token()
		if resp, data := c.must("GET", where, ""); resp.StatusCode != tc.want {
			t.Errorf("%s: %d %s", tc.name, resp.StatusCode, data)
		}
	}
	resp, data := newCaller(t, tenant, "").must("GET", where, "")
	if resp.StatusCode != 401 || !strings.Contains(string(data), "Access token is empty.") {
		t.Errorf("no token: %d %s", resp.StatusCode, data)
	}
}

func TestGraphErrors(t *testing.T) {
	state := Default()
	state.User("ann@contoso.com").Kind = "none"
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	for _, tc := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"GET", "/v1.0/users/nobody@contoso.com", "", 404, "Request_ResourceNotFound"},
		{"GET", "/v1.0/users/" + Mailbox + "/authentication/requirements", "", 400, "BadRequest"},
		{"GET", "/v1.0/nonsense", "", 400, "BadRequest"},
		{"DELETE", securityDefaultsPath, "", 405, "Request_BadRequest"},
		{"PATCH", securityDefaultsPath, `{"isEnabled":"no"}`, 400, "BadRequest"},
		{"PATCH", securityDefaultsPath, `{"displayName":"x"}`, 400, "BadRequest"},
		{"PATCH", perUserMFAPath, `{"perUserMfaState":"off"}`, 400, "BadRequest"},
		{"GET", "/v1.0/auditLogs/signIns?$filter=nonsense%20eq%201", "", 400, "BadRequest"},
	} {
		resp, data := c.must(tc.method, tenant.Cloud().Graph+tc.path, tc.body)
		if resp.StatusCode != tc.status || errorCode(t, data) != tc.code {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, resp.StatusCode, data)
		}
	}
	if diff := cmp.Diff(state, tenant.State()); diff != "" {
		t.Errorf("the errors changed the tenant:\n%s", diff)
	}
}

func TestGraphWrites(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	want := Default()
	want.Org.SecurityDefaults = "on"
	want.User(Mailbox).PerUserMFA = "enforced"
	c.must("PATCH", tenant.Cloud().Graph+securityDefaultsPath, `{"@odata.type":"#microsoft.graph.identitySecurityDefaultsEnforcementPolicy","isEnabled":true}`)
	c.must("PATCH", tenant.Cloud().Graph+perUserMFAPath, `{"perUserMfaState":"enforced"}`)
	if diff := cmp.Diff(want, tenant.State()); diff != "" {
		t.Error(diff)
	}
}

// TestGraphReads looks for a few words of each answer, before and after the
// state is another.
func TestGraphReads(t *testing.T) {
	other := Default()
	other.Org.SecurityDefaults = "on"
	block(t, other, "Block legacy")
	other.Org.ConditionalAccess[0].ExcludeUsers = []string{"ann@contoso.com"}
	u := other.User(Mailbox)
	u.PerUserMFA, u.Account, u.Licence, u.Kind, u.Groups = "enforced", "disabled", "no", "shared", []string{"g1"}
	healthy, broken := start(t, Default()), start(t, other)
	for _, tc := range []struct{ method, path, body, healthy, broken string }{
		{"GET", securityDefaultsPath, "", `"isEnabled":false`, `"isEnabled":true`},
		{"GET", perUserMFAPath, "", `{"perUserMfaState":"disabled"}`, `{"perUserMfaState":"enforced"}`},
		{"GET", "/v1.0/identity/conditionalAccess/policies", "", `"value":[]`, `"excludeUsers":["` + other.Users[1].ID + `"]`},
		{"GET", "/v1.0/users/" + Mailbox + "?$select=accountEnabled", "", `"accountEnabled":true`, `"accountEnabled":false`},
		{"GET", "/v1.0/users/" + u.ID + "/licenseDetails", "", `"EXCHANGE_S_STANDARD"`, `"EXCHANGE_S_FOUNDATION"`},
	} {
		for tenant, want := range map[*Tenant]string{healthy: tc.healthy, broken: tc.broken} {
			c := newCaller(t, tenant, tenant.Cloud().Graph)
			if _, data := c.must(tc.method, tenant.Cloud().Graph+tc.path, tc.body); !strings.Contains(string(data), want) {
				t.Errorf("%s %s: %s, want %s in it", tc.method, tc.path, data, want)
			}
		}
	}
	if len(broken.Writes()) != 0 {
		t.Errorf("reading counts as writing: %+v", broken.Writes())
	}
}

func TestSelect(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/users/"+Mailbox, "")
	if _, there := object(t, data)["accountEnabled"]; there {
		t.Errorf("accountEnabled comes unasked: %s", data)
	}
	_, data = c.must("GET", tenant.Cloud().Graph+"/v1.0/users/"+Mailbox+"?$select=id,accountEnabled", "")
	if u := object(t, data); u["accountEnabled"] != true || len(u) != 3 {
		t.Errorf("$select: %s", data)
	}
}
