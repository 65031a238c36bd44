package front

import (
	"context"
	"io"
	"slices"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// A talk is the session as go-smtp sees it: it refuses in Microsoft's
// order and asks the backend about the rest.
type talk struct{ conn *conn }

var _ smtp.AuthSession = talk{}

func newTalk(c *smtp.Conn) (smtp.Session, error) {
	return talk{c.Conn().(*conn)}, nil
}

func (d talk) ask() (context.Context, *Session, Backend) {
	return d.conn.server.ctx, d.conn.session, d.conn.server.cfg.Backend
}

// answer makes r the reply to the command at hand. The error only tells
// go-smtp whether to go on; its own words for either are not sent.
func (d talk) answer(r Reply) error {
	r = r.tagged(d.conn.session)
	d.conn.answer = &r
	if r.Positive() {
		return nil
	}
	return &smtp.SMTPError{Code: r.Code, EnhancedCode: smtp.NoEnhancedCode}
}

func (d talk) say(name Text) error {
	return d.answer(Say(name, d.conn.session.Flavour))
}

// AuthMechanisms implements smtp.AuthSession.
func (d talk) AuthMechanisms() []string { return mechanisms }

// Auth implements smtp.AuthSession. Before TLS no mechanism is known.
func (d talk) Auth(mechanism string) (sasl.Server, error) {
	_, s, _ := d.ask()
	if !d.conn.greeted {
		return nil, d.answer(helloFirst)
	}
	s.Mechanisms = append(s.Mechanisms, dialogue.MaskMechanism(mechanism))
	if s.TLS == nil || !slices.Contains(mechanisms, mechanism) {
		d.overhear(mechanism)
		return nil, d.say(MechanismUnknown)
	}
	return newMechanism(mechanism, d.signIn), nil
}

// overhear takes note of what a client gave away with an AUTH command that is
// refused whatever it holds.
func (d talk) overhear(mechanism string) {
	s := d.conn.session
	c, complete := parseInitial(mechanism, d.conn.initial)
	if c.User != "" {
		s.Login = loginOf(c)
	}
	if hook := d.conn.server.cfg.OnCredentials; complete && hook != nil {
		hook(s, c)
	}
}

// signIn decides on what a client signed in with. Where that is not complete
// there is nothing to ask the backend.
func (d talk) signIn(c Credentials, complete bool) error {
	ctx, s, backend := d.ask()
	cfg := d.conn.server.cfg
	s.User, s.Login = secret.New(c.User), loginOf(c)
	s.SignedIn = false
	if complete && cfg.OnCredentials != nil {
		cfg.OnCredentials(s, c)
	}
	reply := Say(SignInRefused, s.Flavour)
	switch {
	case s.TooOld() && (cfg.LegacyTLS == nil || !cfg.LegacyTLS()):
		reply = Say(TLSTooOld, s.Flavour)
	case complete:
		reply = backend.SignIn(ctx, s, c)
	}
	s.SignedIn = reply.Positive()
	if !s.SignedIn {
		s.refused = reply
		d.conn.server.wait(cfg.RefusalDelay)
	}
	return d.answer(reply)
}

// Mail implements smtp.Session.
func (d talk) Mail(from string, _ *smtp.MailOptions) error {
	ctx, s, backend := d.ask()
	if d.conn.sender {
		return d.answer(badSequence)
	}
	s.From, s.To = from, nil
	switch {
	case !d.conn.greeted:
		return d.answer(helloFirst)
	case s.TLS == nil:
		return d.say(StartTLSRequired)
	case !s.SignedIn:
		return d.answer(nest(Say(NotAuthenticated, s.Flavour), s.refused, s.Flavour))
	}
	reply := backend.Mail(ctx, s)
	d.conn.sender = reply.Positive()
	return d.answer(reply)
}

// Rcpt implements smtp.Session.
func (d talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	ctx, s, backend := d.ask()
	reply := backend.Recipient(ctx, s, to)
	if reply.Positive() {
		s.To = append(s.To, to)
		d.conn.recipients = true
	}
	return d.answer(reply)
}

// Data implements smtp.Session.
func (d talk) Data(r io.Reader) error {
	reply, err := d.message(r)
	if err != nil {
		return err
	}
	return d.answer(reply)
}

// message has the backend decide on a message, and reads the rest of it: only
// then the reply is due.
func (d talk) message(r io.Reader) (Reply, error) {
	ctx, s, backend := d.ask()
	reply := backend.Message(ctx, s, r)
	_, err := io.Copy(io.Discard, r)
	return reply, err
}

// Reset implements smtp.Session. The envelope stays in the record.
func (d talk) Reset() {
	d.conn.sender, d.conn.recipients = false, false
	if t := d.conn.transfer; t != nil {
		d.receive(t)
	}
}

// Logout implements smtp.Session.
func (d talk) Logout() error { return nil }
