package front

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/secret"
)

func encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// printed is all that a session holds: each reply as well, which %+v of a
// session leaves out.
func printed(s *Session) string {
	text := fmt.Sprintf("%+v %#v", s, s)
	for _, e := range s.Exchanges() {
		text += fmt.Sprintf(" %+v %+v", e, e.Reply)
	}
	return text
}

// sentOf lists what the record holds of the client's lines.
func sentOf(s *Session) []string {
	var lines []string
	for _, e := range s.Exchanges()[1:] {
		lines = append(lines, e.Sent)
	}
	return lines
}

func TestSecretsInTheWrongPlaceAreMasked(t *testing.T) {
	blob := encode("\x00a@contoso.com\x00Tr0ub4dor")
	for _, tt := range []struct {
		name             string
		lines            []string
		sent, mechanisms []string
	}{
		{"tab", []string{"EHLO printer", "AUTH PLAIN\t" + blob}, []string{"EHLO printer", "AUTH PLAIN ****"}, []string{"PLAIN"}},
		{"tab before the mechanism", []string{"AUTH\tPLAIN\t" + blob}, []string{"AUTH PLAIN ****"}, nil},
		{"no mechanism", []string{"EHLO printer", "AUTH " + blob}, []string{"EHLO printer", "AUTH ****"}, []string{"****"}},
		{"lower case", []string{"EHLO printer", "auth cram-md5"}, []string{"EHLO printer", "auth cram-md5"}, []string{"CRAM-MD5"}},
		{"AUTH before EHLO", []string{"AUTH LOGIN", "correct horse battery"}, []string{"AUTH LOGIN", "****"}, nil},
		{"glued", []string{"AUTHPLAIN " + blob, "hunter two"}, []string{"****", "****"}, nil},
		{"behind a command", []string{"AUTH LOGIN", "help me Rhonda", "NOOP"}, []string{"AUTH LOGIN", "help ****", "NOOP"}, nil},
		{"another protocol", []string{"POST /eSCL HTTP/1.1"}, []string{"POST ****"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, sessions := ended(t)
			c := dial(t, start(t, cfg))
			c.line()
			for _, line := range tt.lines {
				c.cmd(line)
			}
			c.conn.Close()
			s := <-sessions
			if diff := cmp.Diff(tt.sent, sentOf(s)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.mechanisms, s.Mechanisms); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoginOf(t *testing.T) {
	for user, want := range map[string]string{
		"":                       "",
		"a@contoso.com":          "a@contoso.com",
		"o'neil+x@mail.fabrikam": "o'neil+x@mail.fabrikam",
		"jörg@bücher.example":    "jörg@bücher.example",
		strings.Repeat("a", 308) + "@contoso.com": strings.Repeat("a", 308) + "@contoso.com",
		strings.Repeat("a", 309) + "@contoso.com": masked,

		"scanner":                         masked,
		"P@ssw0rd":                        masked,
		"p@ss@w0rd.x":                     masked,
		"@contoso.com":                    masked,
		"a@":                              masked,
		"a@contoso.":                      masked,
		"a @contoso.com":                  masked,
		"a@contoso.com\t":                 masked,
		"a:secret@contoso.com":            masked,
		"\x00a@contoso.com":               masked,
		"a@contoso.com\xff":               masked,
		"\xffa@contoso.com":               masked,
		`a@x.com\x01auth=Bearer TOKEN`:    masked,
		`a@x.com\x01auth=BearerTOKEN`:     masked,
		"a@contoso.com auth=Bearer TOKEN": masked,
		"a@contoso.com,auth=Bearer,TOKEN": masked,
		"a@contoso.com\u00a0auth=TOKEN":   masked,
		"\u200ba@contoso.com":             masked,
	} {
		if got := loginOf(Credentials{User: user}); got != want {
			t.Errorf("%q: %q", user, got)
		}
	}
	for password, want := range map[string]string{"": "a@contoso.com", "P@ssw0rd": "a@contoso.com", "b@contoso.com": masked, "a@contoso.com": "a@contoso.com"} {
		if got := loginOf(Credentials{User: "a@contoso.com", Secret: secret.New(password)}); got != want {
			t.Errorf("with the password %q: %q", password, got)
		}
	}
}

// The record hides what a user name holds; the backend gets it all.
func TestNoSecretInLogin(t *testing.T) {
	for _, tt := range []struct {
		name        string
		lines       []string
		user, login string // the backend's, and the record's
	}{
		{"swapped", []string{"AUTH LOGIN " + encode("Tr0ub4dor"), encode("a@contoso.com")}, "Tr0ub4dor", masked},
		{"PLAIN in LOGIN", []string{"AUTH LOGIN " + encode("\x00a@contoso.com\x00Tr0ub4dor"), encode("x")}, "\x00a@contoso.com\x00Tr0ub4dor", masked},
		{"PLAIN in LOGIN, broken off", []string{"AUTH LOGIN " + encode("\x00a@contoso.com\x00Tr0ub4dor")}, "", ""},
		{"blanks", []string{"AUTH XOAUTH2 " + encode("user=a@contoso.com auth=Bearer TOKEN")}, "", masked},
		{"literal", []string{"AUTH XOAUTH2 " + encode(`user=a@contoso.com\x01auth=Bearer TOKEN\x01\x01`)}, "", masked},
		{"well formed", []string{"AUTH XOAUTH2 " + encode("user=a@contoso.com\x01auth=Bearer TOKEN\x01\x01")}, "a@contoso.com", "a@contoso.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, sessions := ended(t)
			var user string
			cfg.OnCredentials = func(_ *Session, c Credentials) { user = c.User }
			c := dial(t, start(t, cfg))
			signIn(c, &tls.Config{}, "wrong")
			user = ""
			for _, line := range tt.lines {
				c.cmd(line)
			}
			c.conn.Close()
			s := <-sessions
			if tt.login == "" {
				tt.login = "a@contoso.com" // of the sign-in before
			}
			if user != tt.user || s.Login != tt.login {
				t.Errorf("the backend got %q, the record %q", user, s.Login)
			}
			record := printed(s)
			if strings.Contains(record, "Tr0ub4dor") || strings.Contains(record, "TOKEN") {
				t.Error(record)
			}
		})
	}
}

// In the clear an initial response is overheard, not asked about.
func TestNoSecretInOverheardLogin(t *testing.T) {
	cfg, sessions := ended(t)
	c := dial(t, start(t, cfg))
	c.line()
	c.cmd("EHLO printer")
	c.cmd("AUTH LOGIN " + encode("\x00a@contoso.com\x00Tr0ub4dor"))
	c.conn.Close()
	if s := <-sessions; s.Login != masked {
		t.Errorf("login %q", s.Login)
	}
}

func TestParseXOAUTH2(t *testing.T) {
	for _, tt := range []struct {
		response, user, token string
		complete              bool
	}{
		{"user=a@contoso.com\x01auth=Bearer a.b-c_d~e+f/g==\x01\x01", "a@contoso.com", "a.b-c_d~e+f/g==", true},
		{"user=a@contoso.com\x01auth=bearer \x01\x01", "a@contoso.com", "", true},
		{"user=a@contoso.com\x01auth=Bearer t", "a@contoso.com", "t", true},
		{"user=\x01auth=Bearer t\x01\x01", "", "t", false},
		{"auth=Bearer t\x01\x01", "", "t", false},
		{"user=a@contoso.com\x01\x01", "a@contoso.com", "", false},
		{"user=a@contoso.com\x01auth=Bearer\x01\x01", "a@contoso.com", "", true},
		{"user=a@contoso.com\x01auth=Basic t\x01\x01", "a@contoso.com", "", false},
		{"user=a@contoso.com\x01auth=Bearer t^A^A", "a@contoso.com", "", false},
		{`user=a@contoso.com\x01auth=Bearer t\x01\x01`, `a@contoso.com\x01auth=Bearer t\x01\x01`, "", false},
		{"\x00a@contoso.com\x00t", "", "", false},
		{"", "", "", false},
	} {
		c, complete := parseXOAUTH2(tt.response)
		if c.User != tt.user || c.Secret.Reveal() != tt.token || complete != tt.complete {
			t.Errorf("%q: user %q, token %q, complete %v", tt.response, c.User, c.Secret.Reveal(), complete)
		}
	}
}
