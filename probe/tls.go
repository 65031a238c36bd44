package probe

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"math"
	"time"
)

// startTLS shakes hands on the wire's connection and verifies the
// certificate. There is no way to leave that out.
func (s *session) startTLS(ctx context.Context) bool {
	s.begin(StageTLS)
	conn := tls.Client(s.wire.Conn, s.tlsConfig())
	err := conn.HandshakeContext(ctx)
	state := conn.ConnectionState()
	s.report.TLS = describe(state, s.host, err)
	if err != nil {
		fault, problem := s.explainHandshake(ctx, err)
		if fault == FaultPlainExpected && !s.ImplicitTLS {
			problem = s.Server + " agreed to STARTTLS and then answered TLS with something else; somebody in between may answer in its place."
		}
		return s.fail(fault, problem)
	}
	s.wire.Conn = conn
	return s.end()
}

func (s *session) tlsConfig() *tls.Config {
	config := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if s.Roots != nil {
		// VerifyConnection does what crypto/tls leaves out then.
		config.InsecureSkipVerify = true
		config.VerifyConnection = func(state tls.ConnectionState) error {
			return verify(state.PeerCertificates, s.host, s.Roots)
		}
	}
	if s.MaxTLS != 0 {
		config.MaxVersion = s.MaxTLS
		config.MinVersion = min(config.MinVersion, s.MaxTLS)
	}
	return config
}

// verify does what crypto/tls does, but asks the system's roots only where
// those given do not settle it: reading the system's takes longer than a
// whole sign-in to a server nearby.
func verify(chain []*x509.Certificate, host string, roots *x509.CertPool) error {
	options := x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range chain[1:] {
		options.Intermediates.AddCert(c)
	}
	_, err := chain[0].Verify(options)
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		options.Roots = nil
		_, err = chain[0].Verify(options)
	}
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}

// describe reads off a handshake, or a failed one, what can be shown.
func describe(state tls.ConnectionState, name string, err error) *TLS {
	t := &TLS{ServerName: name, Verified: err == nil}
	chain := state.PeerCertificates
	if len(state.VerifiedChains) > 0 {
		chain = state.VerifiedChains[0]
	}
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		chain = unverified.UnverifiedCertificates
		t.Error = unverified.Err.Error()
	} else if err != nil {
		t.Error = reason(err)
	}
	if state.Version != 0 {
		t.Version = tls.VersionName(state.Version)
		t.Cipher = tls.CipherSuiteName(state.CipherSuite)
	}
	now := time.Now()
	for _, c := range chain {
		t.Chain = append(t.Chain, describeCertificate(c, now))
	}
	return t
}

func describeCertificate(c *x509.Certificate, now time.Time) Certificate {
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	sum := sha256.Sum256(c.Raw)
	return Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: names,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter,
		DaysLeft: int(math.Floor(c.NotAfter.Sub(now).Hours() / 24)),
		SHA256:   hex.EncodeToString(sum[:]),
	}
}
