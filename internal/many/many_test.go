package many

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mailboxes(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("m%d@x.com", i))
	}
	return all
}

// A lab is a Run whose attempts take a second each and end as signs say.
type lab struct {
	Run[string]
	signs    func(mailbox string) Signs
	mu       sync.Mutex
	underWay int
	most     int
	tried    []string
	ended    []string
	pauses   []time.Duration
}

func newLab(n, parallel int, signs func(string) Signs) *lab {
	l := &lab{signs: signs}
	l.Mailboxes, l.Parallel, l.Attempt = mailboxes(n), parallel, l.attempt
	l.End = func(mailbox string, o Outcome[string]) error {
		if o.Result != "of "+mailbox && !o.Unfinished {
			return fmt.Errorf("%s got the result %q", mailbox, o.Result)
		}
		l.ended = append(l.ended, mailbox)
		return nil
	}
	l.Pausing = func(d time.Duration) { l.pauses = append(l.pauses, d) }
	return l
}

func (l *lab) attempt(ctx context.Context, mailbox string) Outcome[string] {
	l.mu.Lock()
	l.underWay++
	l.most = max(l.most, l.underWay)
	l.tried = append(l.tried, mailbox)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.underWay--
		l.mu.Unlock()
	}()
	select {
	case <-ctx.Done():
		return Outcome[string]{Unfinished: true}
	case <-time.After(time.Second):
		return Outcome[string]{Signs: l.signs(mailbox), Result: "of " + mailbox}
	}
}

// number is the place of a mailbox of the list.
func number(mailbox string) int {
	var n int
	fmt.Sscanf(mailbox, "m%d@", &n)
	return n
}

func well(string) Signs    { return Signs{SignedIn: true} }
func refused(string) Signs { return Signs{Refused: true} }

// Each mailbox is tried once, as many at once as are allowed, in their order.
func TestRun(t *testing.T) {
	for _, parallel := range []int{0, 1, 3, 8, 64} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(20, parallel, well)
			told := 0
			l.Tell, l.Every = func(p Progress) {
				told++
				if p.Done+p.UnderWay+p.Left != 20 || p.UnderWay > max(1, parallel) {
					t.Errorf("%+v", p)
				}
			}, 300*time.Millisecond
			began := time.Now()
			e := l.Do(t.Context())
			rounds := (20 + max(1, parallel) - 1) / max(1, parallel)
			if parallel > mostRefusals { // the first begin slowly
				rounds = 1 + (20-mostRefusals+parallel-1)/parallel
			}
			if took := time.Since(began); e.Why != Complete || took != time.Duration(rounds)*time.Second {
				t.Errorf("parallel %d: %+v after %s, want %d rounds", parallel, e, took, rounds)
			}
			if l.most > min(20, max(1, parallel)) || l.most < min(17, parallel) || len(l.tried) != 20 || told == 0 {
				t.Errorf("parallel %d: %d at once, %d tried, told %d times", parallel, l.most, len(l.tried), told)
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(l.Mailboxes)), slices.Sorted(slices.Values(l.ended))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Three refusals since the last acceptance are the last that are begun, but
// for what is under way.
func TestStopRule(t *testing.T) {
	tests := []struct {
		name       string
		parallel   int
		signs      func(string) Signs
		tried      int
		asked, yes int
		why        Why
	}{
		{"one after the other", 1, refused, 3, 0, 0, Refusals},
		{"eight at once", 8, refused, 3, 0, 0, Refusals},
		{"all at once", 64, refused, 3, 0, 0, Refusals},
		{"eight at once, and somebody goes on once", 8, refused, 6, 2, 1, Refusals},
		{"an acceptance in between", 1, func(m string) Signs { return Signs{Refused: m != "m2@x.com", SignedIn: m == "m2@x.com"} }, 6, 0, 0, Refusals},
		{"neither nor in between", 1, func(m string) Signs { return Signs{Refused: m != "m1@x.com"} }, 4, 0, 0, Refusals},
		{"every third is accepted", 1, func(m string) Signs { return Signs{Refused: number(m)%3 > 0, SignedIn: number(m)%3 == 0} }, 20, 0, 0, Complete},
		{"the last three", 1, func(m string) Signs { return Signs{Refused: number(m) >= 17} }, 20, 0, 0, Complete},
		{"somebody goes on once", 1, refused, 6, 2, 1, Refusals},
		{"somebody goes on always", 1, refused, 20, 6, 6, Complete},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(20, tt.parallel, tt.signs)
			asked := 0
			if tt.asked > 0 {
				l.Ask = func(_ context.Context, refused []string, left int) bool {
					asked++
					if l.underWay > 0 || len(refused) < mostRefusals || left != 20-len(l.ended) {
						t.Errorf("%s: asked with %d under way, about %v, %d left", tt.name, l.underWay, refused, left)
					}
					return asked <= tt.yes
				}
			}
			e := l.Do(t.Context())
			if e.Why != tt.why || len(l.tried) != tt.tried || asked != tt.asked {
				t.Errorf("%s: %s after %d attempts, asked %d times; want %s, %d, %d", tt.name, e.Why, len(l.tried), asked, tt.why, tt.tried, tt.asked)
			}
			if diff := cmp.Diff(l.Mailboxes, append(slices.Clone(l.tried), e.NotTried...)); tt.parallel == 1 && diff != "" {
				t.Errorf("%s: tried and not tried (-want +got):\n%s", tt.name, diff)
			}
		})
	}
}

// Whoever goes on after a stop risks three more, also where a sign-in was
// accepted before.
func TestGoesOnSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(40, 8, func(m string) Signs { return Signs{Refused: number(m) > 0, SignedIn: number(m) == 0} })
		var at []int
		l.Ask = func(context.Context, []string, int) bool {
			at = append(at, len(l.tried))
			return len(at) == 1
		}
		if e := l.Do(t.Context()); e.Why != Refusals || len(at) != 2 || at[1]-at[0] != 3 {
			t.Errorf("%s, asked after %v", e.Why, at)
		}
	})
}

// The refusals of an earlier run count, where none was accepted after them.
func TestStreak(t *testing.T) {
	for _, accepted := range []bool{false, true} {
		s := new(Streak)
		for _, m := range mailboxes(3) {
			s.Add(m, Signs{Refused: true})
		}
		s.Add("last@x.com", Signs{SignedIn: accepted})
		l := newLab(5, 2, well)
		l.Streak = s
		e := l.Do(t.Context())
		if tried := map[bool]int{false: 0, true: 5}[accepted]; len(l.tried) != tried || len(e.NotTried) != 5-tried || (e.Why == Complete) != accepted {
			t.Errorf("accepted %v: %+v after %v", accepted, e, l.tried)
		}
	}
}

// What was under way beside the third refusal does not lift the stop.
func TestLateAcceptance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wrong := func(m string) bool { return number(m) > 0 && number(m) < 4 }
		l := newLab(10, 4, func(m string) Signs { return Signs{Refused: wrong(m), SignedIn: !wrong(m)} })
		attempt := l.Attempt
		l.Attempt = func(ctx context.Context, m string) Outcome[string] {
			switch number(m) {
			case 1, 2:
				time.Sleep(time.Second)
			case 4:
				time.Sleep(2 * time.Second)
			}
			return attempt(ctx, m)
		}
		// The first is accepted, so that there are four at once, and two more
		// are begun before the third refusal is known.
		if e := l.Do(t.Context()); e.Why != Refusals || len(l.tried) != 7 {
			t.Errorf("%+v after %v", e, l.tried)
		}
	})
}

// A pause begins when the service asks for it, is twice as long the next time,
// and over when attempts pass.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		throttled := []bool{false, true, true, false, true, false}
		l := newLab(12, 2, func(string) Signs { return Signs{Throttled: throttled[int(count.Add(1)-1)/2%6]} })
		l.FirstPause, l.LongestPause = 10*time.Second, 15*time.Second
		began := time.Now()
		e := l.Do(t.Context())
		want := []time.Duration{10 * time.Second, 15 * time.Second, 10 * time.Second}
		if diff := cmp.Diff(want, l.pauses); diff != "" || e.Why != Complete {
			t.Errorf("%+v (-want +got):\n%s", e, diff)
		}
		if took := time.Since(began); took != 6*time.Second+35*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// What was begun before a pause tells nothing of what the pause did.
func TestLateThrottling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(6, 2, func(m string) Signs { return Signs{Throttled: number(m) < 2} })
		attempt := l.Attempt
		l.Attempt = func(ctx context.Context, m string) Outcome[string] {
			if number(m) == 1 {
				time.Sleep(4 * time.Second)
			}
			return attempt(ctx, m)
		}
		l.FirstPause = 2 * time.Second
		if e := l.Do(t.Context()); e.Why != Complete || len(l.pauses) != 1 {
			t.Errorf("%+v, pauses %v", e, l.pauses)
		}
	})
}

func TestInterrupted(t *testing.T) {
	for name, after := range map[string]time.Duration{"under way": 2500 * time.Millisecond, "in a pause": 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			l := newLab(20, 3, func(string) Signs { return Signs{Throttled: name == "in a pause"} })
			e := l.Do(ctx)
			if e.Why != Interrupted || len(l.tried) != len(l.ended) || len(l.tried)+len(e.NotTried) != 20 || len(e.NotTried) == 0 {
				t.Errorf("%s: %+v, %d tried, %d ended", name, e, len(l.tried), len(l.ended))
			}
		})
	}
	// The last attempt was under way: nothing is left, and all the same it is
	// not complete.
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if e := newLab(2, 3, well).Do(ctx); e.Why != Interrupted {
			t.Errorf("%+v", e)
		}
	})
}

// What cannot be recorded is not tried; what is under way is waited for.
func TestBroken(t *testing.T) {
	full := errors.New("no space left")
	synctest.Test(t, func(t *testing.T) {
		l, begun := newLab(20, 3, well), 0
		l.Begin = func(string) error {
			if begun++; begun > 4 {
				return full
			}
			return nil
		}
		if e := l.Do(t.Context()); e.Why != Broken || e.Err != full || len(l.tried) != 4 || len(l.ended) != 4 || len(e.NotTried) != 16 {
			t.Errorf("at the beginning: %+v, %v", e, l.tried)
		}
		l = newLab(20, 3, well)
		l.End = func(mailbox string, _ Outcome[string]) error { l.ended = append(l.ended, mailbox); return full }
		if e := l.Do(t.Context()); e.Why != Broken || e.Err != full || len(l.tried) != 3 || len(l.ended) != 3 {
			t.Errorf("at the end: %+v, %v", e, l.tried)
		}
	})
}

// A fault of ours in one attempt ends that one alone.
func TestCrash(t *testing.T) {
	crashes := 0
	r := Run[string]{
		Mailboxes: mailboxes(5), Parallel: 2,
		Attempt: func(_ context.Context, m string) Outcome[string] {
			if m == "m2@x.com" {
				panic("oh")
			}
			return Outcome[string]{}
		},
		End: func(_ string, o Outcome[string]) error {
			if o.Crash != "" {
				crashes++
			}
			return nil
		},
	}
	if e := r.Do(t.Context()); e.Why != Complete || crashes != 1 {
		t.Errorf("%+v, %d crashes", e, crashes)
	}
}
