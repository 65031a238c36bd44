package probe

import (
	"cmp"
	"context"
	"crypto/x509"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// DefaultTimeout bounds a whole probe. Microsoft 365 takes about five seconds
// to refuse a sign-in, and more when it is busy.
const DefaultTimeout = 60 * time.Second

// Config says what to try. Only Server and Mailbox are needed.
type Config struct {
	// Server is host:port. Port 465 means TLS at once, any other STARTTLS.
	Server string
	// Mailbox signs in, and sends unless From names another address.
	Mailbox string
	// User signs in in place of Mailbox, which it may send for: who a token
	// stands for. "" is Mailbox.
	User string
	// Secret is the password, or the token for XOAUTH2. Without one the probe
	// stops before AUTH and shows what a device gets that does not sign in.
	Secret secret.Secret
	// Mechanism is MechLogin (also for ""), MechPlain or MechXOAUTH2.
	Mechanism string
	// From and To are the addresses of the envelope; "" means Mailbox.
	From, To string
	// Send transmits a test message; otherwise the probe ends with RSET after
	// RCPT TO and nothing is delivered.
	Send bool
	// Await, when set, is called once the sign-in was accepted and decides in
	// place of From, To and Send what is sent; nil is nothing. It may
	// take its time: Timeout counts anew when it returns. The report is what
	// is known by then.
	Await func(context.Context, *Report) *Envelope
	// Timeout bounds the whole probe; 0 means DefaultTimeout.
	Timeout time.Duration
	// Roots verify the server's certificate besides the system's; nil means
	// the system's alone.
	Roots *x509.CertPool
	// Audiences are accepted in a token besides those of Exchange Online.
	Audiences []string
	// Hello is the name given with EHLO; "" is the address literal of this
	// end of the connection, which needs no DNS (RFC 5321 section 4.1.4).
	Hello string
	// ImplicitTLS starts TLS at once, whatever the port.
	ImplicitTLS bool
	// NoSTARTTLS goes on without TLS, as a device does that knows none. No
	// password or token is sent then.
	NoSTARTTLS bool
	// MaxTLS caps the TLS version, as tls.Config.MaxVersion does, to behave
	// like an old device; 0 is the newest. The oldest allowed is then 1.0.
	MaxTLS uint16
	// Known are words that stay in the record though they are part of the
	// secret: what everybody is told anyway. The mailbox and the host of Server
	// are among them always.
	Known []string
	// Observe, when set, is called with each stage as it ends.
	Observe func(Stage)
}

// Run probes once and returns what it saw. It makes one connection and at
// most one attempt to sign in. Cancelling ctx ends it at once. A panic below
// it is a FaultCrashed of the report.
func Run(ctx context.Context, c Config) *Report {
	return newSession(c).run(ctx)
}

// newSession fills in what c leaves open.
func newSession(c Config) *session {
	host, port, _ := net.SplitHostPort(c.Server) // an error shows again in the first stage
	c.ImplicitTLS = c.ImplicitTLS || port == "465"
	c.Mechanism = strings.ToUpper(cmp.Or(c.Mechanism, MechLogin))
	if c.Secret.Empty() {
		c.Mechanism = ""
	}
	c.User = cmp.Or(c.User, c.Mailbox)
	c.From, c.To = cmp.Or(c.From, c.Mailbox), cmp.Or(c.To, c.Mailbox)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	dialer := net.Dialer{Timeout: dialWait}
	return &session{
		Config: c, host: host, port: port, dial: dialer.DialContext,
		hide:   dialogue.NewMasker(c.Secret, []string{c.Mailbox, c.User, host}, c.Known),
		report: &Report{Schema: 1, Mailbox: c.Mailbox, Server: c.Server, Mechanism: c.Mechanism, Started: time.Now()},
	}
}

func (s *session) run(ctx context.Context) (report *Report) {
	defer func() {
		if p := recover(); p != nil {
			s.crashed(newCrash(p))
		}
		s.report.MS = time.Since(s.report.Started).Milliseconds()
		report = s.report
	}()
	s.dialogue(ctx)
	return
}

// A session is one probe under way.
type session struct {
	Config
	report *Report
	host   string // of Server
	port   string
	hide   *dialogue.Masker
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	stage  *Stage // under way, nil between stages; in the report once it has ended
	began  time.Time

	addresses []net.IPAddr
	wire      *wire
	unwatch   func() bool // stops a context from ending the wait on wire
	greeting  *Reply      // of the server
	hello     *Reply      // the newest reply to EHLO
	client    *smtp.Client
}

// dialogue goes through the stages until one does not let it go on.
func (s *session) dialogue(parent context.Context) {
	ctx, cancel := context.WithTimeout(parent, s.Timeout)
	defer cancel()
	steps := []func(context.Context) bool{s.resolve, s.connect}
	switch {
	case s.ImplicitTLS:
		steps = append(steps, s.startTLS, s.greet)
	case s.NoSTARTTLS:
		steps = append(steps, s.greet)
	default:
		steps = append(steps, s.greet, s.ehlo, s.upgrade)
	}
	steps = append(steps, s.introduce, s.token, s.auth)
	if s.Await == nil {
		steps = append(steps, s.envelope)
	} else {
		steps = append(steps, func(ctx context.Context) bool { return s.awaited(parent, ctx) })
	}
	for _, step := range steps {
		if !step(ctx) {
			break
		}
	}
	s.quit(ctx)
}

func (s *session) begin(name StageName) {
	s.stage, s.began = &Stage{Name: name}, time.Now()
	s.report.Stage = name
	if s.wire != nil {
		s.wire.stage = s.stage
	}
}

// end closes the stage and hands it to the report.
func (s *session) end() bool {
	if s.wire != nil {
		s.wire.flush()
		s.wire.stage = nil
	}
	s.stage.MS = time.Since(s.began).Milliseconds()
	ended := *s.stage
	s.stage = nil
	s.report.Stages = append(s.report.Stages, ended)
	if s.Observe != nil {
		s.Observe(ended)
	}
	return true
}
