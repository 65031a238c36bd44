package cloudapi_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/browsertest"
	"smtpmend/internal/cloudapi"
	"smtpmend/internal/secret"
	"smtpmend/internal/tenantsim"
)

func TestMain(m *testing.M) {
	browsertest.Main()
	os.Exit(m.Run())
}

// A desk is a simulated tenant with a person in front of a screen.
type desk struct {
	*tenantsim.Tenant
	env     map[string]string
	prompts []cloudapi.DevicePrompt
}

func newDesk(t *testing.T, state *tenantsim.State, others ...*tenantsim.State) *desk {
	t.Helper()
	tenant, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir(), Others: others})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tenant.Close() })
	return &desk{Tenant: tenant, env: map[string]string{"DISPLAY": ":0"}}
}

// browser has this machine open pages for a person, and returns where they are
// left.
func (d *desk) browser(t *testing.T) (dir string) {
	return browsertest.Install(t, filepath.Join(filepath.Dir(d.EndpointFile()), tenantsim.CAFile))
}

func (d *desk) grant(method cloudapi.Method) cloudapi.Grant {
	return cloudapi.Grant{
		Method: method, TenantID: d.State().TenantID, ClientID: tenantsim.ClientID, Secret: secret.New(tenantsim.ClientSecret),
		For: "the test", Prompt: func(p cloudapi.DevicePrompt) { d.prompts = append(d.prompts, p) },
	}
}

func (d *desk) credential(t *testing.T, g cloudapi.Grant) *cloudapi.Credential {
	t.Helper()
	authority, err := cloudapi.NewAuthority(cloudapi.Options{
		Cloud: d.Cloud(), Env: func(name string) (string, bool) { v, ok := d.env[name]; return v, ok },
		Pause: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	cred, err := authority.Credential(g)
	if err != nil {
		t.Fatal(err)
	}
	return cred
}

// Each method gets a token for one API, and without another question one for
// the other.
func TestEachMethodSignsIn(t *testing.T) {
	state := tenantsim.Default()
	certificate := writeCertificate(t, state)
	for _, method := range []cloudapi.Method{cloudapi.Browser, cloudapi.DeviceCode, cloudapi.ClientSecret, cloudapi.ClientCertificate} {
		t.Run(string(method), func(t *testing.T) {
			d := newDesk(t, state)
			dir := d.browser(t)
			g := d.grant(method)
			g.Certificate = certificate
			cred := d.credential(t, g)
			for _, root := range []string{d.Cloud().Graph, d.Cloud().Exchange} {
				token, ends, err := cred.Token(t.Context(), root+"/.default")
				if err != nil || token.Empty() || time.Until(ends) < time.Minute {
					t.Fatalf("%s: %v, until %v", root, err, ends)
				}
				if c := cloudapi.ParseClaims(token.Reveal()); !strings.EqualFold(c.TenantID, state.TenantID) {
					t.Errorf("a token of tenant %s", c.TenantID)
				}
			}
			interactive := method == cloudapi.Browser || method == cloudapi.DeviceCode
			if len(d.prompts) != 1 && interactive || len(d.prompts) != 0 && !interactive {
				t.Fatalf("prompts: %+v", d.prompts)
			}
			answer, _ := os.ReadFile(filepath.Join(dir, "answer.html"))
			if method == cloudapi.Browser && (!strings.Contains(string(answer), "complete") || !d.prompts[0].Browser || !strings.Contains(d.prompts[0].URL, "/oauth2/v2.0/authorize")) {
				t.Errorf("the browser got %s after %+v", answer, d.prompts)
			}
		})
	}
}

// Where no browser can be opened there is a device code, with a word why.
func TestNoBrowser(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		env          map[string]string
		why          string
	}{
		{"over SSH", "exit 0", map[string]string{"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, "SSH session"},
		{"it fails to start", "exit 3", map[string]string{"DISPLAY": ":0"}, "xdg-open could not open a browser"},
		{"none is there", "", map[string]string{"DISPLAY": ":0"}, "no program that opens a browser"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, tenantsim.Default())
			d.env = tt.env
			dir := browsertest.InstallScript(t, tt.script)
			if tt.script == "" {
				os.Remove(filepath.Join(dir, "xdg-open"))
			}
			token, _, err := d.credential(t, d.grant(cloudapi.Browser)).Token(t.Context(), d.Cloud().Graph+"/.default")
			if err != nil || token.Empty() {
				t.Fatal(err)
			}
			last := d.prompts[len(d.prompts)-1]
			if last.Code == "" || last.Browser || !strings.Contains(last.Instead, tt.why) {
				t.Errorf("prompts: %+v", d.prompts)
			}
		})
	}
}

// writeCertificate gives the app of state a certificate and writes it with its key.
func writeCertificate(t *testing.T, state *tenantsim.State) (path string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	state.Apps[0].Certificate = string(cert)
	path = filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(path, append(cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
