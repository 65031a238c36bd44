package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
	"smtpmend/remediate"
)

// In every state of a tenant: diagnosing only reads; without approval nothing
// is written; with approval only what stands in the way is, by its narrowest
// remedy, everybody's protection last and not for good unless that helped, and
// never an administrator's second factor; the outcome is what a submission
// afterwards shows, fixed exactly when it can be; undo restores.
func TestEveryState(t *testing.T) {
	for name, axes := range products {
		t.Run(name, func(t *testing.T) { walk(t, conditions(axes)) })
	}
}

func walk(t *testing.T, all []condition) {
	const workers = 4
	worlds := make([]*world, workers)
	for i := range worlds {
		worlds[i] = newWorld(t, tenantsim.Default())
	}
	var walked, fixed, back atomic.Int32
	each(len(all), workers, func(worker, i int) {
		if t.Failed() || !sampled(i, 17) {
			return
		}
		w := worlds[worker]
		end := w.oneState(t, all[i], filepath.Join(w.dir, strconv.Itoa(i)))
		walked.Add(1)
		if end.fixed {
			fixed.Add(1)
		}
		if end.wentBack {
			back.Add(1)
		}
		if t.Failed() {
			t.Logf("state %v:\n%s", all[i], w.said.String())
		}
	})
	t.Logf("%d of %d states; %d fixed; in %d a change for everybody went back by itself", walked.Load(), len(all), fixed.Load(), back.Load())
}

// An ending is what became of a state.
type ending struct{ fixed, wentBack bool }

func (w *world) oneState(t *testing.T, c condition, journals string) ending {
	state := c.state(t)
	w.said.Reset()
	w.SetState(state)
	w.typed, w.env[envPassword] = c.typed(), tenantsim.Password
	if c["password"] == "wrong" {
		w.env[envPassword] += "x"
	}
	seen := len(w.Writes())
	w.diagnoses(t, c)
	w.withholds(t, c, journals)
	if n := len(w.Writes()); n != seen {
		t.Errorf("%d writes without approval", n-seen)
	}
	end := w.fixes(t, c, journals)
	w.undoes(t, journals, state)
	return end
}

// diagnoses checks that what is confirmed stands in the way.
func (w *world) diagnoses(t *testing.T, c condition) {
	var d struct {
		Verdict string
		Cause   catalogue.Code
		Also    []catalogue.Code
	}
	code := w.object(t, &d, "diagnose", w.typed)
	mendable, byHand := c.blockers()
	stand := map[catalogue.Code]bool{
		catalogue.SMTPAuthOffMailbox:    c["mailbox.smtp-auth"] == "off",
		catalogue.SMTPAuthOffOrg:        c["mailbox.smtp-auth"] == "inherit" && c["org.smtp-auth"] == "off",
		catalogue.PerUserMFA:            c["user.per-user-mfa"] == "enforced",
		catalogue.SecurityDefaults:      c["org.security-defaults"] == "on",
		catalogue.AuthPolicyBlocksBasic: c["user.auth-policy-smtp"] == "block",
		catalogue.ConditionalAccess:     c["org.conditional-access"] != fact.None,
		catalogue.BadCredentials:        c["password"] == "wrong" || c.wrongName(),
	}
	for _, cause := range append(slices.Clone(d.Also), d.Cause) {
		if cause != "" && !stand[cause] {
			t.Errorf("diagnose: %s, which does not stand in the way", cause)
		}
	}
	want := map[string]int{"healthy": exitOK, "confirmed": exitCause, "named": exitCause, "unsure": exitUnsettled}
	if code != want[d.Verdict] || (d.Verdict == "healthy") != (len(mendable) == 0 && !byHand) {
		t.Errorf("diagnose: %q, exit %d", d.Verdict, code)
	}
}

// withholds runs fix without approval.
func (w *world) withholds(t *testing.T, c condition, journals string) {
	var res remediate.Result
	code := w.object(t, &res, w.fixing(journals)...)
	mendable, byHand := c.blockers()
	if code != fixCodes[res.Outcome] || res.Journal != "" || len(journalsIn(t, journals)) > 0 {
		t.Errorf("without approval: %s, exit %d, journal %q", res.Outcome, code, res.Journal)
	}
	if len(mendable) > 0 && !byHand && res.Outcome != remediate.Planned {
		t.Errorf("without approval: %s, want a plan", res.Outcome)
	}
}

// fixCodes are the exit codes of the outcomes; a fix of these tenants never
// fails.
var fixCodes = map[remediate.Outcome]int{
	remediate.Healthy: exitOK, remediate.Fixed: exitOK, remediate.Planned: exitCause,
	remediate.ByHand: exitCause, remediate.Unsure: exitUnsettled, remediate.Ineffective: exitUnmended,
}

// fixes runs fix with every approval.
func (w *world) fixes(t *testing.T, c condition, journals string) ending {
	before, seen := w.State(), len(w.Writes())
	w.watchWrites(t)
	code, answer := w.fix(t, journals, "-o", "json")
	w.OnRequest(nil)
	var res remediate.Result
	if err := json.Unmarshal([]byte(answer), &res); err != nil {
		t.Errorf("fix: exit %d, no JSON: %v\n%s", code, err, answer)
	}
	wrote, wentBack := w.wrote(t, before, seen)
	mendable, byHand := c.blockers()
	for name, value := range wrote {
		if mendable[name] != value {
			t.Errorf("fix: %s = %s, want %q", name, value, mendable[name])
		}
	}
	accepted := w.run(t.Context(), w.cloud("probe", w.typed)...) == exitOK
	want, known := fixCodes[res.Outcome]
	switch {
	case !known || code != want || res.Outcome == remediate.Planned:
		t.Errorf("fix: %s, exit %d", res.Outcome, code)
	case accepted != (res.Outcome == remediate.Fixed || res.Outcome == remediate.Healthy):
		t.Errorf("fix: %s, and accepted afterwards: %v", res.Outcome, accepted)
	case accepted && (len(wrote) > 0) != (res.Outcome == remediate.Fixed):
		t.Errorf("fix: %s after writing %v", res.Outcome, wrote)
	case accepted == byHand:
		t.Errorf("fix: %s; something that only a person can remove: %v", res.Outcome, byHand)
	case wrote[fact.OrgSecurityDefaults] != "" && !accepted:
		t.Error("fix: left the tenant without security defaults, to no purpose")
	}
	return ending{res.Outcome == remediate.Fixed, wentBack}
}

// watchWrites looks at the tenant at the moment before each write: whom it
// weakens decides what may stand then.
func (w *world) watchWrites(t *testing.T) {
	w.OnRequest(func(r tenantsim.Request, m tenantsim.Moment) {
		if !r.Writes || m != tenantsim.Before {
			return
		}
		s := w.State()
		at := func(name fact.Name) string { return s.Fact(tenantsim.Mailbox, name) }
		byHand := at(fact.UserAuthPolicySMTP) == "block" || at(fact.OrgConditionalAccess) != fact.None
		switch {
		case strings.HasSuffix(r.Path, "/requirements"):
			if byHand || at(fact.UserAdminRole) != fact.None {
				t.Errorf("MFA taken off at %+v", s)
			}
		case strings.HasSuffix(r.Path, "/identitySecurityDefaultsEnforcementPolicy") && strings.Contains(r.Body, "false"):
			mailbox := at(fact.MailboxSMTPAuth)
			switchedOff := mailbox == "off" || mailbox == "inherit" && at(fact.OrgSMTPAuth) == "off"
			if byHand || switchedOff || at(fact.UserPerUserMFA) == "enforced" {
				t.Errorf("security defaults off at %+v", s)
			}
		}
	})
}

// wrote returns the facts that differ from before, and whether security
// defaults went off and on again. There is one write for each of these, and no
// other in the log from the place given.
func (w *world) wrote(t *testing.T, before *tenantsim.State, from int) (changed map[fact.Name]string, wentBack bool) {
	now := w.State()
	changed = map[fact.Name]string{}
	for _, row := range fact.Table {
		if v := now.Fact(tenantsim.Mailbox, row.Name); v != before.Fact(tenantsim.Mailbox, row.Name) {
			changed[row.Name] = v
		}
	}
	writes, defaults := w.Writes()[from:], 0
	for _, r := range writes {
		if r.Cmdlet != "" && r.Cmdlet != "Set-CASMailbox" {
			t.Errorf("wrote with %s", r.Cmdlet)
		}
		if strings.HasSuffix(r.Path, "/identitySecurityDefaultsEnforcementPolicy") {
			defaults++
		}
	}
	wentBack = defaults == 2 && changed[fact.OrgSecurityDefaults] == ""
	want := len(changed)
	if wentBack {
		want += 2
	}
	if len(writes) != want {
		t.Errorf("%d writes changed %v", len(writes), changed)
	}
	return changed, wentBack
}

func diffStates(before, after *tenantsim.State) string {
	return cmp.Diff(before, after)
}
