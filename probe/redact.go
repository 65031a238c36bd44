package probe

import (
	"encoding/base64"
	"net/url"
	"strings"

	"smtpmend/internal/secret"
)

// minRedacted is the shortest secret that is looked for in what a server
// says: a shorter one would turn ordinary replies into asterisks.
const minRedacted = 4

// A redactor replaces a secret, and every usual encoding of it, by "****":
// a server may repeat what it was told.
type redactor struct{ forms []string }

func newRedactor(user string, s secret.Secret) redactor {
	text := s.Reveal()
	if len(text) < minRedacted {
		return redactor{}
	}
	raw := []byte(text)
	return redactor{[]string{
		base64.StdEncoding.EncodeToString(plainResponse(user, text)),
		base64.StdEncoding.EncodeToString(xoauth2Response(user, text)),
		base64.StdEncoding.EncodeToString(raw),
		base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw),
		base64.RawURLEncoding.EncodeToString(raw),
		url.QueryEscape(text),
		text,
	}}
}

func (r redactor) line(s string) string {
	for _, form := range r.forms {
		s = strings.ReplaceAll(s, form, secret.Mask)
	}
	return s
}

// reply returns a copy of r that is free of the secret.
func (r redactor) reply(reply *Reply) *Reply {
	c := *reply
	c.Lines = make([]string, len(reply.Lines))
	for i, line := range reply.Lines {
		c.Lines[i] = r.line(line)
	}
	return &c
}
