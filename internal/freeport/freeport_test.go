package freeport

import (
	"fmt"
	"net"
	"testing"
)

func TestNext(t *testing.T) {
	seen := map[int]bool{}
	for range 50 {
		port, err := Next()
		if err != nil || seen[port] || port < first || port >= first+count {
			t.Fatalf("%d, %v", port, err)
		}
		seen[port] = true
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
	}
}
