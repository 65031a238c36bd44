package front

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/smtp"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
)

// ended returns a config that delivers each ended session to the channel.
func ended(t *testing.T) (Config, chan *Session) {
	sessions := make(chan *Session, 10)
	cfg := testConfig(t)
	cfg.OnEnded = func(s *Session) { sessions <- s }
	return cfg, sessions
}

func TestGoSMTPClientSignsInAndSends(t *testing.T) {
	cfg, sessions := ended(t)
	conn, err := net.Dial("tcp", start(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	c, err := gosmtp.NewClientStartTLS(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "smtp.office365.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Auth(sasl.NewLoginClient("a@contoso.com", "right")); err != nil {
		t.Fatal(err)
	}
	message := strings.NewReader("Subject: test\r\n\r\nhello\r\n")
	if err := c.SendMail("a@contoso.com", []string{"b@example.com"}, message); err != nil {
		t.Fatal(err)
	}
	if err := c.Quit(); err != nil {
		t.Fatal(err)
	}
	s := <-sessions
	if !s.SignedIn || s.Login != "a@contoso.com" || s.From != "a@contoso.com" || s.ClientHello.ServerName != "smtp.office365.com" {
		t.Errorf("record: %+v", s)
	}
}

func TestNetSMTPPlainIsRefused(t *testing.T) {
	c, err := smtp.Dial(start(t, testConfig(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.StartTLS(&tls.Config{InsecureSkipVerify: true}); err != nil {
		t.Fatal(err)
	}
	err = c.Auth(smtp.PlainAuth("", "a@contoso.com", "right", "127.0.0.1"))
	if err == nil || !strings.Contains(err.Error(), "5.7.4 Unrecognized authentication type [") {
		t.Errorf("got %v", err)
	}
}

// signIn goes from the greeting to the last reply of AUTH LOGIN.
func signIn(c *client, cfg *tls.Config, password string) string {
	c.line()
	c.cmd("EHLO printer")
	c.cmd("STARTTLS")
	c.startTLS(cfg)
	c.cmd("EHLO printer")
	c.cmd("AUTH LOGIN " + base64.StdEncoding.EncodeToString([]byte("a@contoso.com")))
	return c.cmd(base64.StdEncoding.EncodeToString([]byte(password)))
}

func TestOldTLSIsRefusedAfterAUTH(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			cfg, sessions := ended(t)
			var seen []string
			cfg.OnCredentials = func(_ *Session, c Credentials) { seen = append(seen, c.User) }
			c := dial(t, start(t, cfg))
			old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version}
			if got := signIn(c, old, "right"); !strings.HasPrefix(got, "421 4.7.66 TLS 1.0 and 1.1 are not supported.") {
				t.Errorf("got %q", got)
			}
			if got := c.line(); got != "(EOF)" {
				t.Errorf("after the refusal: %q", got)
			}
			s := <-sessions
			if s.TLS.Version != version || s.ClientHello.Versions[0] != version || len(seen) != 1 || s.SignedIn {
				t.Errorf("record: %+v, credentials of %v", s, seen)
			}
		})
	}
}

func TestLegacyTLSIsLetIn(t *testing.T) {
	cfg := testConfig(t)
	cfg.LegacyTLS = func() bool { return true }
	c := dial(t, start(t, cfg))
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}
	if got := signIn(c, old, "right"); got != "235 2.7.0 Authentication successful" {
		t.Errorf("got %q", got)
	}
}

func TestImplicitTLS(t *testing.T) {
	cfg, sessions := ended(t)
	cfg.ImplicitTLS = true
	addr := start(t, cfg)
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, conn)
	c.line()
	if got := c.cmd("EHLO printer"); !strings.Contains(got, "|250-AUTH LOGIN XOAUTH2|") || strings.Contains(got, "STARTTLS") {
		t.Errorf("EHLO: %q", got)
	}
	conn.Close()
	<-sessions

	plain := dial(t, addr)
	plain.send("EHLO printer\r\n")
	plain.line()
	plain.conn.Close()
	if s := <-sessions; s.TLSError == nil || s.TLS != nil {
		t.Errorf("plain text on the TLS port: %+v", s)
	}
}

func TestWhatIsNotSMTPIsRecorded(t *testing.T) {
	cfg, sessions := ended(t)
	addr := start(t, cfg)

	c := dial(t, addr)
	tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true}).Handshake()
	if s := <-sessions; !s.TLSAtOnce || len(s.Exchanges()) != 1 {
		t.Errorf("TLS at once: %+v", s)
	}

	c = dial(t, addr)
	c.line()
	c.cmd("POST /eSCL HTTP/1.1")
	c.cmd("Authorization: Basic c2VjcmV0")
	c.conn.Close()
	s := <-sessions
	sent := []string{s.Exchanges()[0].Sent, s.Exchanges()[1].Sent, s.Exchanges()[2].Sent}
	if diff := cmp.Diff([]string{"", "POST ****", "****"}, sent); diff != "" {
		t.Error(diff)
	}

	dial(t, addr).conn.Close()
	if s := <-sessions; len(s.Exchanges()) != 1 || s.TLSAtOnce {
		t.Errorf("a scan: %+v", s)
	}
}

func TestNothingSecretIsRecorded(t *testing.T) {
	cfg, sessions := ended(t)
	c := dial(t, start(t, cfg))
	password := "Tr0ub4dor"
	encoded := base64.StdEncoding.EncodeToString([]byte(password))
	signIn(c, &tls.Config{}, password)
	c.cmd("AUTH XOAUTH2 " + encoded)
	c.cmd("AUTH PLAIN " + encoded)
	c.cmd(encoded) // a client that goes on after the 504
	c.cmd(password + " word")
	c.cmd("hunter two") // a passphrase that looks like a command
	c.cmd("AUTH LOGIN")
	c.cmd("YUBjb250b3NvLmNvbQ==")
	c.cmd(encoded)
	c.conn.Close()
	s := <-sessions
	record := printed(s)
	for _, secret := range []string{password, encoded, "hunter"} {
		if strings.Contains(record, secret) {
			t.Errorf("%q in the record: %s", secret, record)
		}
	}
	if diff := cmp.Diff([]string{"LOGIN", "XOAUTH2", "PLAIN", "LOGIN"}, s.Mechanisms); diff != "" {
		t.Error(diff)
	}
}

// Pipelined commands are answered one by one and recorded each with its own
// reply.
func TestPipelining(t *testing.T) {
	cfg, sessions := ended(t)
	c := dial(t, start(t, cfg))
	signIn(c, &tls.Config{}, "right")
	c.send("MAIL FROM:<a@contoso.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n")
	c.send("Subject: QUIT\r\n\r\n.\r\nQUIT\r\n")
	for range 5 {
		c.line()
	}
	s := <-sessions
	var got []string
	for _, e := range s.Exchanges()[len(s.Exchanges())-4:] {
		got = append(got, e.Sent+" -> "+e.Reply.Lines[len(e.Reply.Lines)-1][:3])
	}
	want := []string{"MAIL FROM:<a@contoso.com> -> 250", "RCPT TO:<b@example.com> -> 250", "DATA -> 250", "QUIT -> 221"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Recipients belong to the sender that they were named after.
func TestOneSenderAtATime(t *testing.T) {
	c := dial(t, start(t, testConfig(t)))
	signIn(c, &tls.Config{}, "right")
	for _, tt := range [][2]string{
		{"MAIL FROM:<a@contoso.com>", "250 2.1.0"},
		{"RCPT TO:<b@example.com>", "250 2.1.5"},
		{"MAIL FROM:<a@contoso.com>", "503 5.5.2 Bad sequence"},
		{"RSET", "250 2.0.0"},
		{"MAIL FROM:<a@contoso.com>", "250 2.1.0"},
		{"DATA", "503 5.5.2 Need rcpt"},
		{"EHLO printer", "250-"},
		{"MAIL FROM:<a@contoso.com>", "250 2.1.0"},
	} {
		if got := c.cmd(tt[0]); !strings.HasPrefix(got, tt[1]) {
			t.Errorf("%s: %q", tt[0], got)
		}
	}
}
