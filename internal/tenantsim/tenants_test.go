package tenantsim

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/token"
)

// other is a second tenant, with an account of another name and the same app.
func other() *State {
	s := Default()
	s.TenantID, s.Name, s.Domain = "7b1e6f9a-0000-4c55-9a53-6d0a8f2f7c22", "Fabrikam", "fabrikam.com"
	s.Domains = []string{"fabrikam.onmicrosoft.com"}
	s.Users[0].ID, s.Users[0].Mailbox, s.Users[0].Password = "3f5c9f0a-52f5-4f0e-8f0a-0c1d7b6a2001", "mfp@fabrikam.com", "Toner-Low-3"
	s.Users = s.Users[:1]
	s.Admin.User = "admin@fabrikam.com"
	return s
}

func startTwo(t *testing.T) *Tenant {
	t.Helper()
	tenant, err := Start(t.Context(), Default(), Options{Dir: t.TempDir(), Others: []*State{other()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tenant.Close() })
	return tenant
}

// signIn gives c a token that was asked for at that tenant.
func (c *caller) signIn(tenant, root string) {
	c.t.Helper()
	resp, err := c.http.PostForm(c.tenant.Cloud().Login+"/"+tenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {ClientID}, "client_secret": {ClientSecret}, "scope": {root + "/.default"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	c.bearer, _ = decode(c.t, resp.Body)["access_token"].(string)
}

// Each name of a tenant leads to its GUID, and its token to its data.
func TestTwoTenants(t *testing.T) {
	tenant := startTwo(t)
	cloud, theirs := tenant.Cloud(), other()
	for name, want := range map[string]string{
		"contoso.com": Default().TenantID, "fabrikam.com": theirs.TenantID, "fabrikam.onmicrosoft.com": theirs.TenantID,
		theirs.TenantID: theirs.TenantID, strings.ToUpper(theirs.TenantID): theirs.TenantID,
	} {
		_, data := newCaller(t, tenant, "").must("GET", cloud.Login+"/"+name+"/v2.0/.well-known/openid-configuration", "")
		if got := object(t, data)["issuer"]; got != cloud.Login+"/"+want+"/v2.0" {
			t.Errorf("%s: issuer %v", name, got)
		}
		c := newCaller(t, tenant, "")
		c.signIn(name, "https://graph.microsoft.com")
		if claims, err := token.Parse(c.bearer); err != nil || claims.TenantID != want {
			t.Errorf("%s: token of %s, %v", name, claims.TenantID, err)
		}
		_, data = c.must("GET", cloud.Graph+"/v1.0/organization", "")
		if row := first(t, data); row["id"] != want {
			t.Errorf("%s: organisation %v", name, row["id"])
		}
	}
}

// What is done in one tenant is not done in the other, and the log tells whose
// each request was.
func TestTenantsAreApart(t *testing.T) {
	tenant := startTwo(t)
	cloud, theirs := tenant.Cloud(), other()
	graph, exchange := newCaller(t, tenant, ""), newCaller(t, tenant, "")
	graph.signIn(theirs.TenantID, cloud.Graph)
	exchange.signIn(theirs.TenantID, cloud.Exchange)
	graph.must("PATCH", cloud.Graph+securityDefaultsPath, `{"isEnabled":true}`)
	if ours, now := tenant.State(), tenant.StateOf("fabrikam.com"); ours.Org.SecurityDefaults != "off" || now.Org.SecurityDefaults != "on" {
		t.Errorf("ours %s, theirs %s", ours.Org.SecurityDefaults, now.Org.SecurityDefaults)
	}
	if resp, _ := graph.must("GET", cloud.Graph+"/v1.0/users/"+Mailbox, ""); resp.StatusCode != 404 {
		t.Errorf("our user in their tenant: %d", resp.StatusCode)
	}
	// Exchange is asked for a tenant by the path, and wants its token.
	if status, _ := exchange.invoke("Get-TransportConfig", "{}"); status != 401 {
		t.Errorf("their token at our path: %d", status)
	}
	where := cloud.Exchange + "/adminapi/beta/" + theirs.TenantID + "/InvokeCommand"
	if resp, data := exchange.must("POST", where, `{"CmdletInput":{"CmdletName":"Get-OrganizationConfig","Parameters":{}}}`); resp.StatusCode != 200 || first(t, data)["DisplayName"] != "Fabrikam" {
		t.Errorf("their token at their path: %d %s", resp.StatusCode, data)
	}
	exchange.must("GET", cloud.Login+"/nobody.example/v2.0/.well-known/openid-configuration", "")
	requests := tenant.Requests()
	for i, r := range requests {
		if want := theirs.TenantID; i < len(requests)-1 && r.Tenant != want || i == len(requests)-1 && r.Tenant != "" {
			t.Errorf("request %d, %s %s, is of tenant %q", i, r.Method, r.Path, r.Tenant)
		}
	}
	if tenant.StateOf("nobody.example") != nil {
		t.Error("a tenant that is not there has a state")
	}
}

func TestEachSignsInAtHome(t *testing.T) {
	tenant := startTwo(t)
	for _, tc := range []struct {
		user, password string
		want           front.Text
	}{
		{Mailbox, Password, front.SignedIn},
		{"mfp@fabrikam.com", "Toner-Low-3", front.SignedIn},
		{"mfp@fabrikam.com", Password, front.CredentialsIncorrect},
		{"nobody@fabrikam.com", Password, front.CredentialsIncorrect},
	} {
		if got := connect(t, tenant).login(tc.user, tc.password); got != front.Say(tc.want, front.Newer).String() {
			t.Errorf("%s: %q", tc.user, got)
		}
	}
	if n := len(tenant.SignIns()); n != 1 {
		t.Errorf("%d sign-ins in our log, the others are theirs", n)
	}
	person := token.Claims{Audience: "https://outlook.office.com", TenantID: Default().TenantID, User: "mfp@fabrikam.com",
		Scopes: "SMTP.Send", Expires: time.Now().Add(time.Hour).Unix()}
	if got := connect(t, tenant).xoauth2("mfp@fabrikam.com", person.Token()); got[:3] != "535" {
		t.Errorf("a token of another tenant: %q", got)
	}
}

func TestTenantsNeedNamesOfTheirOwn(t *testing.T) {
	for what, change := range map[string]func(*State){
		"contoso.com":      func(s *State) { s.Domains = []string{"Contoso.com"} },
		"0d6c1a52":         func(s *State) { s.TenantID = Default().TenantID },
		"org.premium":      func(s *State) { s.Org.Premium = "gold" },
		"must be a GUID, ": func(s *State) { s.TenantID = "fabrikam" },
	} {
		second := other()
		change(second)
		tenant, err := Start(t.Context(), Default(), Options{Dir: t.TempDir(), Others: []*State{second}})
		if err == nil {
			tenant.Close()
		}
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A token of another tenant than the one asked opens that other tenant.
func TestTokenOfAnotherTenant(t *testing.T) {
	for _, tc := range []struct {
		tenant *Tenant
		want   string // the GUID in the token
		status int    // of Graph
	}{
		{startTwo(t), other().TenantID, 200},
		{start(t, Default()), "99999999-9999-4999-8999-999999999999", 401},
	} {
		if err := tc.tenant.SetFaults(Fault{API: "login", Path: "/token", Kind: "token-of-another-tenant"}); err != nil {
			t.Fatal(err)
		}
		c := newCaller(t, tc.tenant, "")
		c.signIn("contoso.com", "https://graph.microsoft.com")
		if claims, err := token.Parse(c.bearer); err != nil || claims.TenantID != tc.want || !strings.Contains(claims.Issuer, tc.want) {
			t.Errorf("token of %s, %v", claims.TenantID, err)
		}
		if resp, data := c.must("GET", tc.tenant.Cloud().Graph+"/v1.0/organization", ""); resp.StatusCode != tc.status {
			t.Errorf("%s: %d %s", tc.want, resp.StatusCode, data)
		}
	}
}

// An opaque token cannot be read and works all the same.
func TestOpaqueToken(t *testing.T) {
	tenant := start(t, Default())
	if err := tenant.SetFaults(Fault{API: "login", Kind: "opaque-token"}); err != nil {
		t.Fatal(err)
	}
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	if strings.Contains(c.bearer, ".") {
		t.Errorf("a JWT: %s", c.bearer)
	}
	if resp, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/organization", ""); resp.StatusCode != 200 {
		t.Errorf("%d %s", resp.StatusCode, data)
	}
	for _, forged := range []string{c.bearer[:len(c.bearer)-3], c.bearer + "A", "EwB-", "EwB-!"} {
		c.bearer = forged
		if resp, _ := c.must("GET", tenant.Cloud().Graph+"/v1.0/organization", ""); resp.StatusCode != 401 {
			t.Errorf("forged: %d", resp.StatusCode)
		}
	}
}

// TestTokenThatExpires: refused once is refused for good, and a new one works.
func TestTokenThatExpires(t *testing.T) {
	tenant := start(t, Default())
	where := tenant.Cloud().Graph + "/v1.0/organization"
	for _, nth := range []int{0, 2} {
		if err := tenant.SetFaults(Fault{API: "graph", Kind: "expired-token", Nth: nth}); err != nil {
			t.Fatal(err)
		}
		c, exchange := newCaller(t, tenant, tenant.Cloud().Graph), newCaller(t, tenant, tenant.Cloud().Exchange)
		var got []int
		for range 3 {
			resp, data := c.must("GET", where, "")
			if got = append(got, resp.StatusCode); resp.StatusCode == 401 && errorCode(t, data) != "InvalidAuthenticationToken" {
				t.Errorf("%s", data)
			}
		}
		if want := map[int][3]int{0: {401, 401, 401}, 2: {200, 401, 401}}[nth]; [3]int(got) != want {
			t.Errorf("nth %d: %v", nth, got)
		}
		if resp, _ := newCaller(t, tenant, tenant.Cloud().Graph).must("GET", where, ""); resp.StatusCode != 200 {
			t.Errorf("with a new token: %d", resp.StatusCode)
		}
		if status, _ := exchange.invoke("Get-TransportConfig", "{}"); status != 200 {
			t.Errorf("another token: %d", status)
		}
		if err := tenant.SetFaults(); err != nil {
			t.Fatal(err)
		}
		if resp, _ := c.must("GET", where, ""); resp.StatusCode != 200 {
			t.Errorf("the old token when the fault is gone: %d", resp.StatusCode)
		}
	}
}
