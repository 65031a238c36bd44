package remediate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// A change for everybody goes back by itself unless a sign-in was accepted or
// a reply names a cause that stands behind it.
func TestTenantWideGoesBackByItself(t *testing.T) {
	const locked = "535 5.7.139 Authentication unsuccessful, account locked. Contact your administrator. "
	tests := []struct {
		name  string
		older bool
		wrong bool
		later string // every reply after the change, "" for the world's own
		keep  bool
		want  Outcome
		back  bool
	}{
		{name: "it worked", want: Fixed},
		{name: "bare words and a wrong password", older: true, wrong: true, want: Ineffective, back: true},
		{name: "the same refusal to the end", later: saysDefaults, want: Ineffective, back: true},
		{name: "the same, and to be kept", later: saysDefaults, keep: true, want: Ineffective},
		{name: "other words that name nothing", later: saysCriteria, want: Unsure, back: true},
		{name: "a cause in front of it", later: saysMailbox, want: Ineffective, back: true},
		{name: "a wrong password in front of it", later: saysWrong, want: ByHand, back: true},
		{name: "locked by the attempts", later: locked, want: ByHand, back: true},
		{name: "a cause behind it", later: "554 5.2.252 SendAsDenied; scanner@contoso.com not allowed to send as x@contoso.com; STOREDRV.Submission.Exception:SendAsDeniedException ", want: ByHand},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, "org.security-defaults", "on")
				w.older, w.wrong, w.log = tt.older, tt.wrong, !tt.older
				w.during = func(n int) *probe.Report {
					if n > 1 && tt.later != "" {
						return refused(tt.later)
					}
					return nil
				}
				f := w.fix(both)
				f.Keep = tt.keep
				f.Rollback = func([]Change) (bool, error) { t.Error("nobody is asked about it"); return false, nil }
				r := f.Run(t.Context())
				off := w.facts[fact.OrgSecurityDefaults] == "off"
				if r.Outcome != tt.want || off == tt.back || r.Steps[0].RolledBack != tt.back {
					t.Errorf("%s, %v, security defaults off: %v, %+v", r.Outcome, r.Err, off, r.Steps)
				}
				if tt.back && state(t, r.Journal) != Restored {
					t.Errorf("journal says %q", state(t, r.Journal))
				}
			})
		})
	}
}

// What touches everybody comes last, also where the reply names it.
func TestEverybodyLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "org.security-defaults", "on", "user.per-user-mfa", "enforced")
		r := w.fix(both).Run(t.Context())
		if diff := cmp.Diff([]string{"user.per-user-mfa=disabled", "org.security-defaults=off"}, w.writes); diff != "" || r.Outcome != Fixed {
			t.Errorf("%s, %v, writes (-want +got):\n%s", r.Outcome, r.Err, diff)
		}
		if w.attempts != 2 {
			t.Errorf("%d attempts, though the tenant itself showed what was left", w.attempts)
		}
	})
}

// The person thinks it over, and somebody else makes a policy meanwhile.
func TestRecheckBeforeEverybody(t *testing.T) {
	for _, change := range []func(*world){
		func(w *world) { w.facts[fact.OrgConditionalAccess] = "Block legacy authentication" },
		func(w *world) { w.facts[fact.UserPerUserMFA] = "enforced" },
		func(w *world) { w.unread[fact.OrgConditionalAccess] = "403" },
		func(w *world) { w.subject.User.Err = errors.New("another user") },
	} {
		w := newWorld(t, "org.security-defaults", "on")
		f := w.fix(both)
		approve := f.Approve
		f.Approve = func(p Plan) (bool, error) { change(w); return approve(p) }
		if r := f.Run(t.Context()); r.Outcome != Failed || !errors.Is(r.Err, ErrDrift) || len(w.writes) > 0 {
			t.Errorf("%s, %v, wrote %v", r.Outcome, r.Err, w.writes)
		}
	}
}

// Fix is run again, or beside a portal, while the change is on its way: there
// is nothing to change, only to wait.
func TestFixAgainWhileArriving(t *testing.T) {
	tests := []struct {
		name    string
		replies []string // of the attempts before the world's own
		earlier bool     // a journal tells of the change
		want    Outcome
		waits   bool
	}{
		{"the reply names what is mended", []string{saysMailbox, saysMailbox, saysMailbox}, false, Healthy, true},
		{"for the organisation", []string{saysTenant, saysTenant}, false, Healthy, true},
		{"security defaults", []string{saysDefaults, saysDefaults}, false, Healthy, true},
		{"a policy that only a person removes", []string{saysWrong}, false, ByHand, false},
		{"words that name nothing", []string{saysBare, saysBare}, false, Unsure, false},
		{"words that name nothing, and a journal", []string{saysBare, saysBare}, true, Healthy, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, "mailbox.smtp-auth", "on")
				w.log = false
				f := w.fix(both)
				if tt.earlier {
					w.facts[fact.MailboxSMTPAuth] = "off"
					w.spread()
					w.delay = time.Second
					first := w.fix(both)
					first.JournalDir, first.Waiting.Wait = f.JournalDir, time.Millisecond
					first.Run(t.Context())
					w.attempts, w.writes = 0, nil
					time.Sleep(time.Minute)
				}
				w.during = func(n int) *probe.Report {
					if n <= len(tt.replies) {
						return refused(tt.replies[n-1])
					}
					return nil
				}
				r := f.Run(t.Context())
				if r.Outcome != tt.want || len(w.writes) > 0 || len(r.Steps) > 0 || (w.attempts > 1) != tt.waits {
					t.Errorf("%s, %v, wrote %v in %d attempts", r.Outcome, r.Err, w.writes, w.attempts)
				}
			})
		})
	}
	// It never arrives: not effective yet, and nothing of ours to put back.
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.during = func(int) *probe.Report { return refused(saysMailbox) }
		if r := w.fix(both).Run(t.Context()); r.Outcome != Ineffective || r.Err != nil || r.Journal != "" {
			t.Errorf("%s, %v, journal %q", r.Outcome, r.Err, r.Journal)
		}
	})
}

// Directory reads that lag do not end a fix whose change was accepted.
func TestLaggingReads(t *testing.T) {
	const mb, mfa, defs = "mailbox.smtp-auth", "user.per-user-mfa", "org.security-defaults"
	for _, tt := range []struct {
		older  bool
		faults []string
	}{
		{false, []string{mb, "off", mfa, "enforced", defs, "on"}},
		{true, []string{mb, "off", mfa, "enforced", defs, "on"}},
		{false, []string{mb, "off", defs, "on"}}, // the reply moves on before the reading does
	} {
		synctest.Test(t, func(t *testing.T) {
			older := tt.older
			w := newWorld(t, tt.faults...)
			w.older = older
			slow := &laggingTenant{world: w, lag: 45 * time.Second}
			f := w.fix(both)
			f.Tenant = slow
			r := f.Run(t.Context())
			if r.Outcome != Fixed || len(w.writes) != len(tt.faults)/2 {
				t.Errorf("older %v: %s, %v, wrote %v", older, r.Outcome, r.Err, w.writes)
			}
			for _, s := range r.Steps {
				if !s.Applied || s.State != Applied && s.State != Sent {
					t.Errorf("older %v: %+v", older, s)
				}
			}
			if u := undo(t, r.Journal, w); u.Outcome != UndoRestored {
				t.Errorf("older %v: undo %s, %v", older, u.Outcome, u.Err)
			}
		})
	}
}

// A laggingTenant answers reads from before the changes of the last while.
type laggingTenant struct {
	*world
	lag    time.Duration
	before []view
}

func (l *laggingTenant) Write(ctx context.Context, name fact.Name, value string) error {
	old := l.facts[name]
	err := l.world.Write(ctx, name, value)
	l.before = append(l.before, view{time.Now().Add(l.lag), map[fact.Name]string{name: old}})
	return err
}

func (l *laggingTenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	e := l.world.Read(ctx, names...)
	for i, r := range e {
		for _, v := range l.before {
			if old, ok := v.facts[r.Fact]; ok && time.Now().Before(v.from) {
				e[i].Value = old
			}
		}
	}
	return e
}

// On the word of a server that is none of the cloud's a plan is shown, nobody
// is asked to make it, and nothing is written.
func TestHearsay(t *testing.T) {
	for _, fault := range []string{"mailbox.smtp-auth", "org.security-defaults"} {
		w := newWorld(t, fault, map[bool]string{true: "off", false: "on"}[fault == "mailbox.smtp-auth"])
		f := w.fix(both)
		f.Hearsay = "mail.example.net:587"
		r := f.Run(t.Context())
		if r.Outcome != Planned || !errors.Is(r.Err, ErrHearsay) || r.Plan == nil || len(w.writes) > 0 || r.Journal != "" {
			t.Errorf("%s: %s, %v, plan %v, wrote %v", fault, r.Outcome, r.Err, r.Plan, w.writes)
		}
		if !strings.Contains(r.Err.Error(), f.Hearsay) {
			t.Errorf("does not say whose word: %v", r.Err)
		}
	}
}

// What is held back is by hand where it is for a person to mend, and failed
// where an API was down.
func TestHeldBack(t *testing.T) {
	down := errors.New("503")
	for _, passing := range []bool{false, true} {
		w := newWorld(t, "org.security-defaults", "on")
		f := w.fix(both)
		f.Tenant = troubled{w, map[fact.Name]error{fact.OrgConditionalAccess: down}}
		f.Passing = func(err error) bool { return passing && errors.Is(err, down) }
		r := f.Run(t.Context())
		want := map[bool]Outcome{false: ByHand, true: Failed}[passing]
		if r.Outcome != want || !errors.Is(r.Err, ErrNotHere) || !errors.Is(r.Err, down) || len(w.writes) > 0 {
			t.Errorf("passing %v: %s, %v, wrote %v", passing, r.Outcome, r.Err, w.writes)
		}
	}
}

// troubled cannot read some facts, for a reason.
type troubled struct {
	*world
	why map[fact.Name]error
}

func (b troubled) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	e := b.world.Read(ctx, names...)
	for i, r := range e {
		if err := b.why[r.Fact]; err != nil {
			e[i] = fact.Reading{Fact: r.Fact, Error: err.Error(), Trouble: err}
		}
	}
	return e
}

// Each fact is asked once a run, again only after a write that may change it.
// The sign-in log gains a record with each attempt; all that a change for
// everybody rests on is read anew before it.
func TestEachFactIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "mailbox.smtp-auth", "off", "user.per-user-mfa", "enforced")
		w.older, w.delay = true, 10*time.Minute
		asked := map[fact.Name]int{}
		f := w.fix(both)
		f.Tenant = counting{w, asked}
		if r := f.Run(t.Context()); r.Outcome != Fixed {
			t.Fatal(r.Outcome, r.Err)
		}
		for name, n := range asked {
			most := 1
			switch name {
			case fact.MailboxSMTPAuth, fact.UserPerUserMFA:
				most = 4 // before and after its write, by the plan and by Apply
			case fact.UserSignInError:
				most = w.attempts
			}
			if n > most {
				t.Errorf("%s was asked %d times in %d attempts", name, n, w.attempts)
			}
		}
	})
}

type counting struct {
	*world
	asked map[fact.Name]int
}

func (c counting) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	for _, name := range names {
		c.asked[name]++
	}
	return c.world.Read(ctx, names...)
}

// A crash of ours at any call after the change still tells the journal, and
// what the journal knows.
func TestCrashTellsTheJournal(t *testing.T) {
	calls := 0
	for at := 1; ; at++ {
		crashed := false
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "mailbox.smtp-auth", "off")
			w.delay = time.Minute
			n := 0
			f := w.fix(both)
			boom := func() {
				if n++; n == at {
					crashed = true
					panic("index out of range")
				}
			}
			try := f.Probe
			f.Probe = func(ctx context.Context) *probe.Report { boom(); return try(ctx) }
			spread := w.hook
			w.hook = func(call string) { boom(); spread(call) }
			r := f.Run(t.Context())
			if !crashed {
				return
			}
			calls++
			crash, ok := errors.AsType[*CrashError](r.Err)
			if r.Outcome != Failed || !ok || len(crash.Stack) == 0 || crash.Value != "index out of range" {
				t.Errorf("call %d: %s, %v", at, r.Outcome, r.Err)
			}
			if strings.Contains(r.Err.Error(), "index out of range") {
				t.Errorf("call %d shows the panic: %v", at, r.Err)
			}
			changed := w.facts[fact.MailboxSMTPAuth] != "off"
			if changed && (r.Journal == "" || r.Steps[0].State == "") {
				t.Errorf("call %d: changed, journal %q, %+v", at, r.Journal, r.Steps)
			}
			if r.Journal != "" {
				w.hook = func(string) {}
				if u := undo(t, r.Journal, w); w.facts[fact.MailboxSMTPAuth] != "off" {
					t.Errorf("call %d: undo %s, %v", at, u.Outcome, u.Err)
				}
			}
		})
		if !crashed {
			break
		}
	}
	if calls < 10 {
		t.Errorf("only %d calls", calls)
	}
}

// A refusal of the subject ends a fix before any plan is shown.
func TestSubjectNotProven(t *testing.T) {
	elsewhere := errors.New("Exchange Online resolved scanner@contoso.com to boss@contoso.com")
	w := newWorld(t, "mailbox.smtp-auth", "off")
	w.subject.Mailbox.Err = elsewhere
	f := w.fix(both)
	f.Approve = func(Plan) (bool, error) { t.Error("a plan was shown"); return true, nil }
	if r := f.Run(t.Context()); r.Outcome != Failed || !errors.Is(r.Err, elsewhere) || len(w.writes) > 0 {
		t.Errorf("%s, %v, wrote %v", r.Outcome, r.Err, w.writes)
	}
}

// The plan that a person approves says what the tenant shows besides, and
// where the change will be written down.
func TestPlanTellsBlockersAndJournal(t *testing.T) {
	w := newWorld(t, "mailbox.smtp-auth", "off", "org.conditional-access", "Block legacy authentication")
	w.unread[fact.UserAccount] = "403"
	f := w.fix(both)
	var shown []Plan
	f.Approve = func(p Plan) (bool, error) { shown = append(shown, p); return false, nil }
	f.Run(t.Context())
	if len(shown) != 1 {
		t.Fatalf("%d plans", len(shown))
	}
	c := shown[0].Context
	if diff := cmp.Diff([]catalogue.Code{catalogue.ConditionalAccess}, c.Others); diff != "" {
		t.Errorf("others (-want +got):\n%s", diff)
	}
	if len(c.Unread) != 1 || c.Unread[0].Fact != fact.UserAccount || !c.Told || !strings.HasPrefix(c.Journal, f.JournalDir) {
		t.Errorf("%+v", c)
	}
}

// A change whose answer was lost is waited for as any other: it may land, and
// where it does not show to the end, that is what is said. One for everybody
// is not called put back while it may still land.
func TestLostAnswer(t *testing.T) {
	lost := fmt.Errorf("reset: %w", fact.ErrUncertain)
	for _, tt := range []struct {
		name  string
		lands time.Duration // after it was sent; 0 for never
		want  Outcome
		err   error
	}{
		{"lands at once", time.Nanosecond, Fixed, nil},
		{"lands late", 5 * time.Minute, Fixed, nil},
		{"never lands", 0, Failed, ErrUncertain},
	} {
		for _, cause := range []fact.Name{fact.MailboxSMTPAuth, fact.OrgSecurityDefaults} {
			synctest.Test(t, func(t *testing.T) {
				bad, good := map[fact.Name]string{fact.MailboxSMTPAuth: "off", fact.OrgSecurityDefaults: "on"}[cause],
					map[fact.Name]string{fact.MailboxSMTPAuth: "on", fact.OrgSecurityDefaults: "off"}[cause]
				w := newWorld(t, string(cause), bad)
				w.writeErr = lost
				var sent time.Time
				w.hook = func(call string) {
					if call == "after write" && sent.IsZero() {
						sent = time.Now()
					}
					if !sent.IsZero() && tt.lands > 0 && time.Since(sent) >= tt.lands && w.facts[cause] == bad {
						w.facts[cause] = good
						w.spread()
					}
				}
				r := w.fix(both).Run(t.Context())
				if r.Outcome != tt.want || !errors.Is(r.Err, tt.err) || len(w.writes) != 1 {
					t.Errorf("%s, %s: %s, %v, wrote %v", tt.name, cause, r.Outcome, r.Err, w.writes)
				}
				if s := r.Steps[0]; s.RolledBack || s.Applied != (tt.want == Fixed) || r.Journal == "" {
					t.Errorf("%s, %s: %+v, journal %q", tt.name, cause, s, r.Journal)
				}
			})
		}
	}
}

// What cannot be put back is not called put back: the fix has failed.
func TestStuckForEverybody(t *testing.T) {
	for name, later := range map[string]string{"the same refusal": saysDefaults, "other words": saysCriteria} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "org.security-defaults", "on")
			f := w.fix(both)
			w.during = func(n int) *probe.Report {
				if n > 1 {
					w.writeErr = errRefused
					return refused(later)
				}
				return nil
			}
			f.Progress = func(e Event) {
				if e.Kind == EventPutBack {
					t.Errorf("%s: said to be put back", name)
				}
			}
			r := f.Run(t.Context())
			if s := r.Steps[0]; r.Outcome != Failed || !errors.Is(r.Err, errRefused) || !s.Stuck || s.RolledBack || s.State != Applied {
				t.Errorf("%s: %s, %v, %+v", name, r.Outcome, r.Err, s)
			}
		})
	}
}
