package words

import (
	"fmt"
	"slices"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/cases"
)

// describe names a row in a failure, and what it weighs.
func (r *row) describe() string {
	if r == nil {
		return "no row"
	}
	return fmt.Sprintf("{Stage: %q, Code: %d, Status: %q, Words: %q, And: %q} of weight %+v", r.Stage, r.Code, r.Status, r.Words, r.And, r.weight)
}

// indexOf returns the place of a row in the table, -1 for a union of rows that
// say as much as one another.
func indexOf(r *row) int {
	for i := range rows() {
		if r == &rows()[i] {
			return i
		}
	}
	return -1
}

func TestEveryRowDecidesACase(t *testing.T) {
	decides := make([]int, len(rows()))
	for _, c := range cases.Load(t, casesDir) {
		if _, r := read(c.Text); r != nil && indexOf(r) >= 0 {
			decides[indexOf(r)]++
		}
	}
	for i, n := range decides {
		if n == 0 {
			t.Errorf("no case for %s", rows()[i].describe())
		}
	}
}

func TestEveryCaseIsDecidedByOneRow(t *testing.T) {
	for _, c := range cases.Load(t, casesDir) {
		_, r := read(c.Text)
		byCode := mark(clean(c.Text), nil)
		byCode.entraCode()
		switch {
		case r != nil && indexOf(r) < 0:
			t.Errorf("%s: rows tie over it: %s", c.Name, r.describe())
		case r == nil && !byCode.settled() && c.Want.Verdict != string(Unknown) && c.Want.Verdict != string(OtherProvider):
			t.Errorf("%s: no row decides it", c.Name)
		}
	}
}

// TestNoTwoRowsTie looks for rows that say as much, with the same words, can
// hold of one reply, and answer differently.
func TestNoTwoRowsTie(t *testing.T) {
	for i := range rows() {
		for j := range rows()[:i] {
			if a, b := &rows()[i], &rows()[j]; tie(a, b) {
				t.Errorf("tie:\n%s\n%s", a.describe(), b.describe())
			}
		}
	}
}

func tie(a, b *row) bool {
	return a.weight == b.weight && !a.Agrees(b.Sign) &&
		a.Words == b.Words && a.And == b.And &&
		(a.Stage == "" || b.Stage == "" || a.Stage == b.Stage) &&
		(a.Code == 0 || b.Code == 0 || a.Code == b.Code) &&
		(a.Status == "" || b.Status == "" || a.Status == b.Status)
}

func TestRowsAreComplete(t *testing.T) {
	for i := range rows() {
		r := &rows()[i]
		answers := 0
		for _, given := range []bool{r.Names != "", (r.Other || r.Healthy)} {
			if given {
				answers++
			}
		}
		if len(r.Allows) > 0 && !r.Other {
			answers++
		}
		if ownFault := r.Note != "" && Of(r.Sign).Verdict == Unsure; answers != 1 && !ownFault {
			t.Errorf("%s gives %d answers", r.describe(), answers)
		}
		if r.Words == "" && r.Status == "" && !r.Wordy {
			t.Errorf("%s says nothing distinctive", r.describe())
		}
		for _, c := range slices.Concat(r.Possible(), r.Allows) {
			if !isCause(c) {
				t.Errorf("%s: no catalogue entry for %q", r.describe(), c)
			}
		}
	}
	for _, c := range signs.EntraCodes {
		for _, code := range (signs.Sign{Names: c.Names, Allows: c.Allows}).Possible() {
			if !isCause(code) {
				t.Errorf("AADSTS%d: no catalogue entry for %q", c.Number, code)
			}
		}
	}
}

// TestRivalNames: words that name two causes, and rows that say as much as one
// another, leave both open.
func TestRivalNames(t *testing.T) {
	both := []Code{"smtp-auth-off-mailbox", "smtp-auth-off-org"}
	for _, text := range []string{
		`It says "SmtpClientAuthentication is disabled for the Tenant" or "SmtpClientAuthentication is disabled for the Mailbox".`,
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\n535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
	} {
		if d := Text(text); d.Verdict != Unsure || !slices.Equal(d.Candidates, both) {
			t.Errorf("%s: %s %s %v", text, d.Verdict, d.Cause, d.Candidates)
		}
	}
	a, b := &row{Sign: signs.Sign{Names: "tls-too-old"}}, &row{Sign: signs.Sign{Allows: []Code{"temporary", "tls-too-old"}}}
	if u := union(a, b); Of(u.Sign).Verdict != Unsure || !slices.Equal(u.Allows, []Code{"tls-too-old", "temporary"}) {
		t.Errorf("union: %v", u.Allows)
	}
}

// TestEveryCauseHasARow: whatever a reply, the token endpoint or the sign-in
// log can show is reached by some row of some table.
func TestEveryCauseHasARow(t *testing.T) {
	var reached []Code
	for i := range rows() {
		reached = append(reached, rows()[i].Possible()...)
	}
	for _, c := range signs.EntraCodes {
		reached = append(reached, signs.Sign{Names: c.Names, Allows: c.Allows}.Possible()...)
	}
	for _, c := range catalogue.All() {
		if !slices.Contains(reached, c.Code) {
			t.Errorf("no row for %s", c.Code)
		}
	}
}

// TestEveryRowHasAHint: a line of a log that a row reads is not passed over.
func TestEveryRowHasAHint(t *testing.T) {
	hints := Hints()
	for i := range rows() {
		r := &rows()[i]
		text := hintOf(r)
		if r.Wordy {
			text = fmt.Sprintf("%d w", r.Code)
		} else if codeFirst(r) {
			text = fmt.Sprintf("%d  %s", r.Code, text)
		}
		if Of(r.Sign).Verdict != Healthy && r.Note != signs.NotePanel && !slices.Contains(hints, text) {
			t.Errorf("no hint for %s", r.describe())
		}
	}
}
