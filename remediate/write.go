package remediate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smtpmend/internal/fact"
)

// grace is how long a change that was sent, and the reading that settles it,
// may go on after the caller has cancelled.
const grace = 30 * time.Second

// pausesPutBack is how long the tenant is read again until it shows what was
// put back: Entra and Exchange both answer from copies that lag. A fix does not
// wait for its change to show: it probes meanwhile.
var pausesPutBack = []time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second}

// put sends one change and reads the fact back. The State is Applied when the
// tenant shows the new value, whatever the answer to the change was; Sent when
// the change was accepted and does not show after the pauses; NotApplied when
// it was refused and the tenant shows the old value; else it stays Intent,
// with ErrUncertain.
func put(ctx context.Context, t Tenant, c Change, pauses []time.Duration) (State, error) {
	sent := send(ctx, t, c)
	lost := errors.Is(sent, ErrUncertain)
	if sent != nil && !lost {
		pauses = nil
	}
	found := readBack(ctx, t, c, pauses)
	switch {
	case holds(c.Fact, c.To, found.Value):
		return Applied, nil
	case sent == nil:
		return Sent, nil
	case lost:
		return Intent, sent
	case found.Value == c.From:
		return NotApplied, sent
	}
	return Intent, fmt.Errorf("%w: %w; %s of %s %s", ErrUncertain, sent, c.Fact, c.Target, inWords(found))
}

// send makes the change. Once on its way it is not called back by the
// caller's cancellation, only by the end of the grace.
func send(ctx context.Context, t Tenant, c Change) error {
	ctx, cancel := outlive(ctx, grace)
	defer cancel()
	return t.Write(ctx, c.Fact, c.To)
}

func readBack(ctx context.Context, t Tenant, c Change, pauses []time.Duration) fact.Reading {
	ctx, cancel := outlive(ctx, grace)
	defer cancel()
	found := read(ctx, t, c.Fact)
	for _, pause := range pauses {
		if holds(c.Fact, c.To, found.Value) || sleep(ctx, pause) != nil {
			break
		}
		found = read(ctx, t, c.Fact)
	}
	return found
}

func read(ctx context.Context, r Reader, name fact.Name) fact.Reading {
	return r.Read(ctx, name).Get(name)
}

// outlive returns a context that ends d after its parent does.
func outlive(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() {
		if sleep(ctx, d) == nil {
			cancel()
		}
	})
	return ctx, func() { stop(); cancel() }
}

// sleep waits for d, or until ctx ends, whose error it returns then.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
