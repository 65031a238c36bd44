package front

import (
	"net"
	"time"
)

// listener hands go-smtp connections that speak as Microsoft does, and sends
// away the clients that are one too many.
type listener struct {
	net.Listener
	server *Server
	close  func() error // once
}

// Close implements net.Listener.
func (l *listener) Close() error { return l.close() }

// Said by Exchange when a receive connector is full; not in the facts that
// were gathered about Microsoft 365.
const tooManyConnections = "421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel\r\n"

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.server.admit(raw); c != nil {
			return c, nil
		}
		go turnAway(raw)
	}
}

func turnAway(raw net.Conn) {
	raw.SetDeadline(time.Now().Add(time.Second))
	raw.Write([]byte(tooManyConnections))
	raw.Close()
}

// admit returns nil when the limits are reached or the server is closed.
func (s *Server) admit(raw net.Conn) *conn {
	ip := peerIP(raw.RemoteAddr())
	s.mu.Lock()
	defer s.mu.Unlock()
	same := 0
	for _, other := range s.conns {
		if other == ip {
			same++
		}
	}
	if s.ctx.Err() != nil || len(s.conns) >= s.cfg.Limits.Sessions || same >= s.cfg.Limits.PerPeer {
		return nil
	}
	c := newConn(raw, s)
	s.conns[c] = ip
	return c
}

func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

func peerIP(addr net.Addr) string {
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	return host
}
