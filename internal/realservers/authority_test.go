//go:build realservers

package realservers

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// An authority issues the certificates of a test run.
type authority struct {
	roots *x509.CertPool
	files map[string][]byte // key and certificate in PEM form
}

// newAuthority issues one certificate that verifies for 127.0.0.1 and one
// for each way in which it should not.
func newAuthority(t *testing.T) *authority {
	t.Helper()
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "realservers test authority"},
		NotBefore: now.AddDate(0, -2, 0), NotAfter: now.AddDate(0, 0, 1),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootKey := newKey(t)
	root = issue(t, root, root, rootKey, rootKey)
	a := &authority{roots: x509.NewCertPool(), files: map[string][]byte{}}
	a.roots.AddCert(root)

	leaf := func(name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
			NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(0, 0, 1),
			IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		}
	}
	add := func(name string, change func(*x509.Certificate), parent *x509.Certificate, parentKey *ecdsa.PrivateKey) {
		template, key := leaf(name), newKey(t)
		change(template)
		if parent == nil {
			parent, parentKey = template, key
		}
		a.files[name] = bundle(t, key, issue(t, template, parent, key, parentKey))
	}
	add("good", func(*x509.Certificate) {}, root, rootKey)
	add("self-signed", func(*x509.Certificate) {}, nil, nil)
	add("expired", func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) }, root, rootKey)
	add("wrong-name", func(c *x509.Certificate) {
		c.IPAddresses, c.DNSNames = nil, []string{"mail.contoso.test"}
	}, root, rootKey)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	return key
}

func issue(t *testing.T, template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	check(t, err)
	cert, err := x509.ParseCertificate(der)
	check(t, err)
	return cert
}

// bundle writes key and certificate as both servers read them from one file.
func bundle(t *testing.T, key *ecdsa.PrivateKey, cert *x509.Certificate) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err)
	var b bytes.Buffer
	check(t, pem.Encode(&b, &pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	check(t, pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	return b.Bytes()
}
