package listen

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/front"
)

// stranger names a session that never came to a dialogue of SMTP, "" for one
// that did.
func stranger(s *front.Session) Observation {
	var record tls.RecordHeaderError
	switch {
	case s.TLSAtOnce && s.PlainInstead:
		return Silent // too long, and then TLS into our plain greeting
	case s.TLSAtOnce:
		return TLSAtOnce
	case s.PlainInstead:
		if len(sent(s)) == 0 {
			return idle(s)
		}
		return PlainOnTLSPort
	case errors.As(s.TLSError, &record):
		return noRecord(s, record.RecordHeader)
	case s.TLSError != nil:
		return brokenHandshake(s)
	case len(sent(s)) == 0:
		return idle(s)
	case isHTTP(sent(s)[0]):
		return HTTP
	case onlyQuit(s):
		return ConnectedAndLeft
	case !slices.ContainsFunc([]string{"EHLO", "HELO", "AUTH", "MAIL", "QUIT"}, func(v string) bool { return said(s, v) }):
		return NoSMTP
	case !agreed(s):
		return ""
	case s.End == front.EndTimeout:
		return Silent
	default:
		return CertificateRefused // TLS 1.3 ends for the server before the client checks
	}
}

// idle is a client that said nothing that ended in a line.
func idle(s *front.Session) Observation {
	switch {
	case s.Unfinished > 0:
		return NoSMTP
	case s.End == front.EndTimeout || s.End == front.EndClosed:
		return Silent
	case s.TLS != nil:
		return CertificateRefused
	}
	return ConnectedAndLeft
}

// distrust holds the alerts (RFC 8446 section 6.2) with which clients refuse a
// certificate: bad, unsupported, revoked, expired, unknown, unknown authority.
var distrust = []uint8{42, 43, 44, 45, 46, 48}

func brokenHandshake(s *front.Session) Observation {
	var remote *net.OpError // crypto/tls wraps the client's alerts in it
	switch {
	case s.ClientHello == nil:
		return idle(s)
	case slices.Contains(distrust, s.TLSAlert):
		return CertificateRefused
	case errors.As(s.TLSError, &remote) && remote.Op == "remote error" && strings.Contains(remote.Err.Error(), "certificate"):
		return CertificateRefused
	case s.TooOld():
		return OldTLS
	case errors.Is(s.TLSError, io.EOF), errors.Is(s.TLSError, syscall.ECONNRESET):
		return CertificateRefused // many clients hang up without an alert
	}
	return HandshakeFailed
}

// isHTTP reports whether a line begins as a request does (RFC 9110).
func isHTTP(line string) bool {
	verb, _, _ := strings.Cut(line, " ")
	return slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "DELETE", "PATCH"}, verb) ||
		slices.Contains([]string{"HEAD ", "POST ", "OPTIO", "CONNE", "DELET", "PATCH"}, line)
}

// noRecord names a client whose first bytes, where a TLS handshake was due,
// are no TLS record.
func noRecord(s *front.Session, header [5]byte) Observation {
	const clientHello = 1 // of SSL 2.0, in which old clients wrap newer ones
	wrapped := header[0]&0x80 != 0 && header[2] == clientHello
	switch {
	case wrapped && (header[3] < 3 || header[3] == 3 && header[4] < 3):
		return OldTLS
	case isHTTP(string(header[:])):
		return HTTP
	case wrapped:
		return HandshakeFailed
	case said(s, "STARTTLS"):
		return PlainAfterSTARTTLS
	case !slices.ContainsFunc(header[:], func(b byte) bool { return b < '\t' || b > '~' }):
		return PlainOnTLSPort
	}
	return NoSMTP
}

// agreed reports whether the last thing in a session was our consent to
// STARTTLS.
func agreed(s *front.Session) bool {
	all := s.Exchanges()
	if len(all) == 0 || s.TLS == nil {
		return false
	}
	last := all[len(all)-1]
	return dialogue.Verb(last.Sent) == "STARTTLS" && last.Reply != nil && last.Reply.Code == 220
}
