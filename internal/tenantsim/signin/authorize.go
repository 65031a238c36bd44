package signin

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/token"
	"smtpmend/internal/tenantsim/web"
)

// An authCode is a sign-in that a person finished in the browser and that a
// client has yet to redeem.
type authCode struct {
	client, redirect string
	challenge        string // of PKCE, S256
	person           *state.Admin
}

// authorize is the page on which a person signs in. The simulated person has
// decided already: the page posts the answer to the client by itself, or with
// its button where scripts do not run.
func (s *service) authorize(c *web.Call) web.Answer {
	q := c.Query
	g, ok := clientOf(c, q)
	switch {
	case !ok:
		return errorPage(700016, "Application with identifier '"+q.Get("client_id")+"' was not found in the directory '"+c.Now.Name+"'.")
	case !registered(g.app, q.Get("redirect_uri")):
		return errorPage(50011, "The redirect URI '"+q.Get("redirect_uri")+"' specified in the request does not match the redirect URIs configured for the application '"+g.app.ClientID+"'.")
	case q.Get("response_type") != "code":
		return errorPage(700054, "response_type '"+q.Get("response_type")+"' is not enabled for the application.")
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		return errorPage(9002325, "Proof Key for Code Exchange is required for cross-origin authorization code redemption.")
	case q.Get("response_mode") != "form_post":
		return errorPage(70007, "'"+q.Get("response_mode")+"' is not a value that this simulator plays for 'response_mode'.")
	}
	person := personOf(c.Now, q.Get("login_hint"))
	switch c.Now.Admin.DeviceCode {
	case "ignore":
		return page(signInPage, pageData{Title: "Sign in", Text: "Nobody sits here."})
	case "decline":
		return post(q, url.Values{"error": {"access_denied"},
			"error_description": {"AADSTS65004: User declined to consent to access the app. " + trace()}})
	}
	code := rand.Text()
	s.mu.Lock()
	s.codes[code] = &authCode{g.app.ClientID, q.Get("redirect_uri"), q.Get("code_challenge"), person}
	s.mu.Unlock()
	return post(q, url.Values{"code": {code}, "client_info": {"e30"}})
}

// registered reports whether the app has the redirect: that of this machine,
// whose port Entra ignores.
func registered(app *state.App, redirect string) bool {
	u, err := url.Parse(redirect)
	return err == nil && app.Redirects() && u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}

// personOf is who signs in: the account that the client hints at, where the
// tenant has it, or else the administrator.
func personOf(now *state.State, hint string) *state.Admin {
	if u := now.Account(hint); u != nil && !strings.EqualFold(hint, now.Admin.User) {
		return &state.Admin{User: u.Principal(), Roles: u.AdminRoles}
	}
	return &now.Admin
}

// redeemCode answers a client that has come back with a code.
func (s *service) redeemCode(form url.Values) (*state.Admin, web.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))
	digest := sha256.Sum256([]byte(form.Get("code_verifier")))
	switch {
	case code == nil:
		return nil, stsError(http.StatusBadRequest, "invalid_grant", 54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	case code.client != form.Get("client_id"):
		return nil, stsError(http.StatusBadRequest, "invalid_grant", 70000, "The provided value for the 'code' parameter is not valid: it was issued to another client.")
	case code.redirect != form.Get("redirect_uri"):
		return nil, stsError(http.StatusBadRequest, "invalid_grant", 500112, "The reply address '"+form.Get("redirect_uri")+"' does not match the reply address provided when requesting Authorization code.")
	case code.challenge != token.Base64.EncodeToString(digest[:]):
		return nil, stsError(http.StatusBadRequest, "invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	}
	return code.person, web.Answer{}
}

type pageData struct {
	Title, Text, Action string
	Fields              url.Values
}

var signInPage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body{{if .Action}} onload="document.forms[0].submit()"{{end}}>
<p>{{.Text}}</p>
{{if .Action}}<form method="post" action="{{.Action}}">
{{range $name, $values := .Fields}}{{range $values}}<input type="hidden" name="{{$name}}" value="{{.}}">
{{end}}{{end}}<button type="submit">Continue</button>
</form>
{{end}}</body></html>
`))

func page(t *template.Template, data pageData) web.Answer {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		panic(err) // texts only
	}
	return web.Answer{Status: http.StatusOK, Body: b.Bytes(), Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}
}

// post is a page that hands the answer on to the client.
func post(q, answer url.Values) web.Answer {
	answer.Set("state", q.Get("state"))
	return page(signInPage, pageData{Title: "Working...", Text: "Script is disabled. Click Continue.", Action: q.Get("redirect_uri"), Fields: answer})
}

// errorPage is a refusal that stays before the person: the client never hears
// of it.
func errorPage(number int, text string) web.Answer {
	return page(signInPage, pageData{Title: "Sorry, but we're having trouble signing you in.", Text: sentence(number, text)})
}
