package tenantsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A cmdletInput is the body of InvokeCommand.
type cmdletInput struct {
	CmdletInput struct {
		CmdletName string
		Parameters map[string]any
	}
}

func cmdletName(body []byte) string {
	var in cmdletInput
	if json.Unmarshal(body, &in) != nil {
		return ""
	}
	return in.CmdletInput.CmdletName
}

// exchange serves the REST API of Exchange's PowerShell module.
func (c *call) exchange() answer {
	version, rest, _ := strings.Cut(strings.TrimPrefix(c.path, "/adminapi/"), "/")
	tenant, what, _ := strings.Cut(rest, "/")
	known := slices.Contains([]string{"beta/InvokeCommand", "v1.0/InvokeCommand", "v1.0/EXOModuleFile"}, version+"/"+what)
	if !strings.HasPrefix(c.path, "/adminapi/") || !known {
		return answer{status: http.StatusNotFound, header: http.Header{}}
	}
	if _, ok := c.authorize(c.tenant.cloud.Exchange); !ok || !strings.EqualFold(tenant, c.state.TenantID) {
		return c.challenge()
	}
	if !c.mayManage() {
		if len(c.roles()) == 0 {
			return c.challenge()
		}
		return nulAnswer()
	}
	switch {
	case what == "EXOModuleFile" && c.r.Method == http.MethodGet:
		return c.moduleFile()
	case version == "v1.0", c.r.Method != http.MethodPost:
		return answer{status: http.StatusMethodNotAllowed, header: http.Header{}}
	}
	return c.invoke()
}

// mayManage is about the permission; the roles decide about each cmdlet.
func (c *call) mayManage() bool {
	if c.claims.User == "" {
		return c.claims.allows("Exchange.ManageAsApp")
	}
	return c.claims.allows("Exchange.Manage")
}

// challenge is what a caller without a valid token gets. The body was not
// recorded by whoever met it.
func (c *call) challenge() answer {
	return answer{status: http.StatusUnauthorized, header: http.Header{
		"Www-Authenticate": {fmt.Sprintf(`Bearer client_id="%s", trusted_issuers="*", token_types="app_asserted_user_v1", authorization_uri="%s/common/oauth2/authorize"`,
			exchangeOnline, c.tenant.cloud.Login)},
	}}
}

// nulAnswer is Exchange's refusal of a cmdlet that the caller's roles do not
// allow or that does not exist: NUL bytes that claim to be gzip.
func nulAnswer() answer {
	return answer{status: http.StatusForbidden, body: make([]byte, 4096),
		header: http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}}
}

// moduleFile lists the cmdlets that the caller's roles allow. No answer of
// Microsoft's was captured; clients read this one key of it.
func (c *call) moduleFile() answer {
	var allowed []string
	for _, cmd := range cmdlets {
		if anyOf(c.roles(), cmd.roles) {
			allowed = append(allowed, cmd.name)
		}
	}
	return jsonAnswer(http.StatusOK, map[string]any{
		"value": []any{map[string]any{"exportedCmdlets": strings.Join(allowed, ",")}},
	})
}

func (c *call) invoke() answer {
	var in cmdletInput
	if err := json.Unmarshal(c.body, &in); err != nil {
		return exchangeError(http.StatusBadRequest, "BadRequest", "Invalid Operation", "", err.Error())
	}
	i := slices.IndexFunc(cmdlets, func(cmd cmdlet) bool { return strings.EqualFold(cmd.name, in.CmdletInput.CmdletName) })
	if i < 0 || !anyOf(c.roles(), cmdlets[i].roles) {
		return nulAnswer()
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
	return cmd.run(c, parameters)
}

// result is a successful answer with its rows and warnings.
func (c *call) result(warnings []string, rows ...map[string]any) answer {
	return jsonAnswer(http.StatusOK, map[string]any{
		"@odata.context":               c.tenant.cloud.Exchange + "/adminapi/beta/" + c.state.TenantID + "/$metadata#Collection(Exchange.GenericHashTable)",
		"adminapi.warnings@odata.type": "#Collection(String)",
		"@adminapi.warnings":           orEmpty(warnings),
		"value":                        append([]map[string]any{}, rows...),
	})
}

// exchangeError is an error in the shapes that were captured: the useful text
// is in details, or where there are none in internalexception.
func exchangeError(status int, code, message, kind, text string) answer {
	inner := map[string]any{"message": message, "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException", "stacktrace": ""}
	body := map[string]any{"code": code, "message": message, "innererror": inner}
	if kind != "" {
		body["details"] = []any{map[string]any{"code": "Client", "target": "", "message": kind + "|" + text}}
		inner["internalexception"] = map[string]any{
			"message": "Exception of type 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException' was thrown.",
			"type":    "Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException",
		}
	} else {
		inner["internalexception"] = map[string]any{"message": text, "type": "System.Exception", "stacktrace": ""}
	}
	return jsonAnswer(status, map[string]any{
		"error": body, "adminapi.warnings@odata.type": "#Collection(String)", "@adminapi.warnings": []string{},
	})
}

func notFound(identity string) answer {
	return exchangeError(http.StatusNotFound, "NotFound", "Error executing cmdlet",
		"Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
		"The operation couldn't be performed because object '"+identity+"' couldn't be found on 'AM0PR02A012DC007.EURPR02A001.PROD.OUTLOOK.COM'.")
}

func badParameter(name string) answer {
	return exchangeError(http.StatusBadRequest, "BadRequest", "Invalid Operation",
		"|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException",
		"Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. "+name)
}

// badValue has no details; the text is in the inner exception alone.
func badValue(name string, value any) answer {
	return exchangeError(http.StatusBadRequest, "BadRequest", "Invalid Operation", "",
		fmt.Sprintf("Cannot process argument transformation on parameter '%s'. Cannot convert value \"%v\" to type \"System.Boolean\".", name, value))
}

// exchangeRefusal is the answer with that status in Exchange's words.
func (c *call) exchangeRefusal(status string) answer {
	switch status {
	case "401":
		return c.challenge()
	case "403":
		text := "User is not allowed to call " + c.log.Cmdlet
		return exchangeError(http.StatusForbidden, "Forbidden", text, "", text)
	case "404":
		return notFound("the one asked for")
	case "429":
		return answer{status: http.StatusTooManyRequests, header: http.Header{"Content-Type": {"text/plain"}},
			body: []byte("You have reached the maximum number of concurrent requests per tenant. Please wait and try again")}
	case "500":
		text := "The call to Microsoft Exchange Active Directory Topology service on server 'TopologyClientTcpEndpoint (localhost)' returned an error."
		return exchangeError(http.StatusInternalServerError, "InternalServerError", text, "", text)
	}
	return exchangeError(http.StatusServiceUnavailable, "ServiceUnavailable", "Service unavailable.", "", "ServerBusyException")
}
