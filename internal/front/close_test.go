package front

import (
	"errors"
	"net"
	"sync"
	"testing"
)

// A caller's deferred Close and the end of its context often come at once.
func TestCloseFromSeveralSides(t *testing.T) {
	for range 3000 { // the window is narrow
		server := New(testConfig(t))
		var ready, done sync.WaitGroup
		ready.Add(1)
		for range 8 {
			done.Go(func() {
				ready.Wait()
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		ready.Done()
		done.Wait()
	}
}

// The end may come before the server has begun.
func TestServeAfterClose(t *testing.T) {
	server := New(testConfig(t))
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(l); err != nil {
		t.Error(err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is left open: %v", err)
	}
}
