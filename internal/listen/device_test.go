package listen

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	login    = "scanner@contoso.com"
	password = " Tr0ub4dor&3"
)

var certificate = sync.OnceValues(func() (tls.Certificate, error) {
	c, _, err := Certificate([]string{"localhost", "127.0.0.1"}, time.Hour)
	return c, err
})

// start listens on loopback until the test ends.
func start(t *testing.T, edit func(*Config)) (addr string, reports chan *Report) {
	t.Helper()
	return startUntil(context.Background(), t, edit)
}

// startUntil listens until ctx or the test ends.
func startUntil(ctx context.Context, t *testing.T, edit func(*Config)) (addr string, reports chan *Report) {
	t.Helper()
	cert, err := certificate()
	if err != nil {
		t.Fatal(err)
	}
	reports = make(chan *Report, 300)
	c := Config{
		TLS:    &tls.Config{Certificates: []tls.Certificate{cert}},
		Report: func(r *Report) { reports <- r },
	}
	if edit != nil {
		edit(&c)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, c) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), reports
}

// A device speaks line by line.
type device struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func dial(t *testing.T, addr string) *device {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return newDevice(t, conn)
}

func newDevice(t *testing.T, conn net.Conn) *device {
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &device{t, conn, bufio.NewReader(conn)}
}

func (d *device) line() string {
	for {
		line, err := d.r.ReadString('\n')
		if err != nil || len(line) < 4 || line[3] != '-' {
			return strings.TrimSpace(line)
		}
	}
}

func (d *device) cmd(lines ...string) (reply string) {
	for _, line := range lines {
		io.WriteString(d.conn, line+"\r\n") // a server that hung up shows in the reply
		reply = d.line()
	}
	return reply
}

func (d *device) startTLS(version uint16) {
	d.t.Helper()
	d.cmd("EHLO printer", "STARTTLS")
	conn := tls.Client(d.conn, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version})
	if err := conn.Handshake(); err != nil {
		d.t.Fatal(err)
	}
	d.conn, d.r = conn, bufio.NewReader(conn)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

var (
	signIn = []string{"EHLO printer", "AUTH LOGIN " + b64(login), b64(password)}
	plain  = "AUTH PLAIN " + b64("\x00"+login+"\x00"+password)
)

func send(from string) []string {
	return []string{"MAIL FROM:<" + from + ">", "RCPT TO:<b@example.com>", "DATA", "From: " + from + "\r\n\r\nhello\r\n.", "QUIT"}
}
