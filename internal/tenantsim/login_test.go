package tenantsim

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/tenantsim/token"
)

// clientOptions let azidentity talk to the tenant and to nobody else.
func clientOptions(t *testing.T, tenant *Tenant) azcore.ClientOptions {
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: tenant.Cloud().Login},
		Transport: newHTTPClient(t, tenant),
		Retry:     policy.RetryOptions{MaxRetries: -1},
	}
}

func getToken(t *testing.T, cred azcore.TokenCredential, scope string) (token.Claims, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got, err := cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
	if err != nil {
		return token.Claims{}, err
	}
	claims, err := token.Parse(got.Token)
	if err != nil {
		t.Fatal(err)
	}
	return claims, nil
}

func TestClientSecretCredential(t *testing.T) {
	tenant := start(t, Default())
	options := &azidentity.ClientSecretCredentialOptions{ClientOptions: clientOptions(t, tenant), DisableInstanceDiscovery: true}
	cred, err := azidentity.NewClientSecretCredential(tenant.State().TenantID, ClientID, ClientSecret, options)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := getToken(t, cred, tenant.Cloud().Exchange+"/.default")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Exchange.ManageAsApp", "Exchange.Manage"}, claims.Roles); diff != "" || claims.TenantID != tenant.State().TenantID {
		t.Errorf("%+v\n%s", claims, diff)
	}
	if claims, err = getToken(t, cred, "https://graph.microsoft.com/.default"); err != nil || !claims.Allows("Policy.Read.All") || claims.Allows("Exchange.Manage") {
		t.Errorf("Graph: %+v, %v", claims, err)
	}

	wrong, err := azidentity.NewClientSecretCredential(tenant.State().TenantID, ClientID, "wrong", options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := getToken(t, wrong, "https://graph.microsoft.com/.default"); err == nil || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("a wrong secret: %v", err)
	}
}

func TestClientCertificateCredential(t *testing.T) {
	newKey := func() (*rsa.PrivateKey, *x509.Certificate) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return key, cert
	}
	key, cert := newKey()
	otherKey, otherCert := newKey()
	state := Default()
	state.Apps[0].Certificate = string(pemOf(cert))
	tenant := start(t, state)
	options := &azidentity.ClientCertificateCredentialOptions{ClientOptions: clientOptions(t, tenant), DisableInstanceDiscovery: true}
	for _, tc := range []struct {
		key  *rsa.PrivateKey
		cert *x509.Certificate
		ok   bool
	}{{key, cert, true}, {otherKey, otherCert, false}} {
		cred, err := azidentity.NewClientCertificateCredential(state.TenantID, ClientID, []*x509.Certificate{tc.cert}, tc.key, options)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := getToken(t, cred, "https://graph.microsoft.com/.default"); (err == nil) != tc.ok {
			t.Errorf("registered %v: %v", tc.ok, err)
		}
	}
}

func TestDeviceCodeCredential(t *testing.T) {
	for _, tc := range []struct {
		client, does, scope, want string // want is a permission, "" for a refusal
	}{
		{ClientID, "approve", "https://graph.microsoft.com/.default", "Policy.ReadWrite.SecurityDefaults"},
		{ClientID, "approve", "https://graph.microsoft.com/Policy.Read.All", "Policy.Read.All"},
		{"14d82eec-204b-4c2f-b7e8-296a70dab67e", "approve", "https://graph.microsoft.com/AuditLog.Read.All", "AuditLog.Read.All"},
		{"fb78d390-0c51-40cd-8e17-fdbfab77341b", "approve", "https://outlook.office365.com/.default", "Exchange.Manage"},
		{ClientID, "approve", "https://graph.microsoft.com/Mail.Read", ""},
		{ClientID, "decline", "https://graph.microsoft.com/.default", ""},
	} {
		state := Default()
		state.Admin.DeviceCode = tc.does
		tenant := start(t, state)
		prompted := ""
		cred, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
			ClientOptions: clientOptions(t, tenant), ClientID: tc.client, TenantID: state.TenantID, DisableInstanceDiscovery: true,
			UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error { prompted = m.UserCode; return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		claims, err := getToken(t, cred, tc.scope)
		if tc.want == "" && err == nil {
			t.Errorf("%s of %s was not refused", tc.scope, tc.client)
		}
		if tc.want != "" && (err != nil || !claims.Allows(tc.want) || claims.User != state.Admin.User || len(claims.Wids) != 1) {
			t.Errorf("%s of %s: %+v, %v", tc.scope, tc.client, claims, err)
		}
		if prompted == "" {
			t.Error("nobody was asked")
		}
	}
}

func TestTokenErrors(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, "")
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {ClientID}, "client_secret": {ClientSecret},
		"scope": {"https://graph.microsoft.com/.default"}}
	for _, tc := range []struct {
		key, value, kind string
		code             float64
	}{
		{"client_secret", "wrong", "invalid_client", 7000215},
		{"client_id", "00000000-0000-0000-0000-000000000009", "unauthorized_client", 700016},
		{"scope", "https://elsewhere.example/.default", "invalid_resource", 500011},
		{"scope", "https://graph.microsoft.com/.default https://outlook.office.com/.default", "invalid_resource", 500011},
		{"grant_type", "password", "unsupported_grant_type", 70003},
	} {
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		form.Set(tc.key, tc.value)
		status, reply := c.form("/oauth2/v2.0/token", form)
		codes, _ := reply["error_codes"].([]any)
		if status < 400 || reply["error"] != tc.kind || len(codes) != 1 || codes[0] != tc.code {
			t.Errorf("%s=%s: %d %v", tc.key, tc.value, status, reply)
		}
	}
}

func TestDiscovery(t *testing.T) {
	tenant := start(t, Default())
	c := newCaller(t, tenant, "")
	for name, want := range map[string]int{"contoso.com": 200, tenant.State().TenantID: 200, "fabrikam.com": 400} {
		resp, data := c.must("GET", tenant.Cloud().Login+"/"+name+"/v2.0/.well-known/openid-configuration", "")
		if resp.StatusCode != want {
			t.Errorf("%s: %d %s", name, resp.StatusCode, data)
		}
		if want == http.StatusOK && object(t, data)["token_endpoint"] != tenant.Cloud().Login+"/"+tenant.State().TenantID+"/oauth2/v2.0/token" {
			t.Errorf("%s: %s", name, data)
		}
		if want != http.StatusOK && object(t, data)["error"] != "invalid_tenant" {
			t.Errorf("%s: %s", name, data)
		}
	}
}
