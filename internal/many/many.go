// Package many tries many mailboxes: it reads lists of them, has a bounded
// number of attempts under way, stops where going on could harm, and keeps a
// record from which a run that was cut off goes on.
//
// It does not know what an attempt is, which is a function handed in, nor what
// its result means beyond three signs. It parses no command line, asks nobody
// and prints nothing.
package many

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// DefaultParallel is how many attempts are under way at once, MostParallel how
// many may be.
const (
	DefaultParallel = 8
	MostParallel    = 64
)

// Signs are what an attempt tells about those to come.
type Signs struct {
	SignedIn  bool // the sign-in was accepted
	Settled   bool // it was refused for a reason that is known, and is no password's
	Refused   bool // the account is locked, or the password is or may be wrong
	Throttled bool // the service asked for less
}

// An Outcome is how an attempt ended.
type Outcome[R any] struct {
	Signs
	// Unfinished is set when the attempt was interrupted and has no result.
	Unfinished bool
	// Crash is the text and the stack of a panic in the attempt, "" for none;
	// there is no result then.
	Crash  string
	Result R
}

// A Run has an attempt made for each mailbox once. All of its functions but
// Attempt are called by Do alone, one at a time.
type Run[R any] struct {
	Mailboxes []string
	// Parallel is how many attempts may be under way, from 1. Until a sign-in is
	// accepted, or refused for another reason than its password, it is at most as
	// many as may be refused in a row.
	Parallel int
	// Attempt makes one. It is called from several goroutines.
	Attempt func(ctx context.Context, mailbox string) Outcome[R]
	// Begin is called before each attempt and End after it. With an error of
	// either no other attempt is begun. Begin may be nil.
	Begin func(mailbox string) error
	End   func(mailbox string, o Outcome[R]) error
	// Streak is that of earlier runs; nil for none.
	Streak *Streak
	// Ask decides whether to go on after too many refusals in a row, when
	// nothing is under way; nil where there is nobody to ask.
	Ask func(ctx context.Context, refused []string, left int) bool
	// Pausing is told of a pause for the service; nil for nobody.
	Pausing func(time.Duration)
	// Tell is told how far the run is, every now and then; nil for nobody.
	Tell func(Progress)

	// The first pause and the longest, and the time between two Tells; 0 for
	// 15 seconds, 5 minutes and 10 seconds.
	FirstPause, LongestPause, Every time.Duration
}

// Progress is how far a run is, in mailboxes.
type Progress struct{ Done, UnderWay, Left int }

// Why says why a run ended.
type Why string

const (
	Complete    Why = "complete"    // every mailbox was tried
	Interrupted Why = "interrupted" // the context ended
	Refusals    Why = "refusals"    // too many refusals in a row, and nobody wanted to go on
	Broken      Why = "broken"      // Begin or End failed
)

// An Ended is how a run ended. NotTried are the mailboxes that no attempt was
// begun for, in their order.
type Ended struct {
	Why      Why
	NotTried []string
	Err      error // of Begin or End, for Broken
}

// Do makes the attempts. It returns when none is under way. When ctx ends,
// those under way are interrupted and no other is begun.
func (r *Run[R]) Do(ctx context.Context) Ended {
	s := &schedule[R]{Run: r, left: r.Mailboxes, streak: cmp.Or(r.Streak, new(Streak)), done: make(chan finished[R])}
	s.stop()
	every := time.NewTicker(cmp.Or(r.Every, 10*time.Second))
	defer every.Stop()
	for {
		s.begin(ctx)
		if s.underWay == 0 && !s.open(ctx) {
			if !s.approved(ctx) {
				return s.ended()
			}
			continue
		}
		select {
		case f := <-s.done:
			s.end(f)
		case <-s.pauseEnds():
			s.until, s.resumed = time.Time{}, time.Now()
		case <-every.C:
			s.tell()
		case <-s.interruption(ctx):
		}
	}
}

// A schedule is a run under way.
type schedule[R any] struct {
	*Run[R]
	left       []string
	underWay   int
	tried      int
	unfinished int
	streak     *Streak
	accepted   bool     // a sign-in was
	refused    []string // too many in a row; nil where there are not
	done       chan finished[R]
	pause      time.Duration // the last one, 0 when none is needed
	until      time.Time     // of the pause, zero outside of one
	resumed    time.Time     // when the last pause ended
	err        error
}

type finished[R any] struct {
	mailbox string
	outcome Outcome[R]
	began   time.Time
}

// open reports whether attempts may be begun, now or after a pause.
func (s *schedule[R]) open(ctx context.Context) bool {
	return len(s.left) > 0 && s.err == nil && ctx.Err() == nil && s.refused == nil
}

// begin begins as many attempts as there is room for.
func (s *schedule[R]) begin(ctx context.Context) {
	for s.until.IsZero() && s.underWay < s.most() && s.open(ctx) {
		mailbox := s.left[0]
		if s.Begin != nil {
			if s.err = s.Begin(mailbox); s.err != nil {
				return
			}
		}
		s.left = s.left[1:]
		s.underWay++
		go func() {
			began := time.Now()
			s.done <- finished[R]{mailbox, s.attempt(ctx, mailbox), began}
		}()
	}
}

// most is how many attempts may be under way now. As long as none was accepted
// or refused for another reason, all of them may be wrong passwords.
func (s *schedule[R]) most() int {
	if s.accepted {
		return max(1, s.Parallel)
	}
	return max(1, min(s.Parallel, s.streak.Left()))
}

// attempt makes one; a panic in it is the end of this attempt alone.
func (s *schedule[R]) attempt(ctx context.Context, mailbox string) (o Outcome[R]) {
	defer func() {
		if p := recover(); p != nil {
			o = Outcome[R]{Crash: fmt.Sprintf("%v\n%s", p, debug.Stack())}
		}
	}()
	return s.Attempt(ctx, mailbox)
}

// end takes in what an attempt came to.
func (s *schedule[R]) end(f finished[R]) {
	s.underWay--
	s.tried++
	if f.outcome.Unfinished {
		s.unfinished++
	} else {
		s.streak.Add(f.mailbox, f.outcome.Signs)
		s.accepted = s.accepted || f.outcome.SignedIn || f.outcome.Settled
		s.stop()
		s.slow(f)
	}
	if err := s.End(f.mailbox, f.outcome); s.err == nil {
		s.err = err
	}
}

// stop begins no other attempt after too many refusals. An acceptance that was
// under way beside them does not lift it.
func (s *schedule[R]) stop() {
	if s.streak.Stops() {
		s.refused = s.streak.Refused()
	}
}

// slow begins a pause when the service asks for less, each twice as long as
// the one before, until an attempt passes. What was begun before the last
// pause ended tells nothing of what it did.
func (s *schedule[R]) slow(f finished[R]) {
	switch {
	case !s.until.IsZero() || f.began.Before(s.resumed):
	case !f.outcome.Throttled:
		s.pause = 0
	case len(s.left) > 0:
		s.pause = min(max(2*s.pause, cmp.Or(s.FirstPause, 15*time.Second)), cmp.Or(s.LongestPause, 5*time.Minute))
		s.until = time.Now().Add(s.pause)
		if s.Pausing != nil {
			s.Pausing(s.pause)
		}
	}
}

// approved reports whether somebody wants to go on after the refusals.
func (s *schedule[R]) approved(ctx context.Context) bool {
	if len(s.left) == 0 || s.err != nil || ctx.Err() != nil || s.Ask == nil {
		return false
	}
	if !s.Ask(ctx, s.refused, len(s.left)) {
		return false
	}
	s.streak.Forget()
	s.refused, s.accepted = nil, false
	return true
}

// pauseEnds is ready when a pause is over; nil outside of one.
func (s *schedule[R]) pauseEnds() <-chan time.Time {
	if s.until.IsZero() {
		return nil
	}
	return time.After(time.Until(s.until))
}

// interruption is ready when ctx ends while nothing is under way; what is
// under way ends by itself then.
func (s *schedule[R]) interruption(ctx context.Context) <-chan struct{} {
	if s.underWay > 0 {
		return nil
	}
	return ctx.Done()
}

func (s *schedule[R]) tell() {
	if s.Tell != nil {
		s.Tell(Progress{Done: s.tried, UnderWay: s.underWay, Left: len(s.left)})
	}
}

func (s *schedule[R]) ended() Ended {
	e := Ended{Why: Complete, NotTried: slices.Clone(s.left), Err: s.err}
	switch {
	case s.err != nil:
		e.Why = Broken
	case len(s.left) > 0 && s.refused != nil:
		e.Why = Refusals
	case len(s.left) > 0 || s.unfinished > 0:
		e.Why = Interrupted
	}
	return e
}

// Key is the same for two spellings of one mailbox.
func Key(mailbox string) string { return strings.ToLower(mailbox) }
