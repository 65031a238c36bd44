package probe_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/secret"
	"smtpmend/probe"
)

// Cancelling ends a wait at once and keeps what was learnt.
func TestCancelKeepsTheRecord(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	addr := serve(t, func(conn net.Conn) {
		conn.Write([]byte("220 x\r\n"))
		bufio.NewReader(conn).ReadString('\n')
		conn.Write([]byte("250-half a rep"))
		cancel()
		io.Copy(io.Discard, conn)
	})
	r := probe.Run(ctx, probe.Config{Server: addr, Mailbox: mailbox, Hello: "x"})
	got := r.Decisive()
	if r.Outcome != probe.Failed || got.Fault != probe.FaultInterrupted {
		t.Errorf("got %s %q", r.Outcome, got.Fault)
	}
	if lines := serverLines(r); len(lines) == 0 || lines[0] != "220 x" {
		t.Errorf("recorded %q", lines)
	}
	if sent := clientLines(r); len(sent) == 0 || sent[0] != "EHLO x" {
		t.Errorf("recorded %q", sent)
	}
}

// No wait of its own outlives the time of the dialogue.
func TestTimeUpStays(t *testing.T) {
	if deadline := probe.BoundAfterTimeUp(); time.Until(deadline) > 0 {
		t.Errorf("the next read may take until %v", deadline)
	}
}

// A server that repeats what it was told must not get the secret into the
// record, whatever the mechanism.
func TestSecretsStayOutOfTheRecord(t *testing.T) {
	cert, roots := certificate(t)
	token := "eyJ0eXAiOiJKV1QifQ.e30.c2lnbmF0dXJl"
	for _, tt := range []struct{ mechanism, text string }{
		{probe.MechLogin, password}, {probe.MechPlain, password}, {probe.MechXOAUTH2, token},
	} {
		t.Run(tt.mechanism, func(t *testing.T) {
			b64 := base64.StdEncoding.EncodeToString([]byte(tt.text))
			dialogue := "C: AUTH x\n"
			if tt.mechanism == probe.MechLogin {
				dialogue += "S: 334 UGFzc3dvcmQ6\nC: x\n"
			}
			dialogue += "S: 535-5.7.8 you said " + tt.text + "\nS: 535-5.7.8 or " + strings.ToUpper(b64) + "\nS: 535-5.7.8 begins with " + b64[:10] + "\nS: 535 5.7.8 which is " + b64 + "\nC: QUIT\nS: 221 bye, " + tt.text + "\n"
			text := strings.ReplaceAll(script(t, dialogue).String(), "AUTH LOGIN XOAUTH2", "AUTH LOGIN PLAIN XOAUTH2")
			addr := play(t, parse(t, text), &tls.Config{Certificates: []tls.Certificate{cert}}, nil)
			r := probe.Run(t.Context(), probe.Config{
				Server: addr, Mailbox: mailbox, Secret: secret.New(tt.text), Mechanism: tt.mechanism, Roots: roots,
			})
			record, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, form := range []string{tt.text, b64, strings.ToUpper(b64), b64[:10]} {
				if bytes.Contains(record, []byte(form)) {
					t.Errorf("the record holds %q:\n%s", form, record)
				}
			}
			if r.Outcome != probe.Refused || len(r.Stages) == 0 {
				t.Errorf("the dialogue was not had: %s at %s", r.Outcome, r.Stage)
			}
		})
	}
}

// What Await decides is sent over the connection that signed in, and the time
// that it takes counts against no limit.
func TestAwait(t *testing.T) {
	cert, roots := certificate(t)
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	text, err := os.ReadFile("../testdata/transcripts/2024-accepted.txt")
	if err != nil {
		t.Fatal(err)
	}
	signedIn, _, _ := strings.Cut(string(text), "C: MAIL")
	quit := "C: QUIT\nS: 221 2.0.0 Service closing transmission channel\n"
	message := "C: MAIL\nS: 250 2.1.0 Sender OK\nC: RCPT\nS: 250 2.1.5 Recipient OK\n" +
		"C: DATA\nS: 354 Start mail input\nC: Subject: scan\nC: \nC: hello\nC: .\nS: 250 2.0.0 OK\n"
	for _, tt := range []struct {
		name     string
		script   string
		envelope *probe.Envelope
		stage    probe.StageName
	}{
		{"nothing to send", signedIn + quit, nil, probe.StageAuth},
		{"a message", signedIn + message + quit,
			&probe.Envelope{From: mailbox, To: []string{mailbox}, Message: strings.NewReader("Subject: scan\r\n\r\nhello\r\n")}, probe.StageData},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := probe.Config{
				Server: play(t, parse(t, tt.script), config, nil), Roots: roots, Mailbox: mailbox,
				Secret: secret.New(password), Timeout: 400 * time.Millisecond,
			}
			config.Await = func(_ context.Context, rep *probe.Report) *probe.Envelope {
				if rep.Outcome != probe.Accepted || rep.Last().Reply.Code != 235 {
					t.Errorf("before the envelope: %s, %+v", rep.Outcome, rep.Last())
				}
				time.Sleep(600 * time.Millisecond)
				return tt.envelope
			}
			rep := probe.Run(t.Context(), config)
			if rep.Outcome != probe.Accepted || rep.Stage != tt.stage {
				t.Errorf("%s at %s: %+v", rep.Outcome, rep.Stage, rep.Decisive())
			}
			if last := rep.Stages[len(rep.Stages)-1]; last.Exchanges[0].Reply == nil || last.Exchanges[0].Reply.Code != 221 {
				t.Errorf("leave was not taken: %+v", last)
			}
		})
	}
}
