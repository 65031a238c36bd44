package remediate

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

func TestNewPlan(t *testing.T) {
	everything := map[fact.Name]string{
		fact.MailboxSMTPAuth: "inherit", fact.OrgSMTPAuth: "off",
		fact.UserPerUserMFA: "enforced", fact.OrgSecurityDefaults: "on",
	}
	on := map[fact.Name]string{fact.MailboxSMTPAuth: "on"}
	tests := []struct {
		name    string
		facts   map[fact.Name]string
		verdict diagnose.Verdict
		cause   diagnose.Code
		also    []diagnose.Code
		want    Change
		err     error
	}{
		{name: "organisation", facts: everything, cause: diagnose.SMTPAuthOffOrg,
			want: Change{fact.MailboxSMTPAuth, mailbox, "inherit", "on", fact.ScopeMailbox}},
		{name: "per-user MFA", facts: everything, cause: diagnose.PerUserMFA,
			want: Change{fact.UserPerUserMFA, mailbox, "enforced", "disabled", fact.ScopeUser}},
		{name: "security defaults", facts: everything, cause: diagnose.SecurityDefaults, also: []diagnose.Code{diagnose.PerUserMFA},
			want: Change{fact.OrgSecurityDefaults, "contoso.onmicrosoft.com", "on", "off", fact.ScopeTenant}},
		{name: "named only", facts: everything, verdict: diagnose.Named, cause: diagnose.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "unsure", facts: everything, verdict: diagnose.Unsure, cause: diagnose.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "not read", facts: nil, cause: diagnose.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "not so", facts: on, cause: diagnose.SMTPAuthOffOrg, err: ErrNotConfirmed},
		{name: "by hand", facts: everything, cause: diagnose.ConditionalAccess, err: ErrByHand},
		{name: "tenant-wide in vain", facts: everything, cause: diagnose.SecurityDefaults,
			also: []diagnose.Code{diagnose.PerUserMFA, diagnose.ConditionalAccess}, err: ErrTenantWideFutile},
		{name: "mailbox beside a blocker", facts: everything, cause: diagnose.SMTPAuthOffOrg, also: []diagnose.Code{diagnose.ConditionalAccess},
			want: Change{fact.MailboxSMTPAuth, mailbox, "inherit", "on", fact.ScopeMailbox}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newTenant(t, tt.facts)
			d := confirmed(f, tt.cause, tt.also...)
			if tt.verdict != "" {
				d.Verdict = tt.verdict
			}
			p, err := NewPlan(d, mailbox, f)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			want := Plan{Cause: tt.cause, Mailbox: mailbox, TenantID: tenantID, Tenant: f.Name(), Changes: []Change{tt.want}}
			if diff := cmp.Diff(want, p); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if err := p.check(); err != nil {
				t.Errorf("its own plan: %v", err)
			}
		})
	}
}

func TestFutileSaysWhatGoesFirst(t *testing.T) {
	f := newTenant(t, map[fact.Name]string{fact.OrgSecurityDefaults: "on"})
	_, err := NewPlan(confirmed(f, diagnose.SecurityDefaults, diagnose.ConditionalAccess, diagnose.PerUserMFA, diagnose.PasswordExpired), mailbox, f)
	var futile *FutileError
	if !errors.As(err, &futile) {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff([]diagnose.Code{diagnose.ConditionalAccess, diagnose.PasswordExpired}, futile.First); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
}

func TestPlanIsData(t *testing.T) {
	_, p := mailboxOff(t)
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"cause":"smtp-auth-off-org","mailbox":"scanner@contoso.com","tenant_id":"11111111-2222-3333-4444-555555555555",` +
		`"tenant":"contoso.onmicrosoft.com","changes":[{"fact":"mailbox.smtp-auth","target":"scanner@contoso.com","from":"inherit","to":"on","scope":"mailbox"}]}`
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
	tests := []struct {
		policy               Policy
		mailbox, user, whole bool
	}{
		{Policy{}, false, false, false},
		{Policy{Yes: true}, true, true, false},
		{Policy{YesTenantWide: true}, true, true, true},
		{Policy{Yes: true, YesTenantWide: true}, true, true, true},
	}
	for _, tt := range tests {
		for scope, want := range map[fact.Scope]bool{
			fact.ScopeMailbox: tt.mailbox, fact.ScopeUser: tt.user, fact.ScopeTenant: tt.whole, "planet": false,
		} {
			// The widest scope decides, wherever it stands in the plan.
			p := Plan{Tenant: "contoso", Changes: []Change{{Scope: fact.ScopeMailbox}, {Scope: scope}, {Scope: fact.ScopeMailbox}}}
			if got := tt.policy.Allows(p); got != want {
				t.Errorf("%+v on %q: %v", tt.policy, scope, got)
			}
			if (p.Word() == "contoso") != (scope == fact.ScopeTenant) {
				t.Errorf("%q: to type %q", scope, p.Word())
			}
		}
	}
}

func TestCommands(t *testing.T) {
	_, p := mailboxOff(t)
	tests := []struct {
		name string
		plan Plan
		want []string
	}{
		{"apply", p, []string{
			"Connect-ExchangeOnline",
			"Set-CASMailbox -Identity 'scanner@contoso.com' -SmtpClientAuthenticationDisabled $false",
			"Get-CASMailbox -Identity 'scanner@contoso.com' | Format-List SmtpClientAuthenticationDisabled",
		}},
		{"put back", p.Inverse(), []string{
			"Connect-ExchangeOnline",
			"Set-CASMailbox -Identity 'scanner@contoso.com' -SmtpClientAuthenticationDisabled $null",
			"Get-CASMailbox -Identity 'scanner@contoso.com' | Format-List SmtpClientAuthenticationDisabled",
		}},
		{"path", Plan{Cause: diagnose.PerUserMFA, Mailbox: "o'neil/\u2019x@contoso.com", Changes: []Change{{To: "disabled"}}}, []string{
			"Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.AuthenticationMethod",
			"Invoke-MgGraphRequest -Method PATCH -Uri '/beta/users/o%27neil%2F%E2%80%99x@contoso.com/authentication/requirements' -Body @{perUserMfaState='disabled'}",
			"Invoke-MgGraphRequest -Method GET -Uri '/beta/users/o%27neil%2F%E2%80%99x@contoso.com/authentication/requirements'",
		}},
		{"by hand", Plan{Cause: diagnose.ConditionalAccess}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.plan.Commands()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if got := quote("o'neil \u2019; $x"); got != "'o''neil \u2019\u2019; $x'" {
		t.Errorf("quote: %s", got)
	}
}
