package front

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHowASessionEnds(t *testing.T) {
	for _, tt := range []struct {
		want End
		do   func(*client)
	}{
		{EndQuit, func(c *client) { c.line(); c.cmd("QUIT") }},
		{EndLeft, func(c *client) { c.line(); c.send("EHLO prin"); c.conn.Close() }},
		{EndTimeout, func(c *client) { c.line(); c.line() }},
		{EndHungUp, func(c *client) {
			for range 5 {
				c.cmd("")
			}
		}},
	} {
		t.Run(string(tt.want), func(t *testing.T) {
			cfg, sessions := ended(t)
			cfg.Limits.Idle = 200 * time.Millisecond
			tt.do(dial(t, start(t, cfg)))
			s := <-sessions
			if s.End != tt.want || s.Ended.Before(s.Started) {
				t.Errorf("ended %q", s.End)
			}
			if tt.want == EndLeft && s.Unfinished != len("EHLO prin") {
				t.Errorf("%d bytes of a line that never ended", s.Unfinished)
			}
		})
	}
}

func TestServerClosedEndsSessions(t *testing.T) {
	cfg, sessions := ended(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(cfg)
	go s.Serve(l)
	c := dial(t, l.Addr().String())
	c.line()
	s.Close()
	if got := (<-sessions).End; got != EndClosed {
		t.Errorf("ended %q", got)
	}
}

func TestTLSAtOnceIsHeard(t *testing.T) {
	cfg, sessions := ended(t)
	c := dial(t, start(t, cfg))
	offer := &tls.Config{ServerName: "smtp.office365.com", MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}
	tls.Client(c.conn, offer).Handshake()
	hello := (<-sessions).ClientHello
	if hello == nil || hello.ServerName != "smtp.office365.com" || hello.Versions[0] != tls.VersionTLS12 {
		t.Errorf("ClientHello: %+v", hello)
	}
}

func TestPlainGreetingOnTLSPort(t *testing.T) {
	cfg, sessions := ended(t)
	cfg.ImplicitTLS, cfg.PlainGreeting = true, 50*time.Millisecond
	addr := start(t, cfg)
	c := dial(t, addr)
	if got := c.line(); !strings.HasPrefix(got, "220 ") {
		t.Fatalf("greeting: %q", got)
	}
	c.cmd("EHLO printer")
	c.cmd("QUIT")
	if s := <-sessions; !s.PlainInstead || s.Hello != "printer" || s.TLS != nil {
		t.Errorf("record: %+v", s)
	}
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	newClient(t, conn).cmd("QUIT")
	if s := <-sessions; s.PlainInstead || s.TLS == nil {
		t.Errorf("a client that starts TLS: %+v", s)
	}
}

func TestRefusedCredentialsAreOverheard(t *testing.T) {
	cfg, sessions := ended(t)
	var heard []string
	cfg.OnCredentials = func(_ *Session, c Credentials) {
		heard = append(heard, c.Mechanism+" "+c.User+" "+c.Secret.Reveal())
	}
	c := dial(t, start(t, cfg))
	c.line()
	c.cmd("EHLO printer")
	c.cmd("AUTH LOGIN " + base64.StdEncoding.EncodeToString([]byte("a@contoso.com")))
	c.cmd("AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00b@contoso.com\x00Tr0ub4dor")))
	c.cmd("AUTH PLAIN !")
	c.cmd("AUTH CRAM-MD5")
	c.conn.Close()
	s := <-sessions
	if s.Login != "b@contoso.com" {
		t.Errorf("login %q", s.Login)
	}
	if diff := cmp.Diff([]string{"PLAIN b@contoso.com Tr0ub4dor"}, heard); diff != "" {
		t.Error(diff)
	}
}

// echo refuses with words from elsewhere, which must stay as they are.
type echo struct{ keeper }

func (echo) SignIn(context.Context, *Session, Credentials) Reply {
	return Reply{Code: 535, Text: "5.7.139 {login} is no name\n5.7.139 [HOST]", Verbatim: true}
}

func TestVerbatimRepliesStay(t *testing.T) {
	cfg := testConfig(t)
	cfg.Backend = echo{}
	c := dial(t, start(t, cfg))
	if got := signIn(c, &tls.Config{}, "any"); got != "535-5.7.139 {login} is no name|535 5.7.139 [HOST]" {
		t.Errorf("got %q", got)
	}
	// MAIL repeats the words, the tag among them: there is no second one.
	const want = "530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 {login} is no name 5.7.139 [HOST]"
	if got := c.cmd("MAIL FROM:<a@contoso.com>"); got != want {
		t.Errorf("MAIL: %q", got)
	}
}

func TestLongLines(t *testing.T) {
	cfg, sessions := ended(t)
	addr := start(t, cfg)
	c := dial(t, addr)
	signIn(c, &tls.Config{}, "wrong")
	token := base64.StdEncoding.EncodeToString([]byte("user=a@contoso.com\x01auth=Bearer " + strings.Repeat("t", 8000) + "\x01\x01"))
	if got := c.cmd("AUTH XOAUTH2 " + token); !strings.HasPrefix(got, "535 ") {
		t.Errorf("a long token: %q", got)
	}
	if got := c.cmd("NOOP " + strings.Repeat("x", 3000)); !strings.HasPrefix(got, "421 4.7.0 Line too long") {
		t.Errorf("a long command: %q", got)
	}
	c.conn.Close()
	s := <-sessions
	for _, e := range s.Exchanges() {
		if e.Reply == nil {
			t.Errorf("%q was recorded without a reply", e.Sent)
		}
		if e.MS < 0 {
			t.Errorf("%q took %d ms", e.Sent, e.MS)
		}
	}
}

func TestAlertInPlainText(t *testing.T) {
	for _, tt := range []struct {
		pieces []string
		want   uint8
	}{
		{[]string{"\x16\x03\x01hello", "\x15\x03\x03\x00\x02\x02\x30"}, 48},
		{[]string{"\x16\x03\x01hello\x15\x03", "\x03\x00", "\x02\x02\x2a"}, 42},
		{[]string{"\x16\x03\x01\x00\x05hello"}, 0},
		{[]string{"\x15"}, 0},
		{nil, 0},
	} {
		near, far := net.Pipe()
		go func() {
			for _, piece := range tt.pieces {
				io.WriteString(far, piece)
			}
			far.Close()
		}()
		tail := &tail{r: near}
		io.Copy(io.Discard, tail)
		if got := tail.alert(); got != tt.want {
			t.Errorf("%q: %d", tt.pieces, got)
		}
	}
}
