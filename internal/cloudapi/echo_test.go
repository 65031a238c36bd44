package cloudapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/secret"
)

// A login answers each request of a sign-in as a function says.
type login func(path, body string) (int, string)

func (l login) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		sent, _ = io.ReadAll(req.Body)
	}
	status, body := l(req.URL.Path, string(sent))
	return &http.Response{StatusCode: status, Request: req, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

const loginRoot = "https://login.example/"

// fault signs in at l and returns why there is no token.
func (l login) fault(t *testing.T, g cloudapi.Grant) *cloudapi.Fault {
	t.Helper()
	a, err := cloudapi.NewAuthority(cloudapi.Options{Cloud: endpoint.Cloud{Login: loginRoot}, Transport: l,
		Env: func(string) (string, bool) { return "", false }, Pause: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	g.TenantID, g.ClientID = "0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11", "7d2e5a94-1c3b-4f60-8e27-90ab4c6d1e55"
	cred, err := a.Credential(g)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = cred.Token(t.Context(), "https://outlook.example/.default")
	if err == nil {
		t.Fatal("there is a token")
	}
	return cloudapi.AsFault(err)
}

// with answers discovery, the start of a device code, and the token endpoint.
func with(device map[string]any, token func(body string) (int, string)) login {
	return func(path, body string) (int, string) {
		at := loginRoot + "0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11/oauth2/v2.0/"
		switch {
		case strings.Contains(path, "openid-configuration"):
			return 200, `{"issuer":"` + loginRoot + `0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11/v2.0","authorization_endpoint":"` + at + `authorize","token_endpoint":"` + at + `token","device_authorization_endpoint":"` + at + `devicecode"}`
		case strings.HasSuffix(path, "devicecode"):
			text, _ := json.Marshal(device)
			return 200, string(text)
		}
		return token(body)
	}
}

func refusing(words string) (int, string) {
	text, _ := json.Marshal(map[string]string{"error": "invalid_client", "error_description": words})
	return 400, string(text)
}

// A secret that the sign-in service echoes is masked in each form in which a
// request or a page writes it.
func TestEchoedSecrets(t *testing.T) {
	const own = "Sp+ec/ial&se <c%ret=Q8~x"
	forms := []string{own, url.QueryEscape(own), url.PathEscape(own), "Sp%2bec%2fial%26se+%3cc%25ret%3dQ8~x", html.EscapeString(own),
		base64.StdEncoding.EncodeToString([]byte(own)), base64.RawURLEncoding.EncodeToString([]byte(own)), url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(own)))}
	for _, form := range forms {
		f := with(nil, func(string) (int, string) { return refusing("AADSTS7000215: you sent " + form + "!") }).
			fault(t, cloudapi.Grant{Method: cloudapi.ClientSecret, Secret: secret.New(own)})
		if !strings.Contains(f.What, "you sent ****!") || !strings.HasSuffix(f.Said, "you sent ****!") {
			t.Errorf("%s: %s; %s", form, f.What, f.Said)
		}
	}
	f := with(nil, func(body string) (int, string) { return refusing("AADSTS7000215: " + body) }).
		fault(t, cloudapi.Grant{Method: cloudapi.ClientSecret, Secret: secret.New(own)})
	if strings.Contains(f.What, "ial%26") {
		t.Error(f.What)
	}
}

func device(change map[string]any) map[string]any {
	d := map[string]any{"user_code": "ABC", "device_code": "the-code-of-the-device", "verification_uri": "https://microsoft.example/devicelogin", "expires_in": 900, "interval": 1}
	for name, value := range change {
		d[name] = value
	}
	return d
}

// A device code is a secret as well; one that runs out is a lapse, not a puzzle;
// and nobody is sent to a page that is not protected.
func TestDeviceCodeMishaps(t *testing.T) {
	shown := 0
	g := cloudapi.Grant{Method: cloudapi.DeviceCode, Prompt: func(cloudapi.DevicePrompt) { shown++ }}
	f := with(device(nil), func(string) (int, string) { return refusing("AADSTS50057: the-code-of-the-device") }).fault(t, g)
	if !strings.Contains(f.What, "AADSTS50057: ****") || shown != 1 {
		t.Errorf("%+v, shown %d times", f, shown)
	}
	f = with(device(map[string]any{"expires_in": 2}), func(string) (int, string) {
		return 400, `{"error":"authorization_pending","error_description":"AADSTS70016: pending"}`
	}).fault(t, g)
	if f.What != "nobody entered the code in time" || f.Said != "" || !strings.Contains(f.Next, "run it again") {
		t.Errorf("%+v", f)
	}
	shown = 0
	for _, page := range []string{"javascript:alert(1)", "http://microsoft.example/devicelogin", "https://login.microsoftonline.com@evil.example/", ""} {
		f := with(device(map[string]any{"verification_uri": page}), func(string) (int, string) { return refusing("AADSTS50057: no") }).fault(t, g)
		if !strings.Contains(f.What, "no plain https address") || shown != 0 {
			t.Errorf("%q: %+v, shown %d times", page, f, shown)
		}
	}
}

// Only a well-formed refusal with a number of Entra's own is its word.
func TestSaidIsEntras(t *testing.T) {
	for _, tc := range []struct {
		status     int
		body, said string
	}{
		{400, `{"error":"invalid_client","error_description":"AADSTS7000222: expired. Trace ID: 1"}`, "AADSTS7000222: expired"},
		{400, `no way AADSTS7000222: expired`, ""}, {400, `{"error":"weird"}`, ""}, {400, `{"error_description":"AADSTS7000222: expired"}`, ""},
		{400, `{"error":"x","error_description":"see AADSTS7000222: expired"}`, ""}, {200, `{"access_token":5}`, ""},
	} {
		f := with(nil, func(string) (int, string) { return tc.status, tc.body }).fault(t, cloudapi.Grant{Method: cloudapi.ClientSecret, Secret: secret.New("secret-of-ours")})
		if f.Said != tc.said || f.Next == "" {
			t.Errorf("%s: %+v", tc.body, f)
		}
	}
}
