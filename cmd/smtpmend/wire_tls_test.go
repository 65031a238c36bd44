package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// An issuer signs certificates; a wireAuthority is one that smtpmend trusts.
type wireAuthority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newWireAuthority(t *testing.T) *wireAuthority {
	t.Helper()
	a := &wireAuthority{}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Wire Authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert, a.key = a.sign(t, template)
	return a
}

// sign returns the certificate of template and its key; an authority without
// a certificate signs its own.
func (a *wireAuthority) sign(t *testing.T, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := template, key
	if a.cert != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func (a *wireAuthority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// server returns what a server for 127.0.0.1 needs, edited by edit.
func (a *wireAuthority) server(t *testing.T, edit func(*x509.Certificate)) *tls.Config {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "outlook.com " + hostileName}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if edit != nil {
		edit(template)
	}
	cert, key := a.sign(t, template)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}
}

// hostileName is what of the hostile characters a certificate can hold.
const hostileName = "\x1b[31m\u009b2J\u202e\u200b"

// wireTLSFaults are the faults of a handshake that a TLS library makes.
func wireTLSFaults(t *testing.T, a *wireAuthority) []wireFault {
	stranger := newWireAuthority(t)
	older, demanding, chained, huge := a.server(t, nil), a.server(t, nil), a.server(t, nil), a.server(t, nil)
	older.MinVersion, older.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	demanding.ClientAuth = tls.RequireAnyClientCert
	demanding.MaxVersion = tls.VersionTLS12 // TLS 1.3 tells the client only behind its handshake
	for range 100 {
		chained.Certificates[0].Certificate = append(chained.Certificates[0].Certificate, a.cert.Raw)
	}
	for range 1000 { // more than crypto/tls takes
		huge.Certificates[0].Certificate = append(huge.Certificates[0].Certificate, a.cert.Raw)
	}
	expired := a.server(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	early := a.server(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })
	other := a.server(t, func(c *x509.Certificate) {
		c.IPAddresses, c.DNSNames = nil, []string{"mail.example.com"}
	})
	alone := (&wireAuthority{}).server(t, nil)
	return []wireFault{
		{name: "expired", tls: expired}, {name: "not valid yet", tls: early}, {name: "wrong name", tls: other},
		{name: "self-signed", tls: alone}, {name: "unknown authority", tls: stranger.server(t, nil)},
		{name: "TLS 1.1 only", tls: older}, {name: "client certificate demanded", tls: demanding},
		{name: "long chain", tls: chained, effect: mars}, {name: "huge chain", tls: huge},
		{name: "no certificate", tls: &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }}},
		{name: "alert", says: says("\x15\x03\x03\x00\x02\x02\x28"), end: hangsUp},
		{name: "alert of the version", says: says("\x15\x03\x03\x00\x02\x02\x46"), end: hangsUp},
		{name: "half a ServerHello", says: says("\x16\x03\x03\x00\x7a\x02\x00\x00"), end: silent},
		{name: "half a ServerHello, FIN", says: says("\x16\x03\x03\x00\x7a\x02\x00\x00"), end: hangsUp},
		{name: "a record too long", says: says("\x16\x03\x03\xff\xff" + hostile), end: silent},
		{name: "empty records", says: says("\x16\x03\x03\x00\x00"), end: repeats},
	}
}
