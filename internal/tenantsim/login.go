package tenantsim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// login serves the Entra authority: discovery, device codes and tokens.
func (c *call) login() answer {
	first, rest, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
	if first == "common" && rest == "discovery/instance" {
		return c.instanceDiscovery()
	}
	if !c.isTenant(first) {
		return stsError(http.StatusBadRequest, "invalid_tenant", 90002,
			"Tenant '"+first+"' not found. This may happen if there are no active subscriptions for the tenant. Check to make sure you have the correct tenant ID.")
	}
	switch c.r.Method + " " + rest {
	case "GET v2.0/.well-known/openid-configuration":
		return c.openIDConfiguration()
	case "POST oauth2/v2.0/devicecode":
		return c.deviceAuthorization()
	case "POST oauth2/v2.0/token":
		return c.token()
	}
	return answer{status: http.StatusNotFound, header: http.Header{}}
}

func (c *call) isTenant(name string) bool {
	return strings.EqualFold(name, c.state.TenantID) || strings.EqualFold(name, c.state.Domain) ||
		name == "organizations" || name == "common"
}

func (c *call) openIDConfiguration() answer {
	root := c.tenant.cloud.Login + "/" + c.state.TenantID
	return jsonAnswer(http.StatusOK, map[string]any{
		"token_endpoint":                        root + "/oauth2/v2.0/token",
		"device_authorization_endpoint":         root + "/oauth2/v2.0/devicecode",
		"authorization_endpoint":                root + "/oauth2/v2.0/authorize",
		"jwks_uri":                              root + "/discovery/v2.0/keys",
		"issuer":                                root + "/v2.0",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"},
		"tenant_region_scope":                   "EU",
		"cloud_instance_name":                   c.r.Host,
		"msgraph_host":                          c.r.Host,
	})
}

func (c *call) instanceDiscovery() answer {
	return jsonAnswer(http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": c.tenant.cloud.Login + "/" + c.state.TenantID + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []any{map[string]any{
			"preferred_network": c.r.Host, "preferred_cache": c.r.Host, "aliases": []string{c.r.Host},
		}},
	})
}

// A grant is who gets a token and for what.
type grant struct {
	app    *App
	person *Admin // nil when the app acts for itself
	public bool   // one of Microsoft's own clients, whose person may consent
}

// publicClients are Microsoft's own: Graph Command Line Tools and Exchange
// Online PowerShell.
var publicClients = []App{
	{Name: "Microsoft Graph Command Line Tools", ClientID: "14d82eec-204b-4c2f-b7e8-296a70dab67e"},
	{Name: "Exchange Online PowerShell", ClientID: "fb78d390-0c51-40cd-8e17-fdbfab77341b", Permissions: []string{"Exchange.Manage"}},
}

func (c *call) client(form url.Values) (g grant, found bool) {
	id := form.Get("client_id")
	if g.app = c.state.App(id); g.app != nil {
		return g, true
	}
	i := slices.IndexFunc(publicClients, func(a App) bool { return a.ClientID == id })
	if i < 0 {
		return g, false
	}
	return grant{app: &publicClients[i], public: true}, true
}

func (c *call) token() answer {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return stsError(http.StatusBadRequest, "invalid_request", 900144, "The request body is not a form.")
	}
	g, ok := c.client(form)
	if !ok {
		return stsError(http.StatusBadRequest, "unauthorized_client", 700016,
			fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'.", form.Get("client_id"), c.state.Name))
	}
	switch form.Get("grant_type") {
	case "client_credentials":
		if a, ok := c.authenticateApp(g.app, form); !ok {
			return a
		}
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		if a, ok := c.redeemDevice(form.Get("device_code")); !ok {
			return a
		}
		g.person = &c.state.Admin
	case "refresh_token":
		old, err := parseToken(form.Get("refresh_token"))
		if err != nil || old.Audience != refreshAudience || old.AppID != g.app.ClientID {
			return stsError(http.StatusBadRequest, "invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
		}
		g.person = &c.state.Admin
	default:
		return stsError(http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	}
	return c.issue(g, strings.Fields(form.Get("scope")))
}

const refreshAudience = "refresh"

// issue answers with a token for the one resource that the scopes name.
func (c *call) issue(g grant, scopes []string) answer {
	scopes = slices.DeleteFunc(scopes, func(s string) bool {
		return s == "openid" || s == "profile" || s == "offline_access"
	})
	audience, names := c.resource(scopes)
	if audience == "" {
		return stsError(http.StatusBadRequest, "invalid_resource", 500011,
			"The resource principal named in the scope was not found in the tenant. This can happen if the application has not been installed.")
	}
	granted, missing := g.permissions(audience, names)
	if missing != "" {
		return stsError(http.StatusBadRequest, "invalid_grant", 65001,
			"The user or administrator has not consented to use the application with the permission "+missing+".")
	}
	now := time.Now().Unix()
	claims := Claims{
		Audience: audience, Issuer: c.tenant.cloud.Login + "/" + c.state.TenantID + "/v2.0",
		IssuedAt: now, NotYet: now, Expires: now + 3600, Version: "1.0",
		TenantID: c.state.TenantID, AppID: g.app.ClientID, ObjectID: g.app.ClientID,
	}
	reply := map[string]any{"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600}
	if g.person == nil {
		claims.Roles = granted
	} else {
		claims.User, claims.Scopes, claims.Wids = g.person.User, strings.Join(granted, " "), roleIDs(g.person.Roles)
		reply["scope"] = strings.Join(append(scopes, granted...), " ")
		c.addPerson(reply, claims)
	}
	reply["access_token"] = claims.Token()
	return jsonAnswer(http.StatusOK, reply)
}

// addPerson adds what comes with a person's token alone.
func (c *call) addPerson(reply map[string]any, claims Claims) {
	claims.Audience = refreshAudience
	reply["refresh_token"] = claims.Token()
	claims.Audience = claims.AppID
	reply["id_token"] = idToken(claims)
	reply["client_info"] = b64.EncodeToString(fmt.Appendf(nil, `{"uid":%q,"utid":%q}`, claims.ObjectID, claims.TenantID))
}

// stsError is an error of the token endpoint; the shape was captured, the
// ids in it are made up.
func stsError(status int, kind string, code int, text string) answer {
	now := time.Now().UTC().Format("2006-01-02 15:04:05Z")
	id := "00000000-0000-0000-0000-000000000000"
	return jsonAnswer(status, map[string]any{
		"error":             kind,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text, id, id, now),
		"error_codes":       []int{code},
		"timestamp":         now,
		"trace_id":          id,
		"correlation_id":    id,
		"error_uri":         fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", code),
	})
}
