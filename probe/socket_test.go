package probe_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"smtpmend/probe"
)

// What stands behind a reply is found though the read that ended the reply
// did not yield it, near and far away.
func TestLooksForMore(t *testing.T) {
	const oneRead = 4096
	reply := strings.Repeat("250-"+strings.Repeat("x", 94)+"\r\n", 40)
	reply += "250 " + strings.Repeat("y", oneRead-len(reply)-6) + "\r\n"
	for name, far := range map[string]time.Duration{"near": 0, "far": 10 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			addr := serve(t, func(conn net.Conn) {
				io.WriteString(conn, "220 mx.example ready\r\n")
				conn.Read(make([]byte, 100))
				io.WriteString(conn, reply+"250 and this\r\n")
				io.Copy(io.Discard, conn)
			})
			dial := func(ctx context.Context, network, address string) (net.Conn, error) {
				time.Sleep(far)
				return (&net.Dialer{}).DialContext(ctx, network, address)
			}
			r := probe.RunDialling(t.Context(), probe.Config{Server: addr, Mailbox: mailbox}, dial)
			if got := r.Decisive(); got.Name != probe.StageEHLO || got.Fault != probe.FaultOutOfTurn {
				t.Errorf("%s at %s: %+v", r.Outcome, r.Stage, got)
			}
		})
	}
}
