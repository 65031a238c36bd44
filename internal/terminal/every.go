package terminal

import (
	"sync"
	"time"
)

// Every calls do each time that period has passed, with the time since the
// beginning, until stop is called, which returns once do does not run any more.
func Every(period time.Duration, do func(passed time.Duration)) (stop func()) {
	over := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		begin, tick := time.Now(), time.NewTicker(period)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case now := <-tick.C:
				do(now.Sub(begin))
			}
		}
	})
	return sync.OnceFunc(func() {
		close(over)
		running.Wait()
	})
}
