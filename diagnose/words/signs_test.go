package words

import (
	"fmt"
	"slices"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/cases"
)

// describe names a row in a failure.
func (r *row) describe() string {
	return fmt.Sprintf("{stage: %q, code: %d, status: %q, words: %q, and: %q}", r.stage, r.code, r.status, r.words, r.and)
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
		_, _, _, byCode := fromSignInCode(clean(c.Text))
		switch {
		case r != nil && indexOf(r) < 0:
			t.Errorf("%s: rows tie over it: %s", c.Name, r.describe())
		case r == nil && !byCode && c.Want.Verdict != string(Unknown) && c.Want.Verdict != string(OtherProvider):
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
	return a.points == b.points && !a.agrees(b.sign) &&
		a.words == b.words && a.and == b.and &&
		(a.stage == "" || b.stage == "" || a.stage == b.stage) &&
		(a.code == 0 || b.code == 0 || a.code == b.code) &&
		(a.status == "" || b.status == "" || a.status == b.status)
}

func TestRowsAreComplete(t *testing.T) {
	for i := range rows() {
		r := &rows()[i]
		answers := 0
		for _, given := range []bool{r.names != "", r.is != ""} {
			if given {
				answers++
			}
		}
		if len(r.allows) > 0 && r.is != OtherProvider {
			answers++
		}
		if ownFault := r.note != "" && r.verdict() == Unsure; answers != 1 && !ownFault {
			t.Errorf("%s gives %d answers", r.describe(), answers)
		}
		if r.words == "" && r.status == "" && !r.wordy {
			t.Errorf("%s says nothing distinctive", r.describe())
		}
		for _, c := range slices.Concat(r.possible(), r.allows) {
			if !isCause(c) {
				t.Errorf("%s: no catalogue entry for %q", r.describe(), c)
			}
		}
	}
	for _, c := range signInCodes {
		for _, code := range (sign{names: c.names, allows: c.allows}).possible() {
			if !isCause(code) {
				t.Errorf("AADSTS%d: no catalogue entry for %q", c.number, code)
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
	a, b := &row{sign: sign{names: "tls-too-old"}}, &row{sign: sign{allows: []Code{"temporary", "tls-too-old"}}}
	if u := union(a, b); u.verdict() != Unsure || !slices.Equal(u.allows, []Code{"tls-too-old", "temporary"}) {
		t.Errorf("union: %v", u.allows)
	}
}

// TestEveryCauseHasARow: whatever a reply, the token endpoint or the sign-in
// log can show is reached by some row of some table.
func TestEveryCauseHasARow(t *testing.T) {
	var reached []Code
	for i := range rows() {
		reached = append(reached, rows()[i].possible()...)
	}
	for _, c := range signInCodes {
		reached = append(reached, sign{names: c.names, allows: c.allows}.possible()...)
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
		if r.wordy {
			text = fmt.Sprintf("%dw", r.code)
		}
		if r.verdict() != Healthy && !slices.Contains(hints, text) {
			t.Errorf("no hint for %s", r.describe())
		}
	}
}
