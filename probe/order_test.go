package probe_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"smtpmend/internal/secret"
	"smtpmend/probe"
)

// A reply that came early stands in the place of the one that was asked for.
// What it leaves out says nothing about the server.
func TestEarlyReplies(t *testing.T) {
	cert, roots := certificate(t)
	for _, at := range []string{"first EHLO", "second EHLO"} {
		for _, early := range []string{"250 2.0.0 early\r\n", "235 2.7.0 early\r\n"} {
			t.Run(at+"/"+early[:3], func(t *testing.T) {
				t.Parallel()
				b := &breaker{turns: turns(false), at: at, cert: cert, breaks: func(c net.Conn, raw *net.TCPConn, good string) bool {
					io.WriteString(c, early)
					time.Sleep(20 * time.Millisecond) // longer than a glance
					io.WriteString(c, good)
					return false
				}}
				r := probe.Run(t.Context(), probe.Config{
					Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots,
				})
				fault := probe.FaultOutOfTurn
				if early[:3] == "235" {
					fault = probe.FaultUnexpected
				}
				if got := r.Decisive(); r.Outcome != probe.Failed || got.Fault != fault {
					t.Errorf("%s at %s: %q %s", r.Outcome, got.Name, got.Fault, got.Error)
				}
			})
		}
	}
}

// So does one that came before EHLO was said, right behind the handshake.
func TestReplyBeforeEHLO(t *testing.T) {
	cert, roots := certificate(t)
	all := turns(false)
	addr := serve(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		io.WriteString(conn, all[0].says)
		for _, turn := range all[1:3] {
			in.ReadString('\n')
			io.WriteString(conn, turn.says)
		}
		secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
		in = bufio.NewReader(secure)
		io.WriteString(secure, "250 2.0.0 early\r\n")
		in.ReadString('\n')
		io.WriteString(secure, all[3].says)
		io.Copy(io.Discard, in)
	})
	r := probe.Run(t.Context(), probe.Config{Server: addr, Mailbox: mailbox, Secret: secret.New(password), Roots: roots})
	if got := r.Decisive(); r.Outcome != probe.Failed || got.Fault != probe.FaultOutOfTurn {
		t.Errorf("%s at %s: %q %s", r.Outcome, got.Name, got.Fault, got.Error)
	}
}

// A server that does not answer RSET costs no more than one that does not
// answer QUIT.
func TestSilenceAtRSET(t *testing.T) {
	cert, roots := certificate(t)
	b := &breaker{turns: turns(false), at: "RSET", cert: cert, breaks: func(net.Conn, *net.TCPConn, string) bool { return false }}
	done := make(chan *probe.Report, 1)
	go func() {
		done <- probe.Run(t.Context(), probe.Config{
			Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots, Timeout: time.Hour,
		})
	}()
	select {
	case r := <-done:
		if r.Outcome != probe.Accepted || r.Stage != probe.StageRcpt {
			t.Errorf("%s at %s", r.Outcome, r.Stage)
		}
	case <-time.After(time.Minute):
		t.Error("RSET is waited for without end")
	}
}
