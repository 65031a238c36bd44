package remediate

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

var both = Policy{Yes: true, YesTenantWide: true}

func TestFix(t *testing.T) {
	const (
		mb, org, mfa, defs = "mailbox.smtp-auth", "org.smtp-auth", "user.per-user-mfa", "org.security-defaults"
		ca, policy         = "org.conditional-access", "user.auth-policy-smtp"
	)
	type codes = []catalogue.Code
	tests := []struct {
		name     string
		faults   []string
		set      func(*world, *Fix)
		policy   Policy
		want     Outcome
		steps    codes
		writes   []string
		err      error
		attempts int // 0: not looked at
	}{
		{name: "healthy", policy: both, want: Healthy, attempts: 1},
		{name: "mailbox off", faults: []string{mb, "off"}, policy: both, want: Fixed,
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 2},
		{name: "organisation off", faults: []string{org, "off"}, policy: Policy{Yes: true}, want: Fixed,
			steps: codes{catalogue.SMTPAuthOffOrg}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 2},
		{name: "one behind the other", faults: []string{mb, "off", defs, "on"}, policy: both, want: Fixed,
			steps:  codes{catalogue.SMTPAuthOffMailbox, catalogue.SecurityDefaults},
			writes: []string{"mailbox.smtp-auth=on", "org.security-defaults=off"}, attempts: 3},
		{name: "the second not approved", faults: []string{mb, "off", defs, "on"}, policy: Policy{Yes: true}, want: Planned,
			steps:  codes{catalogue.SMTPAuthOffMailbox, catalogue.SecurityDefaults},
			writes: []string{"mailbox.smtp-auth=on"}, attempts: 2},
		{name: "dry run", faults: []string{mb, "off", defs, "on"}, want: Planned,
			steps: codes{catalogue.SMTPAuthOffMailbox}, attempts: 1},
		{name: "by hand", faults: []string{policy, "block"}, policy: both, want: ByHand, err: ErrByHand, attempts: 1},
		{name: "a person first", faults: []string{defs, "on", ca, "Block legacy authentication"}, policy: both,
			want: ByHand, err: ErrNotHere, attempts: 1},
		{name: "wrong password behind", faults: []string{mb, "off"}, policy: both, want: ByHand, err: ErrByHand,
			set:   func(w *world, _ *Fix) { w.wrong = true },
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 2},
		{name: "wrong password", policy: both, want: ByHand, err: ErrByHand, attempts: 1,
			set: func(w *world, _ *Fix) { w.wrong = true }},
		{name: "no admin rights", faults: []string{mb, "off"}, policy: both, want: ByHand, err: ErrNotConfirmed, attempts: 1,
			set: func(_ *world, f *Fix) { f.Tenant = nil }},
		{name: "not readable", faults: []string{mb, "off"}, policy: both, want: ByHand, err: ErrNotConfirmed, attempts: 1,
			set: func(w *world, _ *Fix) { w.unread[fact.MailboxSMTPAuth] = "down" }},
		{name: "words alone, several causes", policy: both, want: Unsure, attempts: 1,
			set: func(w *world, f *Fix) { w.wrong, w.older, w.log = true, true, false }},
		{name: "no write permission", faults: []string{mb, "off"}, policy: both, want: Failed, err: errRefused,
			set:   func(w *world, _ *Fix) { w.writeErr = errRefused },
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 1},
		{name: "same words throughout, narrowest first", faults: []string{org, "off", defs, "on", mfa, "enforced"}, policy: both, want: Fixed,
			set:    func(w *world, _ *Fix) { w.older, w.delay = true, time.Minute },
			steps:  codes{catalogue.SMTPAuthOffOrg, catalogue.PerUserMFA, catalogue.SecurityDefaults},
			writes: []string{"mailbox.smtp-auth=on", "user.per-user-mfa=disabled", "org.security-defaults=off"},
			// No sign-in is wasted while the tenant itself shows what is left.
			attempts: 4},
		{name: "same words, by hand behind", faults: []string{mb, "off", policy, "block"}, policy: both, want: ByHand, err: ErrByHand,
			set:   func(w *world, _ *Fix) { w.older = true },
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 1},
		{name: "same words, wrong password behind", faults: []string{mb, "off"}, policy: both, want: ByHand, err: ErrByHand,
			set:   func(w *world, _ *Fix) { w.older, w.wrong = true, true },
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 2},
		{name: "slow to take effect", faults: []string{mb, "off"}, policy: both, want: Fixed,
			set:   func(w *world, _ *Fix) { w.delay = 20 * time.Minute },
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"},
			// 15 30 60 120 240 300 300 300: the eighth is at 22 min 45 s.
			attempts: 9},
		{name: "no effect", faults: []string{mb, "off"}, policy: both, want: Ineffective,
			set:   func(w *world, _ *Fix) { w.delay = 24 * time.Hour },
			steps: codes{catalogue.SMTPAuthOffMailbox}, writes: []string{"mailbox.smtp-auth=on"}, attempts: 11},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, tt.faults...)
				f := w.fix(tt.policy)
				if tt.set != nil {
					tt.set(w, f)
				}
				r := f.Run(t.Context())
				if r.Outcome != tt.want || !errors.Is(r.Err, tt.err) || r.Err != nil && tt.err == nil {
					t.Errorf("%s: %v; want %s: %v", r.Outcome, r.Err, tt.want, tt.err)
				}
				if diff := cmp.Diff(tt.steps, causes(r)); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.writes, w.writes); diff != "" {
					t.Errorf("writes (-want +got):\n%s", diff)
				}
				if tt.attempts != 0 && (w.attempts != tt.attempts || r.Attempts != tt.attempts) {
					t.Errorf("%d attempts, counted %d, want %d", w.attempts, r.Attempts, tt.attempts)
				}
				if (r.Journal != "") != (len(w.writes) > 0) {
					t.Errorf("journal %q after %v", r.Journal, w.writes)
				}
			})
		})
	}
}

func TestFixJSON(t *testing.T) {
	w := newWorld(t, "mailbox.smtp-auth", "off")
	r := w.fix(Policy{}).Run(t.Context())
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"mailbox":"scanner@contoso.com","outcome":"planned","steps":[{"cause":"smtp-auth-off-mailbox","changes":` +
		`[{"fact":"mailbox.smtp-auth","target":"scanner@contoso.com","from":"off","to":"on","scope":"mailbox"}],` +
		`"applied":false,"effective":false,"rolled_back":false}],"journal":""}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	text, _ = json.Marshal(newWorld(t).fix(Policy{}).Run(t.Context()))
	if !strings.Contains(string(text), `"steps":[]`) {
		t.Errorf("healthy: %s", text)
	}
}

func TestRollback(t *testing.T) {
	type flags struct{ Applied, Effective, RolledBack bool }
	tests := []struct {
		name   string
		faults []string
		set    func(*world)
		last   *probe.Report // every answer after the changes, unless nil
		want   []flags
		tenant map[fact.Name]string
	}{
		{name: "what had no effect goes back", faults: []string{"mailbox.smtp-auth", "off"},
			set: func(w *world) { w.delay = 24 * time.Hour }, want: []flags{{true, false, true}},
			tenant: map[fact.Name]string{fact.MailboxSMTPAuth: "off"}},
		{name: "what had one stays", faults: []string{"mailbox.smtp-auth", "off", "org.security-defaults", "on"},
			set: func(w *world) {
				w.during = func(n int) *probe.Report {
					if n > 1 {
						return refused(saysDefaults)
					}
					return nil
				}
			},
			want:   []flags{{true, true, false}, {true, false, true}},
			tenant: map[fact.Name]string{fact.MailboxSMTPAuth: "on", fact.OrgSecurityDefaults: "on"}},
		{name: "a line that is down proves nothing", faults: []string{"mailbox.smtp-auth", "off"},
			set: func(w *world) {
				w.during = func(n int) *probe.Report {
					if n > 1 {
						return timedOut()
					}
					return nil
				}
			},
			want:   []flags{{true, false, false}},
			tenant: map[fact.Name]string{fact.MailboxSMTPAuth: "on"}},
		{name: "same words throughout: all of it", faults: []string{"mailbox.smtp-auth", "off", "user.per-user-mfa", "enforced"},
			set:    func(w *world) { w.older, w.delay = true, 24*time.Hour },
			want:   []flags{{true, false, true}, {true, false, true}},
			tenant: map[fact.Name]string{fact.MailboxSMTPAuth: "off", fact.UserPerUserMFA: "enforced"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, tt.faults...)
				tt.set(w)
				f := w.fix(both)
				f.Rollback = func([]Change) (bool, error) { return true, nil }
				r := f.Run(t.Context())
				if r.Outcome != Ineffective || r.Err != nil {
					t.Errorf("%s: %v", r.Outcome, r.Err)
				}
				var got []flags
				for _, s := range r.Steps {
					got = append(got, flags{s.Applied, s.Effective, s.RolledBack})
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				for name, value := range tt.tenant {
					if w.facts[name] != value {
						t.Errorf("%s is %s, want %s", name, w.facts[name], value)
					}
				}
			})
		})
	}
}
