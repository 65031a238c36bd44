package graph

import (
	"strings"
	"time"

	"smtpmend/internal/tenantsim/web"
)

// A graphError is an error of Graph. Codes and messages are those that were
// captured from the service or that its documentation shows.
type graphError struct {
	status  int
	code    string
	message string // %s is the subject
}

var (
	errNoToken       = graphError{401, "InvalidAuthenticationToken", "Access token is empty."}
	errBadToken      = graphError{401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."}
	errScopesMissing = graphError{403, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token."}
	errDenied        = graphError{403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."}
	errLogPermission = graphError{403, "Authentication_MSGraphPermissionMissing", "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API. For more information about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview"}
	errNotPremium    = graphError{403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license"}
	// The words of this refusal are unconfirmed.
	errReports    = graphError{403, "S2SUnauthorized", "Invalid permission."}
	errNoResource = graphError{404, "Request_ResourceNotFound", "Resource '%s' does not exist or one of its queried reference-property objects are not present."}
	errNoSegment  = graphError{400, "BadRequest", "Resource not found for the segment '%s'."}
	errNoMethod   = graphError{405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."}
	errBadFilter  = graphError{400, "BadRequest", "Invalid filter clause: %s"}
	errNoProperty = graphError{400, "BadRequest", "Could not find a property named %s."}
	// Code and message are unconfirmed: no source has the body. That the
	// portal refuses it is documented.
	errPoliciesFirst = graphError{400, "BadRequest", "Security defaults cannot be enabled while Conditional Access policies are enabled."}
	errBadBody       = graphError{400, "BadRequest", "%s"}
	errThrottled     = graphError{429, "TooManyRequests", "Too many requests."}
	errInternal      = graphError{500, "InternalServerError", "An internal error occurred."}
	errUnavailable   = graphError{503, "ServiceUnavailable", "Service unavailable."}
)

func (e graphError) answer(subject string) web.Answer {
	id := "00000000-0000-0000-0000-000000000000"
	return web.JSON(e.status, map[string]any{"error": map[string]any{
		"code":    e.code,
		"message": strings.Replace(e.message, "%s", subject, 1),
		"innerError": map[string]any{
			"date":              time.Now().UTC().Format("2006-01-02T15:04:05"),
			"request-id":        id,
			"client-request-id": id,
		},
	}})
}

// refuse is the answer with that status in Graph's words.
func refuse(_ *web.Call, status string) web.Answer {
	rows := map[string]graphError{
		"401": errBadToken, "403": errDenied, "404": errNoResource,
		"429": errThrottled, "500": errInternal, "503": errUnavailable,
	}
	return rows[status].answer("the one asked for")
}
