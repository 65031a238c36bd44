package front

import (
	"encoding/base64"
	"slices"
	"strings"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// maxMechanisms bounds what is kept of what a client asks for; what it asks for
// the first time is kept in any case.
const maxMechanisms = 20

// auth has the dialogue of AUTH (RFC 4954). Before TLS no mechanism is known.
func (c *conn) auth(arg string) Reply {
	s, words := c.session, strings.Fields(arg)
	switch {
	case s.Hello == "":
		return helloFirst
	case s.SignedIn:
		return badSequence
	case len(words) == 0:
		return invalidArguments
	}
	mechanism := strings.ToUpper(words[0])
	var initial *string
	if len(words) > 1 {
		response, ok := decode(words[1])
		if !ok {
			return invalidArguments
		}
		initial = &response
	}
	if known := dialogue.MaskMechanism(mechanism); len(s.Mechanisms) < maxMechanisms || !slices.Contains(s.Mechanisms, known) {
		s.Mechanisms = append(s.Mechanisms, strings.Clone(known)) // it may be part of a long line
	}
	switch {
	case s.TLS == nil || !Offers(mechanism):
		if initial != nil {
			c.overhear(parseInitial(mechanism, *initial))
		}
		return Say(MechanismUnknown, s.Flavour)
	case mechanism == "LOGIN":
		return c.login(initial)
	}
	return c.xoauth2(initial)
}

// decode reads the base64 of a SASL response; "=" is an empty one.
func decode(response string) (string, bool) {
	if response == "=" {
		return "", true
	}
	b, err := base64.StdEncoding.DecodeString(response)
	return string(b), err == nil
}

// login asks for user name and password, in the words of Microsoft. An initial
// response is the user name.
func (c *conn) login(initial *string) Reply {
	user, refusal := c.response("Username:", initial)
	if refusal != nil {
		return *refusal
	}
	password, refusal := c.response("Password:", nil)
	if refusal != nil {
		return *refusal
	}
	return c.signIn(Credentials{Mechanism: "LOGIN", User: user, Secret: secret.New(password)}, true)
}

// xoauth2 takes one response with user name and token. Unlike other providers
// Microsoft sends no second challenge with the reason of a refusal.
func (c *conn) xoauth2(initial *string) Reply {
	response, refusal := c.response("", initial)
	if refusal != nil {
		return *refusal
	}
	return c.signIn(parseXOAUTH2(response))
}

// response asks the client for a response, unless it gave one with AUTH.
// refusal is what is said where none came.
func (c *conn) response(prompt string, initial *string) (response string, refusal *Reply) {
	if initial != nil {
		return *initial, nil
	}
	c.say(Reply{Code: 334, Text: base64.StdEncoding.EncodeToString([]byte(prompt)), Verbatim: true})
	line, err := c.readLine()
	if err != nil {
		return "", &Reply{} // it shows again in the next read
	}
	text, ok := c.take(line)
	switch {
	case !ok:
		return "", &Reply{}
	case text == "*":
		return "", &authUnsuccessful
	}
	if response, ok = decode(text); !ok {
		return "", &invalidArguments
	}
	return response, nil
}

// overhear takes note of what a client gave away with an AUTH command that is
// refused whatever it holds.
func (c *conn) overhear(credentials Credentials, complete bool) {
	if credentials.User != "" {
		c.session.Login = loginOf(credentials)
	}
	if hook := c.server.cfg.OnCredentials; complete && hook != nil {
		hook(c.session, credentials)
	}
}

// signIn decides on what a client signed in with. Where that is not complete
// there is nothing to ask the backend.
func (c *conn) signIn(credentials Credentials, complete bool) Reply {
	s, cfg := c.session, c.server.cfg
	s.User, s.Login = secret.New(credentials.User), loginOf(credentials)
	c.overhear(credentials, complete)
	reply := Say(SignInRefused, s.Flavour)
	switch {
	case s.TooOld() && (cfg.LegacyTLS == nil || !cfg.LegacyTLS()):
		reply = Say(TLSTooOld, s.Flavour)
	case complete:
		reply = cfg.Backend.SignIn(c.server.ctx, s, credentials)
	}
	if s.SignedIn = reply.Positive(); !s.SignedIn {
		s.refused = reply
		c.server.wait(cfg.RefusalDelay)
	}
	return reply
}
