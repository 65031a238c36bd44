package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"smtpmend/internal/dialogue"
)

// greetWait is how long a server may be silent before the probe tries whether
// it waits for TLS. Microsoft 365 greets at once.
var greetWait = 10 * time.Second

func (s *session) greet(ctx context.Context) bool {
	s.begin(StageGreeting)
	if !s.ImplicitTLS {
		s.wire.until(time.Now().Add(greetWait))
	}
	reply, err := s.wire.exchange("")
	s.wire.until(time.Time{})
	if err != nil && isTimeout(err) && ctx.Err() == nil {
		if !s.wire.reader.Begun() {
			return s.silentServer(ctx)
		}
		reply, err = s.wire.await() // slow, but not waiting for TLS
	}
	switch {
	case reply != nil && reply.Code == 0:
		return s.notSMTP(reply.Line())
	case err != nil:
		return s.notGreeted(ctx, err)
	case reply.Code != 220:
		return s.unexpected(reply)
	}
	s.greeting = reply
	return s.end()
}

// silentServer finds out whether a server that does not greet waits for a TLS
// ClientHello: it sends one on the same connection.
func (s *session) silentServer(ctx context.Context) bool {
	handshake, cancel := context.WithTimeout(ctx, greetWait)
	defer cancel()
	conn := tls.Client(s.wire.Conn, s.tlsConfig())
	if err := conn.HandshakeContext(handshake); err == nil || conn.ConnectionState().Version != 0 {
		return s.fail(FaultTLSExpected, fmt.Sprintf("%s expects TLS at once, not STARTTLS; that is the way of port 465.", s.Server))
	}
	if ctx.Err() != nil {
		return s.broke(ctx, ctx.Err())
	}
	return s.fail(FaultTimeout, fmt.Sprintf("%s accepts the connection but does not greet; a firewall or virus scanner may hold it.", s.Server))
}

// notGreeted handles a connection that ended, or went wrong, before a
// greeting was whole. What cannot become one, such as a TLS alert, says more
// than its end.
func (s *session) notGreeted(ctx context.Context, err error) bool {
	if text := s.wire.reader.Begin(); !dialogue.BeginsReply(text) && ctx.Err() == nil {
		return s.notSMTP(text)
	}
	return s.broke(ctx, err)
}

func (s *session) notSMTP(text string) bool {
	if text != "" && (text[0] == 0x15 || text[0] == 0x16) { // TLS alert or handshake record
		return s.fail(FaultTLSExpected, fmt.Sprintf("%s speaks TLS at once; that is the way of port 465.", s.Server))
	}
	return s.fail(FaultNotSMTP, fmt.Sprintf("What answers at %s does not speak SMTP; it said %q.", s.Server, clip(s.hide.Line(text), 80)))
}
