package main

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"time"
)

// trustNote says how a device comes to trust the certificate made at start.
func (a *app) trustNote(cert tls.Certificate, path string) {
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		return // made a moment ago; the names are only for information
	}
	names := leaf.DNSNames
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	a.note("certificate for %s: %s", strings.Join(names, ", "), path)
	a.note("a device that checks certificates must import that file, or have the check off for this test; the file is removed at the end, and should be from the device")
}

// expiryNote warns of a certificate whose time it is not.
func (a *app) expiryNote(cert tls.Certificate) {
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		return // crypto/tls parsed it when it was loaded
	}
	if now := time.Now(); now.After(leaf.NotAfter) || now.Before(leaf.NotBefore) {
		a.note("this certificate is valid from %s to %s: devices that check certificates will refuse it",
			leaf.NotBefore.Format(time.DateOnly), leaf.NotAfter.Format(time.DateOnly))
	}
}
