package front

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// Serve accepts clients from l until Close, and returns nil then. Anything
// else it returns is what the listener said.
func (s *Server) Serve(l net.Listener) error {
	done := sync.OnceFunc(func() { l.Close() })
	defer done()
	defer context.AfterFunc(s.ctx, done)()
	for {
		raw, err := l.Accept()
		switch {
		case err == nil:
			s.welcome(raw)
		case s.ctx.Err() != nil:
			return nil
		case passes(err):
			s.wait(50 * time.Millisecond)
		default:
			return err
		}
	}
}

// passes reports whether accepting failed for a reason that goes by: a client
// that left, or no file descriptor left.
func passes(err error) bool {
	return errors.Is(err, syscall.ECONNABORTED) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// Close stops listening, hangs up on all clients and waits until their
// sessions have ended. It may be called more than once.
func (s *Server) Close() error { return s.close() }

func (s *Server) end() error {
	s.mu.Lock()
	s.stop()
	for c := range s.conns {
		c.raw.Close()
	}
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		s.sessions.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-time.After(10 * time.Second):
		return errors.New("front: a session does not end")
	}
}

// welcome serves a client, or sends it away where the limits are reached.
func (s *Server) welcome(raw net.Conn) {
	if c := s.admit(raw); c != nil {
		go func() {
			defer s.sessions.Done()
			c.serve()
		}()
		return
	}
	go func() {
		raw.SetDeadline(time.Now().Add(time.Second))
		raw.Write([]byte(tooManyPeers.String() + "\r\n"))
		raw.Close()
	}()
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
	s.sessions.Add(1)
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

// wait returns after d, or at once when the server is closed.
func (s *Server) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
	}
}
