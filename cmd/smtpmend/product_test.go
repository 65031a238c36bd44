package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim"
	"smtpmend/remediate"
)

// axes are what a tenant may say about a submission, and what may stand
// around it. The product of them is every state that TestEveryState walks.
var axes = []struct {
	name   string
	values []string
}{
	{"org.security-defaults", []string{"on", "off"}},
	{"org.smtp-auth", []string{"on", "off"}},
	{"mailbox.smtp-auth", []string{"on", "off", "inherit"}},
	{"user.per-user-mfa", []string{"disabled", "enabled", "enforced"}},
	{"user.auth-policy-smtp", []string{"allow", "block"}},
	{"org.conditional-access", []string{fact.None, "Block legacy authentication"}},
	{"password", []string{"right", "wrong"}},
	{"flavour", []string{"newer", "older"}},
	{"log", []string{"readable", "unlicensed"}},
}

// A condition is one state of the product, by axis.
type condition map[string]string

func conditions() []condition {
	all := []condition{{}}
	for _, axis := range axes {
		var longer []condition
		for _, c := range all {
			for _, value := range axis.values {
				next := maps.Clone(c)
				next[axis.name] = value
				longer = append(longer, next)
			}
		}
		all = longer
	}
	return all
}

func (c condition) state(t *testing.T) *tenantsim.State {
	state := tenantsim.Default()
	for _, axis := range axes {
		if !strings.Contains(axis.name, ".") {
			continue
		}
		if err := state.Set(tenantsim.Mailbox, fact.Name(axis.name), c[axis.name]); err != nil {
			t.Fatal(err)
		}
	}
	state.SMTP.Flavour = front.Flavour(c["flavour"])
	state.SignInLog.Licensed = c["log"] == "readable"
	return state
}

// blockers says what stands in the way: the changes that mend it, and whether
// there is something that only a person can remove.
func (c condition) blockers() (mendable map[fact.Name]string, byHand bool) {
	mendable = map[fact.Name]string{}
	if c["mailbox.smtp-auth"] == "off" || c["mailbox.smtp-auth"] == "inherit" && c["org.smtp-auth"] == "off" {
		mendable[fact.MailboxSMTPAuth] = "on"
	}
	if c["user.per-user-mfa"] != "disabled" {
		mendable[fact.UserPerUserMFA] = "disabled"
	}
	if c["org.security-defaults"] == "on" {
		mendable[fact.OrgSecurityDefaults] = "off"
	}
	return mendable, c["password"] == "wrong" || c.onlyPeople()
}

// onlyPeople reports whether a setting stands in the way that has no remedy.
func (c condition) onlyPeople() bool {
	return c["user.auth-policy-smtp"] == "block" || c["org.conditional-access"] != fact.None
}

// stride is 1 to walk every state; see race_test.go.
var stride = 1

// In every state of a tenant: diagnosing only reads; without approval nothing
// is written; with approval only what stood in the way is, and by its
// narrowest remedy; the outcome is what a submission afterwards shows; undo
// restores.
func TestEveryState(t *testing.T) {
	const workers = 4
	all := conditions()
	if len(all) != 2*2*3*3*2*2*2*2*2 {
		t.Fatalf("%d states", len(all))
	}
	worlds := make([]*world, workers)
	for i := range worlds {
		worlds[i] = newWorld(t, tenantsim.Default())
		worlds[i].shareSignIn()
	}
	each(len(all), workers, func(worker, i int) {
		if t.Failed() || i%stride != 0 {
			return
		}
		w := worlds[worker]
		w.oneState(t, all[i], filepath.Join(w.dir, strconv.Itoa(i)))
		if t.Failed() {
			t.Logf("state %v:\n%s", all[i], w.said.String())
		}
	})
}

func (w *world) oneState(t *testing.T, c condition, journals string) {
	state := c.state(t)
	w.said.Reset()
	w.SetState(state)
	w.env[envPassword] = tenantsim.Password
	if c["password"] == "wrong" {
		w.env[envPassword] += "x"
	}
	seen := len(w.Writes())
	w.diagnoses(t, c)
	w.withholds(t, c, journals)
	if n := len(w.Writes()); n != seen {
		t.Errorf("%d writes without approval", n-seen)
	}
	w.fixes(t, c, journals)
	w.undoes(t, journals, state)
}

// diagnoses checks that what is confirmed stands in the way.
func (w *world) diagnoses(t *testing.T, c condition) {
	var d struct {
		Verdict string
		Cause   diagnose.Code
		Also    []diagnose.Code
	}
	code := w.object(t, &d, "diagnose", tenantsim.Mailbox)
	mendable, byHand := c.blockers()
	stand := map[diagnose.Code]bool{
		diagnose.SMTPAuthOffMailbox:    c["mailbox.smtp-auth"] == "off",
		diagnose.SMTPAuthOffOrg:        c["mailbox.smtp-auth"] == "inherit" && c["org.smtp-auth"] == "off",
		diagnose.PerUserMFA:            mendable[fact.UserPerUserMFA] != "",
		diagnose.SecurityDefaults:      mendable[fact.OrgSecurityDefaults] != "",
		diagnose.AuthPolicyBlocksBasic: c["user.auth-policy-smtp"] == "block",
		diagnose.ConditionalAccess:     c["org.conditional-access"] != fact.None,
		diagnose.BadCredentials:        c["password"] == "wrong",
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
	code := w.object(t, &res, fixing(journals)...)
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
func (w *world) fixes(t *testing.T, c condition, journals string) {
	var res remediate.Result
	before, seen := w.State(), len(w.Writes())
	code := w.object(t, &res, fixing(journals, "--yes-tenant-wide")...)
	wrote := w.wrote(t, before, seen)
	mendable, byHand := c.blockers()
	for name, value := range wrote {
		if mendable[name] != value {
			t.Errorf("fix: %s = %s, want %q", name, value, mendable[name])
		}
	}
	if wrote[fact.OrgSecurityDefaults] != "" && c.onlyPeople() {
		t.Error("fix: weakened the tenant where only a person can go on")
	}
	accepted := w.run(t.Context(), w.cloud("probe", tenantsim.Mailbox)...) == exitOK
	want, known := fixCodes[res.Outcome]
	switch {
	case !known || code != want || res.Outcome == remediate.Planned:
		t.Errorf("fix: %s, exit %d", res.Outcome, code)
	case accepted != (res.Outcome == remediate.Fixed || res.Outcome == remediate.Healthy):
		t.Errorf("fix: %s, and accepted afterwards: %v", res.Outcome, accepted)
	case accepted && (len(wrote) > 0) != (res.Outcome == remediate.Fixed):
		t.Errorf("fix: %s after writing %v", res.Outcome, wrote)
	case !byHand && !accepted:
		t.Errorf("fix: %s although nothing but mendable faults stood in the way", res.Outcome)
	}
}

// wrote returns the facts that differ from before, one for each write of the
// log from the one given.
func (w *world) wrote(t *testing.T, before *tenantsim.State, from int) map[fact.Name]string {
	now, changed := w.State(), map[fact.Name]string{}
	for _, row := range fact.Table {
		if v := now.Fact(tenantsim.Mailbox, row.Name); v != before.Fact(tenantsim.Mailbox, row.Name) {
			changed[row.Name] = v
		}
	}
	writes := w.Writes()[from:]
	for _, r := range writes {
		if r.Cmdlet != "" && r.Cmdlet != "Set-CASMailbox" {
			t.Errorf("wrote with %s", r.Cmdlet)
		}
	}
	if len(writes) != len(changed) {
		t.Errorf("%d writes changed %v", len(writes), changed)
	}
	return changed
}

func diffStates(before, after *tenantsim.State) string {
	return cmp.Diff(before, after)
}

func (c condition) String() string {
	var words []string
	for _, axis := range axes {
		words = append(words, fmt.Sprintf("%s=%s", axis.name, c[axis.name]))
	}
	return strings.Join(words, " ")
}
