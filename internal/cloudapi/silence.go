package cloudapi

import (
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
}

const (
	silentAfter = 2           // requests in a row without an answer
	silentFor   = time.Minute // how long it is left alone then
)

// heard takes note of an answer, timedOut of a request that got none in time.
func (s *silence) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inRow = 0
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
