package fact

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// declared reads the Name constants out of a file, so that a new one without
// a row is noticed.
func declared(t *testing.T, name string) []Name {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []Name
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Name" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, Name(text))
		}
		return true
	})
	return names
}

func TestEveryNameHasOneRow(t *testing.T) {
	for file, table := range map[string][]Row{"fact.go": Table, "chain.go": Chain} {
		var rows []Name
		for _, r := range table {
			rows = append(rows, r.Name)
		}
		if diff := cmp.Diff(declared(t, file), rows); diff != "" {
			t.Errorf("the table and the names of %s differ, in number or order (-names +rows):\n%s", file, diff)
		}
	}
}

func TestRowsAreComplete(t *testing.T) {
	for _, r := range slices.Concat(Table, Chain) {
		t.Run(string(r.Name), func(t *testing.T) {
			if r.Title == "" || len(r.Values) == 0 || r.Scope == "" {
				t.Errorf("a field is empty: %+v", r)
			}
			if r.API != APIGraph && r.API != APIExchange {
				t.Errorf("API = %q", r.API)
			}
			complete(t, r.Read)
			if r.Write != nil {
				complete(t, *r.Write)
			}
			if r.Free != "" && strings.Count(r.Free, "%s") != 1 {
				t.Errorf("Free = %q, want one %%s", r.Free)
			}
			for _, v := range r.Values {
				if v.Words == "" || !r.Allows(v.Value) || r.Words(v.Value) != v.Words {
					t.Errorf("value %+v", v)
				}
			}
		})
	}
}

func complete(t *testing.T, a Access) {
	t.Helper()
	if len(a.Delegated) == 0 || len(a.Application) == 0 || a.Role == "" {
		t.Errorf("access = %+v", a)
	}
}

// The three facts that a fix may change, and above all not the organisation's
// switch: the mailbox overrides it.
func TestWritableFacts(t *testing.T) {
	var got []Name
	for _, r := range slices.Concat(Table, Chain) {
		if r.Write != nil {
			got = append(got, r.Name)
		}
	}
	want := []Name{OrgSecurityDefaults, MailboxSMTPAuth, UserPerUserMFA}
	if !slices.Equal(got, want) {
		t.Errorf("writable = %v, want %v; this list is all that smtpmend may ever change, and grows on purpose only", got, want)
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		name        Name
		value, want string
		allowed     bool
	}{
		{MailboxSMTPAuth, "off", "off", true},
		{MailboxSMTPAuth, "inherit", "not set: follows the organisation", true},
		{MailboxSMTPAuth, "true", `"true"`, false},
		{MailboxSMTPAuth, "", `""`, false},
		{UserSignInError, "50126", "AADSTS50126", true},
		{UserSignInError, "0", "it succeeded", true},
		{OrgConditionalAccess, "Block legacy", "stopped by Block legacy", true},
		{OrgConditionalAccess, None, "no enabled policy stops this sign-in", true},
		{OrgConditionalAccess, "", `""`, false},
	}
	for _, tt := range tests {
		r, ok := Lookup(tt.name)
		if !ok {
			t.Fatalf("Lookup(%q): no row", tt.name)
		}
		if got := r.Words(tt.value); got != tt.want || r.Allows(tt.value) != tt.allowed {
			t.Errorf("%s = %q: %q, allowed %v, want %q, %v", tt.name, tt.value, got, r.Allows(tt.value), tt.want, tt.allowed)
		}
	}
	if _, ok := Lookup("org.nothing"); ok {
		t.Error("Lookup finds a fact that is none")
	}
}
