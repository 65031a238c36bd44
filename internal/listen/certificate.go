package listen

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// keyBits is what Microsoft's own certificate has. RSA, because devices old
// enough for TLS 1.0 often know nothing else.
const keyBits = 2048

// The certificate's time beside that of listening: clocks of devices are off,
// and a session may have begun just before the end. endless is for listening
// without an end.
const (
	margin  = time.Hour
	endless = 365 * 24 * time.Hour
)

// Certificate makes a server's certificate for the names and IP addresses, and
// returns it with its PEM form, which a device can import. It is valid from an
// hour ago until an hour after lasts, or for a year where lasts is 0.
//
// It can vouch for no other certificate, so that a device that keeps it trusts
// nobody else. There is no key usage in it: OpenSSL before 3.0 trusts a
// certificate that is its own issuer only where the usage allows to sign others
// or is not restricted at all (RFC 5280 section 4.2.1.3).
func Certificate(names []string, lasts time.Duration) (tls.Certificate, []byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	if lasts == 0 {
		lasts = endless
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "smtpmend listen"},
		NotBefore: now.Add(-margin), NotAfter: now.Add(lasts + margin),
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, // and no CA
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, text, nil
}
