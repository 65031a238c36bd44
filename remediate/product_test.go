package remediate

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A condition is one state of the product that TestEveryState walks.
type condition struct {
	defaults, org, mailbox, mfa, policy, ca string
	wrong, older, log                       bool
}

func conditions() []condition {
	var all []condition
	for _, defaults := range []string{"on", "off"} {
		for _, org := range []string{"on", "off"} {
			for _, mailbox := range []string{"on", "off", "inherit"} {
				for _, mfa := range []string{"disabled", "enabled", "enforced"} {
					for n := range 32 {
						c := condition{defaults, org, mailbox, mfa, "allow", fact.None, n&1 != 0, n&2 != 0, n&4 != 0}
						if n&8 != 0 {
							c.policy = "block"
						}
						if n&16 != 0 {
							c.ca = "Block legacy authentication"
						}
						all = append(all, c)
					}
				}
			}
		}
	}
	return all
}

func (c condition) world(t *testing.T) *world {
	w := newWorld(t, "org.security-defaults", c.defaults, "org.smtp-auth", c.org, "mailbox.smtp-auth", c.mailbox,
		"user.per-user-mfa", c.mfa, "user.auth-policy-smtp", c.policy, "org.conditional-access", c.ca)
	w.wrong, w.older, w.log = c.wrong, c.older, c.log
	return w
}

// mendable lists the changes that could stand in a plan, and byHand whether
// something stands in the way that none of them removes.
func (c condition) mendable() (changes []string, byHand bool) {
	if c.mailbox == "off" || c.mailbox == "inherit" && c.org == "off" {
		changes = append(changes, "mailbox.smtp-auth=on")
	}
	if c.mfa == "enforced" {
		changes = append(changes, "user.per-user-mfa=disabled")
	}
	if c.defaults == "on" {
		changes = append(changes, "org.security-defaults=off")
	}
	return changes, c.wrong || c.policy == "block" || c.ca != fact.None
}

// In every state: only what stood in the way and was
// approved is written; fixed means accepted; what can be mended is; undo
// restores.
func TestEveryState(t *testing.T) {
	for i, c := range conditions() {
		policies := []Policy{{}} // costs nothing
		if i%3 == 0 || !testing.Short() {
			policies = append(policies, both)
		}
		if i%4 == 0 {
			policies = append(policies, Policy{Yes: true})
		}
		for _, p := range policies {
			synctest.Test(t, func(t *testing.T) { oneState(t, c, p) })
		}
		if t.Failed() {
			return
		}
	}
}

func oneState(t *testing.T, c condition, policy Policy) {
	w := c.world(t)
	w.t = t
	before := settings(w.fakeTenant)
	healthy, _ := w.answer()
	r := w.fix(policy).Run(t.Context())
	defer func() {
		if t.Failed() {
			t.Logf("%+v, %+v: %s after %v, %v, wrote %v", c, policy, r.Outcome, causes(r), r.Err, w.writes)
		}
	}()
	changes, byHand := c.mendable()
	for i, wrote := range w.writes {
		if wrote == "org.security-defaults=on" && i > 0 && r.Outcome != Fixed {
			continue // without effect, it goes back by itself
		}
		if !slices.Contains(changes, wrote) {
			t.Errorf("wrote %s, which did not stand in the way", wrote)
		}
		if wrote == "org.security-defaults=off" && (!policy.YesTenantWide || c.policy == "block" || c.ca != fact.None) {
			t.Errorf("weakened the tenant")
		}
	}
	if dry := !policy.Yes && !policy.YesTenantWide; dry && (len(w.writes) > 0 || r.Journal != "") {
		t.Errorf("a dry run wrote %v, journal %q", w.writes, r.Journal)
	}
	now, _ := w.answer()
	if want := outcome(healthy, now, len(w.writes)); (r.Outcome == Fixed || r.Outcome == Healthy || want != "") && r.Outcome != want {
		t.Errorf("%s, want %q", r.Outcome, want)
	}
	if policy.YesTenantWide && !byHand && now != saysAccepted {
		t.Errorf("%s although nothing but mendable faults stood in the way", r.Outcome)
	}
	if !policy.Yes && !policy.YesTenantWide && len(changes) > 0 && !byHand && r.Outcome != Planned {
		t.Errorf("%s without approval", r.Outcome)
	}
	undoes(t, w, r, before)
}

// outcome is the one there must be, "" when the submission is not accepted.
func outcome(before, now string, writes int) Outcome {
	switch {
	case before == saysAccepted:
		return Healthy
	case now == saysAccepted && writes > 0:
		return Fixed
	}
	return ""
}

// undoes checks that undo restores the tenant exactly.
func undoes(t *testing.T, w *world, r *Result, before map[fact.Name]string) {
	t.Helper()
	if r.Journal == "" {
		if diff := cmp.Diff(before, settings(w.fakeTenant)); diff != "" {
			t.Errorf("changed without a journal:\n%s", diff)
		}
		return
	}
	if u := undo(t, r.Journal, w); u.Err != nil {
		t.Errorf("undo: %s, %v", u.Outcome, u.Err)
	}
	if diff := cmp.Diff(before, settings(w.fakeTenant)); diff != "" {
		t.Errorf("after undo:\n%s", diff)
	}
}

// A step names the cause that the tenant bore out, and its change.
func TestStepsTellWhatWasDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "org.smtp-auth", "off", "user.per-user-mfa", "enforced")
		r := w.fix(both).Run(t.Context())
		want := []Step{
			{Cause: catalogue.SMTPAuthOffOrg, Changes: []Change{{fact.MailboxSMTPAuth, mailbox, "inherit", "on", fact.ScopeMailbox}}, Applied: true, Effective: true, State: Applied},
			{Cause: catalogue.PerUserMFA, Changes: []Change{{fact.UserPerUserMFA, mailbox, "enforced", "disabled", fact.ScopeUser}}, Applied: true, Effective: true, State: Applied},
		}
		if diff := cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", stripped(r.Steps))); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
	})
}

func stripped(steps []Step) []Step {
	out := slices.Clone(steps)
	for i := range out {
		out[i].entry = 0
	}
	return out
}
