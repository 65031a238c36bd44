package probe_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/secret"
	"smtpmend/internal/wiretest"
	"smtpmend/probe"
)

const (
	mailbox  = "scanner@contoso.com"
	password = "Winter-2026!"
)

// serverLines returns what the report holds of the server's side.
func serverLines(r *probe.Report) []string {
	var lines []string
	for _, stage := range r.Stages {
		for _, ex := range stage.Exchanges {
			if ex.Reply != nil {
				lines = append(lines, ex.Reply.Lines...)
			}
		}
	}
	return lines
}

func clientLines(r *probe.Report) []string {
	var lines []string
	for _, stage := range r.Stages {
		for _, ex := range stage.Exchanges {
			if ex.Sent != "" {
				lines = append(lines, ex.Sent)
			}
		}
	}
	return lines
}

func TestTranscriptsAreRecordedAsPlayed(t *testing.T) {
	files, err := filepath.Glob("../testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	cert, roots := certificate(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script := parse(t, string(text))
			config := probe.Config{
				Server:  play(t, script, &tls.Config{Certificates: []tls.Certificate{cert}}, nil),
				Mailbox: mailbox, Secret: secret.New(password), Roots: roots, Hello: "client.example",
			}
			if strings.Contains(string(text), "C: AUTH XOAUTH2") {
				config.Mechanism = probe.MechXOAUTH2
			}
			r := probe.Run(t.Context(), config)
			if diff := cmp.Diff(script.Server(), serverLines(r)); diff != "" {
				t.Errorf("played and recorded differ (-played +recorded):\n%s", diff)
			}
			want := probe.Refused
			if strings.Contains(file, "accepted") {
				want = probe.Accepted
			}
			if r.Outcome != want {
				t.Errorf("outcome %s at %s, want %s", r.Outcome, r.Stage, want)
			}
		})
	}
}

// script returns a dialogue with Microsoft's capabilities up to the replies
// to AUTH, which the caller gives.
func script(t testing.TB, rest string) wiretest.Transcript {
	return parse(t, `S: 220 X.outlook.office365.com Microsoft ESMTP MAIL Service ready at Mon, 23 Nov 2026 08:00:00 +0000
C: EHLO x
S: 250-X.outlook.office365.com Hello [127.0.0.1]
S: 250-STARTTLS
S: 250 SMTPUTF8
C: STARTTLS
S: 220 2.0.0 SMTP server ready
C: EHLO x
S: 250-X.outlook.office365.com Hello [127.0.0.1]
S: 250-AUTH LOGIN XOAUTH2
S: 250 SMTPUTF8
`+rest)
}

func TestRefusedSignInCostsSixLines(t *testing.T) {
	cert, roots := certificate(t)
	heard := new(record)
	addr := play(t, script(t, `C: AUTH LOGIN x
S: 334 UGFzc3dvcmQ6
C: x
S: 535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [X 2026-11-23T08:00:00.000Z 0]
C: QUIT
S: 221 2.0.0 Service closing transmission channel
`), &tls.Config{Certificates: []tls.Certificate{cert}}, heard)
	r := probe.Run(t.Context(), probe.Config{
		Server: addr, Mailbox: mailbox, Secret: secret.New(password), Roots: roots, Hello: "client.example",
	})
	want := []string{
		"EHLO client.example", "STARTTLS", "EHLO client.example",
		"AUTH LOGIN " + base64.StdEncoding.EncodeToString([]byte(mailbox)), "****", "QUIT",
	}
	if diff := cmp.Diff(want, clientLines(r)); diff != "" {
		t.Errorf("client lines (-want +got):\n%s", diff)
	}
	sent := base64.StdEncoding.EncodeToString([]byte(password))
	if n := strings.Count(heard.String(), sent); n != 1 {
		t.Errorf("the password left %d times, want once", n)
	}
	if strings.Contains(heard.String(), "*\r\n") {
		t.Error("a stray * was sent")
	}
	if last := r.Last(); r.Outcome != probe.Refused || r.Stage != probe.StageAuth || last.Reply.Code != 535 || last.Reply.Status != "5.7.139" {
		t.Errorf("got %s at %s, %+v", r.Outcome, r.Stage, last)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	cert, roots := certificate(t)
	const greeting = "S: 220 x ESMTP\n"
	for _, tt := range []struct {
		name   string
		script string
		config probe.Config
		stage  probe.StageName
		fault  probe.Fault
	}{
		{"no STARTTLS", greeting + "C: EHLO x\nS: 250 x\nC: QUIT\nS: 221 bye\n", probe.Config{}, probe.StageSTARTTLS, probe.FaultNoSTARTTLS},
		{"HTTP", "S: HTTP/1.1 400 Bad Request\n", probe.Config{}, probe.StageGreeting, probe.FaultNotSMTP},
		{"TLS alert", "S: \x15\x03\x01\x00\x02\x02\x50\n", probe.Config{}, probe.StageGreeting, probe.FaultTLSExpected},
		{"plain text where TLS is started", greeting, probe.Config{ImplicitTLS: true}, probe.StageTLS, probe.FaultPlainExpected},
		{"closed after EHLO", greeting + "C: EHLO x\n", probe.Config{}, probe.StageEHLO, probe.FaultClosed},
		{"no AUTH", greeting + "C: EHLO x\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nC: EHLO x\nS: 250 x\nC: QUIT\nS: 221 bye\n", probe.Config{}, probe.StageAuth, probe.FaultNoAuth},
		{"certificate", greeting + "C: EHLO x\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nC: EHLO x\n", probe.Config{}, probe.StageTLS, probe.FaultCertificate},
		{"unknown challenge", "", probe.Config{}, probe.StageAuth, probe.FaultUnexpected},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dialogue := parse(t, tt.script)
			if tt.name == "unknown challenge" {
				dialogue = script(t, "C: AUTH LOGIN x\nS: 334 "+base64.StdEncoding.EncodeToString([]byte("Favourite colour:"))+"\n")
			}
			heard := new(record)
			c := tt.config
			c.Server = play(t, dialogue, &tls.Config{Certificates: []tls.Certificate{cert}}, heard)
			c.Mailbox, c.Secret = mailbox, secret.New(password)
			if tt.fault != probe.FaultCertificate {
				c.Roots = roots
			}
			r := probe.Run(t.Context(), c)
			got := r.Decisive()
			if r.Outcome != probe.Failed || got.Name != tt.stage || got.Fault != tt.fault {
				t.Errorf("got %s, %s, %q (%s); want failed, %s, %q", r.Outcome, got.Name, got.Fault, got.Error, tt.stage, tt.fault)
			}
			if got.Error == "" {
				t.Error("no sentence for a person")
			}
			if b64 := base64.StdEncoding.EncodeToString([]byte(password)); strings.Contains(heard.String(), b64) {
				t.Error("the password was sent")
			}
		})
	}
}

// What stands in plain text behind the 220 to STARTTLS would be taken for
// something said under TLS.
func TestPlainTextBehindSTARTTLSEndsTheProbe(t *testing.T) {
	addr := serve(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		for _, said := range []string{"220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n235 injected\r\n"} {
			conn.Write([]byte(said))
			in.ReadString('\n')
		}
	})
	r := probe.Run(t.Context(), probe.Config{Server: addr, Mailbox: mailbox})
	if got := r.Decisive(); got.Name != probe.StageSTARTTLS || got.Fault != probe.FaultUnexpected {
		t.Errorf("got %s %q %s", got.Name, got.Fault, got.Error)
	}
	if last := r.Last(); last == nil || last.Reply.Code != 220 {
		t.Errorf("taken for the reply: %+v", last)
	}
}

// Bytes that cannot become a greeting say more than the end behind them, and
// are no reply.
func TestGarbageForAGreeting(t *testing.T) {
	for text, fault := range map[string]probe.Fault{
		"\x15\x03\x01\x00\x02\x02\x50": probe.FaultTLSExpected, "SSH-2.0-x": probe.FaultNotSMTP,
		"2": probe.FaultClosed, "220": probe.FaultClosed, "2209": probe.FaultNotSMTP,
	} {
		r := probe.Run(t.Context(), probe.Config{Server: serve(t, func(conn net.Conn) { conn.Write([]byte(text)) }), Mailbox: mailbox})
		if got := r.Decisive(); got.Fault != fault || r.Last() != nil {
			t.Errorf("%q: %q %s, %+v", text, got.Fault, got.Error, r.Last())
		}
		if lines := serverLines(r); len(lines) != 1 || lines[0] != text {
			t.Errorf("%q: recorded %q", text, lines)
		}
	}
}

// A server that never greets is asked whether it waits for TLS.
func TestServerThatWaitsForTLS(t *testing.T) {
	probe.ShortenGreetWait(t)
	cert, roots := certificate(t)
	addr := serve(t, func(conn net.Conn) {
		server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
		if err := server.Handshake(); err != nil {
			t.Errorf("no ClientHello came: %v", err)
		}
	})
	r := probe.Run(t.Context(), probe.Config{Server: addr, Mailbox: mailbox, Roots: roots})
	if got := r.Decisive(); got.Fault != probe.FaultTLSExpected {
		t.Errorf("got %q %s", got.Fault, got.Error)
	}
}
