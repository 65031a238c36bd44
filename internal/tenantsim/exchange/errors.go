package exchange

import (
	"fmt"
	"net/http"

	"smtpmend/internal/tenantsim/web"
)

// exchangeError is an error in the shapes that were captured: the useful text
// is in details, or where there are none in internalexception.
func exchangeError(status int, code, message, kind, text string) web.Answer {
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
	return web.JSON(status, map[string]any{
		"error": body, "adminapi.warnings@odata.type": "#Collection(String)", "@adminapi.warnings": []string{},
	})
}

func notFound(identity string) web.Answer {
	return exchangeError(http.StatusNotFound, "NotFound", "Error executing cmdlet",
		"Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
		"The operation couldn't be performed because object '"+identity+"' couldn't be found on 'AM0PR02A012DC007.EURPR02A001.PROD.OUTLOOK.COM'.")
}

func badParameter(name string) web.Answer {
	return exchangeError(http.StatusBadRequest, "BadRequest", "Invalid Operation",
		"|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException",
		"Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. "+name)
}

// badValue has no details; the text is in the inner exception alone.
func badValue(name string, value any) web.Answer {
	return exchangeError(http.StatusBadRequest, "BadRequest", "Invalid Operation", "",
		fmt.Sprintf("Cannot process argument transformation on parameter '%s'. Cannot convert value \"%v\" to type \"System.Boolean\".", name, value))
}

// refuse is the answer with that status in Exchange's words.
func refuse(c *web.Call, status string) web.Answer {
	switch status {
	case "401":
		return challenge(c)
	case "403":
		text := "User is not allowed to call " + c.Cmdlet
		return exchangeError(http.StatusForbidden, "Forbidden", text, "", text)
	case "404":
		return notFound("the one asked for")
	case "429":
		return web.Answer{Status: http.StatusTooManyRequests, Header: http.Header{"Content-Type": {"text/plain"}},
			Body: []byte("You have reached the maximum number of concurrent requests per tenant. Please wait and try again")}
	case "500":
		text := "The call to Microsoft Exchange Active Directory Topology service on server 'TopologyClientTcpEndpoint (localhost)' returned an error."
		return exchangeError(http.StatusInternalServerError, "InternalServerError", text, "", text)
	}
	return exchangeError(http.StatusServiceUnavailable, "ServiceUnavailable", "Service unavailable.", "", "ServerBusyException")
}
