package front

import (
	"sync"
	"testing"
)

// A caller's deferred Close and the end of its context often come at once.
func TestCloseFromSeveralSides(t *testing.T) {
	for range 200 {
		server := New(testConfig(t))
		var ready, done sync.WaitGroup
		ready.Add(1)
		for range 4 {
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
