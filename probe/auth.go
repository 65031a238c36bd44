package probe

import (
	"slices"
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

// xoauth2Response is the initial response of XOAUTH2, from Microsoft's page
// "Authenticate an IMAP, POP or SMTP connection using OAuth".
func xoauth2Response(user, token string) []byte {
	return []byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01")
}

// A mechanism is a sasl.Client that says of its last answer whether it holds
// the secret.
type mechanism interface {
	sasl.Client
	reveals() bool
}

// newMechanism returns the SASL client for c's mechanism, good for one
// sign-in.
func newMechanism(c *Config) mechanism {
	switch c.mechanism() {
	case MechXOAUTH2:
		return &xoauth2{user: c.Mailbox, token: c.Secret.Reveal()}
	case MechPlain:
		return plain{sasl.NewPlainClient("", c.Mailbox, c.Secret.Reveal())}
	default:
		return &login{Client: sasl.NewLoginClient(c.Mailbox, c.Secret.Reveal()), user: c.Mailbox}
	}
}

// plain is go-sasl's: it answers no challenge.
type plain struct{ sasl.Client }

func (plain) reveals() bool { return true }

// xoauth2 is the sasl.Client that go-sasl does not have.
type xoauth2 struct {
	user, token string
	challenged  bool
}

func (x *xoauth2) Start() (string, []byte, error) {
	return MechXOAUTH2, xoauth2Response(x.user, x.token), nil
}

// Next answers the error challenge that some servers send with an empty line,
// once, which makes them give their final reply. Microsoft 365 sends none.
func (x *xoauth2) Next([]byte) ([]byte, error) {
	if x.challenged {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	x.challenged = true
	return []byte{}, nil
}

func (x *xoauth2) reveals() bool { return !x.challenged }

// login asks go-sasl's LOGIN for the password, but takes the wordings of the
// two prompts that servers use, and a server that ignores the initial response
// and asks for the user name once more. The password goes to the prompt for
// it, once, and to no other.
type login struct {
	sasl.Client
	user  string
	named bool // the user name was asked for, besides the initial response
	given bool // the password was given
}

// The prompts of LOGIN, as plainPrompt writes them: "Username:", "User Name"
// and "Password:" (draft-murchison-sasl-login), and the shorter "User:".
var (
	userPrompts     = []string{"username", "user"}
	passwordPrompts = []string{"password"}
)

func (l *login) Next(challenge []byte) ([]byte, error) {
	prompt := plainPrompt(challenge)
	switch {
	case l.given:
	case slices.Contains(userPrompts, prompt) && !l.named:
		l.named = true
		return []byte(l.user), nil
	case slices.Contains(passwordPrompts, prompt):
		l.given = true
		return l.Client.Next([]byte("Password:"))
	}
	return nil, sasl.ErrUnexpectedServerChallenge
}

func (l *login) reveals() bool { return l.given }

// plainPrompt writes a prompt without case, blanks, NULs and its colon.
func plainPrompt(challenge []byte) string {
	text := strings.ReplaceAll(strings.ToLower(string(challenge)), "\x00", "")
	return strings.TrimSuffix(strings.Join(strings.Fields(text), ""), ":")
}

// guarded tells the wire of each line whether it is shown, and whether it
// holds the secret.
type guarded struct {
	mechanism
	wire *wire
}

func (g guarded) Start() (string, []byte, error) {
	name, response, err := g.mechanism.Start()
	g.wire.auth, g.wire.secret = true, g.reveals()
	g.wire.masked = name != MechLogin
	return name, response, err
}

func (g guarded) Next(challenge []byte) ([]byte, error) {
	response, err := g.mechanism.Next(challenge)
	g.wire.masked, g.wire.secret = true, g.reveals()
	return response, err
}
