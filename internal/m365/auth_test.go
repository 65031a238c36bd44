package m365

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpmend/internal/cloudapi"
)

func TestCertificate(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "app.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})...)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFake(t)
	o := f.options()
	o.Env = lookup(map[string]string{"AZURE_TENANT_ID": testTenant, "AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_CERTIFICATE_PATH": path})
	if _, err := openFast(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.logins[0], "client_assertion=") {
		t.Errorf("login = %q", f.logins[0])
	}
}

// The public client for Graph does not exist in the Chinese cloud.
func TestChinaNeedsOwnClient(t *testing.T) {
	f := newFake(t)
	o := f.options()
	o.Env, o.Prompt, o.Cloud.OwnClient = nil, func(DevicePrompt) {}, true
	if _, err := openFast(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--client-id") {
		t.Errorf("error = %v", err)
	}
}

func TestUnusableCertificate(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.pem")
	if err := os.WriteFile(bad, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{bad, filepath.Join(dir, "none.pem")} {
		f := newFake(t)
		o := f.options()
		o.Auth = cloudapi.ClientCertificate
		o.Env = lookup(map[string]string{"AZURE_TENANT_ID": testTenant, "AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_CERTIFICATE_PATH": path})
		if _, err := openFast(t.Context(), o); !errors.Is(err, ErrSignIn) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
