package signin

import (
	"fmt"
	"net/http"
	"time"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// stsError is an error of the token endpoint; the shape was captured, the
// ids in it are made up.
func stsError(status int, kind string, code int, text string) web.Answer {
	return web.JSON(status, map[string]any{
		"error":             kind,
		"error_description": sentence(code, text),
		"error_codes":       []int{code},
		"timestamp":         stamp(),
		"trace_id":          noID,
		"correlation_id":    noID,
		"error_uri":         fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", code),
	})
}

const noID = "00000000-0000-0000-0000-000000000000"

func stamp() string { return time.Now().UTC().Format("2006-01-02 15:04:05Z") }

func sentence(code int, text string) string {
	return fmt.Sprintf("AADSTS%d: %s %s", code, text, trace())
}

// trace is what stands behind the words of every refusal.
func trace() string {
	return fmt.Sprintf("Trace ID: %s Correlation ID: %s Timestamp: %s", noID, noID, stamp())
}

// refuseWith is a refusal with that number and words that say nothing: what it
// means is for the client to know.
func refuseWith(c *web.Call, number int) web.Answer {
	if c.Method == http.MethodGet {
		return errorPage(number, "The sign-in was refused.")
	}
	return stsError(http.StatusBadRequest, "invalid_grant", number, "The sign-in was refused.")
}

// refuse is the answer with that status in the token endpoint's words.
func refuse(c *web.Call, status string) web.Answer {
	switch status {
	case state.RefusedFaultKind:
		return refuseWith(c, c.Refusal())
	case "401":
		return stsError(http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided.")
	case "403":
		return stsError(http.StatusForbidden, "access_denied", 53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.")
	case "404":
		return web.Empty(http.StatusNotFound)
	case "429":
		return stsError(http.StatusTooManyRequests, "temporarily_unavailable", 90055, "The server is busy.")
	case "500":
		return stsError(http.StatusInternalServerError, "server_error", 90033, "A transient error has occurred. Please try again.")
	}
	return stsError(http.StatusServiceUnavailable, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again.")
}
