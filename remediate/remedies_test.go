package remediate

import (
	"slices"
	"strings"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

func TestNoRemedyWritesTheOrganisationsSwitch(t *testing.T) {
	for _, r := range remedies {
		if r.Fact == fact.OrgSMTPAuth {
			t.Errorf("%v: writes %s", r.Causes, r.Fact)
		}
	}
}

func TestEveryCauseForTheToolHasOneRemedyAndNoOtherHas(t *testing.T) {
	for _, c := range catalogue.All() {
		n := 0
		for _, r := range remedies {
			if slices.Contains(r.Causes, c.Code) {
				n++
			}
		}
		want := 0
		if c.Who == catalogue.Tool {
			want = 1
		}
		if n != want {
			t.Errorf("%s (%s): %d remedies, want %d", c.Code, c.Who, n, want)
		}
	}
}

// The narrowest scope is that of the fact: a remedy that reached further than
// its fact, or a wider fact where a narrower does, would show here.
func TestEachRemedyIsTheNarrowest(t *testing.T) {
	want := map[catalogue.Code]fact.Scope{
		catalogue.SMTPAuthOffMailbox: fact.ScopeMailbox,
		catalogue.SMTPAuthOffOrg:     fact.ScopeMailbox,
		catalogue.PerUserMFA:         fact.ScopeUser,
		catalogue.SecurityDefaults:   fact.ScopeTenant,
	}
	for cause, scope := range want {
		r, ok := Lookup(cause)
		row, known := fact.Lookup(r.Fact)
		if !ok || !known || r.Scope != scope || row.Scope != scope {
			t.Errorf("%s: scope %q of fact %s (%q), want %q", cause, r.Scope, r.Fact, row.Scope, scope)
		}
	}
	if !slices.IsSortedFunc(remedies, func(a, b Remedy) int { return rank(a.Scope) - rank(b.Scope) }) {
		t.Error("the table does not go from narrow to wide")
	}
}

func TestRemediesAreComplete(t *testing.T) {
	for _, r := range remedies {
		row, _ := fact.Lookup(r.Fact)
		if row.Write == nil {
			t.Errorf("%s may not be written", r.Fact)
		}
		for _, v := range append(slices.Clone(r.From), r.To) {
			if !row.Allows(v) {
				t.Errorf("%s cannot be %q", r.Fact, v)
			}
			if !slices.ContainsFunc(r.Literals, func(l Literal) bool { return l.Value == v && l.PowerShell != "" }) {
				t.Errorf("%s: %q has no PowerShell", r.Fact, v)
			}
		}
		if slices.Contains(r.From, r.To) {
			t.Errorf("%s: %s stands in its own way", r.Fact, r.To)
		}
		for _, text := range []string{r.Title, r.Weakens, r.ForWhom, r.Connect, r.Set, r.Show, strings.Join(r.Roles, "")} {
			if text == "" {
				t.Errorf("%v: a text is missing", r.Causes)
			}
		}
	}
}

// The catalogue and the table may not tell an administrator two things.
func TestCatalogueSaysTheSame(t *testing.T) {
	places := map[catalogue.Code][]string{
		catalogue.SMTPAuthOffMailbox: {"Active users", "Mail", "Manage email apps", "Authenticated SMTP"},
		catalogue.SMTPAuthOffOrg:     {"Active users", "Mail", "Manage email apps", "Authenticated SMTP"},
		catalogue.PerUserMFA:         {"Per-user MFA"},
		catalogue.SecurityDefaults:   {"Properties", "Manage security defaults"},
	}
	for _, r := range remedies {
		for _, code := range r.Causes {
			c, _ := catalogue.Lookup(code)
			set := strings.NewReplacer("VALUE", r.literal(r.To)).Replace(r.Set)
			if !slices.Contains(c.PowerShell, set) {
				t.Errorf("%s: the catalogue lacks %q", code, set)
			}
			if !c.Retirement {
				t.Errorf("%s: the plan would not tell the dates of the retirement", code)
			}
			p := Plan{Cause: code}
			steps := strings.Join(p.Steps(), "\n")
			for _, place := range places[code] {
				if !strings.Contains(steps, place) {
					t.Errorf("%s: the steps do not lead to %q", code, place)
				}
			}
			if p.Instead() == "" {
				t.Errorf("%s: no way that weakens nothing", code)
			}
		}
	}
}
