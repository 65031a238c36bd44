package remediate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smtpmend/internal/fact"
)

// Ctrl-C at any call: what the journal says is what the tenant shows, and what
// was sent is settled all the same.
func TestCancelAnywhere(t *testing.T) {
	for _, at := range []string{"before read", "after read", "before write", "after write", "before read 2", "after read 2"} {
		t.Run(at, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, p := mailboxOff(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				seen := map[string]int{}
				f.hook = func(call string) {
					if seen[call]++; call == at || fmt.Sprint(call, " ", seen[call]) == at {
						cancel()
					}
				}
				j := NewJournal(t.TempDir(), f, mailbox)
				defer j.Close()
				_, err := Apply(ctx, f, p, j)
				sent := len(f.writes) == 1
				if sent == strings.HasSuffix(at, " read") || sent && err != nil || !sent && !errors.Is(err, context.Canceled) {
					t.Errorf("sent %v: %v", sent, err)
				}
				if want := map[bool]State{true: Applied, false: ""}[sent]; state(t, j.Path()) != want {
					t.Errorf("sent %v, journal says %q", sent, state(t, j.Path()))
				}
			})
		})
	}
}

// Cancelled between the record and the change: nothing is sent, and the
// journal says so.
func TestCancelAfterIntent(t *testing.T) {
	f, p := mailboxOff(t)
	j := NewJournal(t.TempDir(), f, mailbox)
	defer j.Close()
	ctx := &cancelledWhen{t.Context(), func() bool { return state(t, j.Path()) == Intent }}
	if _, err := Apply(ctx, f, p, j); !errors.Is(err, context.Canceled) || len(f.writes) != 0 {
		t.Errorf("%v, wrote %v", err, f.writes)
	}
	if got := state(t, j.Path()); got != NotApplied {
		t.Errorf("journal says %q", got)
	}
}

// cancelledWhen is a context that is found cancelled once something is so.
type cancelledWhen struct {
	context.Context
	so func() bool
}

func (c *cancelledWhen) Err() error {
	if c.so() {
		return context.Canceled
	}
	return nil
}

// A tenant that never answers does not hold a cancelled run for ever.
func TestGraceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, p := mailboxOff(t)
		ctx, cancel := context.WithCancel(t.Context())
		hung := &hangingTenant{fakeTenant: f, cancel: cancel}
		j := NewJournal(t.TempDir(), f, mailbox)
		defer j.Close()
		start := time.Now()
		_, err := Apply(ctx, hung, p, j)
		if !errors.Is(err, ErrUncertain) || state(t, j.Path()) != Intent {
			t.Errorf("journal says %q: %v", state(t, j.Path()), err)
		}
		if took := time.Since(start); took > 2*grace+time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// hangingTenant is cancelled during the change and answers nothing any more.
type hangingTenant struct {
	*fakeTenant
	cancel func()
	sent   bool
}

func (h *hangingTenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	if h.sent {
		<-ctx.Done()
	}
	return h.fakeTenant.Read(ctx, names...)
}

func (h *hangingTenant) Write(ctx context.Context, name fact.Name, value string) error {
	h.sent = true
	h.cancel()
	<-ctx.Done()
	return errors.Join(fact.ErrUncertain, ctx.Err())
}
