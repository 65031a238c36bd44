package m365

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

// permissions are those that Graph asks for at each route, by the end of its
// path (microsoft-graph-devx-content, permissions.json).
var permissions = []struct {
	ending string
	all    []string
}{
	{"/organization", []string{"Organization.Read.All"}},
	{"/identitySecurityDefaultsEnforcementPolicy", []string{"Policy.Read.All"}},
	{"/authentication/requirements", []string{"Policy.Read.All"}},
	{"/conditionalAccess/policies", []string{"Policy.Read.All"}},
	{"/licenseDetails", []string{"LicenseAssignment.Read.All"}},
	{"/subscribedSkus", []string{"LicenseAssignment.Read.All"}},
	{"/signIns", []string{"AuditLog.Read.All"}},
	{"/transitiveMemberOf", []string{"User.Read.All"}},
	{"/transitiveMemberOf/graph.directoryRole", []string{"User.Read.All"}},
	{"/users", []string{"User.Read.All"}},
	{graphUser, []string{"User.Read.All"}},
}

// enforce makes the fake refuse what the token does not allow.
func (f *fake) enforce(held []string) {
	f.claims["roles"] = held
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(route, " ") || strings.Contains(route, "/login/") {
			return false
		}
		path, _, _ := strings.Cut(route, "?")
		for _, p := range permissions {
			if strings.HasSuffix(path, p.ending) && !slices.ContainsFunc(p.all, func(need string) bool { return !slices.Contains(held, need) }) {
				return false
			}
		}
		respond(403, "application/json", `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`)(w, r)
		return true
	}
}

// Each fact is read with what its row names, and with what finding the user
// takes where it is a user's; without any one of them it is unread and the
// sentence names what is missing.
func TestLeastPrivilege(t *testing.T) {
	for _, row := range fact.Table {
		if row.API != fact.APIGraph {
			continue
		}
		t.Run(string(row.Name), func(t *testing.T) {
			need := slices.Clone(row.Read.Application)
			if row.Scope == fact.ScopeUser && !slices.Contains(need, "User.Read.All") {
				need = append(need, "User.Read.All")
			}
			f := newFake(t)
			f.set(routePolicies, `{"value":[`+caPolicyJSON("P", `"includeUsers":["All"]`, `"includeUsers":[]`, `"includeGroups":[]`, `"includeGroups":["`+group+`"]`)+`]}`)
			f.enforce(need)
			if got := f.open(t).Read(t.Context(), row.Name)[0]; !got.Known() {
				t.Fatalf("with %v: %+v", need, got)
			}
			for _, missing := range need {
				if missing == "Policy.Read.All" && row.Name == fact.UserSignInError || missing == "RoleManagement.Read.Directory" {
					continue // they decide about what an answer holds, not whether there is one
				}
				f := newFake(t)
				f.set(routePolicies, `{"value":[`+caPolicyJSON("P", `"includeUsers":["All"]`, `"includeUsers":[]`, `"includeGroups":[]`, `"includeGroups":["`+group+`"]`)+`]}`)
				f.enforce(slices.DeleteFunc(slices.Clone(need), func(p string) bool { return p == missing }))
				got := f.open(t).Read(t.Context(), row.Name)[0]
				if got.Known() || !strings.Contains(got.Error, "lacks the application permission") || !strings.Contains(got.Error, missing) {
					t.Errorf("without %s: %+v", missing, got)
				}
			}
		})
	}
}

// Trouble while the mailbox and its user are looked for leaves their facts
// unread and nothing written, whatever the trouble.
func TestEveryTroubleAtTheSubject(t *testing.T) {
	for _, tr := range troubles(elsewhere(t)) {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			tenant := f.open(t)
			tr.hurry(tenant)
			f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
				if strings.Contains(route, "/users") || strings.HasPrefix(route, "Get-") {
					tr.serve(w, r)
					return true
				}
				return false
			}
			s := tenant.Subject(t.Context())
			if s.Mailbox.Err == nil || s.User.Err == nil {
				t.Fatalf("subject = %+v", s)
			}
			for _, err := range []error{s.Mailbox.Err, s.User.Err} {
				if text := err.Error(); !strings.Contains(text, tr.says) || strings.Contains(text, f.token()) || strings.ContainsAny(text, "\r\n\x00") {
					t.Errorf("sentence %q lacks %q", text, tr.says)
				}
			}
			for _, w := range writes {
				if err := tenant.Write(t.Context(), w.fact, w.value); err == nil {
					t.Errorf("%s was written", w.fact)
				}
			}
			for _, r := range f.requests() {
				if strings.HasPrefix(r.Route, "PATCH") || strings.HasPrefix(r.Route, "Set-") {
					t.Errorf("%s was sent", r.Route)
				}
			}
		})
	}
}
