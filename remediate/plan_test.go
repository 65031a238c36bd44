package remediate

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// full is a tenant in which every setting was read and one thing stands in
// the way for each remedy.
func full(pairs ...string) map[fact.Name]string {
	facts := healthyFacts()
	for i := 0; i < len(pairs); i += 2 {
		facts[fact.Name(pairs[i])] = pairs[i+1]
	}
	return facts
}

func TestNewPlan(t *testing.T) {
	const (
		mb, mfa, defs, ca, role = "mailbox.smtp-auth", "user.per-user-mfa", "org.security-defaults", "org.conditional-access", "user.admin-role"
	)
	elsewhere := errors.New("Exchange Online resolved scanner@ to boss@")
	type codes = []catalogue.Code
	tests := []struct {
		name    string
		facts   map[fact.Name]string
		unread  []fact.Name
		verdict diagnose.Verdict
		cause   catalogue.Code
		also    codes
		subject func(*fact.Subject)
		want    Change
		err     error
		held    HeldError
	}{
		{name: "organisation", facts: full(mb, "inherit"), cause: catalogue.SMTPAuthOffOrg,
			want: Change{fact.MailboxSMTPAuth, mailbox, "inherit", "on", fact.ScopeMailbox}},
		{name: "per-user MFA", facts: full(mfa, "enforced"), cause: catalogue.PerUserMFA,
			want: Change{fact.UserPerUserMFA, mailbox, "enforced", "disabled", fact.ScopeUser}},
		{name: "security defaults", facts: full(defs, "on"), cause: catalogue.SecurityDefaults,
			want: Change{fact.OrgSecurityDefaults, "contoso.com", "on", "off", fact.ScopeTenant}},
		{name: "named only", facts: full(mb, "inherit"), verdict: diagnose.Named, cause: catalogue.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "unsure", facts: full(mb, "inherit"), verdict: diagnose.Unsure, cause: catalogue.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "not read", facts: nil, cause: catalogue.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "not so", facts: full(mb, "on"), cause: catalogue.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "MFA that is only enabled lets the password in", facts: full(mfa, "enabled"), cause: catalogue.PerUserMFA, err: ErrNotConfirmed},
		{name: "by hand", facts: full(ca, "Block"), cause: catalogue.ConditionalAccess, err: ErrByHand},

		// The switch of a mailbox: everything else is told, nothing holds it.
		{name: "mailbox beside a blocker", facts: full(mb, "inherit"), cause: catalogue.SMTPAuthOffOrg, also: codes{catalogue.ConditionalAccess},
			want: Change{fact.MailboxSMTPAuth, mailbox, "inherit", "on", fact.ScopeMailbox}},
		{name: "an administrator's mailbox", facts: full(mb, "off", role, "Exchange Administrator"), cause: catalogue.SMTPAuthOffMailbox,
			want: Change{fact.MailboxSMTPAuth, mailbox, "off", "on", fact.ScopeMailbox}},
		{name: "mailbox, the user not found", facts: full(mb, "off"), cause: catalogue.SMTPAuthOffMailbox,
			subject: func(s *fact.Subject) { s.User.Err = elsewhere },
			want:    Change{fact.MailboxSMTPAuth, mailbox, "off", "on", fact.ScopeMailbox}},
		{name: "another mailbox", facts: full(mb, "off"), cause: catalogue.SMTPAuthOffMailbox, err: elsewhere,
			subject: func(s *fact.Subject) { s.Mailbox.Err = elsewhere }},

		// A user: no blocker that only a person removes, and no administrator.
		{name: "MFA behind a known policy", facts: full(mfa, "enforced"), cause: catalogue.PerUserMFA, also: codes{catalogue.ConditionalAccess},
			err: ErrNotHere, held: HeldError{Scope: fact.ScopeUser, First: codes{catalogue.ConditionalAccess}}},
		{name: "MFA of an administrator", facts: full(mfa, "enforced", role, "Global Administrator"), cause: catalogue.PerUserMFA,
			err: ErrNotHere, held: HeldError{Scope: fact.ScopeUser, Roles: "Global Administrator"}},
		{name: "MFA, another user", facts: full(mfa, "enforced"), cause: catalogue.PerUserMFA, err: elsewhere,
			subject: func(s *fact.Subject) { s.User.Err = elsewhere }},
		{name: "MFA, the mailbox not proven", facts: full(mfa, "enforced"), cause: catalogue.PerUserMFA, err: elsewhere,
			subject: func(s *fact.Subject) { s.Mailbox.Err = elsewhere }},
		{name: "MFA beside security defaults", facts: full(mfa, "enforced", defs, "on"), cause: catalogue.PerUserMFA, also: codes{catalogue.SecurityDefaults},
			want: Change{fact.UserPerUserMFA, mailbox, "enforced", "disabled", fact.ScopeUser}},

		// Everybody: nothing else stands, and everything was read.
		{name: "everybody, the user not found", facts: full(defs, "on"), cause: catalogue.SecurityDefaults, err: elsewhere,
			subject: func(s *fact.Subject) { s.User.Err = elsewhere }},
		{name: "everybody, in vain", facts: full(defs, "on"), cause: catalogue.SecurityDefaults,
			also: codes{catalogue.PerUserMFA, catalogue.ConditionalAccess, catalogue.PasswordExpired},
			err:  ErrNotHere, held: HeldError{Scope: fact.ScopeTenant, First: codes{catalogue.ConditionalAccess, catalogue.PasswordExpired}}},
		{name: "everybody, before one user", facts: full(defs, "on", mfa, "enforced"), cause: catalogue.SecurityDefaults, also: codes{catalogue.PerUserMFA},
			err: ErrNotHere, held: HeldError{Scope: fact.ScopeTenant, First: codes{catalogue.PerUserMFA}}},
		{name: "everybody, the administrator's role unread", facts: full(defs, "on"), unread: []fact.Name{fact.UserAdminRole, fact.UserSignInError},
			cause: catalogue.SecurityDefaults, want: Change{fact.OrgSecurityDefaults, "contoso.com", "on", "off", fact.ScopeTenant}},
	}
	for _, name := range diagnose.Settings("LOGIN") {
		if name == fact.OrgSecurityDefaults {
			continue
		}
		tests = append(tests, tests[0])
		tt := &tests[len(tests)-1]
		tt.name, tt.facts, tt.cause, tt.unread = "everybody, in the dark: "+string(name), full(defs, "on"), catalogue.SecurityDefaults, []fact.Name{name}
		tt.err, tt.held = ErrNotHere, HeldError{Scope: fact.ScopeTenant, Unread: fact.Evidence{{Fact: name, Error: "403"}}}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newTenant(t, tt.facts)
			d := confirmed(f, tt.cause, tt.also...)
			if tt.verdict != "" {
				d.Verdict = tt.verdict
			}
			for i, r := range d.Evidence {
				if slices.Contains(tt.unread, r.Fact) {
					d.Evidence[i] = fact.Reading{Fact: r.Fact, Error: "403"}
				}
			}
			if tt.subject != nil {
				tt.subject(&f.subject)
			}
			p, err := NewPlan(tt.cause, d, mailbox, f.subject)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if held, ok := errors.AsType[*HeldError](err); ok {
				if diff := cmp.Diff(tt.held, *held); diff != "" {
					t.Errorf("held (-want +got):\n%s", diff)
				}
			}
			if err != nil {
				return
			}
			want := Plan{Cause: tt.cause, Mailbox: mailbox, TenantID: tenantID, Tenant: "contoso.com", Changes: []Change{tt.want}, Context: p.Context}
			if diff := cmp.Diff(want, p, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if err := p.check(); err != nil {
				t.Errorf("its own plan: %v", err)
			}
		})
	}
}

// A person is told in whose name, on what, and what else is known and unknown.
func TestContextOfAPlan(t *testing.T) {
	f := newTenant(t, full("mailbox.smtp-auth", "off"))
	delete(f.facts, fact.OrgConditionalAccess)
	d := confirmed(f, catalogue.SMTPAuthOffMailbox, catalogue.PerUserMFA)
	d.Told = true
	p, err := NewPlan(catalogue.SMTPAuthOffMailbox, d, mailbox, f.subject)
	if err != nil {
		t.Fatal(err)
	}
	want := Context{
		Subject: f.subject, Others: []catalogue.Code{catalogue.PerUserMFA}, Unread: fact.Evidence{{Fact: fact.OrgConditionalAccess}},
		Roles: fact.Reading{Fact: fact.UserAdminRole, Value: fact.None}, Told: true,
	}
	if diff := cmp.Diff(want, p.Context); diff != "" {
		t.Errorf("context (-want +got):\n%s", diff)
	}
}

func TestPlanIsData(t *testing.T) {
	_, p := mailboxOff(t)
	p.Context = Context{} // it is for the screen
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"cause":"smtp-auth-off-org","mailbox":"scanner@contoso.com","tenant_id":"11111111-2222-3333-4444-555555555555",` +
		`"tenant":"contoso.com","changes":[{"fact":"mailbox.smtp-auth","target":"scanner@contoso.com","from":"inherit","to":"on","scope":"mailbox"}]}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	var back Plan
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(p, p.Inverse().Inverse()); diff != "" {
		t.Errorf("twice inverted (-want +got):\n%s", diff)
	}
}

func TestApprovalPolicy(t *testing.T) {
	known := Context{Roles: fact.Reading{Fact: fact.UserAdminRole, Value: fact.None}}
	plan := func(c catalogue.Code, scope fact.Scope, ctx Context) Plan {
		// The widest scope decides, wherever it stands in the plan.
		return Plan{Cause: c, Mailbox: mailbox, Tenant: "contoso.com", Context: ctx,
			Changes: []Change{{Scope: fact.ScopeMailbox}, {Scope: scope}, {Scope: fact.ScopeMailbox}}}
	}
	plans := []struct {
		plan Plan
		word string
	}{
		{plan(catalogue.SMTPAuthOffMailbox, fact.ScopeMailbox, known), ""},
		{plan(catalogue.PerUserMFA, fact.ScopeUser, known), ""},
		{plan(catalogue.PerUserMFA, fact.ScopeUser, Context{}), mailbox}, // whether it is an administrator is unread
		{plan(catalogue.SecurityDefaults, fact.ScopeTenant, known), "contoso.com"},
		{plan(catalogue.SecurityDefaults, "planet", known), ""},
	}
	type codes = []catalogue.Code
	tests := []struct {
		policy Policy
		want   []bool // one for each of the plans
	}{
		{Policy{}, []bool{false, false, false, false, false}},
		{Policy{Yes: true}, []bool{true, true, false, false, false}},
		{Policy{YesTenantWide: true}, []bool{true, true, false, true, false}},
		{Policy{Yes: true, YesTenantWide: true}, []bool{true, true, false, true, false}},
		{Policy{Yes: true, Causes: codes{catalogue.SMTPAuthOffMailbox}}, []bool{true, false, false, false, false}},
		{Policy{Yes: true, Causes: codes{catalogue.SMTPAuthOffOrg}}, []bool{false, false, false, false, false}},
		{Policy{Yes: true, Causes: codes{catalogue.PerUserMFA}}, []bool{false, true, true, false, false}},
		{Policy{Yes: true, Causes: codes{catalogue.SecurityDefaults}}, []bool{false, false, false, false, false}},
		{Policy{Yes: true, Causes: codes{catalogue.SecurityDefaults}, YesTenantWide: true}, []bool{false, false, false, true, false}},
		{Policy{Yes: true, Causes: codes{catalogue.PerUserMFA}, YesTenantWide: true}, []bool{false, true, true, false, false}},
	}
	for _, tt := range tests {
		for i, p := range plans {
			if got := tt.policy.Allows(p.plan); got != tt.want[i] {
				t.Errorf("%+v on %s: %v", tt.policy, p.plan.Cause, got)
			}
		}
	}
	for _, p := range plans {
		if got := p.plan.Word(); got != p.word {
			t.Errorf("%s: to type %q, want %q", p.plan.Cause, got, p.word)
		}
	}
}
