package m365

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/endpoint"
)

const (
	testTenant = "0a1b2c3d-0000-4000-8000-00000000abcd"
	testUser   = "scanner@contoso.com"
	testUserID = "aaaaaaaa-0000-4000-8000-000000000001"
	testSecret = "cl1ent-s3cret+/="
	testApp    = "11111111-2222-4333-8444-555555555555"
)

// A fake stands in for the four services with canned answers. Its zero state
// is a tenant in which nothing stands in the way.
type fake struct {
	*httptest.Server
	t *testing.T

	mu     sync.Mutex
	bodies map[string]string // by route, "GET /v1.0/..." or a cmdlet's name
	claims map[string]any
	fault  func(route string, w http.ResponseWriter, r *http.Request) bool
	sent   []request
	logins []string // bodies sent to the token endpoint

	tenants map[string]string // by domain; testTenant for any other
	opaque  bool              // tokens that cannot be read
	unknown map[string]bool   // identities that Exchange does not know
}

// A request is what the fake received, the sign-in left out.
type request struct {
	Route  string
	Auth   string
	Header http.Header
	Body   string
	Query  string
}

const graphUser = "/users/" + testUser

func newFake(t *testing.T) *fake {
	f := &fake{t: t}
	f.bodies = map[string]string{
		"GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy":   `{"id":"00000000-0000-0000-0000-000000000005","displayName":"Security Defaults","isEnabled":false}`,
		"PATCH /v1.0/policies/identitySecurityDefaultsEnforcementPolicy": "",
		"GET /beta" + graphUser + "/authentication/requirements":         `{"perUserMfaState":"disabled"}`,
		"PATCH /beta" + graphUser + "/authentication/requirements":       "",
		"GET /v1.0" + graphUser:                         directoryUserJSON("scanner@contoso.com", testUserID),
		"GET /v1.0/users":                               `{"value":[]}`,
		"GET /v1.0/organization":                        `{"value":[{"id":"` + testTenant + `","displayName":"Contoso Ltd","verifiedDomains":[{"name":"contoso.com"}]}]}`,
		"GET /v1.0/subscribedSkus":                      `{"value":[{"skuPartNumber":"O365_BUSINESS_PREMIUM","capabilityStatus":"Enabled","servicePlans":[{"servicePlanName":"EXCHANGE_S_STANDARD"},{"servicePlanName":"AAD_PREMIUM"}]}]}`,
		"GET /v1.0" + graphUser + "/licenseDetails":     `{"value":[{"skuPartNumber":"O365_BUSINESS_PREMIUM","servicePlans":[{"servicePlanName":"EXCHANGE_S_FOUNDATION","provisioningStatus":"Success"},{"servicePlanName":"EXCHANGE_S_STANDARD","provisioningStatus":"Success"}]}]}`,
		"GET /v1.0" + graphUser + "/transitiveMemberOf": `{"value":[]}`,
		"GET /v1.0/identity/conditionalAccess/policies": `{"value":[]}`,
		"GET /v1.0/auditLogs/signIns":                   `{"value":[]}`,
		"GET /beta/auditLogs/signIns":                   `{"value":[]}`,
		"Get-CASMailbox":                                casMailbox(`"SmtpClientAuthenticationDisabled":null`),
		"Get-TransportConfig":                           exchangeValue(`{"SmtpClientAuthenticationDisabled":true,"AllowLegacyTLSClients":false}`),
		"Get-OrganizationConfig":                        exchangeValue(`{"DefaultAuthenticationPolicy":null}`),
		"Get-User":                                      exchangeUser(`"AuthenticationPolicy":null`),
		"Get-Mailbox":                                   mailbox(`"RecipientTypeDetails":"UserMailbox"`),
		"Get-AuthenticationPolicy":                      exchangeValue(`{"Name":"Block Basic Auth","AllowBasicAuthSmtp":false}`),
		"Set-CASMailbox":                                `{"value":[]}`,
	}
	f.claims = map[string]any{"tid": testTenant, "appid": testApp, "roles": []string{
		"Policy.Read.All", "User.Read.All", "AuditLog.Read.All", "LicenseAssignment.Read.All", "RoleManagement.Read.Directory", "Exchange.ManageAsApp",
		"Policy.ReadWrite.SecurityDefaults", "Policy.ReadWrite.AuthenticationMethod",
	}}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(f.serve))
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.StartTLS()
	t.Cleanup(f.Close)
	return f
}

// recipient is what each cmdlet gives for the mailbox scanner@contoso.com, with
// the properties that are its own.
func recipient(addresses, properties string) string {
	return exchangeValue(`{"Identity":"scanner","ExternalDirectoryObjectId":"` + strings.ToUpper(testUserID) + `","Guid":"99999999-0000-4000-8000-000000000009","Guid@odata.type":"#Guid",` + addresses + `,` + properties + `}`)
}

func casMailbox(properties string) string {
	return recipient(`"PrimarySmtpAddress":"scanner@contoso.com","EmailAddresses":["SMTP:scanner@contoso.com","smtp:mfp@contoso.com","SIP:other@contoso.com"]`, properties)
}

func mailbox(properties string) string {
	return recipient(`"UserPrincipalName":"scanner@contoso.com","PrimarySmtpAddress":"scanner@contoso.com","EmailAddresses":["SMTP:scanner@contoso.com","smtp:mfp@contoso.com"]`, properties)
}

func exchangeUser(properties string) string {
	return recipient(`"UserPrincipalName":"scanner@contoso.com"`, properties)
}

func directoryUserJSON(upn, id string) string {
	return `{"id":"` + id + `","userPrincipalName":"` + upn + `","mail":"` + upn + `","proxyAddresses":["SMTP:` + upn + `"],"accountEnabled":true,"userType":"Member","displayName":"X"}`
}

func exchangeValue(objects string) string {
	return `{"@odata.context":"x","adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":[],"value":[` + objects + `]}`
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	route := f.route(r, body)
	f.mu.Lock()
	login := strings.HasPrefix(r.URL.Path, "/login/")
	if login && r.Method == http.MethodPost {
		f.logins = append(f.logins, string(body))
	}
	if !login {
		f.sent = append(f.sent, request{route, r.Header.Get("Authorization"), r.Header, string(body), r.URL.RawQuery})
	}
	fault, answer, known := f.fault, f.bodies[route], false
	_, known = f.bodies[route]
	f.mu.Unlock()
	if fault != nil && fault(route, w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	switch {
	case login:
		f.login(w, r, body)
	case strings.HasPrefix(route, "GET /v1.0/users?") && !known:
		io.WriteString(w, `{"value":[]}`)
	case !strings.Contains(route, " ") && f.unknown[identityIn(body)]:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"message":"Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object couldn't be found."}]}}`)
	case !known:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist."}}`)
	case answer == "":
		w.WriteHeader(http.StatusNoContent)
	default:
		io.WriteString(w, answer)
	}
}

// route names a request: the cmdlet, or method and path below the root.
func (f *fake) route(r *http.Request, body []byte) string {
	if filter := r.URL.Query().Get("$filter"); filter != "" && r.URL.Path == "/graph/v1.0/users" {
		return "GET /v1.0/users?" + filter
	}
	if r.URL.Path != "/exchange/adminapi/beta/"+testTenant+"/InvokeCommand" {
		return r.Method + " " + strings.TrimPrefix(r.URL.Path, "/graph")
	}
	var input struct {
		CmdletInput struct{ CmdletName string }
	}
	if json.Unmarshal(body, &input) != nil {
		f.t.Errorf("the body of InvokeCommand is no JSON: %q", body)
	}
	return input.CmdletInput.CmdletName
}

// identityIn is what a cmdlet is asked for.
func identityIn(body []byte) string {
	var input struct {
		CmdletInput struct{ Parameters struct{ Identity string } }
	}
	if json.Unmarshal(body, &input) != nil {
		return ""
	}
	return input.CmdletInput.Parameters.Identity
}

func (f *fake) login(w http.ResponseWriter, r *http.Request, body []byte) {
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		name := strings.Split(r.URL.Path, "/")[2]
		root := f.URL + "/login/" + testTenant
		if id := f.tenants[name]; id != "" {
			root = f.URL + "/login/" + id
		}
		json.NewEncoder(w).Encode(map[string]string{
			"token_endpoint":         root + "/oauth2/v2.0/token",
			"authorization_endpoint": root + "/oauth2/v2.0/authorize",
			"issuer":                 root + "/v2.0",
		})
		return
	}
	if strings.HasSuffix(r.URL.Path, "/devicecode") {
		json.NewEncoder(w).Encode(map[string]any{"user_code": "ABCD1234", "device_code": "dc", "verification_uri": "https://login.example/device", "expires_in": 60, "interval": 1})
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := map[string]any{"token_type": "Bearer", "expires_in": 3600, "access_token": jwt(f.claims)}
	if f.opaque {
		answer["access_token"] = "opaque"
	}
	if !strings.Contains(string(body), "grant_type=client_credentials") {
		answer["refresh_token"] = "r3fresh"
		answer["id_token"] = jwt(map[string]any{"tid": testTenant, "oid": "o", "sub": "s", "preferred_username": "admin@contoso.com"})
		answer["client_info"] = base64.RawURLEncoding.EncodeToString([]byte(`{"uid":"u","utid":"` + testTenant + `"}`))
	}
	json.NewEncoder(w).Encode(answer)
}

func jwt(claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
}

func (f *fake) token() string { return jwt(f.claims) }

func (f *fake) cloud() endpoint.Cloud {
	pool := x509.NewCertPool()
	pool.AddCert(f.Certificate())
	return endpoint.Cloud{Name: "lab", SMTP: "127.0.0.1:25", Login: f.URL + "/login", Graph: f.URL + "/graph", Exchange: f.URL + "/exchange", Roots: pool}
}

func (f *fake) options() Options {
	env := map[string]string{"AZURE_TENANT_ID": testTenant, "AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_SECRET": testSecret}
	return Options{Cloud: f.cloud(), Mailbox: testUser, Env: lookup(env), Timeout: 10 * time.Second}
}

func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

// open signs in at the fake, with waits that take no time.
func (f *fake) open(t *testing.T) *Tenant {
	t.Helper()
	tenant, err := openFast(t.Context(), f.options())
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func openFast(ctx context.Context, o Options) (*Tenant, error) {
	return open(ctx, o, nil, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
}

func (f *fake) set(route, body string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bodies[route] = body
}

// requests returns what was received since the last call.
func (f *fake) requests() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	sent := f.sent
	f.sent = nil
	return sent
}

// count returns how many of the requests went to route.
func count(requests []request, route string) int {
	n := 0
	for _, r := range requests {
		if r.Route == route {
			n++
		}
	}
	return n
}
