package catalogue

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

// The codes that other programs rely on stay as they are: code, stage and who
// can mend it. A new code joins the list when it is released.
func TestCodesArePermanent(t *testing.T) {
	list, err := os.ReadFile("testdata/codes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range All() {
		got = append(got, fmt.Sprintf("%s\t%s\t%s", c.Code, c.Stage, c.Who))
	}
	for line := range strings.Lines(string(list)) {
		if !slices.Contains(got, strings.TrimSpace(line)) {
			t.Errorf("the catalogue lacks %q", line)
		}
	}
}

func TestRowsAreComplete(t *testing.T) {
	for i, c := range All() {
		if slices.ContainsFunc(All()[:i], func(o Cause) bool { return o.Code == c.Code }) {
			t.Errorf("%s has two rows", c.Code)
		}
		for name, text := range map[string]string{"Title": c.Title, "Meaning": c.Meaning, "Check": c.Check, "Stage": string(c.Stage), "Who": string(c.Who)} {
			if text == "" {
				t.Errorf("%s: %s is missing", c.Code, name)
			}
		}
		if len(c.Portal) == 0 || len(c.Sources) == 0 {
			t.Errorf("%s: steps or sources are missing", c.Code)
		}
		if !strings.HasSuffix(c.Check, ".") || strings.Contains(c.Check, ". ") {
			t.Errorf("%s: the check is not one sentence: %s", c.Code, c.Check)
		}
		for _, t2 := range slices.Concat(c.Shown...) {
			row, ok := fact.Lookup(t2.Fact)
			for _, v := range slices.Concat(t2.Values, t2.Open) {
				if !ok || !row.Allows(v) {
					t.Errorf("%s: %s cannot be %q", c.Code, t2.Fact, v)
				}
			}
		}
		if len(c.Shown) > 0 && c.Step == NoStep {
			t.Errorf("%s: what the tenant shows has no place in the order of the sign-in", c.Code)
		}
	}
}

// What follows from the rest of a row is not said a second time.
func TestNothingIsSaidTwice(t *testing.T) {
	for _, c := range rows {
		if (c.Who == "") != (c.Change != nil) || c.Who == Tool {
			t.Errorf("%s: Who is left out where there is a Change, and only there", c.Code)
		}
		if c.Retirement && c.Change != nil {
			t.Errorf("%s: Retirement follows from the Change", c.Code)
		}
		if c.Logged && len(c.Shown) > 0 {
			t.Errorf("%s: Logged is what no setting shows", c.Code)
		}
		if c.AfterSignIn() && c.Step != NoStep {
			t.Errorf("%s: a stage after the sign-in is its place", c.Code)
		}
		said := map[string]bool{c.Meaning: true}
		for _, text := range slices.Concat([]string{c.Title, c.WeakensNothing}, c.Portal, c.Sources, lines(c.PowerShell)) {
			if text != "" && said[text] {
				t.Errorf("%s: twice: %s", c.Code, text)
			}
			said[text] = true
		}
		if c.Change == nil {
			continue
		}
		for _, line := range lines(c.PowerShell) {
			if slices.Contains(lines([]Commands{c.Change.Commands(c.Change.To)}), line) {
				t.Errorf("%s: the Change has this line: %s", c.Code, line)
			}
		}
		for _, o := range rows {
			if o.Change != nil && o.Change != c.Change && o.Change.Fact == c.Change.Fact {
				t.Errorf("%s and %s set %s by two changes; let both name one", c.Code, o.Code, c.Change.Fact)
			}
		}
	}
}

// A change is narrow, is what the causes' conditions ask for, and can be put
// back.
func TestChanges(t *testing.T) {
	for _, c := range All() {
		if c.Change == nil {
			continue
		}
		change := c.Change
		row, _ := fact.Lookup(change.Fact)
		if row.Write == nil || change.Scope() == "" {
			t.Errorf("%s: %s may not be written", c.Code, change.Fact)
		}
		if slices.Contains(change.From(), change.To) {
			t.Errorf("%s: %s stands in its own way", c.Code, change.To)
		}
		for _, v := range slices.Concat(change.From(), change.Former, []string{change.To}) {
			if got := change.Commands(v); !row.Allows(v) || len(got.Lines) != 3 {
				t.Errorf("%s: %q cannot be set in PowerShell", c.Code, v)
			}
		}
		for name, text := range map[string]string{"Title": change.Title, "Weakens": change.Weakens, "ForWhom": change.ForWhom,
			"the fact's role to write": change.Role(), "WeakensNothing": c.WeakensNothing} {
			if text == "" {
				t.Errorf("%s: of its change %s is missing", c.Code, name)
			}
		}
		mends := func(condition Condition) bool {
			return slices.ContainsFunc(condition, func(t Term) bool {
				return t.Fact == change.Fact && len(t.Values) > 0
			})
		}
		if len(c.Shown) == 0 || slices.ContainsFunc(c.Shown, func(condition Condition) bool { return !mends(condition) }) {
			t.Errorf("%s: the change does not remove what the tenant shows: each condition in Shown holds %s", c.Code, change.Fact)
		}
	}
}

// The steps lead where the page that this tool is made after leads, beside the
// newer ways.
func TestStepsOfThePage(t *testing.T) {
	for code, places := range map[Code][]string{
		SMTPAuthOffMailbox: {"Active users", "Mail, Manage email apps", "Authenticated SMTP", "Save changes"},
		SMTPAuthOffOrg:     {"Active users", "Mail, Manage email apps", "Authenticated SMTP", "Save changes"},
		PerUserMFA:         {"Per-user MFA", "Users, Active users, Multi-factor authentication"},
		SecurityDefaults: {"Entra ID, Overview, Properties", "Manage security defaults", "Enable security defaults: No",
			"Conditional Access Administrator, Security Administrator or Global Administrator"},
	} {
		c, _ := Lookup(code)
		for _, place := range places {
			if !strings.Contains(strings.Join(c.Portal, "\n"), place) {
				t.Errorf("%s: the steps do not lead to %q", code, place)
			}
		}
		if !slices.Contains(c.Sources, srcSeed) {
			t.Errorf("%s: the page is not among the sources", code)
		}
	}
}

func lines(commands []Commands) []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.Lines...)
	}
	return all
}
