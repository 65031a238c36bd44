package remediate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// After "locked" and "credentials were incorrect" nobody signs in again.
func TestNoAttemptAfterARefusedPassword(t *testing.T) {
	for _, words := range []string{saysWrong, saysLocked} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "mailbox.smtp-auth", "off", "org.security-defaults", "on")
			w.during = func(n int) *probe.Report {
				if n > 1 {
					return refused(words)
				}
				return nil
			}
			r := w.fix(both).Run(t.Context())
			if w.attempts != 2 || r.Outcome != ByHand || len(w.writes) != 1 {
				t.Errorf("%q: %d attempts, %s, wrote %v", words, w.attempts, r.Outcome, w.writes)
			}
		})
	}
}

// A refused password ends it, whatever else the tenant shows.
func TestNoPlanForARefusedPassword(t *testing.T) {
	w := newWorld(t, "mailbox.smtp-auth", "off")
	x := &fixing{Fix: w.fix(both), Result: &Result{Diagnosis: confirmed(w.fakeTenant, catalogue.SMTPAuthOffMailbox)}}
	seen := Sighting{Reading: diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Named, Cause: catalogue.BadCredentials}}}
	if p, ok := x.plan(t.Context(), seen); ok || x.Outcome != ByHand {
		t.Errorf("%s, planned %+v", x.Outcome, p)
	}
}

// A sign-in record from before the last change is not evidence any more.
func TestOldSignInRecord(t *testing.T) {
	w := newWorld(t, "user.sign-in-error", "50076", "user.per-user-mfa", "enforced")
	now := time.Now()
	for _, tt := range []struct {
		since time.Time
		known bool
	}{{time.Time{}, true}, {now.Add(-time.Minute), true}, {now, false}, {now.Add(time.Minute), false}} {
		w.signedIn = now
		x := &fixing{Fix: w.fix(both), Result: &Result{}, since: tt.since}
		x.consult(t.Context(), Sighting{Report: refused(saysBare), Reading: diagnose.Record(refused(saysBare)), At: now})
		if got := x.Diagnosis.Evidence.Get(fact.UserSignInError); got.Known() != tt.known {
			t.Errorf("record %v after the change: %+v", now.Sub(tt.since), got)
		}
	}
}

// A server that still answers from before an earlier change does not make the
// loop go round: the fact is set once, and the wait goes on.
func TestEchoOfAnEarlierCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "mailbox.smtp-auth", "off", "org.security-defaults", "on")
		w.during = func(n int) *probe.Report {
			if n == 3 || n == 4 {
				return refused(saysMailbox)
			}
			return nil
		}
		r := w.fix(both).Run(t.Context())
		if r.Outcome != Fixed || len(w.writes) != 2 || w.attempts != 5 {
			t.Errorf("%s: %v, wrote %v in %d attempts", r.Outcome, r.Err, w.writes, w.attempts)
		}
	})
}

// Interrupted while waiting: the change stays, and the result tells where its
// journal is.
func TestInterruptedWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "mailbox.smtp-auth", "off")
		w.delay = 24 * time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r := w.fix(both).Run(ctx)
		if r.Outcome != Failed || !errors.Is(r.Err, context.DeadlineExceeded) || state(t, r.Journal) != Applied {
			t.Errorf("%s: %v, journal %q", r.Outcome, r.Err, r.Journal)
		}
		if w.attempts != 3 {
			t.Errorf("%d attempts", w.attempts)
		}
	})
}

// While the person thinks it over, somebody else changes the setting.
func TestChangedWhileAsking(t *testing.T) {
	tests := []struct {
		now, journal string
		want         Outcome
		err          error
	}{
		{now: "on", want: Healthy, journal: string(Skipped)},
		{now: "off", want: Failed, err: ErrDrift},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "org.smtp-auth", "off")
			f := w.fix(both)
			f.Approve = func(Plan) (bool, error) {
				w.facts[fact.MailboxSMTPAuth] = tt.now
				w.spread()
				return true, nil
			}
			r := f.Run(t.Context())
			if r.Outcome != tt.want || !errors.Is(r.Err, tt.err) || len(w.writes) != 0 {
				t.Errorf("%s: %s, %v, wrote %v", tt.now, r.Outcome, r.Err, w.writes)
			}
			if got := string(state(t, r.Journal)); got != tt.journal || r.Steps[0].Applied {
				t.Errorf("%s: journal says %q, %+v", tt.now, got, r.Steps)
			}
			if r.Journal == "" {
				return
			}
			if u := undo(t, r.Journal, w); u.Outcome != UndoNothing || len(w.writes) != 0 {
				t.Errorf("%s: undo %s of what was not ours", tt.now, u.Outcome)
			}
		})
	}
}

func TestApprovalThatFails(t *testing.T) {
	w := newWorld(t, "mailbox.smtp-auth", "off")
	f := w.fix(both)
	gone := errors.New("the terminal is gone")
	f.Approve = func(Plan) (bool, error) { return true, gone }
	if r := f.Run(t.Context()); r.Outcome != Failed || !errors.Is(r.Err, gone) || len(w.writes) != 0 {
		t.Errorf("%s: %v, wrote %v", r.Outcome, r.Err, w.writes)
	}
}

// What a person sees while waiting: how long, for how long, and the last words.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "mailbox.smtp-auth", "off")
		w.delay = 40 * time.Second
		f := w.fix(both)
		var got []Event
		f.Progress = func(e Event) {
			if e.Kind != EventProbed && e.Sighting.Reading.Cause != catalogue.SMTPAuthOffMailbox {
				t.Errorf("%s: last words %+v", e.Kind, e.Sighting.Reading)
			}
			if e.Kind != EventProbed && filepath.Ext(e.Journal) != ".jsonl" {
				t.Errorf("%s: journal %q", e.Kind, e.Journal)
			}
			got = append(got, Event{Kind: e.Kind, Attempts: e.Attempts, Waited: e.Waited, Next: e.Next})
		}
		f.Run(t.Context())
		want := []Event{
			{Kind: EventProbed, Attempts: 1},
			{Kind: EventApplied, Attempts: 1},
			{Kind: EventWaiting, Attempts: 1, Next: 15 * time.Second},
			{Kind: EventProbed, Attempts: 2},
			{Kind: EventWaiting, Attempts: 2, Waited: 15 * time.Second, Next: 30 * time.Second},
			{Kind: EventProbed, Attempts: 3},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// The directory of journals is made, for this user alone.
func TestJournalDirIsMade(t *testing.T) {
	w := newWorld(t, "mailbox.smtp-auth", "off")
	f := w.fix(both)
	f.JournalDir = filepath.Join(f.JournalDir, "a", "b")
	f.Waiting.Poll = time.Millisecond
	if r := f.Run(t.Context()); r.Outcome != Fixed {
		t.Fatal(r.Outcome, r.Err)
	}
	if info, err := os.Stat(f.JournalDir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}
