package tenantsim

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// named is a tenant whose scanner signs in by another name than its address,
// and in which Exchange finds a mailbox by a name that it does not bear.
func named() *State {
	state := Default()
	u := state.User(Mailbox)
	u.UPN, u.Aliases, u.DisplayName = "device7@contoso.onmicrosoft.com", []string{"scan@contoso.com"}, "Scanner, 2nd floor"
	state.Domains = []string{"contoso.onmicrosoft.com"}
	boss := state.User("ann@contoso.com")
	boss.LooseNames = []string{"copier@contoso.com"}
	return state
}

// Graph finds a user by id and principal name, and by an address only when it
// is asked for addresses.
func TestGraphFindsByPrincipalName(t *testing.T) {
	state := named()
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	id := state.Users[0].ID
	for key, want := range map[string]int{
		id: 200, "device7@contoso.onmicrosoft.com": 200, "Device7@contoso.onmicrosoft.com": 200,
		Mailbox: 404, "scan@contoso.com": 404, "ann@contoso.com": 200,
	} {
		for _, below := range []string{"/v1.0/users/" + key, "/v1.0/users/" + key + "/licenseDetails",
			"/v1.0/users/" + key + "/transitiveMemberOf", "/beta/users/" + key + "/authentication/requirements"} {
			if resp, data := c.must("GET", tenant.Cloud().Graph+below, ""); resp.StatusCode != want {
				t.Errorf("%s: %d %s", below, resp.StatusCode, data)
			}
		}
	}
	for filter, want := range map[string]string{
		"proxyAddresses/any(p:p eq 'smtp:" + Mailbox + "')":                                                      id,
		"proxyAddresses/any(x: x eq 'SMTP:scan@contoso.com')":                                                    id,
		"mail eq 'SCANNER@contoso.com'":                                                                          id,
		"mail eq 'scan@contoso.com'":                                                                             "",
		"proxyAddresses/any(p:p eq 'smtp:scan@contoso.com') or mail eq 'scan@contoso.com'":                       id,
		"userPrincipalName eq 'device7@contoso.onmicrosoft.com'":                                                 id,
		"proxyAddresses/any(p:p eq 'smtp:nobody@contoso.com') or mail eq 'nobody@contoso.com'":                   "",
		"proxyAddresses/any(p:p eq 'smtp:" + Mailbox + "') or proxyAddresses/any(p:p eq 'smtp:ann@contoso.com')": id + " " + state.Users[1].ID,
	} {
		_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/users?"+url.Values{"$filter": {filter}}.Encode(), "")
		var ids []string
		for _, v := range object(t, data)["value"].([]any) {
			ids = append(ids, v.(map[string]any)["id"].(string))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %q, want %q", filter, got, want)
		}
	}
	for _, filter := range []string{"otherMails/any(p:p eq 'x')", "nickname eq 'x'", "mail like 'x'"} {
		if resp, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/users?"+url.Values{"$filter": {filter}}.Encode(), ""); resp.StatusCode != 400 {
			t.Errorf("%s: %d %s", filter, resp.StatusCode, data)
		}
	}
}

func TestUserProperties(t *testing.T) {
	state := named()
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	_, data := c.must("GET", tenant.Cloud().Graph+"/v1.0/users/"+state.Users[0].ID+
		"?$select=id,displayName,userPrincipalName,mail,userType,proxyAddresses", "")
	got := object(t, data)
	delete(got, "@odata.context")
	want := map[string]any{
		"id": state.Users[0].ID, "displayName": "Scanner, 2nd floor", "userPrincipalName": "device7@contoso.onmicrosoft.com",
		"mail": Mailbox, "userType": "Member", "proxyAddresses": []any{"SMTP:" + Mailbox, "smtp:scan@contoso.com"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Exchange finds more than Graph, and sometimes another mailbox than was
// meant; what it found says which.
func TestExchangeFindsLoosely(t *testing.T) {
	state := named()
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Exchange)
	scanner, boss := &state.Users[0], &state.Users[1]
	for identity, want := range map[string]*User{
		Mailbox: scanner, "SCAN@contoso.com": scanner, scanner.UPN: scanner, scanner.ID: scanner, scanner.ExchangeGUID(): scanner,
		"scanner": scanner, "copier@contoso.com": boss, "ann@contoso.com": boss, "copier": nil,
	} {
		for _, cmdlet := range []string{"Get-CASMailbox", "Get-Mailbox", "Get-User"} {
			status, data := c.invoke(cmdlet, `{"Identity":"`+identity+`"}`)
			if want == nil {
				if status != 404 {
					t.Errorf("%s %s: %d", cmdlet, identity, status)
				}
				continue
			}
			row := first(t, data)
			if row["ExternalDirectoryObjectId"] != want.ID || row["Guid"] != want.ExchangeGUID() || row["PrimarySmtpAddress"] != want.Mailbox {
				t.Errorf("%s %s: %v", cmdlet, identity, row)
			}
			if row["DisplayName"] != want.Label() || !cmp.Equal(row["EmailAddresses"], toAny(want.ProxyAddresses())) {
				t.Errorf("%s %s: %v", cmdlet, identity, row)
			}
			if upn, there := row["UserPrincipalName"]; there != (cmdlet != "Get-CASMailbox") || there && upn != want.Principal() {
				t.Errorf("%s %s: UserPrincipalName %v", cmdlet, identity, upn)
			}
		}
	}
	c.invoke("Set-CASMailbox", `{"Identity":"copier@contoso.com","SmtpClientAuthenticationDisabled":true}`)
	if now := tenant.State(); now.Users[0].SMTPAuth != "on" || now.Users[1].SMTPAuth != "off" {
		t.Errorf("the write went to %+v", now.Users)
	}
}

func toAny(list []string) (out []any) {
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// Who may not read roles learns that there is one and not which.
func TestMemberships(t *testing.T) {
	const group = "aaaaaaaa-0000-0000-0000-000000000001"
	state := Default()
	u := state.User(Mailbox)
	u.Groups, u.AdminRoles = []string{group}, []string{"Exchange Administrator"}
	path := "/v1.0/users/" + Mailbox + "/transitiveMemberOf"
	for _, tc := range []struct {
		path        string
		permissions []string
		groups      int
		role        any // its roleTemplateId
	}{
		{path, []string{"User.Read.All"}, 1, nil},
		{path, []string{"User.Read.All", "RoleManagement.Read.Directory"}, 1, "29232cdf-9323-42fd-ade2-1d097af3e4de"},
		{path, []string{"Directory.Read.All"}, 1, "29232cdf-9323-42fd-ade2-1d097af3e4de"},
		{path + "/graph.directoryRole", []string{"User.Read.All"}, 0, nil},
		{path + "/microsoft.graph.directoryRole", []string{"User.Read.All", "RoleManagement.Read.Directory"}, 0, "29232cdf-9323-42fd-ade2-1d097af3e4de"},
	} {
		state.Apps[0].Permissions = tc.permissions
		tenant := start(t, state)
		resp, data := newCaller(t, tenant, tenant.Cloud().Graph).must("GET", tenant.Cloud().Graph+tc.path, "")
		members, _ := object(t, data)["value"].([]any)
		if resp.StatusCode != 200 || len(members) != tc.groups+1 {
			t.Fatalf("%s with %v: %d %s", tc.path, tc.permissions, resp.StatusCode, data)
		}
		if tc.groups > 0 {
			if g := members[0].(map[string]any); g["@odata.type"] != "#microsoft.graph.group" || g["id"] != group {
				t.Errorf("group: %v", g)
			}
		}
		role := members[tc.groups].(map[string]any)
		template, there := role["roleTemplateId"]
		if role["@odata.type"] != "#microsoft.graph.directoryRole" || role["id"] == "" || !there || template != tc.role || (role["displayName"] == nil) != (tc.role == nil) {
			t.Errorf("%s with %v: %v", tc.path, tc.permissions, role)
		}
	}
	if !slices.Contains(ReadPermissions, "RoleManagement.Read.Directory") {
		t.Error("an app with all read permissions may not read roles")
	}
}
