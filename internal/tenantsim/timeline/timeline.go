// Package timeline keeps what one simulated tenant is, was and recorded: the
// versions of its state, and which of them has reached whom.
//
// It decides nothing about a sign-in or a request.
package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"smtpmend/internal/tenantsim/state"
)

// A Timeline is one tenant. Its methods may be used side by side.
type Timeline struct {
	mu       sync.Mutex
	versions []version // the oldest first, never empty
	signIns  []state.SignIn
}

// A version is a state, which is never changed, and the time since which it
// holds.
type version struct {
	since time.Time
	state *state.State
}

// New returns the timeline of a tenant that begins with a copy of s.
func New(s *state.State) *Timeline {
	t := new(Timeline)
	t.Set(s)
	return t
}

// Set replaces the state for everybody at once by a copy of s, and forgets
// the sign-ins.
func (t *Timeline) Set(s *state.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.versions, t.signIns = []version{{state: s.Clone()}}, nil
}

// Change changes the state as an administrator of the tenant would: visible
// to the APIs after the lag of reading and to SMTP after the propagation time.
func (t *Timeline) Change(f func(*state.State)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.newest().Clone()
	f(next)
	t.versions = append(t.versions, version{time.Now(), next})
}

func (t *Timeline) newest() *state.State { return t.versions[len(t.versions)-1].state }

// Newest is the state as it was written last. It must not be changed.
func (t *Timeline) Newest() *state.State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.newest()
}

// Read is the newest state that the admin APIs answer reads by. It must not be
// changed.
func (t *Timeline) Read() *state.State {
	return t.after(func(s *state.State) time.Duration { return s.ReadLag.Duration })
}

// Submission is the newest state that has reached the nth front end of the
// submission server, from 0 and counted round. It must not be changed.
func (t *Timeline) Submission(n int) *state.State {
	return t.after(func(s *state.State) time.Duration {
		if s.SMTP.FrontEnds < 2 {
			return s.SMTP.Propagation.Duration
		}
		step := s.SMTP.Propagation.Duration / time.Duration(s.SMTP.FrontEnds-1)
		return time.Duration(n%s.SMTP.FrontEnds) * step
	})
}

// after is the newest state that has reached whoever learns of each after
// that time. None overtakes the one before it.
func (t *Timeline) after(delay func(*state.State) time.Duration) *state.State {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, reached := time.Now(), t.versions[0]
	for _, v := range t.versions[1:] {
		if v.since.Add(delay(v.state)).After(now) {
			break
		}
		reached = v
	}
	return reached.state
}

// Record adds a sign-in to the log; its id and time are given here.
func (t *Timeline) Record(s state.SignIn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.ID, s.Time = fmt.Sprintf("66ea54eb-0000-0000-0000-%012d", len(t.signIns)+1), time.Now().UTC()
	t.signIns = append(t.signIns, s)
}

// SignIns returns the records of the sign-in log that can be read by now,
// the newest first.
func (t *Timeline) SignIns() []state.SignIn {
	t.mu.Lock()
	defer t.mu.Unlock()
	log := t.newest().SignInLog
	visible := time.Now().Add(-log.Delay.Duration)
	records := slices.Clone(log.Records)
	for _, r := range t.signIns {
		if !r.Time.After(visible) {
			records = append(records, r)
		}
	}
	slices.SortStableFunc(records, func(a, b state.SignIn) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID))
	})
	return records
}
