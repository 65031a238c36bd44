package view

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
)

// Names that a list may hold, and that must do nothing anywhere.
var hostileNames = []string{"=1+1@x.com", "a\u202eb@x.com", "-x@x.com", "+x@x.com", "|x@x.com", "%x@x.com", "'x@x.com"}

func groups(names ...string) *Groups {
	g := new(Groups)
	for _, name := range names {
		g.Add(name, "confirmed", "per-user-mfa")
		g.Add(name, "named", "per-user-mfa") // one cause is one group, however it is known
	}
	g.Add("h@x.com", "healthy", "")
	for range 3 {
		g.Add("n@x.com", NotTried, "")
	}
	g.Add("u@x.com", "unsure", "")
	return g
}

// The table has the largest group first and what has no result last; JSON and
// CSV hold every mailbox, losslessly or harmlessly.
func TestSummed(t *testing.T) {
	answer := Summed(groups(hostileNames...), "Say.", "smtpmend fix a@x.com")
	var text, object, table bytes.Buffer
	for w, form := range map[*bytes.Buffer]Form{&text: {}, &object: {JSON: true}, &table: {CSV: true}} {
		if err := Print(w, answer, form); err != nil {
			t.Fatal(err)
		}
	}
	var words []string
	for line := range strings.Lines(text.String()) {
		if fields := strings.Fields(line); len(fields) > 1 && strings.Trim(fields[0], "0123456789") == "" {
			words = append(words, fields[0]+" "+fields[1])
		}
	}
	if diff := cmp.Diff([]string{"14 per-user-mfa", "1 healthy", "1 unsure", "3 not-tried"}, words); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, text.String())
	}
	if !strings.Contains(text.String(), " and 11 more") || !strings.HasSuffix(text.String(), "Next\n  Say.\n    smtpmend fix a@x.com\n") {
		t.Errorf("%s", text.String())
	}
	var got struct {
		Schema  int
		Next    *string
		Summary []groupBody
	}
	if err := json.Unmarshal(object.Bytes(), &got); err != nil || got.Schema != 1 || got.Next != nil || len(got.Summary) != 4 {
		t.Fatalf("%v: %s", err, object.String())
	}
	for i, name := range hostileNames {
		if got.Summary[0].Mailboxes[2*i] != name {
			t.Errorf("%q became %q", name, got.Summary[0].Mailboxes[2*i])
		}
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil || len(rows) != 5 || rows[1][0] != "per-user-mfa" || rows[1][2] != "14" || rows[4][1] != NotTried {
		t.Errorf("%v: %q", err, rows)
	}
	if cell := rows[1][3]; !strings.HasPrefix(cell, "'=1+1@x.com ") || strings.Contains(cell, "\u202e") {
		t.Errorf("%q would be a formula, or turns the line around", cell)
	}
}

// One of many is a line, whatever it is called; with --verbose it is all that
// is known.
func TestDiagnosedOfMany(t *testing.T) {
	none := func(...string) (string, bool) { return "", false }
	tests := []struct {
		verdict diagnose.Verdict
		cause   catalogue.Code
		maybe   []catalogue.Code
		want    string
	}{
		{diagnose.Healthy, "", nil, "can submit"},
		{diagnose.Confirmed, "per-user-mfa", nil, "per-user-mfa (confirmed)"},
		{diagnose.Named, "throttled", nil, "throttled (named)"},
		{diagnose.Unsure, "", []catalogue.Code{"security-defaults", "per-user-mfa"}, "unsure: security-defaults, per-user-mfa"},
		{diagnose.Unknown, "", nil, "unknown"},
		{diagnose.OtherProvider, "", nil, "other-provider"},
	}
	for _, tt := range tests {
		for _, name := range hostileNames {
			c := Case{Mailbox: name}
			c.Diagnosis.Verdict, c.Diagnosis.Cause, c.Diagnosis.Candidates = tt.verdict, tt.cause, tt.maybe
			var text, object bytes.Buffer
			answer := DiagnosedOfMany(c, 3, none)
			if err := Print(&text, answer, Form{}); err != nil || strings.Count(text.String(), "\n") != 1 || !strings.HasSuffix(text.String(), "  "+tt.want+"\n") || strings.Contains(text.String(), "\u202e") {
				t.Errorf("%v: %q", err, text.String())
			}
			var got struct {
				Mailbox string
				Exit    *int
				Next    *string
			}
			if err := Print(&object, answer, Form{JSON: true}); err != nil || json.Unmarshal(object.Bytes(), &got) != nil || got.Mailbox != name || got.Exit == nil || *got.Exit != 3 || got.Next == nil {
				t.Errorf("%v: %s", err, object.String())
			}
			if !strings.HasPrefix(object.String(), `{"schema":1,"mailbox":`) {
				t.Errorf("begins with %.40s", object.String())
			}
		}
	}
}
