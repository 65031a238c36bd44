package main

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/wiretest"
	"smtpmend/probe"
)

// A wireTurn is one point of a submission and what Microsoft 365 says there.
type wireTurn struct {
	name  string
	stage probe.StageName
	says  string
}

// The turns that are no reply to a line of the client.
const (
	atConnect   = "connect"
	atGreeting  = "greeting"
	atHandshake = "TLS handshake"
	atMessage   = "end of DATA"
)

// wireTurns is a submission from the connection to the farewell, with a
// message or, without one, with RSET in its place. The server asks for the
// user name once more, so that there are two prompts.
func wireTurns(send bool) []wireTurn {
	all := []wireTurn{
		{atConnect, probe.StageGreeting, ""},
		{atGreeting, probe.StageGreeting, "220 AM0PR02CA0134.outlook.office365.com Microsoft ESMTP MAIL Service ready at Thu, 26 Nov 2026 08:00:00 +0000\r\n"},
		{"EHLO 1", probe.StageEHLO, "250-AM0PR02CA0134.outlook.office365.com Hello [127.0.0.1]\r\n250-SIZE 157286400\r\n250 STARTTLS\r\n"},
		{"STARTTLS", probe.StageSTARTTLS, "220 2.0.0 SMTP server ready\r\n"},
		{atHandshake, probe.StageTLS, "220 2.0.0 SMTP server ready\r\n"},
		{"EHLO 2", probe.StageEHLO, "250-AM0PR02CA0134.outlook.office365.com Hello [127.0.0.1]\r\n250-SIZE 157286400\r\n250 AUTH LOGIN XOAUTH2\r\n"},
		{"AUTH prompt 1", probe.StageAuth, "334 VXNlcm5hbWU6\r\n"},
		{"AUTH prompt 2", probe.StageAuth, "334 UGFzc3dvcmQ6\r\n"},
		{"AUTH result", probe.StageAuth, "235 2.7.0 Authentication successful\r\n"},
		{"MAIL", probe.StageMail, "250 2.1.0 Sender OK\r\n"},
		{"RCPT", probe.StageRcpt, "250 2.1.5 Recipient OK\r\n"},
	}
	if send {
		return append(all, wireTurn{"DATA", probe.StageData, "354 Start mail input; end with <CRLF>.<CRLF>\r\n"},
			wireTurn{atMessage, probe.StageData, "250 2.0.0 OK <1@AM0PR02MB4005.eurprd02.prod.outlook.com>\r\n"},
			wireTurn{"QUIT", probe.StageQuit, "221 2.0.0 Service closing transmission channel\r\n"})
	}
	return append(all, wireTurn{"RSET", probe.StageReset, "250 2.0.0 Resetting\r\n"},
		wireTurn{"QUIT", probe.StageQuit, "221 2.0.0 Service closing transmission channel\r\n"})
}

// A wireServer is a server without an SMTP library. It plays the same cell to
// each client.
type wireServer struct {
	cell wireCell
	tls  *tls.Config
	addr string

	mu       sync.Mutex
	sessions []*wiretest.Heard
	once     sync.Once
	struck   chan struct{} // closed with the first fault
}

// serveCell has a server play c until the test ends.
func serveCell(t *testing.T, c wireCell, config *tls.Config) *wireServer {
	t.Helper()
	if c.fault.name == portClosed {
		return &wireServer{addr: "127.0.0.1:1"} // one that was closed just now may be another's by now
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &wireServer{cell: c, tls: config, addr: l.Addr().String(), struck: make(chan struct{})}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			heard := &wiretest.Heard{}
			s.mu.Lock()
			s.sessions = append(s.sessions, heard)
			s.mu.Unlock()
			all.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(2 * time.Minute))
				s.talk(conn.(*net.TCPConn), heard)
			})
		}
	})
	return s
}

// talk has one dialogue.
func (s *wireServer) talk(raw *net.TCPConn, heard *wiretest.Heard) {
	var conn net.Conn = raw
	in, secure := bufio.NewReader(raw), false
	for _, turn := range wireTurns(s.cell.send) {
		broken := turn.name == s.cell.turn.name
		switch turn.name {
		case atConnect, atGreeting:
		case atHandshake:
			if broken && s.cell.fault.tls == nil {
				in.Peek(1) // the ClientHello
				break
			}
			config := s.tls
			if broken {
				config = s.cell.fault.tls
			}
			under := tls.Server(raw, config)
			conn, in, secure = under, bufio.NewReader(under), true
			continue
		default:
			if !heard.Line(in, secure, turn.name == atMessage) {
				return
			}
		}
		if !broken {
			if _, err := io.WriteString(conn, turn.says); err != nil {
				return
			}
			continue
		}
		s.once.Do(func() { close(s.struck) })
		if !s.cell.fault.strike(conn, raw, turn.says) {
			for heard.Line(in, secure, false) {
			}
			return
		}
	}
}

// passwords counts how often any session heard the password, before TLS and,
// at most in one session, under it.
func (s *wireServer) passwords(password string) (plain, secure int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, heard := range s.sessions {
		under, before := heard.Secrets(password)
		plain += before
		secure = max(secure, under)
	}
	return plain, secure
}
