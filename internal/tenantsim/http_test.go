package tenantsim

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A caller sends requests with a token, as a program with that app would.
type caller struct {
	t      *testing.T
	tenant *Tenant
	http   *http.Client
	bearer string
}

// newHTTPClient trusts the tenant alone and follows no redirect.
func newHTTPClient(t *testing.T, tenant *Tenant) *http.Client {
	transport := &http.Transport{
		TLSClientConfig:    &tls.Config{RootCAs: tenant.Cloud().Roots},
		DisableCompression: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// call signs in to the API with that root, "" for no token at all.
func newCaller(t *testing.T, tenant *Tenant, root string) *caller {
	t.Helper()
	c := &caller{t: t, tenant: tenant, http: newHTTPClient(t, tenant)}
	if root == "" {
		return c
	}
	status, reply := c.form("/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {ClientID}, "client_secret": {ClientSecret},
		"scope": {root + "/.default"},
	})
	if status != http.StatusOK {
		t.Fatalf("token: %d %v", status, reply)
	}
	c.bearer = reply["access_token"].(string)
	return c
}

func (c *caller) form(path string, form url.Values) (int, map[string]any) {
	c.t.Helper()
	resp, err := c.http.PostForm(c.tenant.Cloud().Login+"/"+c.tenant.State().TenantID+path, form)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, decode(c.t, resp.Body)
}

func decode(t *testing.T, r io.Reader) (reply map[string]any) {
	t.Helper()
	if err := json.NewDecoder(r).Decode(&reply); err != nil {
		t.Fatal(err)
	}
	return reply
}

// send makes a request, with a body compressed as Microsoft's SDK does.
func (c *caller) send(method, address, body string) (*http.Response, []byte, error) {
	c.t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, body)
	z.Close()
	req, err := http.NewRequestWithContext(c.t.Context(), method, address, &packed)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Encoding", "gzip")
	req.Header.Set("Content-Type", "application/json")
	if body == "" {
		req.Body, req.ContentLength = nil, 0
		req.Header.Del("Content-Encoding")
	}
	if c.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp, data, err
}

func (c *caller) must(method, address, body string) (*http.Response, []byte) {
	c.t.Helper()
	resp, data, err := c.send(method, address, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, address, err)
	}
	return resp, data
}

// object reads a JSON object.
func object(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	return v
}

// errorCode is error.code of a Graph or Exchange answer.
func errorCode(t *testing.T, data []byte) string {
	t.Helper()
	e, _ := object(t, data)["error"].(map[string]any)
	code, _ := e["code"].(string)
	return code
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Exchange)
	invoke := tenant.Cloud().Exchange + "/adminapi/beta/" + tenant.State().TenantID + "/InvokeCommand"
	c.must("POST", invoke, `{"CmdletInput":{"CmdletName":"Get-CASMailbox","Parameters":{"Identity":"`+Mailbox+`"}}}`)
	c.must("POST", invoke, `{"CmdletInput":{"CmdletName":"Set-CASMailbox","Parameters":{"Identity":"`+Mailbox+`","SmtpClientAuthenticationDisabled":true}}}`)
	c.must("GET", tenant.Cloud().Graph+"/v1.0/organization", "")
	c.must("GET", tenant.Cloud().Login+"/somewhere", "")

	var got []string
	for _, r := range tenant.Requests() {
		got = append(got, strings.Join([]string{r.API, r.Method, r.Cmdlet}, " "))
		if strings.Contains(r.Body, ClientSecret) || strings.Contains(r.Body, c.bearer) {
			t.Errorf("a secret in %+v", r)
		}
		if r.Status == 0 {
			t.Errorf("no status in %+v", r)
		}
	}
	want := []string{"login POST ", "exchange POST Get-CASMailbox", "exchange POST Set-CASMailbox", "graph GET ", " GET "}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("log: %q", got)
	}
	writes := tenant.Writes()
	if len(writes) != 1 || writes[0].Cmdlet != "Set-CASMailbox" || !strings.Contains(writes[0].Body, "SmtpClientAuthenticationDisabled") {
		t.Errorf("writes: %+v", writes)
	}
}

func TestHookSeesBeforeAndAfterTheEffect(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	var seen []string
	tenant.OnRequest(func(r Request, m Moment) {
		seen = append(seen, string(m)+" "+tenant.State().Org.SecurityDefaults)
	})
	c.must("PATCH", tenant.Cloud().Graph+"/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":true}`)
	tenant.OnRequest(nil)
	c.must("GET", tenant.Cloud().Graph+"/v1.0/organization", "")
	if strings.Join(seen, ", ") != "before off, after on" {
		t.Errorf("the hook saw %q", seen)
	}
}
