package tenantsim

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// invoke runs a cmdlet and returns status and body.
func (c *caller) invoke(cmdlet, parameters string) (int, []byte) {
	c.t.Helper()
	resp, data := c.must("POST", c.tenant.Cloud().Exchange+"/adminapi/beta/"+c.tenant.State().TenantID+"/InvokeCommand",
		`{"CmdletInput":{"CmdletName":"`+cmdlet+`","Parameters":`+parameters+`}}`)
	return resp.StatusCode, data
}

// first is the first row of a cmdlet's result.
func first(t *testing.T, data []byte) map[string]any {
	t.Helper()
	rows, _ := object(t, data)["value"].([]any)
	if len(rows) == 0 {
		t.Fatalf("no rows in %s", data)
	}
	return rows[0].(map[string]any)
}

const identity = `"Identity":"` + Mailbox + `"`

func TestCmdletsRead(t *testing.T) {
	state := Default()
	state.Org.DefaultAuthPolicy = BlockPolicy
	state.User(Mailbox).AuthPolicy = "Allow Basic SMTP"
	state.User(Mailbox).Kind = "shared"
	tenant := start(t, state)
	c := newCaller(t, tenant, tenant.Cloud().Exchange)
	dn := func(policy string) string {
		return "CN=" + policy + ",CN=Auth Policies,CN=Configuration,CN=contoso.com,CN=ConfigurationUnits,DC=EURPR02A001,DC=PROD,DC=OUTLOOK,DC=COM"
	}
	for _, tc := range []struct {
		cmdlet, parameters, property string
		want                         any
	}{
		{"Get-CASMailbox", "{" + identity + "}", "SmtpClientAuthenticationDisabled", false},
		{"get-casmailbox", "{" + identity + "}", "PrimarySmtpAddress", Mailbox},
		{"Get-TransportConfig", "{}", "SmtpClientAuthenticationDisabled", true},
		{"Get-TransportConfig", "{}", "AllowLegacyTLSClients", false},
		{"Get-OrganizationConfig", "{}", "DefaultAuthenticationPolicy", dn(BlockPolicy)},
		{"Get-User", "{" + identity + "}", "AuthenticationPolicy", dn("Allow Basic SMTP")},
		{"Get-User", `{"Identity":"ann@contoso.com"}`, "AuthenticationPolicy", nil},
		{"Get-AuthenticationPolicy", `{"Identity":"` + BlockPolicy + `"}`, "AllowBasicAuthSmtp", false},
		{"Get-AuthenticationPolicy", `{"Identity":"` + dn("Allow Basic SMTP") + `"}`, "AllowBasicAuthSmtp", true},
		{"Get-Mailbox", "{" + identity + "}", "RecipientTypeDetails", "SharedMailbox"},
	} {
		status, data := c.invoke(tc.cmdlet, tc.parameters)
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", tc.cmdlet, status, data)
			continue
		}
		row := first(t, data)
		if got, there := row[tc.property]; !there || got != tc.want {
			t.Errorf("%s %s: %v", tc.cmdlet, tc.property, got)
		}
	}
	if len(tenant.Writes()) != 0 {
		t.Errorf("reading counts as writing: %+v", tenant.Writes())
	}
}

// TestSetCASMailbox goes through the three values; null is inherit.
func TestSetCASMailbox(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Exchange)
	for _, tc := range []struct {
		json, want string
		warning    bool
	}{
		{"true", "off", false}, {"true", "off", true}, {"null", "inherit", false}, {"null", "inherit", true},
		{"false", "on", false}, {"false", "on", true},
	} {
		status, data := c.invoke("Set-CASMailbox", "{"+identity+`,"SmtpClientAuthenticationDisabled":`+tc.json+"}")
		if got := tenant.State().User(Mailbox).SMTPAuth; status != http.StatusOK || got != tc.want {
			t.Errorf("%s: %d, %s", tc.json, status, got)
		}
		if got := bytes.Contains(data, []byte("no settings of 'scanner@contoso.com' have been modified")); got != tc.warning {
			t.Errorf("%s: warning %v in %s", tc.json, got, data)
		}
	}
	if status, data := c.invoke("Set-CASMailbox", "{"+identity+`,"SmtpClientAuthenticationDisabled":"perhaps"}`); status != http.StatusBadRequest || !bytes.Contains(data, []byte("Cannot process argument transformation")) {
		t.Errorf("a bad value: %d %s", status, data)
	}
}

func TestExchangeErrors(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Exchange)
	if status, data := c.invoke("Get-CASMailbox", `{"Identity":"nobody@contoso.com"}`); status != 404 || !bytes.Contains(data, []byte("Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|")) {
		t.Errorf("no such mailbox: %d %s", status, data)
	}
	if status, data := c.invoke("Get-CASMailbox", `{"Bogus":"x"}`); status != 400 || !bytes.Contains(data, []byte("AmbiguousParameterSetException|Parameter set cannot be resolved")) {
		t.Errorf("no such parameter: %d %s", status, data)
	}
	for _, cmdlet := range []string{"Set-OrganizationConfig", "Get-Nonsense"} {
		if status, data := c.invoke(cmdlet, "{}"); status != 403 || !bytes.Equal(data, make([]byte, 4096)) {
			t.Errorf("%s: %d %q", cmdlet, status, data)
		}
	}
	root := tenant.Cloud().Exchange + "/adminapi/v1.0/" + tenant.State().TenantID
	if resp, _ := c.must("POST", root+"/InvokeCommand", "{}"); resp.StatusCode != 405 {
		t.Errorf("v1.0: %d", resp.StatusCode)
	}
}

// TestExchangeRoles is the measured sequence: nothing, the permission alone,
// the permission and a role.
func TestExchangeRoles(t *testing.T) {
	for _, tc := range []struct {
		name        string
		permissions []string
		roles       []string
		want        map[string]int // by cmdlet
	}{
		{"nothing", nil, nil, map[string]int{"Get-CASMailbox": 401}},
		{"permission without role", []string{"Exchange.ManageAsApp"}, nil, map[string]int{"Get-CASMailbox": 403}},
		{"role without permission", nil, []string{"Exchange Administrator"}, map[string]int{"Get-CASMailbox": 403}},
		{"Global Reader", []string{"Exchange.ManageAsApp"}, []string{"Global Reader"},
			map[string]int{"Get-CASMailbox": 200, "Get-TransportConfig": 200, "Get-User": 200, "Set-CASMailbox": 403}},
		{"Exchange Recipient Administrator", []string{"Exchange.ManageAsApp"}, []string{"Exchange Recipient Administrator"},
			map[string]int{"Get-CASMailbox": 200, "Set-CASMailbox": 200, "Get-TransportConfig": 403}},
		{"custom role group", []string{"Exchange.ManageAsApp"}, []string{"View-Only Configuration"},
			map[string]int{"Get-TransportConfig": 200, "Get-CASMailbox": 403}},
	} {
		state := Default()
		state.Apps[0].Permissions, state.Apps[0].Roles = tc.permissions, tc.roles
		tenant := start(t, state)
		c := newCaller(t, tenant, tenant.Cloud().Exchange)
		got := make(map[string]int)
		for cmdlet := range tc.want {
			parameters := "{" + identity + "}"
			if strings.HasSuffix(cmdlet, "TransportConfig") {
				parameters = "{}"
			}
			got[cmdlet], _ = c.invoke(cmdlet, parameters)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}
