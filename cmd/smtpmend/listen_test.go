package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"smtpmend/diagnose"
	"smtpmend/internal/listen"
	"smtpmend/internal/tenantsim"
)

// A listener is the verb listen at work.
type listener struct {
	addr     string
	out      bytes.Buffer // of the answer; read it after wait
	mu       sync.Mutex
	notes    bytes.Buffer
	code     chan int
	listened chan string
	stop     context.CancelFunc // as Ctrl-C does
}

var listeningOn = regexp.MustCompile(`listening on (\S+);`)

// Write takes what goes to standard error.
func (s *listener) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := listeningOn.FindSubmatch(b); m != nil {
		s.listened <- string(m[1])
	}
	return s.notes.Write(b)
}

// wait returns the exit code once listen has ended.
func (s *listener) wait() int { return <-s.code }

func (s *listener) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String() + s.notes.String()
}

// waitFor waits until text was said n times.
func (s *listener) waitFor(t *testing.T, n int, text string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		said := strings.Count(s.notes.String(), text)
		s.mu.Unlock()
		if said >= n {
			return
		}
	}
	t.Fatalf("%q was not said: %s", text, s.said())
}

func startStand(t *testing.T, args ...string) *listener {
	t.Helper()
	return startStandFor(t, nil, args...)
}

// startStandFor has a person at a terminal who types what comes from in.
func startStandFor(t *testing.T, in io.Reader, args ...string) *listener {
	t.Helper()
	return startOn(t, in, nil, append([]string{"--addr", "127.0.0.1:0"}, args...)...)
}

// startOn is on a machine with such interfaces, nil for this one's.
func startOn(t *testing.T, in io.Reader, interfaces func() ([]listen.Interface, error), args ...string) *listener {
	t.Helper()
	s := &listener{code: make(chan int, 1), listened: make(chan string, 1)}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	s.stop = cancel
	go func() {
		s.code <- run(ctx, &console{
			In: in, Out: &s.out, Err: s, Interactive: in != nil, interfaces: interfaces,
			LookupEnv: func(string) (string, bool) { return "", false },
		}, append([]string{"listen"}, args...))
	}()
	select {
	case s.addr = <-s.listened:
	case code := <-s.code:
		t.Fatalf("exit %d: %s", code, s.said())
	}
	return s
}

// submit has a device sign in, and send where it may; it returns what the
// device was told.
func submit(addr, login, password string) error {
	return submitAll(addr, login, password, login, "hello\r\n")
}

// submitAll sends several messages in one session.
func submitAll(addr, login, password, from string, texts ...string) error {
	c, err := connect(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Auth(sasl.NewLoginClient(login, password)); err != nil {
		return err
	}
	for _, text := range texts {
		if err := c.SendMail(from, []string{"b@example.com"}, strings.NewReader("From: "+from+"\r\n\r\n"+text)); err != nil {
			return err
		}
	}
	return c.Quit()
}

func connect(addr string) (*smtp.Client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return smtp.NewClientStartTLS(conn, &tls.Config{InsecureSkipVerify: true})
}

func TestListenReportsADevice(t *testing.T) {
	const password = "S3cret-Pass+word/42 "
	for _, format := range []string{"text", "json"} {
		s := startStand(t, "--count", "1", "-o", format)
		if err := submit(s.addr, tenantsim.Mailbox, password); err != nil {
			t.Fatal(err)
		}
		if code := s.wait(); code != exitOK {
			t.Errorf("exit %d", code)
		}
		if found := leaks(s.said(), []string{password, strings.TrimSpace(password)}); len(found) > 0 {
			t.Errorf("leaked %q in:\n%s", found, s.said())
		}
		if !strings.Contains(s.notes.String(), "1 session: 1 healthy") {
			t.Errorf("summary: %s", s.notes.String())
		}
		if format == "text" {
			if !strings.Contains(s.out.String(), "The password has 20 characters") || !strings.Contains(s.out.String(), "ends with a blank") {
				t.Errorf("text:\n%s", s.out.String())
			}
			continue
		}
		var r listen.Report
		if err := json.Unmarshal(s.out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(s.out.String(), `{"schema":1,`) || r.Verdict != diagnose.Healthy || r.Login != tenantsim.Mailbox {
			t.Errorf("report: %s", s.out.String())
		}
	}
}

func TestListenExitsWithTheLastSession(t *testing.T) {
	for _, tt := range []struct {
		lines string
		code  int
	}{
		{"EHLO printer\r\nMAIL FROM:<a@contoso.com>\r\nQUIT\r\n", exitCause},
		{"GET / HTTP/1.1\r\n\r\n", exitUnsettled},
	} {
		s := startStand(t, "--count", "1")
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, tt.lines)
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()
		if code := s.wait(); code != tt.code {
			t.Errorf("%q: exit %d\n%s", tt.lines, code, s.said())
		}
	}
}
