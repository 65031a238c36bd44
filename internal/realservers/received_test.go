//go:build realservers

package realservers

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/probe"
)

// compareDialogues has the refused sign-in twice, once by probing and once by
// sending the same lines by hand, and wants the same words from the server.
func compareDialogues(t *testing.T, s *server, certs *authority) {
	trial := trial{port: good, change: wrongPassword}
	c := configOf(s, certs, trial)
	received := byHand(t, c.Server, &tls.Config{ServerName: "127.0.0.1", RootCAs: certs.roots}, []string{
		"EHLO client.example",
		"STARTTLS",
		"EHLO client.example",
		"AUTH LOGIN " + base64.StdEncoding.EncodeToString([]byte(c.Mailbox)),
		base64.StdEncoding.EncodeToString([]byte(c.Secret.Reveal())),
		"QUIT",
	})
	recorded := serverLines(probe.Run(t.Context(), c))
	if diff := cmp.Diff(received, recorded); diff != "" {
		t.Errorf("received and recorded differ (-received +recorded):\n%s", diff)
	}
}

// byHand sends lines one at a time and returns every line of the replies.
func byHand(t *testing.T, address string, config *tls.Config, lines []string) []string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	check(t, err)
	defer func() { conn.Close() }()
	check(t, conn.SetDeadline(time.Now().Add(patience)))
	in := bufio.NewScanner(conn)
	received := replyLines(t, in)
	for _, line := range lines {
		_, err := fmt.Fprintf(conn, "%s\r\n", line)
		check(t, err)
		received = append(received, replyLines(t, in)...)
		if line == "STARTTLS" {
			conn = tls.Client(conn, config)
			in = bufio.NewScanner(conn)
		}
	}
	return received
}

// replyLines reads one reply: its last line has a blank behind the code.
func replyLines(t *testing.T, in *bufio.Scanner) []string {
	t.Helper()
	var lines []string
	for in.Scan() {
		lines = append(lines, in.Text())
		if len(in.Text()) < 4 || in.Text()[3] == ' ' {
			return lines
		}
	}
	t.Fatalf("the server closed the connection: %v", in.Err())
	return nil
}
