package catalogue

import (
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

// Each link is about facts that exist, in the order of the chain, says what is
// missing, and says what makes it: in one command, or in a sentence.
func TestLinksAreComplete(t *testing.T) {
	used := map[fact.Name]bool{}
	for _, l := range chain {
		if _, known := Lookup(l.Cause); !known {
			t.Errorf("%q is no cause", l.Cause)
		}
		for _, term := range l.Missing {
			row, ok := fact.Lookup(term.Fact)
			used[term.Fact] = true
			for _, v := range term.Values {
				if !ok || !row.Allows(v) {
					t.Errorf("%s: %s cannot be %q", l.Cause, term.Fact, v)
				}
			}
		}
		if !strings.HasSuffix(l.Says, ".") || len(l.Missing) == 0 || l.Proof == Nowhere {
			t.Errorf("incomplete: %+v", l)
		}
		if len(l.Make.Lines) == 0 && l.ByHand == "" || len(l.Make.Lines) > 2 {
			t.Errorf("%s: %s: neither a command nor a sentence, or more than one command", l.Cause, l.Says)
		}
		if l.Make.At == Graph && len(l.Make.Scopes) == 0 {
			t.Errorf("%s: the command names no scopes", l.Cause)
		}
		for _, line := range l.Make.Lines {
			if strings.Contains(strings.ReplaceAll(line, "$_", ""), "$app") || strings.Contains(line, "Read-Host") {
				t.Errorf("%s: it asks: %s", l.Cause, line)
			}
		}
	}
	for _, row := range fact.Chain {
		if !used[row.Name] {
			t.Errorf("no link asks for %s", row.Name)
		}
	}
	proof := func(l Link) Reach { return l.Proof }
	if i := slices.IndexFunc(chain, func(l Link) bool { return proof(l) > GotToken }); i < 0 ||
		slices.ContainsFunc(chain[i:], func(l Link) bool { return l.Proof == GotToken }) {
		t.Error("what Entra asks comes before what Exchange asks")
	}
}

// What a person's token and an application's own need differ, and every way has
// links at each end.
func TestEveryWayHasItsLinks(t *testing.T) {
	for _, way := range Ways {
		var token, exchange int
		for _, l := range chain {
			switch {
			case !l.For(way):
			case l.Proof == GotToken:
				token++
			default:
				exchange++
			}
			if l.For(way) && way.Personal() && strings.HasPrefix(string(l.Missing[0].Fact), "app.rbac") {
				t.Errorf("%s asks for an application's role", way)
			}
		}
		if token < 4 || exchange < 3 {
			t.Errorf("%s: %d links at Entra, %d at Exchange", way, token, exchange)
		}
	}
}
