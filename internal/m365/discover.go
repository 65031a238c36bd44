package m365

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var guid = regexp.MustCompile(`(?i)\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)

func isGUID(s string) bool { return len(s) == 36 && guid.MatchString(s) }

// tenantID returns tenant when it is a GUID and else asks the authority's
// OpenID discovery for the GUID behind a domain.
func tenantID(ctx context.Context, login *api, tenant string) (string, error) {
	if isGUID(tenant) {
		return strings.ToLower(tenant), nil
	}
	fail := func(f *fault) (string, error) {
		return "", &problem{fmt.Sprintf("tenant %q was not found in cloud %q: %s; %s", tenant, login.cloud, f.what, f.next), f.kind}
	}
	if !strings.Contains(tenant, ".") {
		return fail(&fault{kind: ErrSignIn, what: "it is neither an id nor a domain", next: "name the tenant with --tenant"})
	}
	at := login.root.JoinPath(url.PathEscape(tenant), "v2.0", ".well-known", "openid-configuration")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return "", fmt.Errorf("OpenID discovery of %q: %w", tenant, err)
	}
	resp, err := login.RoundTrip(req)
	if err != nil {
		f := asFault(err)
		if f.next == "" {
			f.next = "try again later"
		}
		return fail(f)
	}
	defer resp.Body.Close()
	var doc struct {
		TokenEndpoint string `json:"token_endpoint"`
		Issuer        string
		stsError
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		return fail(asFault(err))
	}
	if resp.StatusCode >= 400 {
		return fail(&fault{
			kind: ErrSignIn,
			what: fmt.Sprintf("status %d, %s", resp.StatusCode, clean(doc.sentence())),
			next: "check the domain, or choose the tenant's cloud with --cloud",
		})
	}
	id := guid.FindString(doc.TokenEndpoint + " " + doc.Issuer)
	if id == "" {
		return fail(&fault{kind: ErrSignIn, what: "OpenID discovery names no tenant id", next: "name the tenant's id with --tenant"})
	}
	return strings.ToLower(id), nil
}
