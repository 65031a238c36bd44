package cloudapi

import (
	"fmt"
	"sync"
	"time"
)

// A silence remembers that an API accepts connections and does not answer.
// Every request waits its whole time for it; a run of a dozen would take as
// many minutes and learn nothing. After several in a row it is not asked again
// for a while.
type silence struct {
	mu    sync.Mutex
	inRow int
	since time.Time // of the newest
	told  bool      // that an answer is late
}

const (
	silentAfter = 2           // requests in a row without an answer
	silentFor   = time.Minute // how long it is left alone then
)

// heard takes note of an answer, timedOut of a request that got none in time.
func (s *silence) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inRow, s.told = 0, false
}

func (s *silence) timedOut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inRow++
	s.since = time.Now()
}

// fault is why the API is not asked now, nil when it is.
func (s *silence) fault() *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inRow < silentAfter || time.Since(s.since) >= silentFor {
		return nil
	}
	return &Fault{
		Kind: ErrUnreachable, Unsent: true,
		What: "it has not answered the requests before this one, so it was not asked",
		Next: "try again in a few minutes",
	}
}

// patience is how long an answer may take before a person is told.
const patience = 5 * time.Second

// late tells once that the API does not answer, until it does.
func (a *api) late() {
	a.silence.mu.Lock()
	first := !a.silence.told
	a.silence.told = true
	a.silence.mu.Unlock()
	if first && a.progress != nil {
		a.progress(fmt.Sprintf("%s (%s) has not answered for %d seconds; it is waited for, %s at most", a.Name, a.root.Host, int(patience.Seconds()), human(a.Timeout)))
	}
}
