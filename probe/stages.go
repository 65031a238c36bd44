package probe

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// ehlo introduces the client before TLS, on the bare wire: go-smtp's client
// cannot start TLS on a connection of ours.
func (s *session) ehlo(ctx context.Context) bool {
	s.begin(StageEHLO)
	reply, err := s.wire.exchange("EHLO " + s.Hello)
	switch {
	case err != nil:
		return s.broke(ctx, err)
	case reply.Code != 250:
		return s.unexpected(reply)
	}
	s.hello = reply
	return s.end()
}

// unexpected ends the probe with a reply that is not the one to go on with.
func (s *session) unexpected(reply *Reply) bool {
	if reply.Refuses() {
		return s.refuse()
	}
	return s.fail(FaultUnexpected, fmt.Sprintf("%s gave a reply that does not belong here: %q.", s.Server, clip(s.hide.Line(reply.Line()), 80)))
}

// upgrade is STARTTLS and the handshake.
func (s *session) upgrade(ctx context.Context) bool {
	s.begin(StageSTARTTLS)
	if _, listed := s.hello.Capability("STARTTLS"); !listed {
		return s.lacks(ctx, FaultNoSTARTTLS, fmt.Sprintf("%s does not offer STARTTLS, so no password can be sent safely.", s.Server))
	}
	reply, err := s.wire.exchange("STARTTLS")
	switch {
	case err != nil && reply != nil && reply.Code == 220:
		// Whoever writes in plain text behind the reply wants it taken for
		// something said under TLS (CVE-2011-0411 and its kin).
		return s.fail(FaultUnexpected, fmt.Sprintf("%s sent more in plain text after agreeing to TLS; somebody may be tampering with the connection.", s.Server))
	case err != nil:
		return s.broke(ctx, err)
	case reply.Code != 220:
		return s.unexpected(reply)
	}
	s.end()
	return s.startTLS(ctx)
}

// introduce says EHLO through go-smtp's client, which speaks from here on.
func (s *session) introduce(ctx context.Context) bool {
	s.wire.hand(s.greeting) // for the next client of this wire
	s.client = smtp.NewClient(s.wire)
	s.begin(StageEHLO)
	err := s.client.Hello(s.Hello)
	if err != nil {
		return s.step(ctx, err)
	}
	before := s.hello
	s.hello = s.wire.last
	if before != nil {
		_, earlier := before.Capability("AUTH")
		if _, now := s.hello.Capability("AUTH"); now && !earlier {
			s.stage.Notes = append(s.stage.Notes, "AUTH is offered only after TLS.")
		}
	}
	return s.end()
}

// step ends a stage that go-smtp's client ran. The client's error says only
// that there was one; what it was stands in the recording.
func (s *session) step(ctx context.Context, err error) bool {
	if err == nil {
		return s.end()
	}
	var refusal *smtp.SMTPError
	var garbled base64.CorruptInputError
	switch {
	case errors.As(err, &refusal) && s.stage.Last() != nil:
		return s.unexpected(s.wire.last)
	case errors.Is(err, sasl.ErrUnexpectedServerChallenge), errors.As(err, &garbled):
		return s.fail(FaultUnexpected, fmt.Sprintf("%s asked for something that %s does not know; %s.", s.Server, s.Mechanism, s.spending()))
	}
	return s.broke(ctx, err)
}

// spending says what became of the secret.
func (s *session) spending() string {
	switch token := s.Mechanism == MechXOAUTH2; {
	case token && s.wire.spent:
		return "the token was sent once, before that"
	case token:
		return "the token was not sent"
	case s.wire.spent:
		return "the password was sent once, before that"
	}
	return "the password was not sent"
}

// token reads a token's claims before it is sent.
func (s *session) token(context.Context) bool {
	if s.Mechanism != MechXOAUTH2 {
		return true
	}
	s.begin(StageToken)
	c, ok := readClaims(s.Secret.Reveal())
	if !ok {
		s.stage.Notes = append(s.stage.Notes, "The token is opaque: its audience, scope and expiry cannot be read here.")
		return s.end()
	}
	fault, problem, notes := checkToken(c, s.User, s.Audiences, time.Now())
	s.stage.Notes = notes
	if fault != "" {
		return s.fail(fault, problem)
	}
	return s.end()
}

func (s *session) auth(ctx context.Context) bool {
	if s.Mechanism == "" || s.NoSTARTTLS {
		return true
	}
	s.begin(StageAuth)
	mechanisms, offered := s.hello.Capability("AUTH")
	switch {
	case !offered:
		return s.lacks(ctx, FaultNoAuth, fmt.Sprintf("%s takes no sign-in here: AUTH is not among its capabilities.", s.Server))
	case !slices.Contains(mechanisms, s.Mechanism):
		return s.notListed(ctx)
	}
	err := s.client.Auth(&signer{Config: &s.Config, wire: s.wire})
	s.wire.auth = false
	if err == nil && !s.wire.spent {
		return s.fail(FaultUnexpected, fmt.Sprintf("%s accepted the sign-in before it asked for the password: nobody has signed in.", s.Server))
	}
	return s.step(ctx, err)
}

// notListed asks for a mechanism that is not offered, without handing over
// anything, to hear what a device gets that insists on it.
func (s *session) notListed(ctx context.Context) bool {
	reply, err := s.wire.exchange("AUTH " + s.Mechanism)
	if err != nil {
		return s.broke(ctx, err)
	}
	if reply.Refuses() {
		return s.refuse()
	}
	return s.fail(FaultNoMechanism, fmt.Sprintf("%s does not offer AUTH %s; use one of those it lists.", s.Server, s.Mechanism))
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// clip shortens s to n octets for a sentence.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "..."
}
