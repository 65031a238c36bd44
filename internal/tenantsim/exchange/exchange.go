// Package exchange is the REST API behind Exchange Online's PowerShell module
// as the simulated tenants offer it, with the cmdlets that read and write
// their facts.
package exchange

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// A cmdletInput is the body of InvokeCommand.
type cmdletInput struct {
	CmdletInput struct {
		CmdletName string
		Parameters map[string]any
	}
}

// API is Exchange Online below root.
func API(root string) web.API {
	return web.API{
		Name: "exchange", Root: root, Serves: web.Below(root), Tenant: web.TenantOfToken, Asks: asks,
		Serve: serve, Refuse: refuse,
	}
}

// asks names the cmdlet; what is no Get-Something or Test-Something writes.
func asks(c *web.Call) (cmdlet string, writes bool) {
	var in cmdletInput
	if json.Unmarshal(c.Body, &in) != nil {
		return "", false
	}
	cmdlet = in.CmdletInput.CmdletName
	verb, _, _ := strings.Cut(strings.ToLower(cmdlet), "-")
	return cmdlet, cmdlet != "" && verb != "get" && verb != "test"
}

func serve(c *web.Call) web.Answer {
	version, rest, _ := strings.Cut(strings.TrimPrefix(c.Path, "/adminapi/"), "/")
	tenant, what, _ := strings.Cut(rest, "/")
	known := slices.Contains([]string{"beta/InvokeCommand", "v1.0/InvokeCommand"}, version+"/"+what)
	if !strings.HasPrefix(c.Path, "/adminapi/") || !known {
		return web.Empty(http.StatusNotFound)
	}
	if !c.Authorize(c.Cloud.Exchange) || !strings.EqualFold(tenant, c.State.TenantID) {
		return challenge(c)
	}
	if !mayManage(c) {
		if len(c.Roles()) == 0 {
			return challenge(c)
		}
		return web.Gibberish()
	}
	if version == "v1.0" || c.Method != http.MethodPost {
		return web.Empty(http.StatusMethodNotAllowed)
	}
	return invoke(c)
}

// mayManage is about the permission; the roles decide about each cmdlet.
func mayManage(c *web.Call) bool {
	if c.Claims.User == "" {
		return c.Claims.Allows("Exchange.ManageAsApp")
	}
	return c.Claims.Allows("Exchange.Manage")
}

// challenge is what a caller without a valid token gets. The body was not
// recorded by whoever met it.
func challenge(c *web.Call) web.Answer {
	return web.Answer{Status: http.StatusUnauthorized, Header: http.Header{
		"Www-Authenticate": {fmt.Sprintf(`Bearer client_id="%s", trusted_issuers="*", token_types="app_asserted_user_v1", authorization_uri="%s/common/oauth2/authorize"`,
			state.ExchangeOnline, c.Cloud.Login)},
	}}
}

func invoke(c *web.Call) web.Answer {
	var in cmdletInput
	if err := json.Unmarshal(c.Body, &in); err != nil {
		return exchangeError(http.StatusBadRequest, "BadRequest", "Invalid Operation", "", err.Error())
	}
	i := slices.IndexFunc(cmdlets, func(cmd cmdlet) bool { return strings.EqualFold(cmd.name, in.CmdletInput.CmdletName) })
	if i < 0 || !c.HasRole(cmdlets[i].roles) {
		return web.Gibberish()
	}
	cmd := cmdlets[i]
	parameters := make(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(in.CmdletInput.Parameters)) {
		if strings.Contains(name, "@") {
			continue
		}
		if !slices.Contains(cmd.parameters, name) {
			return badParameter(name)
		}
		parameters[name] = in.CmdletInput.Parameters[name]
	}
	if _, one := parameters["Identity"]; cmd.row != nil && !one {
		return listed(c, cmd)
	}
	return cmd.run(c, parameters)
}

// result is a successful answer with its rows and warnings.
func result(c *web.Call, warnings []string, rows ...map[string]any) web.Answer {
	return web.JSON(http.StatusOK, envelope(c, warnings, rows))
}

// linked is one page of rows, with the link to the next one, "" for none.
func linked(c *web.Call, rows []map[string]any, next string) web.Answer {
	body := envelope(c, nil, rows)
	if next != "" {
		body["@odata.nextLink"] = next
	}
	return web.JSON(http.StatusOK, body)
}

func envelope(c *web.Call, warnings []string, rows []map[string]any) map[string]any {
	return map[string]any{
		"@odata.context":               c.Cloud.Exchange + "/adminapi/beta/" + c.State.TenantID + "/$metadata#Collection(Exchange.GenericHashTable)",
		"adminapi.warnings@odata.type": "#Collection(String)",
		"@adminapi.warnings":           append([]string{}, warnings...),
		"value":                        append([]map[string]any{}, rows...),
	}
}
