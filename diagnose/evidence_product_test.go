package diagnose

import (
	"iter"
	"slices"
	"strconv"
	"testing"
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
)

// axes are the values that each fact may have, "?" for one that could not be
// read.
var axes = []struct {
	fact   fact.Name
	values []string
}{
	{fact.MailboxSMTPAuth, []string{"on", "off", "inherit", "?"}},
	{fact.OrgSMTPAuth, []string{"on", "off", "?"}},
	{fact.UserPerUserMFA, []string{"disabled", "enforced", "?"}},
	{fact.OrgSecurityDefaults, []string{"off", "on", "?"}},
	{fact.UserAuthPolicySMTP, []string{"allow", "block", "?"}},
	{fact.OrgConditionalAccess, []string{fact.None, "block", "?"}},
	{fact.UserAccount, []string{"enabled", "disabled", "?"}},
	{fact.UserSignInError, []string{fact.None, "50126", "50076", "53003", "530035", "50053", "?"}},
}

// tenants yields every tenant of the product, all records made at at. The
// evidence is the same slice each time.
func tenants(at time.Time) iter.Seq[fact.Evidence] {
	return func(yield func(fact.Evidence) bool) {
		ev := make(fact.Evidence, len(axes))
		var fill func(int) bool
		fill = func(i int) bool {
			if i == len(axes) {
				return yield(ev)
			}
			for _, value := range axes[i].values {
				ev[i] = fact.Reading{Fact: axes[i].fact, Value: value, At: at}
				if value == "?" {
					ev[i] = unreadable(axes[i].fact)
				}
				if !fill(i + 1) {
					return false
				}
			}
			return true
		}
		fill(0)
	}
}

func unreadable(name fact.Name) fact.Reading {
	return fact.Reading{Fact: name, Error: "no permission"}
}

var productTexts = []string{bareWords, criteria, offHere, issue, wrong}

// borneOut reports whether the tenant shows cause, or the sign-in log says so.
// It is written out here so as not to ask the tables that are tested.
func borneOut(cause catalogue.Code, ev fact.Evidence, logCounts bool) bool {
	is := func(name fact.Name, value string) bool { r := ev.Get(name); return r.Known() && r.Value == value }
	switch cause {
	case catalogue.SMTPAuthOffMailbox:
		return is(fact.MailboxSMTPAuth, "off")
	case catalogue.SMTPAuthOffOrg:
		return is(fact.MailboxSMTPAuth, "inherit") && is(fact.OrgSMTPAuth, "off")
	case catalogue.PerUserMFA:
		return is(fact.UserPerUserMFA, "enforced")
	case catalogue.SecurityDefaults:
		return is(fact.OrgSecurityDefaults, "on") || logCounts && is(fact.UserSignInError, "530035")
	case catalogue.AuthPolicyBlocksBasic:
		return is(fact.UserAuthPolicySMTP, "block")
	case catalogue.ConditionalAccess:
		return is(fact.OrgConditionalAccess, "block") || logCounts && is(fact.UserSignInError, "53003")
	case catalogue.AccountDisabled:
		return is(fact.UserAccount, "disabled")
	case catalogue.BadCredentials:
		return logCounts && is(fact.UserSignInError, "50126")
	case catalogue.AccountLocked:
		return logCounts && is(fact.UserSignInError, "50053")
	}
	return false
}

// TestEveryTenant holds, over every tenant of the product and every wording:
// what is confirmed is borne out, what waits behind it is borne out too and is
// not the cause itself, and an old sign-in record counts for nothing.
func TestEveryTenant(t *testing.T) {
	for _, text := range productTexts {
		before := Text(text)
		for _, fresh := range []bool{true, false} {
			at := probed
			if !fresh {
				at = probed.Add(-time.Hour)
			}
			for ev := range tenants(at) {
				d := before.With(ev, probed)
				if d.Verdict == Confirmed && !borneOut(d.Cause, ev, fresh) {
					t.Fatalf("%q: confirmed %s, fresh %v, by %v", text, d.Cause, fresh, ev)
				}
				if (d.Verdict == Confirmed || d.Verdict == Named) == (d.Cause == "") || d.Verdict != Unsure && d.Candidates != nil {
					t.Fatalf("%q: %s with cause %q and candidates %v, by %v", text, d.Verdict, d.Cause, d.Candidates, ev)
				}
				if slices.Contains(d.Also, d.Cause) {
					t.Fatalf("%q: %s waits behind itself, by %v", text, d.Cause, ev)
				}
				if i := slices.IndexFunc(d.Also, func(c catalogue.Code) bool { return !borneOut(c, ev, false) }); i >= 0 {
					t.Fatalf("%q: %s waits behind, which nothing shows, by %v", text, d.Also[i], ev)
				}
				if d.Verdict == Unsure && len(d.Candidates) == 0 {
					t.Fatalf("%q: unsure with no candidate, by %v", text, ev)
				}
			}
		}
	}
}

// TestOldRecordsSettleNothing: with an old record the answer is that of none.
func TestOldRecordsSettleNothing(t *testing.T) {
	log := len(axes) - 1 // the sign-in record
	for _, text := range productTexts {
		before := Text(text)
		for ev := range tenants(probed.Add(-time.Hour)) {
			old := before.With(ev, probed)
			less := slices.Clone(ev)
			less[log] = unreadable(fact.UserSignInError)
			if none := before.With(less, probed); old.Verdict != none.Verdict || old.Cause != none.Cause || !slices.Equal(old.Candidates, none.Candidates) {
				t.Fatalf("%q: an old record turns %s %s into %s %s, by %v", text, none.Verdict, none.Cause, old.Verdict, old.Cause, ev)
			}
		}
	}
}

// TestKnowingLessConfirmsNothing: a setting that becomes unreadable never
// turns unsure into confirmed, unless a fresh record of the sign-in names that
// very cause.
func TestKnowingLessConfirmsNothing(t *testing.T) {
	for _, text := range productTexts {
		before := Text(text)
		for ev := range tenants(probed) {
			if before.With(ev, probed).Verdict == Confirmed {
				continue
			}
			for i := range ev {
				known := ev[i]
				if !known.Known() || known.Fact == fact.UserSignInError {
					continue // a record that contradicts the settings is evidence too
				}
				ev[i] = unreadable(known.Fact)
				d := before.With(ev, probed)
				ev[i] = known
				if d.Verdict == Confirmed && !recordNames(d.Cause, ev) {
					t.Fatalf("%q: without %s it is confirmed %s, by %v", text, known.Fact, d.Cause, ev)
				}
			}
		}
	}
}

func recordNames(cause catalogue.Code, ev fact.Evidence) bool {
	number, err := strconv.Atoi(ev.Get(fact.UserSignInError).Value)
	return err == nil && words.SignInCode(number).Cause == cause
}
