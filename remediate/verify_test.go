package remediate

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/probe"
)

func TestWaiting(t *testing.T) {
	s := time.Second
	tests := []struct {
		name string
		w    Waiting
		slow time.Duration // of each try
		want []time.Duration
	}{
		{"doubling to five minutes", Waiting{Poll: 15 * s, Wait: 30 * time.Minute}, 0,
			[]time.Duration{15 * s, 45 * s, 105 * s, 225 * s, 465 * s, 765 * s, 1065 * s, 1365 * s, 1665 * s, 1800 * s}},
		{"fifteen seconds by default", Waiting{Wait: 45 * s}, 0, []time.Duration{15 * s, 45 * s}},
		{"the last try at the end", Waiting{Poll: 10 * s, Wait: 25 * s}, 0, []time.Duration{10 * s, 25 * s}},
		{"an interval beyond the wait", Waiting{Poll: time.Minute, Wait: 20 * s}, 0, []time.Duration{20 * s}},
		{"an interval beyond five minutes stays", Waiting{Poll: 10 * time.Minute, Wait: 20 * time.Minute}, 0,
			[]time.Duration{600 * s, 1200 * s}},
		{"no wait, one try", Waiting{Poll: 10 * s}, 0, []time.Duration{0}},
		{"the tries' own time counts", Waiting{Poll: 10 * s, Wait: 30 * s}, 25 * s, []time.Duration{10 * s}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []time.Duration
				done, err := tt.w.repeat(t.Context(), func(time.Duration, time.Duration) {}, func(waited time.Duration) bool {
					got = append(got, waited)
					time.Sleep(tt.slow)
					return false
				})
				if done || err != nil {
					t.Errorf("%v, %v", done, err)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("tries (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// replies plays one report after the other, the last one for ever.
func replies(reports ...*probe.Report) func(context.Context) *probe.Report {
	n := -1
	return func(context.Context) *probe.Report {
		n = min(n+1, len(reports)-1)
		return reports[n]
	}
}

func TestVerify(t *testing.T) {
	type codes = []catalogue.Code
	tests := []struct {
		name     string
		reports  []*probe.Report
		want     VerifyOutcome
		attempts int
		waited   time.Duration
		heard    codes
	}{
		{"at once", []*probe.Report{accepted()}, VerifyHealthy, 1, 0, codes{""}},
		{"after a while", []*probe.Report{refused(saysMailbox), refused(saysMailbox), accepted()}, VerifyHealthy, 3, 45 * time.Second,
			codes{catalogue.SMTPAuthOffMailbox, ""}},
		{"one cause after the other", []*probe.Report{refused(saysMailbox), refused(saysDefaults), accepted()}, VerifyHealthy, 3, 45 * time.Second,
			codes{catalogue.SMTPAuthOffMailbox, catalogue.SecurityDefaults, ""}},
		{"never", []*probe.Report{refused(saysDefaults)}, VerifyRefused, 4, time.Minute, codes{catalogue.SecurityDefaults}},
		{"no answer", []*probe.Report{timedOut()}, VerifyFailed, 4, time.Minute, codes{catalogue.NetworkBlocked}},
		{"wrong password", []*probe.Report{refused(saysMailbox), refused(saysWrong), accepted()}, VerifyRefused, 2, 15 * time.Second,
			codes{catalogue.SMTPAuthOffMailbox, catalogue.BadCredentials}},
		{"locked at once", []*probe.Report{refused(saysLocked), accepted()}, VerifyRefused, 1, 0, codes{catalogue.AccountLocked}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := &Verify{Mailbox: mailbox, Probe: replies(tt.reports...), Waiting: Waiting{Poll: 15 * time.Second, Wait: time.Minute}}
				r := v.Run(t.Context())
				if r.Outcome != tt.want || r.Attempts != tt.attempts || r.WaitedMS != tt.waited.Milliseconds() || r.Err != nil {
					t.Errorf("%s after %d attempts in %d ms: %v", r.Outcome, r.Attempts, r.WaitedMS, r.Err)
				}
				var heard codes
				for _, s := range r.Replies {
					heard = append(heard, s.Cause)
				}
				if diff := cmp.Diff(tt.heard, heard); diff != "" {
					t.Errorf("replies (-want +got):\n%s", diff)
				}
				if r.First.Cause != tt.heard[0] || r.Last.Cause != tt.heard[len(tt.heard)-1] {
					t.Errorf("first %s, last %s", r.First.Cause, r.Last.Cause)
				}
			})
		})
	}
}

func TestVerifyJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &Verify{Mailbox: mailbox, Probe: replies(refused(saysLocked)), Waiting: Waiting{Wait: time.Minute}}
		text, err := json.Marshal(v.Run(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Mailbox  string
			Outcome  string
			Attempts int
			WaitedMS int `json:"waited_ms"`
			First    struct{ Verdict, Cause string }
			Last     struct{ Verdict, Cause string }
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		want := got
		want.Mailbox, want.Outcome, want.Attempts, want.WaitedMS = mailbox, "refused", 1, 0
		want.First = struct{ Verdict, Cause string }{"named", "account-locked"}
		want.Last = want.First
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	})
}

// Interrupted during a pause: what was learnt so far is told.
func TestVerifyInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var waits []time.Duration
		v := &Verify{Mailbox: mailbox, Probe: replies(refused(saysDefaults)), Waiting: Waiting{Poll: 15 * time.Second, Wait: time.Hour},
			Progress: func(e Event) {
				if e.Kind == EventWaiting {
					waits = append(waits, e.Next)
				}
			}}
		r := v.Run(ctx)
		if r.Outcome != VerifyFailed || !errors.Is(r.Err, context.DeadlineExceeded) || r.Attempts != 2 || r.Last.Cause != catalogue.SecurityDefaults {
			t.Errorf("%+v", r)
		}
		if diff := cmp.Diff([]time.Duration{15 * time.Second, 30 * time.Second}, waits); diff != "" {
			t.Errorf("waits (-want +got):\n%s", diff)
		}
	})
}

// A try that waited longer for an answer than --wait allows is the only one.
func TestVerifySilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &Verify{Mailbox: mailbox, Waiting: Waiting{Wait: 3 * time.Second, Poll: time.Second}, Probe: func(context.Context) *probe.Report {
			time.Sleep(6 * time.Second)
			return timedOut()
		}}
		if r := v.Run(t.Context()); r.Attempts != 1 || r.WaitedMS != 6000 || r.Outcome != VerifyFailed {
			t.Errorf("%d attempts in %d ms: %s", r.Attempts, r.WaitedMS, r.Outcome)
		}
	})
}
