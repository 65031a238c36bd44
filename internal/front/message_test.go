package front

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// A message arrives as it was sent, and ends where CR LF, a dot and CR LF
// stand, nowhere else.
func TestData(t *testing.T) {
	for _, tt := range []struct{ name, sent, want string }{
		{"empty", ".\r\n", ""},
		{"plain", "a\r\nb\r\n.\r\n", "a\r\nb\r\n"},
		{"stuffed dots", "..\r\n..a\r\n.b\r\na.\r\n.\r\n", ".\r\n.a\r\nb\r\na.\r\n"},
		{"bare LF", "a\n.\n\n.\r\nb\r\n.\r\n", "a\n.\n\n.\r\nb\r\n"},
		{"bare CR", "a\r.\r\nb\r\r\n.\r\n", "a\r.\r\nb\r\r\n"},
		{"dot and LF", ".\nb\r\n.\r\n", "\nb\r\n"},
		{"the longest line", strings.Repeat("x", maxLine-2) + "\r\n.\r\n", strings.Repeat("x", maxLine-2) + "\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, sessions, messages := collecting(t)
			c := dial(t, start(t, cfg))
			signedIn(c)
			c.cmd("DATA")
			if got := c.cmd(strings.TrimSuffix(tt.sent, "\r\n")); !strings.HasPrefix(got, "250 took") {
				t.Errorf("got %.60q", got)
			}
			c.cmd("QUIT")
			<-sessions
			if got := (*messages)[0]; got != tt.want {
				t.Errorf("arrived as %.60q", got)
			}
		})
	}
}

func signedIn(c *client) {
	envelope(c)
	c.cmd("RSET")
	c.cmd("MAIL FROM:<a@contoso.com>")
	c.cmd("RCPT TO:<b@example.com>")
}

func TestLongLineInMessage(t *testing.T) {
	cfg, sessions, messages := collecting(t)
	c := dial(t, start(t, cfg))
	signedIn(c)
	c.cmd("DATA")
	c.send(strings.Repeat("x", 13000) + "\r\n")
	if got := c.line() + "|" + c.line(); !strings.HasPrefix(got, "451 4.7.0 Temporary") || !strings.Contains(got, "|421 4.7.0 Line too long") {
		t.Errorf("got %q", got)
	}
	if s := <-sessions; s.End != EndHungUp || (*messages)[0] != "(broken off)" {
		t.Errorf("ended %q, messages %q", s.End, *messages)
	}
}

func TestPaths(t *testing.T) {
	for arg, want := range map[string]string{
		"FROM:<a@b.example>":                        "a@b.example []",
		"from: <a@b.example>  SIZE=1 BODY=8BITMIME": "a@b.example [SIZE=1 BODY=8BITMIME]",
		"FROM:a@b.example SIZE=1":                   "a@b.example [SIZE=1]",
		"FROM:<@x.example,@y.example:a@b.example>":  "a@b.example []",
		`FROM:<"a \" b"@b.example>`:                 `"a \" b"@b.example []`,
		"FROM:<jörg@bücher.example> SMTPUTF8":       "jörg@bücher.example [SMTPUTF8]",
		"FROM:<> RET=HDRS":                          " [RET=HDRS]",
		"FROM:<a>":                                  "wrong",
		"FROM:<a@b.example":                         "wrong",
		"FROM:<a b@b.example>":                      "wrong",
		"FROM:":                                     "wrong",
		"TO:<a@b.example>":                          "wrong",
		"FROM:<a@" + strings.Repeat("b", 320) + ">": "wrong",
	} {
		address, parameters, ok := cutPath(arg, "FROM:", true)
		got := fmt.Sprint(address, " ", parameters)
		if !ok {
			got = "wrong"
		}
		if got != want {
			t.Errorf("%q: %q", arg, got)
		}
	}
}

func TestParameters(t *testing.T) {
	c := dial(t, start(t, testConfig(t)))
	signIn(c, &tls.Config{}, "right")
	for _, tt := range [][2]string{
		{"MAIL FROM:<a@contoso.com> SIZE=157286401", "552 5.3.4"},
		{"MAIL FROM:<a@contoso.com> SIZE=99999999999999999999", "552 5.3.4"},
		{"MAIL FROM:<a@contoso.com> SIZE=-1", "501 5.5.4"},
		{"MAIL FROM:<a@contoso.com> BODY=9BIT", "501 5.5.4"},
		{"MAIL FROM:<a@contoso.com> REQUIRETLS", "501 5.5.4"},
		{"MAIL FROM:<a@contoso.com> AUTH=a+4", "501 5.5.4"},
		{"MAIL FROM:<a@contoso.com> size=1 body=binarymime smtputf8 ret=hdrs envid=a+20b AUTH=<>", "250 2.1.0"},
		{"RCPT TO:<b@example.com> NOTIFY=NEVER,DELAY", "501 5.5.4"},
		{"RCPT TO:<b@example.com> ORCPT=b", "501 5.5.4"},
		{"RCPT TO:<b@example.com> NOTIFY=SUCCESS,failure ORCPT=rfc822;b@example.com", "250 2.1.5"},
		{"DATA", "503 5.5.2 Bad sequence"}, // binary comes by BDAT only
	} {
		if got := c.cmd(tt[0]); !strings.HasPrefix(got, tt[1]) {
			t.Errorf("%s: %q", tt[0], got)
		}
	}
}

// A session that says as much as it may keeps little of it.
func TestMemoryOfASession(t *testing.T) {
	cfg, sessions := ended(t)
	cfg.Limits.Commands = 4000
	c := dial(t, start(t, cfg))
	signIn(c, &tls.Config{}, "right")
	c.cmd("MAIL FROM:<a@contoso.com>")
	accepted, got := 0, ""
	for i := range 600 {
		if got = c.cmd(fmt.Sprintf("RCPT TO:<%d%s@example.com>", i, strings.Repeat("x", 60))); strings.HasPrefix(got, "250 ") {
			accepted++
		}
	}
	if !strings.HasPrefix(got, "452 4.5.3 Too many recipients") || accepted > maxRecipients {
		t.Errorf("after %d recipients: %q", accepted, got)
	}
	for range 2000 {
		c.cmd("EHLO " + strings.Repeat("y", 1500))
	}
	c.cmd("QUIT")
	s := <-sessions
	size := len(strings.Join(s.To, ""))
	for _, e := range s.Exchanges() {
		size += len(e.Sent) + len(e.Reply.Line())
	}
	if size > 96<<10 || s.Last().Sent != "QUIT" {
		t.Errorf("%d octets, the last line is %q", size, s.Last().Sent)
	}
}

// Whatever comes, the session ends, and nothing of it is kept that is longer
// than a line may be.
func FuzzFront(f *testing.F) {
	for _, seed := range []string{
		"EHLO x\r\nAUTH LOGIN\r\n*\r\nQUIT\r\n", "STARTTLS\r\n", "BDAT 5 LAST\r\nhello", "\x16\x03\x01", "\x80\x1c\x01",
		"EHLO x\nAUTH PLAIN AHgAeQ==\nMAIL FROM:<>\nRCPT TO:<a@b>\nDATA\n.\n", "HELO \r\nVRFY x\r\nHELP\r\n\r\n\r\n\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		s := New(Config{Backend: keeper{}, TLS: &tls.Config{}, Limits: Limits{Idle: 10 * time.Second}})
		near, far := net.Pipe()
		c := newConn(far, s)
		done := make(chan struct{})
		go func() { defer close(done); c.serve() }()
		go io.Copy(io.Discard, near)
		near.Write(sent)
		near.Close()
		<-done
		for _, e := range c.session.Exchanges() {
			if len(e.Sent) > 1100 {
				t.Errorf("kept %d octets of a line", len(e.Sent))
			}
		}
		if c.session.End == "" || c.session.SignedIn {
			t.Errorf("ended %q, signed in %v", c.session.End, c.session.SignedIn)
		}
	})
}
