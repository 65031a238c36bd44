package m365

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// customer is a tenant in which the partner's administrator has a role.
func customer(id, domain string) *tenantsim.State {
	s := tenantsim.Default()
	s.TenantID, s.Name, s.Domain = id, domain, domain
	for i := range s.Users {
		name, _, _ := strings.Cut(s.Users[i].Mailbox, "@")
		s.Users[i].Mailbox = name + "@" + domain
	}
	s.Admin = tenantsim.Admin{User: "pat@partner.example", Roles: []string{"Exchange Administrator", "Global Reader"}, DeviceCode: "approve"}
	return s
}

const (
	contoso = "0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11"
	chosen  = "7b1e6f9a-0000-4c55-9a53-6d0a8f2f7c22"
	another = "8c2f7a0b-0000-4c55-9a53-6d0a8f2f7c33"
	own     = "9d3a8b1c-0000-4c55-9a53-6d0a8f2f7c44"
)

// A partner's administrator reads and writes in the customer that was chosen,
// with Microsoft's clients and with one of their own; nothing is asked of the
// others and of the partner's own tenant.
func TestPartner(t *testing.T) {
	for _, client := range []string{"", tenantsim.ClientID} {
		tenant, err := tenantsim.Start(t.Context(), customer(contoso, "contoso.com"), tenantsim.Options{Dir: t.TempDir(), Others: []*tenantsim.State{
			customer(chosen, "fabrikam.com"), customer(another, "northwind.example"), customer(own, "partner.example"),
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer tenant.Close()
		prompts := 0
		customers, err := Open(t.Context(), Options{
			Cloud: tenant.Cloud(), Mailbox: "scanner@fabrikam.com", TenantID: "fabrikam.com", ClientID: client, Auth: "device-code",
			Prompt: func(DevicePrompt) { prompts++ },
		})
		if err != nil {
			t.Fatal(err)
		}
		s := customers.Subject(t.Context())
		if s.TenantID != chosen || s.Account != "pat@partner.example" || !s.Visiting || s.Mailbox.Err != nil {
			t.Errorf("%+v", s)
		}
		for _, r := range customers.Read(t.Context(), fact.MailboxSMTPAuth, fact.OrgSecurityDefaults) {
			if !r.Known() {
				t.Errorf("%+v", r)
			}
		}
		if err := customers.Write(t.Context(), fact.MailboxSMTPAuth, "off"); err != nil {
			t.Error(err)
		}
		if got := tenant.StateOf(chosen).Users[0].SMTPAuth; got != "off" {
			t.Errorf("the switch is %s", got)
		}
		exchange := 0
		for _, r := range tenant.Requests() {
			if r.Tenant != chosen && !strings.Contains(r.Path, "/.well-known/") {
				t.Errorf("%s %s went to %s", r.Method, r.Path, r.Tenant)
			}
			if r.API == "exchange" {
				exchange++
				if want := "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@" + chosen; r.Anchor != want {
					t.Errorf("anchor %s", r.Anchor)
				}
			}
		}
		if exchange == 0 || prompts != map[string]int{"": 2, tenantsim.ClientID: 1}[client] {
			t.Errorf("%d requests to Exchange after %d prompts", exchange, prompts)
		}
	}
}

// What keeps a partner out of a customer's tenant is said as that.
func TestPartnerRefused(t *testing.T) {
	for number, want := range map[int]string{90099: "leave --client-id out", 50020: "GDAP", 50177: "GDAP", 530034: "own tenant", 65001: "consent"} {
		state := customer(contoso, "contoso.com")
		state.Faults = []tenantsim.Fault{{API: "login", Path: "/token", Kind: "refused", AADSTS: number}}
		tenant, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer tenant.Close()
		prompts := 0
		_, err = Open(t.Context(), Options{Cloud: tenant.Cloud(), Mailbox: tenantsim.Mailbox, Auth: "device-code", ClientID: tenantsim.ClientID,
			Prompt: func(DevicePrompt) { prompts++ }})
		if !errors.Is(err, ErrSignIn) || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", number, err)
		}
		if want := map[int]int{65001: 2}[number]; prompts != max(want, 1) {
			t.Errorf("%d: %d prompts", number, prompts)
		}
	}
}

// The tokens tell what they do not allow, in one sentence, and that they allow
// nothing.
func TestRights(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*tenantsim.State)
		want   []string
		blind  bool
	}{
		{"all", func(*tenantsim.State) {}, nil, false},
		{"no policies", func(s *tenantsim.State) { drop(s, "Policy.Read.All") }, []string{"without Policy.Read.All these may stay unread: Security defaults", "without Policy.Read.All these cannot be changed: Security defaults"}, false},
		{"read only", func(s *tenantsim.State) {
			drop(s, "Policy.ReadWrite.SecurityDefaults", "Policy.ReadWrite.AuthenticationMethod")
		},
			[]string{"without Policy.ReadWrite.SecurityDefaults, Policy.ReadWrite.AuthenticationMethod these cannot be changed: Security defaults, Per-user MFA"}, false},
		{"nothing", func(s *tenantsim.State) { s.Apps[0].Permissions = []string{"User.Read"} }, []string{"may stay unread"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := tenantsim.Default()
			tt.change(state)
			sim, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			defer sim.Close()
			tenant, err := Open(t.Context(), Options{Cloud: sim.Cloud(), Mailbox: tenantsim.Mailbox,
				Env: lookup(map[string]string{"AZURE_CLIENT_ID": tenantsim.ClientID, "AZURE_CLIENT_SECRET": tenantsim.ClientSecret})})
			if err != nil {
				t.Fatal(err)
			}
			got := tenant.Rights(true)
			for _, part := range tt.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q lacks %q", got, part)
				}
			}
			if (got == "") != (len(tt.want) == 0) || strings.Contains(got, "\n") || (tenant.Blind() != nil) != tt.blind {
				t.Errorf("%q, blind: %v", got, tenant.Blind())
			}
		})
	}
}

// A person's token tells roles besides.
func TestRightsOfAPerson(t *testing.T) {
	for role, want := range map[string]string{"Global Administrator": "", "Global Reader": "the token shows no role for a change of Security defaults", "Exchange Administrator": "Per-user MFA"} {
		state := tenantsim.Default()
		state.Admin.Roles = []string{role}
		sim, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer sim.Close()
		tenant, err := Open(t.Context(), Options{Cloud: sim.Cloud(), Mailbox: tenantsim.Mailbox, Auth: "device-code", Prompt: func(DevicePrompt) {}})
		if err != nil {
			t.Fatal(err)
		}
		got := tenant.Rights(true)
		if !strings.Contains(got, want) || want == "" && got != "" || role == "Exchange Administrator" && strings.Contains(got, "on the mailbox") || tenant.Rights(false) != "" {
			t.Errorf("%s: %q; to read: %q", role, got, tenant.Rights(false))
		}
	}
}

// The registration that docs/sign-in.md makes asks for each delegated permission
// of the facts, and for no other.
func TestRegistrationOfTheDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/sign-in.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "$want = @{")
	block, _, _ = strings.Cut(block, "}\n")
	want := map[string]bool{}
	for _, row := range fact.Table {
		for _, p := range row.Read.Delegated {
			want[p] = true
		}
		if row.Write != nil {
			for _, p := range row.Write.Delegated {
				want[p] = true
			}
		}
	}
	for _, p := range regexp.MustCompile(`'([A-Za-z]+\.[A-Za-z.]+)'`).FindAllStringSubmatch(block, -1) {
		if !want[p[1]] && p[1] != "Organization.Read.All" { // the tenant's name, which no fact needs
			t.Errorf("%s is asked for", p[1])
		}
		delete(want, p[1])
	}
	if len(want) > 0 {
		t.Errorf("not asked for: %v", want)
	}
}

func drop(s *tenantsim.State, permissions ...string) {
	var left []string
	for _, p := range s.Apps[0].Permissions {
		if !strings.Contains(strings.Join(permissions, " ")+" ", p+" ") {
			left = append(left, p)
		}
	}
	s.Apps[0].Permissions = left
}
