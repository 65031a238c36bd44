package remediate

import (
	"context"
	"maps"
	"testing"
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// A world is a tenant and the submission server over it, which sees a change
// only after delay.
type world struct {
	*fakeTenant
	views    []view
	delay    time.Duration
	wrong    bool // the password
	older    bool // every refusal is the bare 535 5.7.3
	log      bool // the sign-in log may be read
	attempts int
	during   func(attempt int) *probe.Report // answers instead, unless nil
}

// healthyFacts is a tenant in which nothing stands in the way.
func healthyFacts() map[fact.Name]string {
	return map[fact.Name]string{
		fact.OrgSecurityDefaults: "off", fact.OrgSMTPAuth: "on", fact.MailboxSMTPAuth: "inherit",
		fact.UserPerUserMFA: "disabled", fact.UserAuthPolicySMTP: "allow", fact.UserAccount: "enabled",
		fact.UserExchangeLicence: "yes", fact.MailboxKind: "user", fact.OrgConditionalAccess: fact.None,
		fact.UserSignInError: fact.None, fact.OrgLegacyTLS: "off", fact.UserAdminRole: fact.None,
	}
}

// newWorld is a healthy tenant but for the pairs of fact and value given.
func newWorld(t *testing.T, pairs ...string) *world {
	t.Helper()
	facts := healthyFacts()
	for i := 0; i < len(pairs); i += 2 {
		facts[fact.Name(pairs[i])] = pairs[i+1]
	}
	w := &world{fakeTenant: newTenant(t, facts), log: true}
	w.spread()
	w.hook = func(call string) {
		if call == "after write" {
			w.spread()
		}
	}
	return w
}

// A view is the tenant as the server sees it from a time on.
type view struct {
	from  time.Time
	facts map[fact.Name]string
}

// spread lets the server see the tenant as it is now, after the delay.
func (w *world) spread() {
	w.views = append(w.views, view{time.Now().Add(w.delay), maps.Clone(w.facts)})
}

// seen is what the server sees by now.
func (w *world) seen() map[fact.Name]string {
	facts := w.views[0].facts
	for _, v := range w.views {
		if !v.from.After(time.Now()) {
			facts = v.facts
		}
	}
	return facts
}

// Read is a fakeTenant's, but for the sign-in log.
func (w *world) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	e := w.fakeTenant.Read(ctx, names...)
	for i := range e {
		if e[i].Fact == fact.UserSignInError && !w.log {
			e[i] = fact.Reading{Fact: e[i].Fact, Error: "the tenant has no licence for the sign-in log"}
		}
		if e[i].Fact == fact.UserSignInError && e[i].Known() && e[i].Value != fact.None {
			e[i].At = w.signedIn
		}
	}
	return e
}

// answer is the reply to a sign-in and, where Entra was asked, what its log
// says of it.
func (w *world) answer() (reply, code string) {
	f := w.seen()
	switch {
	case f[fact.MailboxSMTPAuth] == "off":
		return saysMailbox, ""
	case f[fact.MailboxSMTPAuth] == "inherit" && f[fact.OrgSMTPAuth] == "off":
		return saysTenant, ""
	case f[fact.UserAuthPolicySMTP] == "block":
		return saysBasic, ""
	case w.wrong:
		return saysWrong, "50126"
	case f[fact.OrgSecurityDefaults] == "on":
		return saysDefaults, "530035"
	case f[fact.UserPerUserMFA] == "enforced":
		return saysCriteria, "50076"
	case f[fact.OrgConditionalAccess] != fact.None:
		return saysCriteria, "53003"
	}
	return saysAccepted, fact.None
}

// try is one attempt to submit.
func (w *world) try(ctx context.Context) *probe.Report {
	w.attempts++
	if w.during != nil {
		if rep := w.during(w.attempts); rep != nil {
			return rep
		}
	}
	reply, code := w.answer()
	if code != "" {
		w.facts[fact.UserSignInError], w.signedIn = code, time.Now()
	}
	if reply == saysAccepted {
		return accepted()
	}
	if w.older {
		reply = saysBare
	}
	return refused(reply)
}

// fix is a Fix of the world, approved by policy; what it approves is what the
// tenant lets pass.
func (w *world) fix(policy Policy) *Fix {
	return &Fix{
		Mailbox: mailbox, Tenant: w, Probe: w.try, JournalDir: w.t.TempDir(),
		Waiting: Waiting{Poll: 15 * time.Second, Wait: 30 * time.Minute},
		Approve: func(p Plan) (bool, error) {
			yes, err := policy.Approve(p)
			if yes {
				w.allowed = append(w.allowed, p.Changes...)
			}
			return yes, err
		},
	}
}

// causes lists the causes of the steps, for short comparisons.
func causes(r *Result) []catalogue.Code {
	var codes []catalogue.Code
	for _, s := range r.Steps {
		codes = append(codes, s.Cause)
	}
	return codes
}
