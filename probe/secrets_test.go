package probe_test

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"strings"
	"testing"

	"smtpmend/internal/secret"
	"smtpmend/probe"
)

func prompt(text string) string {
	return "334 " + base64.StdEncoding.EncodeToString([]byte(text)) + "\r\n"
}

// A secret goes out once, to the prompt of the mechanism's own step, whatever
// a server asks for and however often.
func TestOneSecret(t *testing.T) {
	const (
		yes = "235 2.7.0 signed in\r\n"
		no  = "535 5.7.3 Authentication unsuccessful\r\n"
	)
	cert, roots := certificate(t)
	again := prompt("Password:")
	for _, tt := range []struct {
		name, mechanism string
		says            []string
		secrets         int
		outcome         probe.Outcome
		sentence        string // of a FaultUnexpected
	}{
		{"as usual", "LOGIN", []string{prompt("Password:"), yes}, 1, probe.Accepted, ""},
		{"in upper case", "LOGIN", []string{prompt("PASSWORD:"), yes}, 1, probe.Accepted, ""},
		{"without a colon", "LOGIN", []string{prompt("Password"), yes}, 1, probe.Accepted, ""},
		{"with NUL and blanks", "LOGIN", []string{prompt(" Pass word :\x00"), yes}, 1, probe.Accepted, ""},
		{"the user name once more", "LOGIN", []string{prompt("User Name\x00"), prompt("Password\x00"), yes}, 1, probe.Accepted, ""},
		{"the user name twice more", "LOGIN", []string{prompt("Username:"), prompt("Username:")}, 0, probe.Failed, "does not know; the password was not sent"},
		{"asked twice", "LOGIN", []string{again, again, again, yes}, 1, probe.Failed, "the password was sent once, before that"},
		{"the user name after the password", "LOGIN", []string{again, prompt("Username:"), again}, 1, probe.Failed, "the password was sent once, before that"},
		{"merely begins with pass", "LOGIN", []string{prompt("Passphrase of your bank:"), yes}, 0, probe.Failed, "the password was not sent"},
		{"a password for something else", "LOGIN", []string{prompt("Password for the router:"), yes}, 0, probe.Failed, "the password was not sent"},
		{"an empty prompt", "LOGIN", []string{"334 \r\n", yes}, 0, probe.Failed, "the password was not sent"},
		{"no base64", "LOGIN", []string{"334 Password:\r\n", yes}, 0, probe.Failed, "the password was not sent"},
		{"no base64 after the password", "LOGIN", []string{again, "334 ?\r\n", yes}, 1, probe.Failed, "the password was sent once, before that"},
		{"accepted unasked", "LOGIN", []string{yes}, 0, probe.Failed, "nobody has signed in"},
		{"accepted for the user name", "LOGIN", []string{prompt("Username:"), yes}, 0, probe.Failed, "nobody has signed in"},
		{"accepted as something else", "LOGIN", []string{"250 ok\r\n"}, 0, probe.Failed, "does not belong here"},
		{"PLAIN", "PLAIN", []string{yes}, 1, probe.Accepted, ""},
		{"PLAIN, asked again", "PLAIN", []string{"334 \r\n", yes}, 1, probe.Failed, "the password was sent once, before that"},
		{"PLAIN, asked as LOGIN does", "PLAIN", []string{again, yes}, 1, probe.Failed, "the password was sent once, before that"},
		{"XOAUTH2", "XOAUTH2", []string{yes}, 1, probe.Accepted, ""},
		{"XOAUTH2, an error challenge", "XOAUTH2", []string{prompt(`{"status":"401"}`), no}, 1, probe.Refused, ""},
		{"XOAUTH2, two of them", "XOAUTH2", []string{again, again, no}, 1, probe.Failed, "the token was sent once, before that"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := turns(false)
			dialogue := append([]turn{}, all[:4]...)
			for _, says := range tt.says {
				dialogue = append(dialogue, turn{"AUTH", says})
			}
			b := &breaker{turns: append(dialogue, all[6:]...), cert: cert}
			r := probe.Run(t.Context(), probe.Config{
				Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Mechanism: tt.mechanism, Roots: roots,
			})
			if secure, plain := b.Secrets(password); secure != tt.secrets || plain != 0 {
				t.Errorf("%d secrets were sent, and %d before TLS; want %d", secure, plain, tt.secrets)
			}
			if strings.Contains(b.Secure(), "*\r\n") {
				t.Error("a stray * was sent")
			}
			got := r.Decisive()
			fault := probe.Fault("")
			if tt.sentence != "" {
				fault = probe.FaultUnexpected
			}
			if r.Outcome != tt.outcome || got.Fault != fault || !strings.Contains(got.Error, tt.sentence) {
				t.Errorf("got %s, %s, %q (%s)", r.Outcome, got.Name, got.Fault, got.Error)
			}
		})
	}
}

// The wire keeps a second secret back even where a mechanism gives it.
func TestWireSendsOneSecret(t *testing.T) {
	sent, err := probe.SaySecrets("AUTH PLAIN c2VjcmV0", "c2VjcmV0")
	if sent != "AUTH PLAIN c2VjcmV0\r\n" || err == nil {
		t.Errorf("sent %q, %v", sent, err)
	}
}

// LOGIN does not rely on the wire for that.
func TestLoginGivesThePasswordOnce(t *testing.T) {
	client := probe.NewLogin(mailbox, password)
	if answer, err := client.Next([]byte("Password:")); string(answer) != password || err != nil {
		t.Fatalf("%q, %v", answer, err)
	}
	for _, challenge := range []string{"Password:", "Username:"} {
		if answer, err := client.Next([]byte(challenge)); err == nil {
			t.Errorf("%s was answered with %q", challenge, answer)
		}
	}
}

// A token that is longer than a buffer leaves in one line, and is recorded as
// one.
func TestLongToken(t *testing.T) {
	cert, roots := certificate(t)
	all := turns(false)
	b := &breaker{turns: append(append([]turn{}, all[:4]...), all[5:]...), cert: cert}
	token := strings.Repeat("0123456789abcdef", 500)
	r := probe.Run(t.Context(), probe.Config{
		Server: b.start(t), Mailbox: mailbox, Secret: secret.New(token), Mechanism: probe.MechXOAUTH2, Roots: roots,
	})
	var auth []probe.Exchange
	for _, s := range r.Stages {
		if s.Name == probe.StageAuth {
			auth = s.Exchanges
		}
	}
	if secure, _ := b.Secrets(token); r.Outcome != probe.Accepted || secure != 1 || len(auth) != 1 || auth[0].Sent != "AUTH XOAUTH2 ****" {
		t.Errorf("%s, %d tokens, recorded %+v", r.Outcome, secure, auth)
	}
}

// What comes while nothing is asked for is found before the next command.
func TestOutOfTurnWhileWaiting(t *testing.T) {
	cert, roots := certificate(t)
	said := make(chan struct{})
	b := &breaker{turns: turns(true), at: "AUTH final", cert: cert, breaks: func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good)
		<-said
		io.WriteString(c, "421 4.4.2 Connection timed out\r\n")
		said <- struct{}{}
		return false
	}}
	r := probe.Run(t.Context(), probe.Config{
		Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots,
		Await: func(context.Context, *probe.Report) *probe.Envelope {
			said <- struct{}{}
			<-said
			return &probe.Envelope{From: mailbox, To: []string{mailbox}, Message: strings.NewReader("x")}
		},
	})
	got := r.Decisive()
	if r.Outcome != probe.Failed || got.Name != probe.StageMail || got.Fault != probe.FaultOutOfTurn || !strings.Contains(got.Error, "421 4.4.2") {
		t.Errorf("%s at %s: %q %s", r.Outcome, got.Name, got.Fault, got.Error)
	}
	if after := b.After(); after != "" {
		t.Errorf("said afterwards: %q", after)
	}
}

// A server that speaks into a message says why it did not want it.
func TestOutOfTurnIntoAMessage(t *testing.T) {
	cert, roots := certificate(t)
	said := make(chan struct{})
	b := &breaker{turns: turns(true), at: "DATA", cert: cert, breaks: func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good)
		<-said
		io.WriteString(c, "552 5.3.4 too large\r\n")
		close(said)
		return false
	}}
	r := probe.Run(t.Context(), probe.Config{
		Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots,
		Await: func(context.Context, *probe.Report) *probe.Envelope {
			return &probe.Envelope{From: mailbox, To: []string{mailbox}, Message: slowly(func() error {
				said <- struct{}{}
				<-said
				return io.ErrUnexpectedEOF
			})}
		},
	})
	got := r.Decisive()
	if r.Outcome != probe.Failed || got.Name != probe.StageData || got.Fault != probe.FaultOutOfTurn || r.Last() != nil {
		t.Errorf("%s at %s: %q %s", r.Outcome, got.Name, got.Fault, got.Error)
	}
	if strings.Contains(b.After(), ".\r\n") {
		t.Error("the message was ended all the same")
	}
}

// slowly is a message that is read only once.
type slowly func() error

func (s slowly) Read(b []byte) (int, error) { return copy(b, "x"), s() }
