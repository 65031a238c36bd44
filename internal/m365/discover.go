package m365

import (
	"cmp"
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
	id, f := discover(ctx, login, tenant)
	if f != nil {
		next := cmp.Or(f.next, "try again later")
		return "", &problem{fmt.Sprintf("%s did not give the id of tenant %q: %s; %s", login.name, tenant, f.what, next), f.kind}
	}
	return id, nil
}

func discover(ctx context.Context, login *api, tenant string) (string, *fault) {
	if !strings.Contains(tenant, ".") {
		return "", &fault{kind: ErrSignIn, what: "it is neither an id nor a domain", next: "name the tenant with --tenant"}
	}
	at := login.root.JoinPath(url.PathEscape(tenant), "v2.0", ".well-known", "openid-configuration")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return "", asFault(err)
	}
	resp, err := login.RoundTrip(req)
	if err != nil {
		return "", asFault(err)
	}
	defer resp.Body.Close()
	var doc struct {
		TokenEndpoint string `json:"token_endpoint"`
		Issuer        string
		stsError
	}
	err = json.NewDecoder(resp.Body).Decode(&doc)
	if resp.StatusCode >= 400 {
		next := "check the domain, or choose the tenant's cloud with --cloud"
		return "", &fault{kind: ErrSignIn, what: refused(resp.StatusCode, clean(doc.sentence())).what, next: next}
	}
	if err != nil {
		return "", asFault(err)
	}
	id := guid.FindString(doc.TokenEndpoint + " " + doc.Issuer)
	if id == "" {
		return "", &fault{kind: ErrSignIn, what: "the answer names none", next: "name the tenant's id with --tenant"}
	}
	return strings.ToLower(id), nil
}
