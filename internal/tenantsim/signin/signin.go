// Package signin is Entra ID's sign-in as the simulated tenants offer it:
// OpenID discovery, the page for people, device codes and the token endpoint.
//
// It judges apps and administrators; the passwords of mailboxes are judged
// where mail is submitted.
package signin

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/token"
	"smtpmend/internal/tenantsim/web"
)

// A service is the authority of all tenants.
type service struct {
	mu      sync.Mutex
	devices map[string]*deviceCode
	codes   map[string]*authCode
}

// API is the authority. It lies beside the other APIs, at the paths that are
// its own.
func API() web.API {
	s := &service{devices: make(map[string]*deviceCode), codes: make(map[string]*authCode)}
	return web.API{
		Name: "login",
		Serves: func(path string) bool {
			return strings.Contains(path, "/oauth2/") || strings.Contains(path, "/.well-known/") || strings.HasPrefix(path, "/common/")
		},
		Tenant: func(c *web.Call) string { name, _ := parts(c); return name },
		Asks:   func(*web.Call) (string, bool) { return "", false },
		Serve:  s.serve, Refuse: refuse,
	}
}

// parts cuts the path into the tenant and what is asked of it.
func parts(c *web.Call) (tenant, what string) {
	tenant, what, _ = strings.Cut(strings.TrimPrefix(c.Path, "/"), "/")
	return tenant, what
}

func (s *service) serve(c *web.Call) web.Answer {
	name, what := parts(c)
	if name == "common" && what == "discovery/instance" {
		return instanceDiscovery(c)
	}
	if c.Tenant == nil {
		return stsError(http.StatusBadRequest, "invalid_tenant", 90002,
			"Tenant '"+name+"' not found. This may happen if there are no active subscriptions for the tenant. Check to make sure you have the correct tenant ID.")
	}
	switch c.Method + " " + what {
	case "GET v2.0/.well-known/openid-configuration":
		return openIDConfiguration(c)
	case "GET oauth2/v2.0/authorize":
		return s.authorize(c)
	case "POST oauth2/v2.0/devicecode":
		return s.deviceAuthorization(c)
	case "POST oauth2/v2.0/token":
		return s.token(c)
	}
	return web.Empty(http.StatusNotFound)
}

func openIDConfiguration(c *web.Call) web.Answer {
	root := c.Cloud.Login + "/" + c.Now.TenantID
	return web.JSON(http.StatusOK, map[string]any{
		"token_endpoint":                        root + "/oauth2/v2.0/token",
		"device_authorization_endpoint":         root + "/oauth2/v2.0/devicecode",
		"authorization_endpoint":                root + "/oauth2/v2.0/authorize",
		"jwks_uri":                              root + "/discovery/v2.0/keys",
		"issuer":                                root + "/v2.0",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"},
		"tenant_region_scope":                   "EU",
		"cloud_instance_name":                   c.Host,
		"msgraph_host":                          c.Host,
	})
}

func instanceDiscovery(c *web.Call) web.Answer {
	return web.JSON(http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": c.Cloud.Login + "/" + c.Now.TenantID + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []any{map[string]any{
			"preferred_network": c.Host, "preferred_cache": c.Host, "aliases": []string{c.Host},
		}},
	})
}

// A grant is who gets a token and for what.
type grant struct {
	app    *state.App
	person *state.Admin // nil when the app acts for itself
	public bool         // one of Microsoft's own clients, whose person may consent
	device bool         // the person entered a device code
}

// publicClients are Microsoft's own: Graph Command Line Tools and Exchange
// Online PowerShell.
var publicClients = []state.App{
	{Name: "Microsoft Graph Command Line Tools", ClientID: "14d82eec-204b-4c2f-b7e8-296a70dab67e"},
	{Name: "Exchange Online PowerShell", ClientID: "fb78d390-0c51-40cd-8e17-fdbfab77341b", Permissions: []string{"Exchange.Manage"}},
}

func clientOf(c *web.Call, form url.Values) (g grant, found bool) {
	id := form.Get("client_id")
	if g.app = c.Now.App(id); g.app != nil {
		return g, g.app.Status != "absent"
	}
	i := slices.IndexFunc(publicClients, func(a state.App) bool { return a.ClientID == id })
	if i < 0 {
		return g, false
	}
	return grant{app: &publicClients[i], public: true}, true
}

func (s *service) token(c *web.Call) web.Answer {
	form, err := url.ParseQuery(string(c.Body))
	if err != nil {
		return stsError(http.StatusBadRequest, "invalid_request", 900144, "The request body is not a form.")
	}
	g, ok := clientOf(c, form)
	if !ok {
		return stsError(http.StatusBadRequest, "unauthorized_client", 700016,
			fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'.", form.Get("client_id"), c.Now.Name))
	}
	if g.app.Status != "" {
		return switchedOff(g.app)
	}
	switch form.Get("grant_type") {
	case "client_credentials":
		if a, ok := authenticateApp(g.app, form); !ok {
			return a
		}
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		if a, ok := s.redeemDevice(c, form.Get("device_code")); !ok {
			return a
		}
		g.person, g.device = &c.Now.Admin, true
	case "authorization_code":
		if g.app.PublicFlows == "off" {
			return notPublic()
		}
		person, a := s.redeemCode(form)
		if person == nil {
			return a
		}
		g.person = person
	case "refresh_token":
		old, err := token.Parse(form.Get("refresh_token"))
		if err != nil || old.Audience != refreshAudience || old.AppID != g.app.ClientID {
			return stsError(http.StatusBadRequest, "invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
		}
		g.person = personOf(c.Now, old.User)
	default:
		return stsError(http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	}
	scopes := strings.Fields(form.Get("scope"))
	if a, ok := g.admit(c, scopes); !ok {
		return a
	}
	return issue(c, g, scopes)
}
