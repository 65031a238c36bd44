package front

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// A Server serves any number of listeners with one Config.
type Server struct {
	cfg     Config
	ctx     context.Context // ends when the server is closed
	stop    context.CancelFunc
	close   func() error  // once
	answers chan struct{} // to clients that are turned away

	mu       sync.Mutex
	conns    map[*conn]netip.Addr
	sessions sync.WaitGroup // grows only under mu, and not once ctx has ended
}

// maxAnswers is how many clients that are turned away are told so at once; the
// others are hung up on.
const maxAnswers = 64

// New returns a server that is not listening yet.
func New(cfg Config) *Server {
	cfg.Limits = cfg.Limits.withDefaults()
	cfg.TLS = oldTLS(cfg.TLS)
	if cfg.Flavour == nil {
		cfg.Flavour = func() Flavour { return Newer }
	}
	s := &Server{cfg: cfg, conns: map[*conn]netip.Addr{}, answers: make(chan struct{}, maxAnswers)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.close = sync.OnceValue(s.end)
	return s
}

// oldTLS lets in every version and cipher suite that crypto/tls knows.
func oldTLS(base *tls.Config) *tls.Config {
	cfg := base.Clone()
	cfg.MinVersion = tls.VersionTLS10
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		cfg.CipherSuites = append(cfg.CipherSuites, suite.ID)
	}
	return cfg
}

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

// welcome serves a client, or turns it away.
func (s *Server) welcome(raw net.Conn) {
	var refusal Reply
	addr := addrOf(raw.RemoteAddr())
	if s.cfg.Stranger != nil {
		refusal = s.cfg.Stranger(addr)
	}
	if refusal.Code == 0 {
		if s.admit(raw, addr) {
			return
		}
		refusal = tooManyPeers
		if s.cfg.OnFull != nil && s.ctx.Err() == nil {
			s.cfg.OnFull(addr)
		}
	}
	select {
	case s.answers <- struct{}{}:
		go func() {
			raw.SetDeadline(time.Now().Add(time.Second))
			raw.Write([]byte(refusal.String() + "\r\n"))
			raw.Close()
			<-s.answers
		}()
	default:
		raw.Close()
	}
}

// admit begins a session, unless the limits are reached or the server is
// closed.
func (s *Server) admit(raw net.Conn, addr netip.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := 0
	for _, other := range s.conns {
		if other == addr {
			same++
		}
	}
	if s.ctx.Err() != nil || len(s.conns) >= s.cfg.Limits.Sessions || same >= s.cfg.Limits.PerPeer {
		return false
	}
	c := newConn(raw, s)
	s.conns[c] = addr
	s.sessions.Go(c.serve)
	return true
}

// forget makes room for another session.
func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// wait returns after d, or at once when the server is closed.
func (s *Server) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.ctx.Done():
	}
}
