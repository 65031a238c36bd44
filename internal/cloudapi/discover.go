package cloudapi

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

// IsGUID reports whether s is a GUID and nothing else.
func IsGUID(s string) bool { return len(s) == 36 && guid.MatchString(s) }

// TenantID returns tenant when it is a GUID and else asks the authority's
// OpenID discovery for the GUID behind a domain. It needs no sign-in.
func (a *Authority) TenantID(ctx context.Context, tenant string) (string, error) {
	if IsGUID(tenant) {
		return strings.ToLower(tenant), nil
	}
	id, f := discover(ctx, a.api, tenant)
	if f != nil {
		next := cmp.Or(f.Next, "try again later")
		return "", &problem{fmt.Sprintf("sign-in to tenant %s failed: its id was not found: %s; %s", Clean(tenant), f.What, next), f.Kind, f.Said}
	}
	return id, nil
}

func discover(ctx context.Context, login *api, tenant string) (string, *Fault) {
	if !strings.Contains(tenant, ".") || strings.HasPrefix(tenant, ".") {
		return "", &Fault{Kind: ErrSignIn, What: "it is neither an id nor a domain", Next: "give the id of the tenant, or one of its domains"}
	}
	at := login.root.JoinPath(url.PathEscape(tenant), "v2.0", ".well-known", "openid-configuration")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return "", AsFault(err)
	}
	resp, err := login.RoundTrip(req)
	if err != nil {
		return "", AsFault(err)
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
		return "", &Fault{Kind: ErrSignIn, What: refused(resp.StatusCode, Clean(doc.sentence())).What, Next: next, Said: doc.refuses(nil)}
	}
	if err != nil {
		return "", AsFault(err)
	}
	id, issuer := guid.FindString(doc.TokenEndpoint), guid.FindString(doc.Issuer)
	if id != "" && issuer != "" && !strings.EqualFold(id, issuer) {
		return "", &Fault{Kind: ErrSignIn, What: "the answer names two: " + id + " and " + issuer, Next: "look for a proxy in between"}
	}
	if id = cmp.Or(id, issuer); id == "" {
		return "", &Fault{Kind: ErrSignIn, What: "the answer names none", Next: "look for a proxy in between, then try again later"}
	}
	return strings.ToLower(id), nil
}

// TenantID is that of Authority.
func (s *Session) TenantID(ctx context.Context, tenant string) (string, error) {
	return s.authority.TenantID(ctx, tenant)
}
