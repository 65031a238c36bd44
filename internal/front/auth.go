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
	case !c.greeted:
		return helloFirst
	case c.signedIn:
		return badSequence
	case len(words) == 0:
		return invalidArguments
	}
	mechanism := strings.ToUpper(words[0])
	var initial []byte // nil where there is none
	if len(words) > 1 {
		var ok bool
		if initial, ok = decode(words[1]); !ok {
			return invalidArguments
		}
	}
	if known := dialogue.MaskMechanism(mechanism); len(s.Mechanisms) < maxMechanisms || !slices.Contains(s.Mechanisms, known) {
		s.Mechanisms = append(s.Mechanisms, strings.Clone(known)) // it may be part of a long line
	}
	switch {
	case s.TLS == nil || !Offers(mechanism):
		c.overhear(mechanism, string(initial))
		return Say(MechanismUnknown, s.Flavour)
	case mechanism == "LOGIN":
		return c.login(initial)
	}
	return c.xoauth2(initial)
}

// decode reads the base64 of a SASL response; "=" is an empty one.
func decode(response string) ([]byte, bool) {
	if response == "=" {
		return []byte{}, true
	}
	b, err := base64.StdEncoding.DecodeString(response)
	return append([]byte{}, b...), err == nil
}

// login asks for user name and password, in the words of Microsoft. An initial
// response is the user name.
func (c *conn) login(user []byte) (refusal Reply) {
	if user == nil {
		if user, refusal = c.challengeWith("Username:"); user == nil {
			return refusal
		}
	}
	password, refusal := c.challengeWith("Password:")
	if password == nil {
		return refusal
	}
	return c.signIn(Credentials{Mechanism: "LOGIN", User: string(user), Secret: secret.New(string(password))}, true)
}

// xoauth2 takes one response with user name and token. Unlike other providers
// Microsoft sends no second challenge with the reason of a refusal.
func (c *conn) xoauth2(response []byte) (refusal Reply) {
	if response == nil {
		if response, refusal = c.challengeWith(""); response == nil {
			return refusal
		}
	}
	return c.signIn(parseXOAUTH2(string(response)))
}

// challengeWith asks the client for a response, nil where none came; refusal
// is what is said to that.
func (c *conn) challengeWith(prompt string) (response []byte, refusal Reply) {
	c.say(Reply{Code: 334, Text: base64.StdEncoding.EncodeToString([]byte(prompt)), Verbatim: true})
	line, err := c.readLine()
	if err != nil {
		return nil, Reply{} // shows again in the next read
	}
	text, ok := c.take(line)
	switch {
	case !ok:
		return nil, Reply{}
	case text == "*":
		return nil, authUnsuccessful
	}
	if response, ok = decode(text); !ok {
		return nil, invalidArguments
	}
	return response, Reply{}
}

// overhear takes note of what a client gave away with an AUTH command that is
// refused whatever it holds.
func (c *conn) overhear(mechanism, response string) {
	credentials, complete := parseInitial(mechanism, response)
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
	s.SignedIn = false
	if complete && cfg.OnCredentials != nil {
		cfg.OnCredentials(s, credentials)
	}
	reply := Say(SignInRefused, s.Flavour)
	switch {
	case s.TooOld() && (cfg.LegacyTLS == nil || !cfg.LegacyTLS()):
		reply = Say(TLSTooOld, s.Flavour)
	case complete:
		reply = cfg.Backend.SignIn(c.server.ctx, s, credentials)
	}
	s.SignedIn, c.signedIn = reply.Positive(), reply.Positive()
	if !s.SignedIn {
		s.refused = reply
		c.server.wait(cfg.RefusalDelay)
	}
	return reply
}
