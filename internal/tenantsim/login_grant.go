package tenantsim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// authenticateApp checks the app's secret or client assertion.
func (c *call) authenticateApp(app *App, form url.Values) (answer, bool) {
	if form.Has("client_assertion") {
		if app.signed(form.Get("client_assertion")) {
			return answer{}, true
		}
		return stsError(http.StatusUnauthorized, "invalid_client", 700027,
			"The certificate with identifier used to sign the client assertion is not registered on application."), false
	}
	if app.Secret == "" || form.Get("client_secret") != app.Secret {
		return stsError(http.StatusUnauthorized, "invalid_client", 7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID."), false
	}
	return answer{}, true
}

// signed reports whether the assertion is signed with the app's certificate,
// PS256 or RS256.
func (a *App) signed(assertion string) bool {
	block, _ := pem.Decode([]byte(a.Certificate))
	i := strings.LastIndexByte(assertion, '.')
	if block == nil || i < 0 {
		return false
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return false
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	signature, err := b64.DecodeString(assertion[i+1:])
	if !ok || err != nil {
		return false
	}
	digest := sha256.Sum256([]byte(assertion[:i]))
	return rsa.VerifyPSS(key, crypto.SHA256, digest[:], signature, nil) == nil ||
		rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
}

// A deviceCode is a sign-in that a person is to finish in a browser. The
// simulated person needs one look: the first poll still finds it pending.
type deviceCode struct{ polled bool }

func (c *call) deviceAuthorization() answer {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return stsError(http.StatusBadRequest, "invalid_request", 900144, "The request body is not a form.")
	}
	if _, ok := c.client(form); !ok {
		return stsError(http.StatusBadRequest, "unauthorized_client", 700016, "The application was not found in the directory.")
	}
	id := make([]byte, 16)
	rand.Read(id)
	code := hex.EncodeToString(id)
	c.tenant.mu.Lock()
	c.tenant.devices[code] = &deviceCode{}
	c.tenant.mu.Unlock()
	where := c.tenant.cloud.Login + "/devicelogin"
	return jsonAnswer(http.StatusOK, map[string]any{
		"user_code": "SIMULATE9", "device_code": code, "verification_uri": where, "expires_in": 900, "interval": 1,
		"message": "To sign in, use a web browser to open the page " + where + " and enter the code SIMULATE9 to authenticate.",
	})
}

// redeemDevice answers a poll until the person has decided.
func (c *call) redeemDevice(code string) (answer, bool) {
	c.tenant.mu.Lock()
	defer c.tenant.mu.Unlock()
	d := c.tenant.devices[code]
	switch {
	case d == nil:
		return stsError(http.StatusBadRequest, "bad_verification_code", 70019, "The verification code is not known."), false
	case c.state.Admin.DeviceCode == "decline":
		return stsError(http.StatusBadRequest, "authorization_declined", 70018, "The person declined the sign-in."), false
	case c.state.Admin.DeviceCode == "ignore", !d.polled:
		d.polled = true
		return stsError(http.StatusBadRequest, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."), false
	}
	delete(c.tenant.devices, code)
	return answer{}, true
}

// A resource is an API that tokens are for.
type resource struct {
	audience string   // of the token
	names    []string // by which scopes call it
}

// resource returns the audience and the permission names of the scopes; the
// audience is "" when they name no resource of this tenant, or several.
func (c *call) resource(scopes []string) (audience string, names []string) {
	cloud := c.tenant.cloud
	resources := []resource{
		{cloud.Graph, []string{cloud.Graph, "https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"}},
		{cloud.Exchange, append([]string{cloud.Exchange}, mailAudiences...)},
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
func (g grant) permissions(audience string, names []string) (granted []string, missing string) {
	forExchange := strings.HasSuffix(audience, exchangePath)
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

// idToken is what tells a client who signed in.
func idToken(claims Claims) string {
	body, err := json.Marshal(map[string]any{
		"aud": claims.AppID, "iss": claims.Issuer, "iat": claims.IssuedAt, "nbf": claims.NotYet, "exp": claims.Expires,
		"oid": claims.ObjectID, "sub": claims.ObjectID, "tid": claims.TenantID, "ver": "2.0",
		"preferred_username": claims.User, "name": claims.User,
	})
	if err != nil {
		panic(err) // strings and numbers only
	}
	signed := b64.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + b64.EncodeToString(body)
	return signed + "." + b64.EncodeToString(sign(signed))
}

// authorize reads the bearer token; a token for another resource or tenant
// is none.
func (c *call) authorize(audience string) (empty, ok bool) {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return true, false
	}
	claims, err := parseToken(token)
	if err != nil || claims.Audience != audience || claims.TenantID != c.state.TenantID || claims.Expires <= time.Now().Unix() {
		return false, false
	}
	c.claims = claims
	return false, true
}

// roles are the Entra roles, by name, of whoever the token stands for: the
// person, or the app's service principal.
func (c *call) roles() []string {
	if c.claims.User != "" {
		return c.state.Admin.Roles
	}
	if app := c.state.App(c.claims.AppID); app != nil {
		return app.Roles
	}
	return nil
}
