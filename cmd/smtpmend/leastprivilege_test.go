package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// The permissions and roles of the table in docs/sign-in.md for an application that may
// fix everything.
var (
	readmePermissions = []string{
		"User.Read.All", "Policy.Read.All", "LicenseAssignment.Read.All", "AuditLog.Read.All", "RoleManagement.Read.Directory",
		"Organization.Read.All", "Exchange.ManageAsApp", "Policy.ReadWrite.AuthenticationMethod", "Policy.ReadWrite.SecurityDefaults",
	}
	readmeRoles = []string{"Exchange Administrator"}
)

// The tenants that are to be fixed, by their change.
var privilegedFixes = map[fact.Name]string{
	fact.MailboxSMTPAuth: "smtp-auth-off-mailbox", fact.UserPerUserMFA: "per-user-mfa", fact.OrgSecurityDefaults: "security-defaults",
}

// missing is one permission or role taken away.
var missing = []struct {
	name   string
	roles  []string    // in place of readmeRoles
	unread []fact.Name // what diagnose cannot tell then
	says   string      // of each unread fact, or of the change that is refused
	// fixes are the exit codes of the fixes that are not made.
	fixes map[fact.Name]int
}{
	{name: "User.Read.All", says: "User.Read.All",
		unread: []fact.Name{fact.UserPerUserMFA, fact.UserAccount, fact.UserExchangeLicence, fact.UserAdminRole, fact.UserSignInError},
		fixes:  map[fact.Name]int{fact.UserPerUserMFA: exitUnmended, fact.OrgSecurityDefaults: exitUnmended}},
	{name: "Policy.Read.All", says: "Policy.Read.All",
		unread: []fact.Name{fact.UserPerUserMFA, fact.OrgSecurityDefaults, fact.OrgConditionalAccess},
		fixes:  map[fact.Name]int{fact.UserPerUserMFA: exitUnmended, fact.OrgSecurityDefaults: exitUnmended}},
	{name: "LicenseAssignment.Read.All"}, // User.Read.All and Organization.Read.All open the same
	{name: "AuditLog.Read.All", says: "AuditLog.Read.All", unread: []fact.Name{fact.UserSignInError}},
	{name: "RoleManagement.Read.Directory", says: "RoleManagement.Read.Directory", unread: []fact.Name{fact.UserAdminRole},
		fixes: map[fact.Name]int{fact.UserPerUserMFA: exitCause}},
	{name: "Organization.Read.All"},
	{name: "Exchange.ManageAsApp", says: "Exchange.ManageAsApp",
		unread: []fact.Name{fact.MailboxSMTPAuth, fact.OrgSMTPAuth, fact.UserAuthPolicySMTP, fact.MailboxKind},
		fixes:  map[fact.Name]int{fact.MailboxSMTPAuth: exitUnmended, fact.UserPerUserMFA: exitUnmended, fact.OrgSecurityDefaults: exitUnmended}},
	{name: "every role", roles: []string{}, says: "role",
		unread: []fact.Name{fact.MailboxSMTPAuth, fact.OrgSMTPAuth, fact.UserAuthPolicySMTP, fact.MailboxKind},
		fixes:  map[fact.Name]int{fact.MailboxSMTPAuth: exitUnmended, fact.UserPerUserMFA: exitUnmended, fact.OrgSecurityDefaults: exitUnmended}},
	{name: "Exchange Administrator", roles: []string{"Global Reader"}, says: "Exchange Administrator",
		fixes: map[fact.Name]int{fact.MailboxSMTPAuth: exitUnmended}},
	{name: "Policy.ReadWrite.AuthenticationMethod", says: "Policy.ReadWrite.AuthenticationMethod",
		fixes: map[fact.Name]int{fact.UserPerUserMFA: exitUnmended}},
	{name: "Policy.ReadWrite.SecurityDefaults", says: "Policy.ReadWrite.SecurityDefaults",
		fixes: map[fact.Name]int{fact.OrgSecurityDefaults: exitUnmended}},
}

// With the permissions and the role of docs/sign-in.md everything is read and
// mended; without any one of them what depends on it, and nothing else, is
// unread or refused, with what is missing named and nothing changed.
func TestLeastPrivilege(t *testing.T) {
	all := append(slices.Clone(missing), missing[0])
	last := &all[len(all)-1]
	last.name, last.unread, last.fixes = "nothing", nil, nil
	for _, lack := range all {
		for change, name := range privilegedFixes {
			t.Run("without "+lack.name+", "+name, func(t *testing.T) {
				w := newWorld(t, privileged(t, name, change, lack.name, lack.roles))
				before, journals := w.State(), filepath.Join(w.dir, "journals")
				w.unreads(t, lack.unread, lack.says)
				code, _ := w.fix(t, journals)
				want, refused := lack.fixes[change]
				if code != want {
					t.Errorf("fix: exit %d, want %d\n%s", code, want, w.said.String())
				}
				if refused {
					w.says(t, lack.says)
					if diff := diffStates(before, w.State()); diff != "" {
						t.Errorf("changed:\n%s", diff)
					}
				}
				w.undoes(t, journals, before)
			})
		}
	}
}

// privileged is a tenant whose app has what docs/sign-in.md asks for, but for one
// thing. The words are the older ones, so that each reading matters; where the
// roles are to be looked at the account holds one.
func privileged(t *testing.T, name string, change fact.Name, lacks string, roles []string) *tenantsim.State {
	state := scenario(t, name)
	app := &state.Apps[0]
	app.Permissions, app.Roles = without(readmePermissions, lacks), roles
	if roles == nil {
		app.Roles = readmeRoles
	}
	if lacks == "RoleManagement.Read.Directory" && change == fact.UserPerUserMFA {
		state.Users[0].AdminRoles = []string{"Helpdesk Administrator"}
	}
	return state
}

// unreads checks which facts diagnose cannot tell, among those it asked for,
// and that each says why.
func (w *world) unreads(t *testing.T, want []fact.Name, says string) {
	t.Helper()
	var d struct{ Evidence fact.Evidence }
	w.object(t, &d, "diagnose", w.typed)
	for _, r := range d.Evidence {
		switch expected := slices.Contains(want, r.Fact); {
		case r.Known() && expected && (r.Fact != fact.UserAdminRole || w.State().Users[0].AdminRoles != nil):
			t.Errorf("%s was read: %s", r.Fact, r.Value)
		case !r.Known() && !expected:
			t.Errorf("%s was not read: %s", r.Fact, r.Error)
		case !r.Known() && !strings.Contains(r.Error, says):
			t.Errorf("%s does not name %s: %s", r.Fact, says, r.Error)
		}
	}
}

// A person needs the role of docs/sign-in.md besides Global Reader: each of the
// three that may switch security defaults, and those for the other changes.
func TestRolesOfAPerson(t *testing.T) {
	roles := map[fact.Name][]string{
		fact.OrgSecurityDefaults: {"Conditional Access Administrator", "Security Administrator", "Global Administrator"},
		fact.UserPerUserMFA:      {"Authentication Policy Administrator", "Global Administrator"},
		fact.MailboxSMTPAuth:     {"Exchange Administrator", "Exchange Recipient Administrator", "Global Administrator"},
	}
	for change, name := range privilegedFixes {
		for _, role := range append([]string{""}, roles[change]...) {
			t.Run(name+" as "+role, func(t *testing.T) {
				t.Parallel()
				state := scenario(t, name)
				state.Admin.Roles = without([]string{"Global Reader", role}, "")
				state.Apps[0].Permissions = append(without(readmePermissions, "Exchange.ManageAsApp"), "Exchange.Manage")
				w := newWorld(t, state)
				before, journals := w.State(), filepath.Join(w.dir, "journals")
				delete(w.env, "AZURE_CLIENT_SECRET")
				code, _ := w.fix(t, journals, "--auth", "device-code")
				switch {
				case role != "" && code != exitOK:
					t.Errorf("exit %d\n%s", code, w.said.String())
				case role == "" && code != exitUnmended:
					t.Errorf("with Global Reader alone: exit %d\n%s", code, w.said.String())
				case role == "":
					w.says(t, "needs the role")
				}
				w.env = maps.Clone(w.env)
				w.env["AZURE_CLIENT_SECRET"] = tenantsim.ClientSecret
				fixed := w.State()
				fixed.Apps[0] = tenantsim.Default().Apps[0] // who undoes it is no matter here
				before.Apps[0] = fixed.Apps[0]
				w.SetState(fixed)
				w.undoes(t, journals, before)
			})
		}
	}
}
