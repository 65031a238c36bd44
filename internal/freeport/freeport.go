// Package freeport finds loopback ports for the servers of other programs that
// tests start. It does not hold them: nothing else is meant to take them.
package freeport

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
)

// The ports lie below those that Linux, macOS and Windows give to outgoing
// connections and to listeners that name none, so that nothing gets one
// between Next and the server's start.
const (
	first = 20000
	count = 12000
)

// given counts the ports that were looked at.
var given atomic.Int64

// Next returns a port that nobody listens on and that it has not returned
// before in this process, or an error when all are taken.
func Next() (int, error) {
	for range count {
		port := first + (os.Getpid()*97+int(given.Add(1)))%count // processes begin in different places
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no port between %d and %d is free", first, first+count-1)
}
