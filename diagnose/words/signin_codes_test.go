package words

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"smtpmend/diagnose/words/signs"
)

// otherwise are the codes that the table reads more carefully than the list,
// which names one cause for what allows several or for what it is near to.
var otherwise = map[int]string{
	50011:  "unsure: oauth-app-not-found",
	50078:  "unsure: conditional-access,per-user-mfa",
	50180:  "unsure: federation-unreachable",
	50196:  "unsure: throttled",
	51006:  "unsure: federation-unreachable",
	53004:  "unsure: suspicious-sign-in,per-user-mfa,conditional-access,security-defaults",
	54005:  "unsure: oauth-token-invalid",
	70000:  "unsure: oauth-token-invalid",
	90055:  "unsure: throttled",
	900144: "-", // as the list; with the word scope it is the sender's request
}

// TestSignInCodesOfTheList holds the table against the list of codes.
func TestSignInCodesOfTheList(t *testing.T) {
	list, err := os.ReadFile("testdata/signin-codes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]string{}
	for line := range strings.Lines(string(list)) {
		number, cause, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if n, err := strconv.Atoi(number); err == nil {
			want[n] = cause
		}
	}
	if len(want) != 190 {
		t.Errorf("the list holds %d codes", len(want))
	}
	maps.Copy(want, otherwise)
	for _, c := range signs.EntraCodes {
		if _, ok := want[c.Number]; !ok {
			t.Errorf("%d is not on the list", c.Number)
		}
	}
	for number, cause := range want {
		if c, ok := signInMeaning(number, ""); !ok && number != 50053 || ok && listed(c) != cause {
			t.Errorf("%d: the list says %s, the table %s", number, cause, listed(c))
		}
	}
}

// listed writes the causes of a row as the list does.
func listed(c signs.EntraCode) string {
	switch {
	case !c.Tells():
		return "-"
	case c.Names != "":
		return string(c.Names)
	}
	return "unsure: " + strings.Join(asStrings(c.Allows), ",")
}

func asStrings(codes []Code) []string {
	var out []string
	for _, c := range codes {
		out = append(out, string(c))
	}
	return out
}

func TestEverySignInCodeIsRead(t *testing.T) {
	forms := []string{
		"AADSTS%d: words", "aadsts %d words", "AADSTS%d 2026-03-11 11:46:49Z words", "Sign-in error code: %d words", "Sign-in error code\n%d\nFailure reason\nwords",
		"error code: %d, words, see https://login.microsoftonline.com", `{"errorCode": %d, "failureReason": "words"}`, `{"errorCode":"%d","failureReason":"words"}`,
		`{"category": "SignInLogs", "resultType": "%d", "resultDescription": "words"}`,
		"\"Date\",\"Client app\",\"Sign-in error code\"\n\"2026-03-11\",\"Authenticated SMTP\",\"%d\",\"words\"\n\"2026-03-11\",\"IMAP4\",\"50057\",\"\"",
	}
	for i, c := range signs.EntraCodes {
		for _, other := range signs.EntraCodes[:i] {
			if other.Number == c.Number && other.With == c.With {
				t.Errorf("two rows for %d", c.Number)
			}
		}
		for _, form := range forms {
			text := fmt.Sprintf(form, c.Number)
			if c.With != "" {
				text = strings.Replace(text, "words", c.With, 1)
			}
			d := Text(text)
			if want := Of(signs.Sign{Names: c.Names, Allows: c.Allows}).Verdict; d.Verdict != want || d.Cause != c.Names || !slices.Equal(d.Candidates, c.Allows) {
				t.Errorf("%s: got %s %s %v", text, d.Verdict, d.Cause, d.Candidates)
			}
			if len(d.Notes) == 0 || !strings.Contains(d.Notes[0], c.Note) {
				t.Errorf("%s: notes %q", text, d.Notes)
			}
		}
		if c.Note == "" || strings.ContainsAny(c.Note, "\n|*") || !strings.HasSuffix(c.Note, ".") {
			t.Errorf("%d: the note %q", c.Number, c.Note)
		}
	}
}

// TestEverySentenceOfEntra: what Entra says is read without its number, beside
// a number that lost digits; what others say as well counts in a log only where
// that is about mail.
func TestEverySentenceOfEntra(t *testing.T) {
	sentences := 0
	for _, c := range signs.EntraCodes {
		causes := signs.Sign{Names: c.Names, Allows: c.Allows}.Possible()
		for i, says := range slices.Concat(c.Says, c.Like) {
			sentences++
			own := c.Names != "" && i < len(c.Says)
			text := strings.ReplaceAll(says, "...", " 'x1' ") + "."
			for _, text := range []string{text, strings.ToUpper(text), "AADSTS00012: " + text, "Failure reason\n" + text + "\nTrace ID: 0"} {
				d := Text(text)
				named := d.Verdict == Named && d.Cause == c.Names
				if own && !named || !own && !named && !slices.Equal(d.Candidates, causes) {
					t.Errorf("%s: got %s %s %v", text, d.Verdict, d.Cause, d.Candidates)
				}
			}
			if _, _, ok := InLog("billing service: " + text); ok && i >= len(c.Says) {
				t.Errorf("%s: counts in any log", text)
			}
			if _, _, ok := InLog("smtp: " + text); !ok {
				t.Errorf("%s: does not count in a mail log", text)
			}
		}
	}
	if sentences < 50 {
		t.Errorf("only %d sentences", sentences)
	}
}

// TestTheTellingCodeDecides: of several codes the last that says something
// about a submission; one about something else alone is no cause, and nothing
// in a log.
func TestTheTellingCodeDecides(t *testing.T) {
	for _, c := range []struct {
		text  string
		cause Code
	}{
		{"AADSTS50126: wrong. Then AADSTS50058: no session.", "bad-credentials"},
		{"AADSTS50058: no session. Then Sign-in error code: 50126.", "bad-credentials"},
		{"AADSTS50\n126: a line end within", "bad-credentials"},
		{"AADSTS50126 at 10:00", "bad-credentials"},
		{"AADSTS7000229: no principal", "oauth-app-not-found"},
	} {
		if d := Text(c.text); d.Cause != c.cause {
			t.Errorf("%s: got %s %s %v", c.text, d.Verdict, d.Cause, d.Candidates)
		}
	}
	if d := Text("AADSTS50126: wrong. Then AADSTS50057: disabled."); d.Verdict != Unsure || !slices.Equal(d.Candidates, []Code{"account-disabled", "bad-credentials"}) {
		t.Errorf("two codes that tell: %s %v", d.Cause, d.Candidates)
	}
	for text, verdict := range map[string]Verdict{
		"AADSTS90033: The directory isn't available.": Named, "AADSTS53003 is gone": Unsure, "It is not AADSTS53003: words": Unsure,
		`{"errorCode": 53002, "failureReason": "The app isn't approved."}`: Named,
	} {
		if d := Text(text); d.Verdict != verdict {
			t.Errorf("%s: got %s %s %v", text, d.Verdict, d.Cause, d.Candidates)
		}
	}
	d := Text("AADSTS16000: words")
	if d.Verdict != Unsure || len(d.Candidates) > 0 || !strings.HasPrefix(d.Notes[0], "AADSTS16000 is about the sign-in of an administrator") {
		t.Errorf("of an administrator: %+v", d)
	}
	for _, text := range []string{"AADSTS70016: pending", "smtp.office365.com AADSTS70016: pending"} {
		if m, _, ok := InLog(text); ok {
			t.Errorf("%s: counts in a log: %+v", text, m)
		}
	}
}

// TestExports: of an export of the sign-in log the records of submissions
// count, in a log each by itself.
func TestExports(t *testing.T) {
	const smtp = `"2026-03-11","scanner@contoso.com","Authenticated SMTP","Office 365 Exchange Online","50057","The user account is disabled."`
	const imap = `"2026-03-11","scanner@contoso.com","IMAP4","Office 365 Exchange Online","50126","Error validating credentials due to invalid username or password."`
	for _, text := range []string{smtp, smtp + "\n" + imap, imap + "\r\n" + smtp, strings.ReplaceAll(smtp, ",", ";"), strings.ReplaceAll(smtp, `"`, ""), strings.ToUpper(smtp)} {
		m, _, ok := InLog(text)
		if !ok || m.Cause != "account-disabled" || !strings.Contains(strings.ToLower(m.Reply.Text), "scanner@contoso.com") {
			t.Errorf("%s: got %s %s %v, %+v", text, m.Verdict, m.Cause, m.Candidates, m.Reply)
		}
	}
	if m, _, ok := InLog(imap); ok {
		t.Errorf("a record of IMAP counts: %+v", m)
	}
	if kept := ofSubmissions(imap); kept != imap {
		t.Errorf("another text was changed: %q", kept)
	}
}

// TestOtherNumbersAreNotEntras: the numbers of databases, printers and others,
// and sentences that are near to Entra's.
func TestOtherNumbersAreNotEntras(t *testing.T) {
	for _, text := range []string{
		"ORA error code: 50126", "SQL error code: 53003, state 1", "HP Error code: 53003", "Error 50126 in mail merge", "order 50126 failed", "ResultType 50126",
		"AADSTS999999: Something new.", "AADSTS501260", "AADSTS5012", "AADSTS", "AADSTS: none", "Sign-in error code: 0", `"errorCode": 0, "failureReason": "Other."`,
		"Tenant not found", "The provided value is not valid", "consent is required", "Application was not found", "The directory does not exist",
		"\"Client app\",\"Sign-in error code\"\n\"Authenticated SMTP\",\"0\"",
		"Authenticated SMTP, port 587, error 12",
	} {
		if d := Text(text); d.Verdict != Unknown {
			t.Errorf("%s: got %s %s %v", text, d.Verdict, d.Cause, d.Candidates)
		}
	}
}

// TestSignInRecords: what a record of the sign-in log settles. A code about
// something else settles nothing, nor does a limit of the token endpoint make
// the sign-in log worth asking.
func TestSignInRecords(t *testing.T) {
	for number, cause := range map[int]Code{50126: "bad-credentials", 530035: "security-defaults", 53003: "conditional-access", 50057: "account-disabled"} {
		if m := SignInCode(number); m.Verdict != Named || m.Cause != cause {
			t.Errorf("%d: %+v", number, m)
		}
	}
	for _, c := range signs.EntraCodes {
		if c.Tells() {
			continue
		}
		if m := SignInCode(c.Number); m.Cause != "" || len(m.Candidates) > 0 {
			t.Errorf("%d settles %+v", c.Number, m)
		}
	}
	if m := SignInCode(50053); m.Verdict != Unsure || len(m.Candidates) != 2 {
		t.Errorf("50053: %+v", m)
	}
	if m := SignInCode(1); m.Verdict != Unknown {
		t.Errorf("1: %+v", m)
	}
	for cause, want := range map[Code]bool{"bad-credentials": true, "oauth-client-secret": true, "conditional-access": true, "temporary": false, "throttled": false, "sender-blocked": false, "relay-denied": false, "none-such": false} {
		if got := SettledBySignInCode(cause); got != want {
			t.Errorf("%s is settled by a code: %v", cause, got)
		}
	}
}
