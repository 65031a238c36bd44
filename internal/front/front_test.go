package front

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// keeper takes one password and token, "right", and lets a mailbox send as
// itself only.
type keeper struct{}

func (keeper) SignIn(_ context.Context, s *Session, c Credentials) Reply {
	if c.Secret.Reveal() == "right" {
		return Say(SignedIn, s.Flavour)
	}
	return Say(CredentialsIncorrect, s.Flavour)
}

func (keeper) Message(s *Session, _ io.Reader) Reply {
	if s.From != s.Login {
		return Say(SendAsDenied, s.Flavour)
	}
	return Say(MessageOK, s.Flavour)
}

func testConfig(t *testing.T) Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return Config{
		Backend: keeper{},
		TLS:     &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
	}
}

// start serves cfg on loopback until the test ends and returns the address.
func start(t *testing.T, cfg Config) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(cfg)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return l.Addr().String()
}

// A client speaks line by line.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, conn)
}

func newClient(t *testing.T, conn net.Conn) *client {
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{t: t, conn: conn, r: bufio.NewReader(conn)}
}

func (c *client) send(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, line); err != nil {
		c.t.Fatalf("sending %q: %v", line, err)
	}
}

// line returns the next line of the server, or the error that came instead.
func (c *client) line() string {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return strings.TrimSuffix(line, "\r\n")
}

// cmd sends a line and returns the reply, its lines joined by "|".
func (c *client) cmd(line string) string {
	c.t.Helper()
	c.send(line + "\r\n")
	reply := c.line()
	for last := reply; len(last) > 3 && last[3] == '-'; {
		last = c.line()
		reply += "|" + last
	}
	return reply
}

func (c *client) startTLS(cfg *tls.Config) {
	c.t.Helper()
	cfg.InsecureSkipVerify = true
	conn := tls.Client(c.conn, cfg)
	if err := conn.Handshake(); err != nil {
		c.t.Fatal(err)
	}
	c.conn, c.r = conn, bufio.NewReader(conn)
}

var (
	times  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	dates  = regexp.MustCompile(`[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000`)
	ids    = regexp.MustCompile(`\b08D[0-9A-F]{13}\b`)
	msgIDs = regexp.MustCompile(`<[0-9A-F]{16}@`)
)

func normal(line string) string {
	line = times.ReplaceAllString(line, "TIME")
	line = dates.ReplaceAllString(line, "DATE")
	line = ids.ReplaceAllString(line, "ID")
	return msgIDs.ReplaceAllString(line, "<MSGID@")
}

// TestDialogues plays the scripts in testdata: lines to send, lines to get,
// TLS for a handshake, END for the end of the connection.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t)
			if name == "older" {
				cfg.Flavour = func() Flavour { return Older }
			}
			play(t, file, dial(t, start(t, cfg)))
		})
	}
}

func play(t *testing.T, file string, c *client) {
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for line := range strings.Lines(string(script)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "C: "):
			c.send(line[3:] + "\r\n")
		case strings.HasPrefix(line, "S: "):
			want = append(want, line[3:])
			got = append(got, normal(c.line()))
		case line == "TLS":
			c.startTLS(&tls.Config{})
		case line == "END":
			want = append(want, "(EOF)")
			got = append(got, c.line())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
