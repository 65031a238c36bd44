package signin

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/token"
	"smtpmend/internal/tenantsim/web"
)

const refreshAudience = "refresh"

// issue answers with a token for the one resource that the scopes name.
func issue(c *web.Call, g grant, scopes []string) web.Answer {
	scopes = slices.DeleteFunc(scopes, func(s string) bool {
		return s == "openid" || s == "profile" || s == "offline_access"
	})
	audience, names := resourceOf(c, scopes)
	if audience == "" {
		return stsError(http.StatusBadRequest, "invalid_resource", 500011,
			"The resource principal named in the scope was not found in the tenant. This can happen if the application has not been installed.")
	}
	granted, missing := g.permissions(audience, c.Cloud.Exchange, names)
	if missing != "" {
		return stsError(http.StatusBadRequest, "invalid_grant", 65001,
			"The user or administrator has not consented to use the application with the permission "+missing+".")
	}
	if a, ok := g.pass(c, granted); !ok {
		return a
	}
	claims := newClaims(c, audience, g.app)
	reply := map[string]any{"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600}
	if g.person == nil {
		granted = slices.DeleteFunc(granted, func(p string) bool { return p == "SMTP.Send" }) // a person's alone
		claims.Roles, claims.Kind = granted, "app"
	} else {
		claims.ObjectID = g.personID(c)
		claims.User, claims.Scopes, claims.Wids = g.person.User, strings.Join(granted, " "), state.RoleIDs(g.person.Roles)
		reply["scope"] = strings.Join(append(scopes, granted...), " ")
		addPerson(c, reply, claims)
	}
	if reply["access_token"] = claims.Token(); c.Struck("opaque-token") {
		reply["access_token"] = claims.Opaque()
	}
	return web.JSON(http.StatusOK, reply)
}

func newClaims(c *web.Call, audience string, app *state.App) token.Claims {
	tenant := c.Now.TenantID
	if c.Struck("token-of-another-tenant") {
		tenant = c.OtherTenant()
	}
	now := time.Now().Unix()
	return token.Claims{
		Audience: audience, Issuer: c.Cloud.Login + "/" + tenant + "/v2.0", TenantID: tenant,
		IssuedAt: now, NotYet: now, Expires: now + 3600, Version: "1.0", Unique: rand.Text(),
		AppID: app.ClientID, ObjectID: app.ObjectID(),
	}
}

// addPerson adds what comes with a person's token alone.
func addPerson(c *web.Call, reply map[string]any, claims token.Claims) {
	claims.Audience = refreshAudience
	reply["refresh_token"] = claims.Token()
	claims.Audience = claims.AppID
	reply["id_token"] = idToken(claims)
	reply["client_info"] = token.Base64.EncodeToString(fmt.Appendf(nil, `{"uid":%q,"utid":%q}`, claims.ObjectID, claims.TenantID))
}

// idToken is what tells a client who signed in.
func idToken(claims token.Claims) string {
	return token.Sign(map[string]any{
		"aud": claims.AppID, "iss": claims.Issuer, "iat": claims.IssuedAt, "nbf": claims.NotYet, "exp": claims.Expires,
		"oid": claims.ObjectID, "sub": claims.ObjectID, "tid": claims.TenantID, "ver": "2.0",
		"preferred_username": claims.User, "name": claims.User,
	})
}

// A resource is an API that tokens are for.
type resource struct {
	audience string   // of the token
	names    []string // by which scopes call it
}

// resourceOf returns the audience and the permission names of the scopes; the
// audience is "" when they name no resource of this tenant, or several.
func resourceOf(c *web.Call, scopes []string) (audience string, names []string) {
	cloud := c.Cloud
	resources := []resource{
		{cloud.Graph, []string{cloud.Graph, "https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"}},
		{cloud.Exchange, append([]string{cloud.Exchange}, token.MailAudiences...)},
	}
	for _, scope := range scopes {
		i := strings.LastIndexByte(scope, '/')
		at := slices.IndexFunc(resources, func(r resource) bool {
			return i >= 0 && slices.Contains(r.names, strings.TrimRight(scope[:i], "/"))
		})
		if at < 0 || audience != "" && audience != resources[at].audience {
			return "", nil
		}
		audience = resources[at].audience
		names = append(names, scope[i+1:])
	}
	return audience, names
}

// permissions returns those of the app for the resource. A person asks for
// some of them by name, and may consent to more with a public client.
func (g grant) permissions(audience, exchange string, names []string) (granted []string, missing string) {
	forExchange := audience == exchange
	has := slices.DeleteFunc(slices.Clone(g.app.Permissions), func(p string) bool {
		return (strings.HasPrefix(p, "Exchange.") || strings.HasPrefix(p, "SMTP.")) != forExchange
	})
	for _, name := range names {
		switch {
		case name == ".default":
			granted = append(granted, has...)
		case g.public || slices.Contains(has, name):
			granted = append(granted, name)
		default:
			return nil, name
		}
	}
	return granted, ""
}
