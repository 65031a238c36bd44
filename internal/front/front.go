// Package front is the SMTP front end of Microsoft 365 as a client sees it:
// greeting, capabilities, order of refusals and reply texts. The simulated
// tenant and the stand-in server for devices share it.
//
// It holds no tenant: whether a password is right and a sender allowed is
// asked of a Backend. It concludes nothing about a client; what the client
// did is in the Session. It is no mail server: nothing is queued or delivered.
package front

import (
	"cmp"
	"context"
	"crypto/tls"
	"io"
	"net/netip"
	"time"

	"smtpmend/internal/secret"
)

// A Backend decides what Microsoft decides behind its front end. It is asked
// in the order of the dialogue; a negative reply refuses. Calls for different
// sessions run at the same time, those for one session and its hooks never.
type Backend interface {
	// SignIn is asked once the credentials are complete and the TLS version
	// is one that Microsoft takes.
	SignIn(ctx context.Context, s *Session, c Credentials) Reply
	// Message gets the message as sent, dots unstuffed. It need not read it.
	// A read that fails tells of one that does not come whole, whose reply is
	// not the backend's.
	Message(s *Session, message io.Reader) Reply
}

// Credentials are what a client signed in with. Secret is the password, or
// for XOAUTH2 the bearer token.
type Credentials struct {
	Mechanism string
	User      string
	Secret    secret.Secret
}

// A Config says how a Server behaves. Backend and TLS must be set.
type Config struct {
	Backend Backend
	// TLS holds the certificate. The front end sets the versions and cipher
	// suites itself: TLS 1.0 and 1.1 are let in, so that the refusal can come
	// where Microsoft sends it, after AUTH.
	TLS *tls.Config
	// ImplicitTLS expects a TLS handshake before the greeting.
	ImplicitTLS bool
	// PlainGreeting is how long a client may be silent where TLS is expected
	// before it is greeted in plain text, to hear whether it waits for that;
	// 0 is never. It matters with ImplicitTLS only.
	PlainGreeting time.Duration
	// Flavour is asked at each connection; nil means Newer.
	Flavour func() Flavour
	// LegacyTLS is asked when a client on TLS 1.0 or 1.1 signs in; nil or
	// false means that it is refused.
	LegacyTLS func() bool
	// RefusalDelay is how long a refused sign-in is waited with, and
	// UnknownDelay an unknown command. Microsoft takes about five seconds for
	// both; zero is no wait.
	RefusalDelay, UnknownDelay time.Duration
	// ReplyDelay is how long each reply is waited with, as for a client that
	// is far away; zero is no wait.
	ReplyDelay time.Duration
	Limits     Limits

	// The hooks may be nil. Stranger and OnFull run before the next client is
	// let in, the others in the session's goroutine.

	// Stranger says what a client gets in place of the greeting that is not
	// served, the zero Reply for one that is.
	Stranger func(netip.Addr) Reply
	// OnFull sees each client that is turned away because of the limits.
	OnFull func(netip.Addr)
	// OnCredentials sees each complete set of credentials, those included that
	// are refused whatever they are: PLAIN with an initial response among them.
	OnCredentials func(*Session, Credentials)
	// OnSender sees each session once s.From is accepted. Who may send as whom
	// is decided at the end of the message.
	OnSender func(*Session)
	// OnEnded sees each session after its last command.
	OnEnded func(*Session)
}

// Limits bound what clients can use up. A zero field means its default.
type Limits struct {
	Sessions     int           // at once; default 1000
	PerPeer      int           // at once from one IP address; default Sessions
	Commands     int           // in one session; default 1000
	MessageBytes int64         // default 157286400, as Microsoft announces
	Idle         time.Duration // for a whole line; default 5 minutes (RFC 5321 section 4.5.3.2)
	Session      time.Duration // in all; default an hour
}

func (l Limits) withDefaults() Limits {
	l.Sessions = cmp.Or(l.Sessions, 1000)
	l.PerPeer = cmp.Or(l.PerPeer, l.Sessions)
	l.Commands = cmp.Or(l.Commands, 1000)
	l.MessageBytes = cmp.Or(l.MessageBytes, 150<<20)
	l.Idle = cmp.Or(l.Idle, 5*time.Minute)
	l.Session = cmp.Or(l.Session, time.Hour)
	return l
}

// The longest lines, in octets: of AUTH and of a message (RFC 4954 section 4),
// and of any other command (RFC 5321 section 4.5.3.1.4 and its extensions).
const (
	maxLine    = 12288
	maxCommand = 2048
)
