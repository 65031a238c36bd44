package front

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// A Session is what one client did and showed. It belongs to the goroutine
// that serves the connection: a Backend and the hooks of a Config may read it
// while they run and keep it after Ended.
type Session struct {
	// ID is Microsoft's session id, as in the greeting and the tags.
	ID      string
	Peer    net.Addr
	Started time.Time
	Flavour Flavour

	// Hello is the name in the last EHLO or HELO that was accepted since the
	// last handshake, "" before that.
	Hello string
	// ClientHello is what the client offered when it started TLS, nil when it
	// never did or sent something else.
	ClientHello *ClientHello
	// TLS is nil until a handshake succeeded.
	TLS *tls.ConnectionState
	// TLSError is why a handshake failed. It is a tls.RecordHeaderError where
	// the client sent no TLS record; of a ClientHello as in SSL 2.0 the header
	// holds the length with the highest bit set, 1, and the version it offers.
	TLSError error
	// TLSAlert is the alert (RFC 8446 section 6.2) that the client ended a
	// handshake with in plain text, which TLSError does not tell; 0 is none.
	TLSAlert uint8
	// TLSAtOnce: the first bytes on a STARTTLS port were a TLS record, or a
	// ClientHello as in SSL 2.0. What it offered is in ClientHello, where it
	// could be read.
	TLSAtOnce bool
	// PlainInstead: on a TLS port the client was silent until it was greeted
	// in plain text (Config.PlainGreeting).
	PlainInstead bool
	// Mechanisms lists the SASL mechanisms asked for, in order; "****" is one
	// that has no known name.
	Mechanisms []string
	// User is the user name of the last complete sign-in as it was sent, for a
	// Backend to decide by. Devices put passwords there: what is shown is Login.
	User secret.Secret
	// Login is the user name of the last sign-in, as far as it was said. It is
	// "****" where it may be a secret in the wrong place.
	Login string
	// SignedIn is whether that sign-in was accepted.
	SignedIn bool
	// From and To are the envelope of the present or last message.
	From string
	To   []string

	// The dialogue, without secrets and without messages.
	dialogue.Record
	// Unfinished counts the bytes of a last line that never ended.
	Unfinished int
	// End is who ended the session; "" before that.
	End   End
	Ended time.Time

	// Backend is what the backend keeps of the session.
	Backend any

	refused Reply // the last sign-in's refusal
}

// End says how a session ended.
type End string

const (
	EndQuit    End = "quit"    // the client said QUIT
	EndLeft    End = "left"    // the client closed the connection
	EndTimeout End = "timeout" // the client took too long
	EndHungUp  End = "hung-up" // the front end closed it, for what the client did
	EndClosed  End = "closed"  // the server was closed
)

// A ClientHello is what a client offered in its TLS ClientHello.
type ClientHello struct {
	ServerName string
	Versions   []uint16 // as in crypto/tls, the client's order; 0x0300 for SSL 3.0 alone
	Ciphers    []uint16
}

// Host is the client's IP address.
func (s *Session) Host() string { return addrOf(s.Peer).String() }

func addrOf(peer net.Addr) netip.Addr {
	ap, _ := netip.ParseAddrPort(peer.String()) // a pipe has the zero Addr
	return ap.Addr().Unmap().WithZone("")
}

// TooOld reports whether the session runs on a TLS version that Microsoft
// refuses after the sign-in, or where none stands, whether the client offered
// no other.
func (s *Session) TooOld() bool {
	if s.TLS != nil {
		return s.TLS.Version < tls.VersionTLS12
	}
	return s.ClientHello != nil &&
		!slices.ContainsFunc(s.ClientHello.Versions, func(v uint16) bool { return v >= tls.VersionTLS12 })
}

// The host that plays the front end, as the greeting and the tags name it, and
// that of the mailbox server behind it.
const (
	greetingHost = "AM0PR02CA0134.outlook.office365.com"
	tagHost      = "AM0PR02CA0134.eurprd02.prod.outlook.com"
	mailboxHost  = "AM0PR02MB4005.eurprd02.prod.outlook.com"
)

// dotNetEpoch is the Unix epoch in ticks of 100 ns since the year 1, the unit
// in which Microsoft's session ids count the session's start.
const dotNetEpoch = 621355968000000000

// lastTick keeps session ids apart that start in the same tick.
var lastTick atomic.Int64

func newSession(peer net.Addr, flavour Flavour) *Session {
	now := time.Now()
	return &Session{ID: fmt.Sprintf("%016X", nextTick(now)), Peer: peer, Started: now, Flavour: flavour}
}

func nextTick(now time.Time) int64 {
	tick := now.UnixNano()/100 + dotNetEpoch
	for {
		last := lastTick.Load()
		next := max(tick, last+1)
		if lastTick.CompareAndSwap(last, next) {
			return next
		}
	}
}

// tag ends a refusal: host, time and session id; in the older flavour the
// host alone.
func (s *Session) tag() string {
	if s.Flavour == Older {
		return "[" + tagHost + "]"
	}
	return fmt.Sprintf("[%s %s %s]", tagHost, time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), s.ID)
}

// greeting has carried the session id since 2024.
func (s *Session) greeting() string {
	text := fmt.Sprintf("220 %s Microsoft ESMTP MAIL Service ready at %s",
		greetingHost, s.Started.UTC().Format("Mon, 2 Jan 2006 15:04:05 -0700"))
	if s.Flavour != Older {
		text += " [" + s.ID + "]"
	}
	return text
}

// fill puts the session's own values into the text of a reply.
func (s *Session) fill(text string) string {
	id := make([]byte, 8)
	rand.Read(id)
	return strings.NewReplacer("{login}", s.Login, "{from}", s.From,
		"{id}", fmt.Sprintf("%X", id), "{mailbox-host}", mailboxHost).Replace(text)
}
