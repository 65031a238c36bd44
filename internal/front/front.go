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
	"log"
	"sync"
	"time"
)

// A Backend decides what Microsoft decides behind its front end. It is asked
// in the order of the dialogue; a negative reply refuses. Calls for different
// sessions run at the same time, those for one session and its hooks never.
type Backend interface {
	// SignIn is asked once the credentials are complete and the TLS version
	// is one that Microsoft takes.
	SignIn(ctx context.Context, s *Session, c Credentials) Reply
	// Mail is asked for a signed-in session; s.From is the address.
	Mail(ctx context.Context, s *Session) Reply
	// Recipient is asked for each RCPT TO.
	Recipient(ctx context.Context, s *Session, to string) Reply
	// Message gets the message as sent, dots unstuffed. It need not read it.
	// A read that fails tells of one that does not come whole, whose reply is
	// not the backend's.
	Message(ctx context.Context, s *Session, message io.Reader) Reply
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
	Limits                     Limits

	// The hooks may be nil. They run in the session's goroutine.

	// OnCredentials sees each complete set of credentials, those included that
	// are refused whatever they are: PLAIN with an initial response among them.
	OnCredentials func(*Session, Credentials)
	// OnEnded sees each session after its last command.
	OnEnded func(*Session)
	// ErrorLog gets what went wrong in the server itself; nil discards it.
	ErrorLog *log.Logger
}

// Limits bound what clients can use up. A zero field means its default.
type Limits struct {
	Sessions     int           // at once; default 1000
	PerPeer      int           // at once from one IP address; default Sessions
	Commands     int           // in one session; default 1000
	LineBytes    int           // default 12288, the limit of AUTH (RFC 4954 section 4)
	CommandBytes int           // of any other command; default 2048 (RFC 5321 section 4.5.3.1.4 and its extensions)
	MessageBytes int64         // default 157286400, as Microsoft announces
	Idle         time.Duration // for a whole line; default 5 minutes (RFC 5321 section 4.5.3.2)
	Session      time.Duration // in all; default an hour
}

func (l Limits) withDefaults() Limits {
	l.Sessions = cmp.Or(l.Sessions, 1000)
	l.PerPeer = cmp.Or(l.PerPeer, l.Sessions)
	l.Commands = cmp.Or(l.Commands, 1000)
	l.LineBytes = cmp.Or(l.LineBytes, 12288)
	l.CommandBytes = cmp.Or(l.CommandBytes, min(2048, l.LineBytes))
	l.MessageBytes = cmp.Or(l.MessageBytes, announcedSize)
	l.Idle = cmp.Or(l.Idle, 5*time.Minute)
	l.Session = cmp.Or(l.Session, time.Hour)
	return l
}

// A Server serves any number of listeners with one Config.
type Server struct {
	cfg   Config
	tls   *tls.Config
	ctx   context.Context // ends when the server is closed
	stop  context.CancelFunc
	close func() error // once

	mu       sync.Mutex
	conns    map[*conn]string // with the peer's IP address
	sessions sync.WaitGroup   // grows only under mu, and not once ctx has ended
}

// New returns a server that is not listening yet.
func New(cfg Config) *Server {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.ErrorLog == nil {
		cfg.ErrorLog = log.New(io.Discard, "", 0)
	}
	if cfg.Flavour == nil {
		cfg.Flavour = func() Flavour { return Newer }
	}
	s := &Server{cfg: cfg, tls: oldTLS(cfg.TLS), conns: make(map[*conn]string)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.close = sync.OnceValue(s.end)
	return s
}

// oldTLS lets in every version and cipher suite that crypto/tls knows.
func oldTLS(base *tls.Config) *tls.Config {
	cfg := base.Clone()
	cfg.MinVersion = tls.VersionTLS10
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		cfg.CipherSuites = append(cfg.CipherSuites, suite.ID)
	}
	return cfg
}

// readerSize lets any line that is allowed be read in one piece.
func (s *Server) readerSize() int { return max(4096, s.cfg.Limits.LineBytes+2) }
