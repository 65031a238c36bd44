package main

import (
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"
)

// watchHeap looks at the heap until the test ends; peak is the most that has
// lain there, in octets, garbage included.
func watchHeap(t *testing.T) (peak func() int64) {
	const objects = "/memory/classes/heap/objects:bytes"
	var most atomic.Int64
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	go func() {
		sample := []metrics.Sample{{Name: objects}}
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			metrics.Read(sample)
			most.Store(max(most.Load(), int64(sample[0].Value.Uint64())))
			select {
			case <-tick.C:
			case <-done:
				tick.Stop()
				return
			}
		}
	}()
	return most.Load
}
