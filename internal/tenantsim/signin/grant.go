package signin

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/token"
	"smtpmend/internal/tenantsim/web"
)

// authenticateApp checks the app's secret or client assertion.
func authenticateApp(app *state.App, form url.Values) (web.Answer, bool) {
	if form.Has("client_assertion") {
		if signed(app, form.Get("client_assertion")) {
			return web.Answer{}, true
		}
		return stsError(http.StatusUnauthorized, "invalid_client", 700027,
			"The certificate with identifier used to sign the client assertion is not registered on application."), false
	}
	if app.Secret == "" || form.Get("client_secret") != app.Secret {
		return stsError(http.StatusUnauthorized, "invalid_client", 7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID."), false
	}
	if app.SecretExpired {
		return stsError(http.StatusUnauthorized, "invalid_client", 7000222, "The provided client secret keys for app '"+app.ClientID+"' are expired. Visit the Azure portal to create new keys for your app."), false
	}
	return web.Answer{}, true
}

// signed reports whether the assertion is signed with the app's certificate,
// PS256 or RS256, and the certificate has not expired.
func signed(a *state.App, assertion string) bool {
	block, _ := pem.Decode([]byte(a.Certificate))
	i := strings.LastIndexByte(assertion, '.')
	if block == nil || i < 0 {
		return false
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !cert.NotAfter.IsZero() && time.Now().After(cert.NotAfter) {
		return false
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	signature, err := token.Base64.DecodeString(assertion[i+1:])
	if !ok || err != nil {
		return false
	}
	digest := sha256.Sum256([]byte(assertion[:i]))
	return rsa.VerifyPSS(key, crypto.SHA256, digest[:], signature, nil) == nil ||
		rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
}

// switchedOff is the answer for an app that is disabled in the tenant.
func switchedOff(app *state.App) web.Answer {
	return stsError(http.StatusUnauthorized, "unauthorized_client", 7000112, "Application '"+app.ClientID+"'("+app.Name+") is disabled.")
}

// notPublic is the answer to a person's client whose app takes none without a
// secret.
func notPublic() web.Answer {
	return stsError(http.StatusUnauthorized, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
}

// A deviceCode is a sign-in that a person is to finish in a browser. The
// simulated person needs one look: the first poll still finds it pending.
type deviceCode struct{ polled bool }

func (s *service) deviceAuthorization(c *web.Call) web.Answer {
	form, err := url.ParseQuery(string(c.Body))
	if err != nil {
		return stsError(http.StatusBadRequest, "invalid_request", 900144, "The request body is not a form.")
	}
	g, ok := clientOf(c, form)
	if !ok {
		return stsError(http.StatusBadRequest, "unauthorized_client", 700016, "The application was not found in the directory.")
	}
	switch {
	case g.app.Status != "":
		return switchedOff(g.app)
	case g.app.PublicFlows == "off":
		return notPublic()
	}
	id := make([]byte, 16)
	rand.Read(id)
	code := hex.EncodeToString(id)
	s.mu.Lock()
	s.devices[code] = &deviceCode{}
	s.mu.Unlock()
	where := c.Cloud.Login + "/devicelogin"
	return web.JSON(http.StatusOK, map[string]any{
		"user_code": "SIMULATE9", "device_code": code, "verification_uri": where, "expires_in": 900, "interval": 1,
		"message": "To sign in, use a web browser to open the page " + where + " and enter the code SIMULATE9 to authenticate.",
	})
}

// redeemDevice answers a poll until the person has decided.
func (s *service) redeemDevice(c *web.Call, code string) (web.Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.devices[code]
	switch {
	case d != nil && c.Now.Org.DeviceFlow == "blocked" && c.Now.Org.SecurityDefaults == "on":
		return stsError(http.StatusBadRequest, "invalid_grant", 530035, "Access has been blocked by security defaults."), false
	case d != nil && c.Now.Org.DeviceFlow == "blocked":
		return stsError(http.StatusBadRequest, "invalid_grant", 53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."), false
	case d == nil:
		return stsError(http.StatusBadRequest, "bad_verification_code", 70019, "The verification code is not known."), false
	case c.Now.Admin.DeviceCode == "decline":
		return stsError(http.StatusBadRequest, "authorization_declined", 70018, "The person declined the sign-in."), false
	case c.Now.Admin.DeviceCode == "ignore", !d.polled:
		d.polled = true
		return stsError(http.StatusBadRequest, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."), false
	}
	delete(s.devices, code)
	return web.Answer{}, true
}
