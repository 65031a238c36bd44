package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// makeSaveDir makes --save's directory, and returns what it had to make, from
// the top.
func (l *listening) makeSaveDir() (made []string, err error) {
	if l.save == "" {
		return nil, nil
	}
	dir, err := filepath.Abs(l.save)
	if err != nil {
		return nil, usage("--save directory cannot be made: %s", err)
	}
	for above := dir; ; above = filepath.Dir(above) {
		if _, err := os.Lstat(above); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append([]string{above}, made...)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, usage("--save directory cannot be made: %s", err)
	}
	return made, nil
}

// trySaveDir makes sure that messages can be kept by whom smtpmend runs as.
func (l *listening) trySaveDir() error {
	if l.save == "" {
		return nil
	}
	f, err := os.CreateTemp(l.save, ".smtpmend-*")
	if err != nil {
		return usage("--save directory cannot be written to: %s", err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// keepCertificate writes the certificate, without its key, for devices to
// import.
func keepCertificate(text []byte) (string, error) {
	dir, err := os.MkdirTemp("", "smtpmend-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "certificate.pem")
	return path, os.WriteFile(path, text, 0o644)
}

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
