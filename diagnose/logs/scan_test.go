package logs

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/words"
	"smtpmend/internal/cases"
)

// A hit is one call of Scan's function.
type hit struct {
	Line int
	D    words.Meaning
}

func scanAll(t testing.TB, r io.Reader) []hit {
	t.Helper()
	var hits []hit
	err := Scan(r, func(line int, d words.Meaning) error {
		hits = append(hits, hit{line, d})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// summary is a line of "number cause" or "number verdict".
func summary(hits []hit) string {
	var parts []string
	for _, h := range hits {
		word := string(h.D.Cause)
		if word == "" {
			word = string(h.D.Verdict)
		}
		parts = append(parts, fmt.Sprintf("%d %s", h.Line, word))
	}
	return strings.Join(parts, ", ")
}

// casesDir holds the cases of package words.
const casesDir = "../../testdata/cases"

const routineLine = "Nov 20 08:00:01 relay1 postfix/qmgr[905]: 4F5D21A2B3: removed\n"

// TestScanAgreesWithText: a line of a log means what it means when pasted, but
// for a stranger's, which is nobody's of ours.
func TestScanAgreesWithText(t *testing.T) {
	lines, strange := 0, 0
	for _, c := range cases.Load(t, casesDir) {
		if strings.Contains(c.Text, "\n") {
			continue
		}
		lines++
		var want []hit
		if m, _, ok := words.InLog(c.Text); ok {
			want = []hit{{2, m}}
		}
		got := scanAll(t, strings.NewReader(routineLine+c.Text+"\n"+routineLine))
		if strings.Contains(c.Text, "smtpd[") || strings.Contains(c.Text, " reject: ") {
			if strange++; len(got) > 0 {
				t.Errorf("%s: a stranger's is an event: %v", c.Name, got)
			}
			continue
		}
		if want == nil && len(got) == 1 && got[0].D.Verdict == words.Unknown {
			continue // Microsoft's mark, but unknown words
		}
		for _, hits := range [][]hit{want, got} {
			for i := range hits {
				hits[i].D.Reply.Text, hits[i].D.Notes = "", nil
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-Text +Scan):\n%s", c.Name, diff)
		}
	}
	if lines < 200 || strange == 0 {
		t.Errorf("only %d cases of one line, %d of strangers", lines, strange)
	}
}

// TestScanJoinsLines: in a log, nearly every text of several lines is read as
// it is when pasted. Whole sessions are not, nor is what was broken narrowly.
func TestScanJoinsLines(t *testing.T) {
	same, all := 0, 0
	for _, c := range cases.Load(t, casesDir) {
		if _, _, ok := words.InLog(c.Text); !ok || !strings.Contains(c.Text, "\n") {
			continue
		}
		all++
		want, found := words.Text(c.Text), false
		hits := scanAll(t, strings.NewReader(c.Text))
		for _, h := range hits {
			found = found || h.D.Verdict == want.Verdict && h.D.Cause == want.Cause
		}
		if found {
			same++
			continue
		}
		t.Logf("%s: the whole is %s %s, its lines are %q", c.Name, want.Verdict, want.Cause, summary(hits))
	}
	if same*20 < all*17 {
		t.Errorf("%d of %d texts of several lines have the verdict of the whole", same, all)
	}
}

const (
	mailboxOff = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information."
	tenantOff  = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."
)

func TestScanLines(t *testing.T) {
	tests := []struct {
		name, log, want string
	}{
		{"nothing", "", ""},
		{"routine", routineLine + "\n" + routineLine, ""},
		{"one a line", "a\n" + mailboxOff + "\n\n" + tenantOff + "\n", "2 smtp-auth-off-mailbox, 4 smtp-auth-off-org"},
		{"beside each other", mailboxOff + "\n" + tenantOff, "1 smtp-auth-off-mailbox, 2 smtp-auth-off-org"},
		{"CR LF", "a\r\n" + mailboxOff + "\r\n", "2 smtp-auth-off-mailbox"},
		{"indented alike", "  " + mailboxOff + "\n  " + tenantOff + "\n", "1 smtp-auth-off-mailbox, 2 smtp-auth-off-org"},
		{"indented list", "replies:\n  " + mailboxOff + "\n  " + tenantOff + "\n", "2 smtp-auth-off-mailbox, 3 smtp-auth-off-org"},
		{"folded", "Status: 5.7.139\nDiagnostic-Code: smtp; 535\n  5.7.139 Authentication unsuccessful, user is locked by your\n  organization's security defaults policy.\n", "2 security-defaults"},
		{"folded late", "<user@contoso.com>: host x said\n    something and then\n    550 5.7.60 SMTP; Client does not have permissions to send as this sender\n", "3 send-as-denied"},
		{"multi-line reply", "S: 535-5.7.139 Authentication unsuccessful, SmtpClientAuthentication\nS: 535 5.7.139 is disabled for the Tenant.\n", "1 smtp-auth-off-org"},
		{"broken in a word", "a\nCaused by: javax.mail.AuthenticationFailedException: 535 5.7.139 Authentication unsuccessful, SmtpClie\nntAuthentication is disabled for the Tenant. Visit\n", "2 smtp-auth-off-org"},
		{"broken at a blank", "Caused by: javax.mail.AuthenticationFailedException: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the\nTenant. Visit https://aka.ms/smtp_auth_disabled\n", "1 smtp-auth-off-org"},
		{"reason on a line of its own", "The server response was: 5.7.57 Client not authenticated to send mail.\nError: 535 5.7.139 Authentication unsuccessful, account locked.\n", "1 account-locked"},
		{"binary", "\x00\x01\xff\xfe\x80\x00\n\x7fELF\n" + mailboxOff + "\n\xc3\x28\n", "3 smtp-auth-off-mailbox"},
		{"network, of mail", "connect to smtp.office365.com[203.0.113.10]:587: Connection refused\n", "1 network-blocked"},
		{"network, of something else", "redis: connect ECONNREFUSED 127.0.0.1:6379\n", ""},
		{"unknown words of Microsoft", "host smtp.office365.com[203.0.113.10] said: 554 5.3.0 Something new [AM0PR02CA0134.eurprd02.prod.outlook.com]\n", "1 unknown"},
		{"another provider", "server smtp.gmail.com[203.0.113.11] said: 535-5.7.8 Username and Password not accepted. - gsmtp\n", "1 other-provider"},
		{"code of Entra", "token: AADSTS7000215: Invalid client secret provided\n", "1 oauth-client-secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, summary(scanAll(t, strings.NewReader(tt.log)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestScanUTF16(t *testing.T) {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune("\ufeff" + routineLine + mailboxOff + "\n" + tenantOff)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	if diff := cmp.Diff("2 smtp-auth-off-mailbox, 3 smtp-auth-off-org", summary(scanAll(t, &b))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestScanLongLines puts refusals at every place where a line longer than a
// piece could be cut.
func TestScanLongLines(t *testing.T) {
	want := "2 smtp-auth-off-mailbox, 2 smtp-auth-off-org, 3 smtp-auth-off-mailbox"
	for _, filler := range []string{"x", " x", "\x00\xff", "5"} {
		for _, at := range []int{0, 100, blockSize - 300, blockSize - 100, blockSize - 10, blockSize, blockSize + 1, 2*blockSize - 50, 5 * blockSize, 10 << 20} {
			pad := strings.Repeat(filler, at/len(filler)) + " "
			log := "first\n" + pad + mailboxOff + strings.Repeat(" filler", blockSize) + " " + tenantOff + "\n" + mailboxOff + "\n"
			if diff := cmp.Diff(want, summary(scanAll(t, strings.NewReader(log)))); diff != "" {
				t.Errorf("filler %q, at %d (-want +got):\n%s", filler, at, diff)
			}
		}
	}
}

// TestScanEverywhere moves a refusal across the ends of the buffer.
func TestScanEverywhere(t *testing.T) {
	for shift := -700; shift <= 700; shift += 7 {
		pad := strings.Repeat(routineLine, blockSize/len(routineLine)-20)
		pad += strings.Repeat("x", blockSize-len(pad)+shift) + "\n"
		want := fmt.Sprintf("%d smtp-auth-off-org", strings.Count(pad, "\n")+1)
		if diff := cmp.Diff(want, summary(scanAll(t, strings.NewReader(pad+tenantOff+"\n"+pad)))); diff != "" {
			t.Fatalf("shift %d (-want +got):\n%s", shift, diff)
		}
	}
}

// TestHintsFindEveryRow: no row of the table can be missed by the search.
func TestHintsFindEveryRow(t *testing.T) {
	h := tableHints()
	for _, hint := range words.Hints() {
		if end, _ := h.find([]byte("before \x00 "+strings.ToUpper(hint)), 0); end < 0 {
			t.Errorf("%q is not found", hint)
		}
	}
	for _, line := range []string{"", "\n", routineLine, strings.Repeat("5.", 1000)} {
		if end, _ := h.find([]byte(line), 0); end >= 0 {
			t.Errorf("a hint in %q", line)
		}
	}
}
