package probe

import (
	"net"
	"syscall"
	"time"
)

// nearby is how soon a server takes a connection that is so near that what it
// says in two pieces has come by the time the first is read.
const nearby = 2 * time.Millisecond

// A socket is the connection below TLS. While now is set a read yields what
// has come already, or a timeout. With a deadline, which the system rounds up
// to a millisecond, looking for more behind each reply would be half of a
// dialogue with a server nearby; farther away it does not show.
type socket struct {
	net.Conn
	sys syscall.RawConn // nil where there is none, or where to wait is better
	now bool
}

// newSocket returns the socket of a connection that took so long.
func newSocket(conn net.Conn, took time.Duration) *socket {
	s := &socket{Conn: conn}
	if c, ok := conn.(syscall.Conn); ok && readsNow && took < nearby {
		s.sys, _ = c.SyscallConn() // without it the deadline remains
	}
	return s
}

func (s *socket) Read(b []byte) (n int, err error) {
	if !s.now {
		return s.Conn.Read(b)
	}
	broken := s.sys.Read(func(fd uintptr) bool {
		n, err = readNow(fd, b)
		return true
	})
	if broken != nil {
		return 0, broken
	}
	return n, err
}
