package probe

import (
	"strings"

	"github.com/emersion/go-sasl"
)

// The SASL mechanisms that a probe can use. Microsoft 365 offers LOGIN and
// XOAUTH2; PLAIN shows what a device that knows only PLAIN is told.
const (
	MechLogin   = "LOGIN"
	MechPlain   = "PLAIN"
	MechXOAUTH2 = "XOAUTH2"
)

// A signer is the sasl.Client of one sign-in. It tells the wire of each line
// whether it is shown, and whether it holds the secret.
//
// Of LOGIN it takes the wordings of the two prompts that servers use, and a
// server that ignores the initial response and asks for the user name once
// more. The password goes to the prompt for it, once, and to no other.
type signer struct {
	*Config
	wire *wire
	more bool // the one answer was given that is not the secret
	gave bool // the secret was given
}

// Start returns the user name alone, or all (RFC 4616; XOAUTH2 as in
// Microsoft's page "Authenticate an IMAP, POP or SMTP connection using OAuth").
func (s *signer) Start() (name string, response []byte, err error) {
	user, secret := s.User, s.Secret.Reveal()
	switch name = s.Mechanism; name {
	case MechXOAUTH2:
		response = []byte("user=" + user + "\x01auth=Bearer " + secret + "\x01\x01")
	case MechPlain:
		response = []byte("\x00" + user + "\x00" + secret)
	default:
		name, response = MechLogin, []byte(user)
	}
	s.gave = name != MechLogin
	s.wire.auth, s.wire.masked, s.wire.secret = true, s.gave, s.gave
	return name, response, nil
}

// Next answers a prompt of LOGIN, or the error challenge of XOAUTH2 that some
// servers send with an empty line, once, which makes them give their final
// reply. Microsoft 365 sends none.
func (s *signer) Next(challenge []byte) ([]byte, error) {
	s.wire.masked = true
	prompt := plainPrompt(challenge)
	switch {
	case s.Mechanism == MechXOAUTH2 && !s.more:
		s.more = true
		return []byte{}, nil
	case s.gave:
	case (prompt == "username" || prompt == "user") && !s.more:
		s.more = true
		return []byte(s.User), nil
	case prompt == "password":
		s.gave, s.wire.secret = true, true
		return []byte(s.Secret.Reveal()), nil
	}
	return nil, sasl.ErrUnexpectedServerChallenge
}

// plainPrompt writes a prompt of LOGIN without case, blanks, NULs and its
// colon. Servers ask for "Username:", "User Name" and "Password:"
// (draft-murchison-sasl-login), and for the shorter "User:".
func plainPrompt(challenge []byte) string {
	text := strings.ReplaceAll(strings.ToLower(string(challenge)), "\x00", "")
	return strings.TrimSuffix(strings.Join(strings.Fields(text), ""), ":")
}
