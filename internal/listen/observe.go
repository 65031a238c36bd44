package listen

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"smtpmend/diagnose"
	"smtpmend/internal/front"
)

// observe lists what a session showed, in no order that counts.
func observe(s *front.Session, h *heard) []Observation {
	if o := stranger(s); o != "" {
		return withOldTLS(s, o)
	}
	var seen []Observation
	add := func(o Observation, holds bool) {
		if holds {
			seen = append(seen, o)
		}
	}
	mail, refusedName := said(s, "MAIL"), nameRefused(s)
	asked := len(s.Mechanisms) > 0
	known := slices.ContainsFunc(s.Mechanisms, taken)
	add(OldTLS, tooOld(s))
	add(InvalidName, refusedName)
	add(NoSTARTTLS, s.TLS == nil && !refusedName)
	add(CredentialsInClear, s.TLS == nil && asked)
	if s.TLS != nil {
		add(WrongMechanism, asked && !known)
		add(NoSignIn, mail && !asked)
		add(LeftBeforeSignIn, !mail && !asked && !refusedName)
		add(HalfSignIn, known && !h.complete)
	}
	if h.foreign() {
		refused, allowed := foreignSender(h.asked())
		add(ForeignSender, refused)
		add(SenderAllowed, allowed)
	}
	add(LoginNoAddress, h.complete && !strings.Contains(s.Login, "@"))
	add(EmptyPassword, h.complete && !h.token && h.password.Length == 0)
	add(EmptyToken, h.complete && h.token && h.password.Length == 0)
	return seen
}

// foreignSender says whether a From that is not the login counts. Only the
// service knows of Send As, so what it said, where it was asked, stands.
func foreignSender(asked *Upstream) (refused, allowed bool) {
	if asked == nil {
		return true, false
	}
	return asked.Cause == diagnose.SendAsDenied, asked.Verdict == diagnose.Healthy
}

// taken reports whether Microsoft offers the mechanism.
func taken(mechanism string) bool {
	return strings.EqualFold(mechanism, "LOGIN") || strings.EqualFold(mechanism, "XOAUTH2")
}

// withOldTLS adds the age of TLS where a client showed it.
func withOldTLS(s *front.Session, o Observation) []Observation {
	if tooOld(s) && o != OldTLS {
		return []Observation{o, OldTLS}
	}
	return []Observation{o}
}

// tooOld reports whether the client offers nothing from TLS 1.2 on.
func tooOld(s *front.Session) bool {
	if s.TLS != nil {
		return s.TooOld()
	}
	return s.ClientHello != nil && !slices.ContainsFunc(s.ClientHello.Versions, func(v uint16) bool { return v >= tls.VersionTLS12 })
}

// stranger names a session that never came to a dialogue of SMTP, "" for one
// that did.
func stranger(s *front.Session) Observation {
	var record tls.RecordHeaderError
	switch {
	case s.TLSAtOnce:
		return TLSAtOnce
	case s.PlainInstead:
		if len(sent(s)) == 0 {
			return idle(s)
		}
		return PlainOnTLSPort
	case errors.As(s.TLSError, &record):
		if isHTTP(string(record.RecordHeader[:])) {
			return HTTP
		}
		return PlainOnTLSPort
	case s.TLSError != nil:
		return brokenHandshake(s)
	case len(sent(s)) == 0:
		return idle(s)
	case isHTTP(sent(s)[0]):
		return HTTP
	case onlyQuit(s):
		return ConnectedAndLeft
	case !said(s, "EHLO") && !said(s, "HELO") && !said(s, "MAIL") && !said(s, "QUIT"):
		return NoSMTP
	case s.TLS != nil && lastVerb(s) == "STARTTLS":
		return CertificateRefused // TLS 1.3 ends for the server before the client checks
	}
	return ""
}

// idle is a client that said nothing that ended in a line.
func idle(s *front.Session) Observation {
	switch {
	case s.TLS != nil:
		return CertificateRefused
	case s.Unfinished > 0:
		return NoSMTP
	case s.End == front.EndTimeout || s.End == front.EndClosed:
		return Silent
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
	case tooOld(s):
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

// sent lists the lines of the client.
func sent(s *front.Session) []string {
	var lines []string
	for _, e := range s.Exchanges[min(1, len(s.Exchanges)):] {
		lines = append(lines, e.Sent)
	}
	return lines
}

func verb(line string) string {
	word, _, _ := strings.Cut(strings.ToUpper(line), " ")
	return word
}

func lastVerb(s *front.Session) string {
	lines := sent(s)
	return verb(lines[len(lines)-1])
}

// onlyQuit reports whether a client took its leave and said nothing else.
func onlyQuit(s *front.Session) bool {
	return !slices.ContainsFunc(sent(s), func(line string) bool { return verb(line) != "QUIT" })
}

func said(s *front.Session, word string) bool {
	return slices.ContainsFunc(sent(s), func(line string) bool { return verb(line) == word })
}

// nameRefused reports whether the last EHLO or HELO was refused.
func nameRefused(s *front.Session) bool {
	refused := false
	for _, e := range s.Exchanges {
		if v := verb(e.Sent); (v == "EHLO" || v == "HELO") && len(e.Reply) > 0 {
			refused = strings.HasPrefix(e.Reply[0], "501")
		}
	}
	return refused
}
