package remediate

import (
	"context"
	"slices"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/probe"
)

// longest is where the doubling of the interval ends. Every try costs the
// account one sign-in, and a locked account helps nobody.
const longest = 5 * time.Minute

// Waiting says how patiently to probe again. Microsoft documents no time for
// most of these settings; minutes are usual, an hour has been seen.
type Waiting struct {
	// Poll is the first interval; each one is twice the one before, up to
	// five minutes. Zero stands for 15 seconds.
	Poll time.Duration
	// Wait is when to give up. The last try is made at its end; with zero it
	// is the only one.
	Wait time.Duration
}

// A Sighting is one probe and what its reply says, without the tenant.
type Sighting struct {
	Report *probe.Report
	// Reading is the diagnosis of the words alone.
	Reading diagnose.Diagnosis
	// At is when the probe began.
	At time.Time
}

// look makes one attempt.
func look(ctx context.Context, try func(context.Context) *probe.Report) Sighting {
	s := Sighting{At: time.Now()}
	s.Report = try(ctx)
	s.Reading = diagnose.Record(s.Report)
	return s
}

// passing reports whether the attempt says nothing about the cause: the
// network or the server was not up to it for the moment.
func (s Sighting) passing() bool {
	if s.Report.Outcome == probe.Failed {
		return true
	}
	cause, ok := catalogue.Lookup(s.Reading.Cause)
	return ok && (cause.Who == catalogue.Wait || cause.Code == catalogue.ConcurrentConnections)
}

// hopeless reports whether another attempt could only harm: Microsoft locks
// accounts whose password keeps being refused.
func hopeless(d diagnose.Diagnosis) bool {
	return d.Cause == catalogue.AccountLocked || d.Cause == catalogue.BadCredentials
}

// sameCause reports whether two replies say the same about the cause. Their
// texts differ each time, if only by host and date.
func sameCause(a, b diagnose.Diagnosis) bool {
	return a.Verdict == b.Verdict && a.Cause == b.Cause && slices.Equal(a.Candidates, b.Candidates)
}

// repeat calls try after each interval until it returns true, which repeat
// passes on, the time is over or ctx ends. Before each pause it says how long
// it has waited and how long the pause will be.
func (w Waiting) repeat(ctx context.Context, pausing func(waited, next time.Duration), try func(waited time.Duration) bool) (bool, error) {
	start := time.Now()
	interval := w.Poll
	if interval <= 0 {
		interval = 15 * time.Second
	}
	for {
		waited := time.Since(start)
		next := max(0, min(interval, w.Wait-waited))
		pausing(waited, next)
		if err := sleep(ctx, next); err != nil {
			return false, err
		}
		done := try(time.Since(start))
		if err := ctx.Err(); err != nil || done {
			return done, err
		}
		if time.Since(start) >= w.Wait {
			return false, nil
		}
		interval = max(interval, min(2*interval, longest))
	}
}
