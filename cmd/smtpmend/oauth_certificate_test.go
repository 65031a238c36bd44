package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/oauth"
	"smtpmend/internal/tenantsim"
)

// appKey is one for all certificates: making it takes the time.
var appKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// certificateUntil is a certificate of appKey that ends then, as PEM.
func certificateUntil(ends time.Time) string {
	template := &x509.Certificate{SerialNumber: big.NewInt(ends.Unix()), Subject: pkix.Name{CommonName: "scanner"}, NotBefore: ends.AddDate(-2, 0, 0), NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &appKey().PublicKey, appKey())
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// certify gives the application a certificate in place of its secret, and the
// person its file.
func certify(t *testing.T, w *world, state *tenantsim.State) {
	t.Helper()
	cert := certificateUntil(time.Now().AddDate(1, 0, 0))
	key := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(appKey())})
	path := filepath.Join(w.dir, "scanner.pem")
	if err := os.WriteFile(path, append([]byte(cert), key...), 0o600); err != nil {
		t.Fatal(err)
	}
	w.env[oauth.EnvCertificate] = path
	state.Apps[1].Secret, state.Apps[1].Certificate = "", cert
}

// expire lets the application's secret run out, or has another certificate in
// the place of its own.
func expire(a *tenantsim.App) {
	if a.Secret != "" {
		a.SecretExpired = true
		return
	}
	a.Certificate = certificateUntil(time.Now().AddDate(0, 0, -1))
}
