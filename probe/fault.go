package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// explainError turns what a connection returned into a fault and a sentence.
func (s *session) explainError(ctx context.Context, err error) (Fault, string) {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return FaultInterrupted, "Interrupted; this is what was learnt until then."
	case errors.Is(ctx.Err(), context.DeadlineExceeded), isTimeout(err):
		return FaultTimeout, fmt.Sprintf("%s did not answer in time; Microsoft 365 may take five seconds or more to refuse a sign-in, so a longer --timeout can help.", s.Server)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isReset(err):
		return FaultClosed, fmt.Sprintf("%s closed the connection without a reply.", s.Server)
	}
	return FaultClosed, fmt.Sprintf("The connection to %s broke: %s.", s.Server, reason(err))
}

// explainHandshake does the same for a TLS handshake.
func (s *session) explainHandshake(ctx context.Context, err error) (Fault, string) {
	var (
		record   tls.RecordHeaderError
		cert     *tls.CertificateVerificationError
		hostname x509.HostnameError
		expired  x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &record):
		return FaultPlainExpected, fmt.Sprintf("%s answers TLS with plain text; it expects STARTTLS first, or no TLS at all.", s.Server)
	case errors.As(err, &hostname):
		return FaultCertificate, fmt.Sprintf("The certificate of %s is not for %s; something in between may answer in its place.", s.Server, s.host)
	case errors.As(err, &expired) && expired.Reason == x509.Expired:
		return FaultCertificate, fmt.Sprintf("The certificate of %s has expired or is not valid yet; check it, and the clock of this machine.", s.Server)
	case errors.As(err, &cert):
		return FaultCertificate, fmt.Sprintf("The certificate of %s is from an issuer that this machine does not trust; something in between may open the connection.", s.Server)
	case versionAlert(err):
		return FaultTLSVersion, fmt.Sprintf("%s and this client have no TLS version in common.", s.Server)
	case ctx.Err() != nil, isTimeout(err):
		return s.explainError(ctx, err)
	}
	return FaultHandshake, fmt.Sprintf("The TLS handshake with %s failed: %s.", s.Server, reason(err))
}

// versionAlert recognises both sides' way of refusing a TLS version; crypto/tls
// has no type for its own.
func versionAlert(err error) bool {
	const protocolVersion = tls.AlertError(70) // RFC 8446 section 6.2
	var alert tls.AlertError
	return errors.As(err, &alert) && alert == protocolVersion ||
		strings.Contains(err.Error(), "unsupported protocol version") ||
		strings.Contains(err.Error(), "protocol version not supported")
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

func isRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

// reason is the innermost message of a network error, without the addresses
// that the sentence around it names already.
func reason(err error) string {
	switch {
	case isRefused(err):
		return "connection refused"
	case isTimeout(err):
		return "no answer in time"
	case isReset(err), errors.Is(err, io.EOF):
		return "closed by the server"
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}
