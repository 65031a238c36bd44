package probe_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/wiretest"
)

// certificate borrows the certificate that httptest makes for 127.0.0.1.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s.TLS.Certificates[0], roots
}

// serve accepts one connection on loopback and hands it to talk.
func serve(t testing.TB, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return // closed by a probe that never came
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(time.Minute))
		talk(conn)
	}()
	return l.Addr().String()
}

// play serves a transcript and hangs up at its end; heard, when not nil, gets every byte the client
// sent, what was inside TLS included.
func play(t testing.TB, script wiretest.Transcript, config *tls.Config, heard io.Writer) string {
	t.Helper()
	return serve(t, func(conn net.Conn) {
		upgrade := func() (io.ReadWriter, error) {
			return tap{tls.Server(conn, config), heard}, nil
		}
		err := wiretest.Play(script, tap{conn, heard}, upgrade)
		if err != nil && !gone(err) {
			t.Errorf("playback: %v", err)
		}
	})
}

// gone reports whether err says only that the client has left.
func gone(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.As(err, &op)
}

// A record is what a server heard, readable while the server goes on.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

type tap struct {
	net.Conn
	heard io.Writer
}

func (c tap) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.heard != nil {
		c.heard.Write(b[:n])
	}
	return n, err
}

func parse(t testing.TB, text string) wiretest.Transcript {
	t.Helper()
	script, err := wiretest.ParseTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	return script
}
