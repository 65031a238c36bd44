package front

import (
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
