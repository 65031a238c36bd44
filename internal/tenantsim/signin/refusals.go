package signin

import (
	"fmt"
	"net/http"
	"time"

	"smtpmend/internal/tenantsim/web"
)

// stsError is an error of the token endpoint; the shape was captured, the
// ids in it are made up.
func stsError(status int, kind string, code int, text string) web.Answer {
	now := time.Now().UTC().Format("2006-01-02 15:04:05Z")
	id := "00000000-0000-0000-0000-000000000000"
	return web.JSON(status, map[string]any{
		"error":             kind,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text, id, id, now),
		"error_codes":       []int{code},
		"timestamp":         now,
		"trace_id":          id,
		"correlation_id":    id,
		"error_uri":         fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", code),
	})
}

// refuse is the answer with that status in the token endpoint's words.
func refuse(_ *web.Call, status string) web.Answer {
	switch status {
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
