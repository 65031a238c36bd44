package diagnose

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

var probed = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// sound is a tenant in which nothing stands in the way.
func sound() fact.Evidence {
	return fact.Evidence{
		{Fact: fact.MailboxSMTPAuth, Value: "on"}, {Fact: fact.OrgSMTPAuth, Value: "off"},
		{Fact: fact.UserPerUserMFA, Value: "disabled"}, {Fact: fact.OrgSecurityDefaults, Value: "off"},
		{Fact: fact.UserAuthPolicySMTP, Value: "allow"}, {Fact: fact.OrgConditionalAccess, Value: fact.None},
		{Fact: fact.UserAccount, Value: "enabled"}, {Fact: fact.MailboxKind, Value: "user"},
		{Fact: fact.UserExchangeLicence, Value: "yes"}, {Fact: fact.UserSignInError, Value: fact.None},
	}
}

// with returns a sound tenant but for some facts, given as name and value; the
// value "?" is one that could not be read.
func with(pairs ...string) fact.Evidence {
	ev := sound()
	for i := 0; i < len(pairs); i += 2 {
		for j := range ev {
			if ev[j].Fact != fact.Name(pairs[i]) {
				continue
			}
			ev[j].Value, ev[j].At = pairs[i+1], probed
			if pairs[i+1] == "?" {
				ev[j].Value, ev[j].Error = "", "no permission"
			}
		}
	}
	return ev
}

const (
	bareWords = "535 5.7.3 Authentication unsuccessful"
	criteria  = "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully."
	offHere   = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."
	issue     = "535 5.7.139 Authentication unsuccessful, account has an issue. Contact your administrator."
	locked    = "535 5.7.139 Authentication unsuccessful, account locked. Contact your administrator."
	defaults  = "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator."
	wrong     = "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect."
)

func TestWith(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		evidence   fact.Evidence
		verdict    Verdict
		cause      catalogue.Code
		also       []catalogue.Code
	}{
		{"named and borne out", offHere, with("mailbox.smtp-auth", "off"), Confirmed, catalogue.SMTPAuthOffMailbox, nil},
		{"named, the other switch is off", offHere, with("mailbox.smtp-auth", "inherit"), Confirmed, catalogue.SMTPAuthOffOrg, nil},
		{"named and contradicted", offHere, sound(), Named, catalogue.SMTPAuthOffMailbox, nil},
		{"named and unread", offHere, with("mailbox.smtp-auth", "?"), Named, catalogue.SMTPAuthOffMailbox, nil},
		{"named, another waits behind", offHere, with("mailbox.smtp-auth", "off", "org.security-defaults", "on"), Confirmed, catalogue.SMTPAuthOffMailbox, []catalogue.Code{catalogue.SecurityDefaults}},

		{"bare, one blocker", bareWords, with("org.security-defaults", "on"), Confirmed, catalogue.SecurityDefaults, nil},
		{"bare, the narrowest first", bareWords, with("org.security-defaults", "on", "user.per-user-mfa", "enforced", "mailbox.smtp-auth", "off"), Confirmed, catalogue.SMTPAuthOffMailbox, []catalogue.Code{catalogue.PerUserMFA, catalogue.SecurityDefaults}},
		{"bare, for a person", bareWords, with("user.auth-policy-smtp", "block"), Confirmed, catalogue.AuthPolicyBlocksBasic, nil},
		{"bare, nothing shown", bareWords, sound(), Unsure, "", nil},
		{"bare, nothing read", bareWords, nil, Unsure, "", nil},

		{"criteria, MFA enforced", criteria, with("user.per-user-mfa", "enforced"), Confirmed, catalogue.PerUserMFA, nil},
		{"criteria, MFA only enabled lets the password in", criteria, with("user.per-user-mfa", "enabled"), Unsure, "", nil},
		{"bare, MFA only enabled", bareWords, with("user.per-user-mfa", "enabled"), Unsure, "", nil},
		{"the log: MFA, only enabled", bareWords, with("user.sign-in-error", "50076", "user.per-user-mfa", "enabled"), Unsure, "", nil},
		{"criteria, a blocker of other words", criteria, with("user.auth-policy-smtp", "block"), Unsure, "", []catalogue.Code{catalogue.AuthPolicyBlocksBasic}},
		{"an issue of the account does not confirm a change for everybody", issue, with("org.security-defaults", "on"), Unsure, "", []catalogue.Code{catalogue.SecurityDefaults}},

		{"the log: wrong password before anything else", bareWords, with("user.sign-in-error", "50126", "org.security-defaults", "on"), Confirmed, catalogue.BadCredentials, []catalogue.Code{catalogue.SecurityDefaults}},
		{"the log: locked or a bad address, and the words tell", locked, with("user.sign-in-error", "50053"), Confirmed, catalogue.AccountLocked, nil},
		{"the log: locked or a bad address, and the words do not", bareWords, with("user.sign-in-error", "50053"), Unsure, "", nil},
		{"the log: a second factor does not bear out whose rule it was", defaults, with("user.sign-in-error", "50076", "org.security-defaults", "?"), Named, catalogue.SecurityDefaults, nil},
		{"the log: expired", bareWords, with("user.sign-in-error", "50055"), Confirmed, catalogue.PasswordExpired, nil},
		{"the log: Conditional Access", criteria, with("user.sign-in-error", "53003"), Unsure, "", nil},
		{"the log: Conditional Access, policies undecided", criteria, with("user.sign-in-error", "53003", "org.conditional-access", "?"), Confirmed, catalogue.ConditionalAccess, nil},
		{"the log: security defaults", bareWords, with("user.sign-in-error", "530035", "org.security-defaults", "on"), Confirmed, catalogue.SecurityDefaults, nil},
		{"the log: MFA, per user", bareWords, with("user.sign-in-error", "50076", "user.per-user-mfa", "enforced"), Confirmed, catalogue.PerUserMFA, nil},
		{"the log: MFA of nobody known", bareWords, with("user.sign-in-error", "50076"), Unsure, "", nil},
		{"the log: no password in the directory", bareWords, with("user.sign-in-error", "50056", "org.security-defaults", "on"), Unsure, "", []catalogue.Code{catalogue.SecurityDefaults}},
		{"the log: federation", bareWords, with("user.sign-in-error", "80002", "org.security-defaults", "on"), Unsure, "", []catalogue.Code{catalogue.SecurityDefaults}},
		{"the log bears out a named password", wrong, with("user.sign-in-error", "50126"), Confirmed, catalogue.BadCredentials, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Text(tt.text).With(tt.evidence, probed)
			if got.Verdict != tt.verdict || got.Cause != tt.cause {
				t.Errorf("%s %q, want %s %q (candidates %v)", got.Verdict, got.Cause, tt.verdict, tt.cause, got.Candidates)
			}
			if diff := cmp.Diff(tt.also, got.Also, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("also (-want +got):\n%s", diff)
			}
		})
	}
}

// A record of another attempt settles nothing.
func TestOldSignInRecord(t *testing.T) {
	ev := with("user.sign-in-error", "50126")
	for _, at := range []time.Time{{}, probed.Add(-time.Hour), probed.Add(-2 * time.Minute)} {
		ev[len(ev)-1].At = at
		if got := Text(bareWords).With(ev, probed); got.Verdict != Unsure {
			t.Errorf("recorded at %v: %s %s", at, got.Verdict, got.Cause)
		}
	}
}

// Knowing less never settles more.
func TestUnreadFactsConfirmNothing(t *testing.T) {
	for _, text := range []string{bareWords, criteria, offHere, issue, wrong} {
		for _, full := range []fact.Evidence{
			sound(), with("org.security-defaults", "on"), with("mailbox.smtp-auth", "off", "user.per-user-mfa", "enabled"),
			with("user.sign-in-error", "50126"), with("user.sign-in-error", "53003"),
		} {
			known := Text(text).With(full, probed)
			for i := range full {
				less := append(fact.Evidence{}, full...)
				less[i] = fact.Reading{Fact: full[i].Fact, Error: "no permission"}
				got := Text(text).With(less, probed)
				logged := full.Get(fact.UserSignInError).Value != fact.None
				if known.Verdict != Confirmed && got.Verdict == Confirmed && !logged {
					t.Errorf("%q: without %s it is confirmed %s", text, full[i].Fact, got.Cause)
				}
			}
		}
	}
}

func TestQuestions(t *testing.T) {
	for _, tt := range []struct {
		text string
		some bool
	}{
		{bareWords, true}, {offHere, true}, {wrong, true},
		{"530 5.7.57 Client not authenticated to send mail.", true},
		{"504 5.7.4 Unrecognized authentication type", false},
		{"connect ETIMEDOUT 203.0.113.10:587", false},
		{"535 5.7.8 Error: authentication failed", false},
		{"235 2.7.0 Authentication successful", false},
	} {
		if got := Questions(Text(tt.text)); len(got) > 0 != tt.some {
			t.Errorf("%q: %v", tt.text, got)
		}
	}
}
