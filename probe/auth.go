package probe

import (
	"bytes"
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

func plainResponse(user, password string) []byte {
	return []byte("\x00" + user + "\x00" + password)
}

// xoauth2Response is the initial response of XOAUTH2, from Microsoft's page
// "Authenticate an IMAP, POP or SMTP connection using OAuth".
func xoauth2Response(user, token string) []byte {
	return []byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01")
}

// xoauth2 is the sasl.Client that go-sasl does not have.
type xoauth2 struct{ user, token string }

func (x xoauth2) Start() (string, []byte, error) {
	return MechXOAUTH2, xoauth2Response(x.user, x.token), nil
}

// Next answers the error challenge that some servers send with an empty line,
// which makes them give their final reply. Microsoft 365 sends none.
func (xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// login asks go-sasl's LOGIN for each answer, but accepts the wordings of the
// two prompts that servers use, and a server that ignores the initial
// response and asks for the user name again.
type login struct {
	sasl.Client
	user string
}

func newLogin(user, password string) sasl.Client {
	return login{sasl.NewLoginClient(user, password), user}
}

func (l login) Next(challenge []byte) ([]byte, error) {
	prompt := bytes.ToLower(challenge)
	switch {
	case bytes.HasPrefix(prompt, []byte("user")):
		return []byte(l.user), nil
	case bytes.HasPrefix(prompt, []byte("pass")):
		return l.Client.Next([]byte("Password:"))
	}
	return l.Client.Next(challenge)
}

// newMechanism returns the SASL client for c's mechanism.
func newMechanism(c *Config) sasl.Client {
	switch c.mechanism() {
	case MechXOAUTH2:
		return xoauth2{c.Mailbox, c.Secret.Reveal()}
	case MechPlain:
		return sasl.NewPlainClient("", c.Mailbox, c.Secret.Reveal())
	default:
		return newLogin(c.Mailbox, c.Secret.Reveal())
	}
}

// guarded tells the wire, before each line, whether the line is secret, and
// silences it when the mechanism gives up, so that no "*" is sent.
type guarded struct {
	sasl.Client
	wire *wire
}

func (g guarded) Start() (string, []byte, error) {
	mechanism, response, err := g.Client.Start()
	g.wire.auth, g.wire.secret = true, mechanism != MechLogin
	return mechanism, response, err
}

func (g guarded) Next(challenge []byte) ([]byte, error) {
	response, err := g.Client.Next(challenge)
	g.wire.secret = true
	if err != nil {
		g.wire.silent = true
	}
	return response, err
}

// offers reports whether the AUTH capability of a reply to EHLO lists
// mechanism, and whether it is there at all. Exchange of old wrote "AUTH=".
func offers(ehlo *Reply, mechanism string) (auth, listed bool) {
	for _, capability := range capabilities(ehlo) {
		words := strings.Fields(strings.Replace(strings.ToUpper(capability), "AUTH=", "AUTH ", 1))
		if len(words) == 0 || words[0] != "AUTH" {
			continue
		}
		auth = true
		for _, w := range words[1:] {
			listed = listed || w == mechanism
		}
	}
	return auth, listed
}

// capabilities returns the lines of a reply to EHLO behind the first.
func capabilities(ehlo *Reply) []string {
	lines := strings.Split(ehlo.text(), "\n")
	return lines[1:]
}

// capable reports whether a reply to EHLO lists the capability keyword.
func capable(ehlo *Reply, keyword string) bool {
	for _, capability := range capabilities(ehlo) {
		word, _, _ := strings.Cut(capability, " ")
		if strings.EqualFold(word, keyword) {
			return true
		}
	}
	return false
}
