package diagnose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// A hit is one call of Scan's function.
type hit struct {
	Line int
	D    Diagnosis
}

func scanAll(t testing.TB, r io.Reader) []hit {
	t.Helper()
	var hits []hit
	err := Scan(r, func(line int, d Diagnosis) error {
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

// silent reports whether a log says nothing about what text says as a paste:
// what is healthy or unknown, and words that mean mail only because somebody
// pasted them.
func silent(text string) bool {
	d, r := read(text)
	return d.Verdict == Healthy || d.Verdict == Unknown || r != nil && r.loose && !aboutMail(text)
}

const routineLine = "Nov 20 08:00:01 relay1 postfix/qmgr[905]: 4F5D21A2B3: removed\n"

// TestScanAgreesWithText: a line of a log means what it means when pasted.
func TestScanAgreesWithText(t *testing.T) {
	lines := 0
	for _, c := range loadCases(t) {
		if strings.Contains(c.text, "\n") {
			continue
		}
		lines++
		var want []hit
		if !silent(c.text) {
			want = []hit{{2, Text(c.text)}}
		}
		got := scanAll(t, strings.NewReader(routineLine+c.text+"\n"+routineLine))
		if want == nil && len(got) == 1 && got[0].D.Verdict == Unknown {
			continue // Microsoft's mark, but unknown words
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-Text +Scan):\n%s", c.name, diff)
		}
	}
	if lines < 200 {
		t.Errorf("only %d cases of one line", lines)
	}
}

// TestScanJoinsLines: in a log, nearly every text of several lines is read as
// it is when pasted. Whole sessions are not, nor is what was broken narrowly.
func TestScanJoinsLines(t *testing.T) {
	same, all := 0, 0
	for _, c := range loadCases(t) {
		if !strings.Contains(c.text, "\n") || silent(c.text) {
			continue
		}
		all++
		want, found := Text(c.text), false
		hits := scanAll(t, strings.NewReader(c.text))
		for _, h := range hits {
			found = found || h.D.Verdict == want.Verdict && h.D.Cause == want.Cause
		}
		if found {
			same++
			continue
		}
		t.Logf("%s: the whole is %s %s, its lines are %q", c.name, want.Verdict, want.Cause, summary(hits))
	}
	if same*10 < all*9 {
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
		{"reason on a line of its own", "The server response was: 5.7.57 Client not authenticated to send mail.\nError: 535 5.7.139 Authentication unsuccessful, account locked.\n", "2 account-locked"},
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
		for _, at := range []int{0, 100, pieceSize - 300, pieceSize - 100, pieceSize - 10, pieceSize, pieceSize + 1, 2*pieceSize - 50, 5 * pieceSize, 10 << 20} {
			pad := strings.Repeat(filler, at/len(filler)) + " "
			log := "first\n" + pad + mailboxOff + strings.Repeat(" filler", pieceSize) + " " + tenantOff + "\n" + mailboxOff + "\n"
			if diff := cmp.Diff(want, summary(scanAll(t, strings.NewReader(log)))); diff != "" {
				t.Errorf("filler %q, at %d (-want +got):\n%s", filler, at, diff)
			}
		}
	}
}

// TestScanEverywhere moves a refusal across the ends of the buffer.
func TestScanEverywhere(t *testing.T) {
	for shift := -700; shift <= 700; shift += 7 {
		pad := strings.Repeat(routineLine, pieceSize/len(routineLine)-20)
		pad += strings.Repeat("x", pieceSize-len(pad)+shift) + "\n"
		want := fmt.Sprintf("%d smtp-auth-off-org", strings.Count(pad, "\n")+1)
		if diff := cmp.Diff(want, summary(scanAll(t, strings.NewReader(pad+tenantOff+"\n"+pad)))); diff != "" {
			t.Fatalf("shift %d (-want +got):\n%s", shift, diff)
		}
	}
}

func TestScanReadSizes(t *testing.T) {
	log := mailLog(300_000)
	want := scanAll(t, bytes.NewReader(log))
	if len(want) < 20 {
		t.Fatalf("%d refusals", len(want))
	}
	for name, r := range map[string]io.Reader{
		"one byte": iotest.OneByteReader(bytes.NewReader(log)),
		"half":     iotest.HalfReader(bytes.NewReader(log)),
		"with EOF": iotest.DataErrReader(bytes.NewReader(log)),
	} {
		if diff := cmp.Diff(want, scanAll(t, r)); diff != "" {
			t.Errorf("%s: (-whole +pieces):\n%s", name, diff)
		}
	}
}

func TestScanErrors(t *testing.T) {
	broken, stop := errors.New("broken"), errors.New("stop")
	calls := 0
	err := Scan(io.MultiReader(strings.NewReader(mailboxOff), iotest.ErrReader(broken)), func(int, Diagnosis) error { calls++; return nil })
	if !errors.Is(err, broken) || calls != 1 {
		t.Errorf("got %v after %d calls, want the reader's error after the refusal before it", err, calls)
	}
	long := strings.Repeat("x", 3*pieceSize) + " " + mailboxOff
	for _, log := range []string{mailboxOff + "\n" + routineLine, mailboxOff, long} {
		if err := Scan(strings.NewReader(log), func(int, Diagnosis) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v, want the function's error", err)
		}
	}
}

// A watchedReader repeats fill and watches the heap.
type watchedReader struct {
	fill string
	left int
	peak uint64
}

func (r *watchedReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(r.fill) <= len(p) {
		n += copy(p[n:], r.fill)
	}
	r.left -= n
	if r.left%(1<<20) < n {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		r.peak = max(r.peak, m.HeapInuse)
	}
	return n, nil
}

// TestScanMemory reads far more than Scan may hold: without a line end, and as
// lines that all look as if they went on.
func TestScanMemory(t *testing.T) {
	for _, fill := range []string{"x", "\x00", "\x00\n", "5.7.139 ", " folded 5.7.139\n"} {
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		r := &watchedReader{fill: fill, left: 48 << 20}
		if strings.Contains(fill, "5.7.139") {
			r.left = 4 << 20 // every bit of it is explained
		}
		if err := Scan(io.MultiReader(strings.NewReader("x\n"), r), func(int, Diagnosis) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if grown := int64(r.peak) - int64(before.HeapInuse); grown > 24<<20 {
			t.Errorf("%q: the heap grew by %d MB", fill, grown>>20)
		}
	}
}

// TestHintsFindEveryRow: no row of the table can be missed by the search.
func TestHintsFindEveryRow(t *testing.T) {
	h := tableHints()
	for i := range rows {
		r := &rows[i]
		if r.verdict() == Healthy {
			continue
		}
		text := strings.ToUpper(r.words)
		if text == "" {
			text = "x " + r.status + " y"
		}
		if r.wordy {
			text = fmt.Sprintf("%d Words of its own", r.code)
		}
		if h.end([]byte("before \x00 "+text)) < 0 {
			t.Errorf("no hint for %s", r.describe())
		}
	}
	for _, line := range []string{"", "\n", routineLine, strings.Repeat("5.", 1000)} {
		if h.end([]byte(line)) >= 0 {
			t.Errorf("a hint in %q", line)
		}
	}
}

// mailLog is a relay's log of about size bytes; one line in fifty is a
// refusal. It is the same each time.
func mailLog(size int) []byte {
	routine := []string{
		"postfix/smtpd[1812]: connect from printer%[1]d.contoso.test[192.0.2.17]",
		"postfix/cleanup[1820]: %[2]X: message-id=<%[2]X@printer%[1]d.contoso.test>",
		"postfix/qmgr[905]: %[2]X: from=<user%[1]d@contoso.com>, size=%[1]d61, nrcpt=1 (queue active)",
		"postfix/smtp[1833]: %[2]X: to=<user%[1]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, delay=1.3, dsn=2.0.0, status=sent (250 2.0.0 OK <%[2]X@AM0PR02MB4005.eurprd02.prod.outlook.com> [Hostname=AM0PR02MB4005.eurprd02.prod.outlook.com])",
		"dovecot: imap-login: Login: user=<user%[1]d>, method=PLAIN, rip=192.0.2.17, lip=192.0.2.1, TLS, session=<%[2]X>",
	}
	refused := []string{
		"postfix/smtp[1833]: %[2]X: to=<user%[1]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, dsn=4.7.139, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: " + tenantOff + ")",
		"postfix/smtp[1833]: %[2]X: to=<user%[1]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, dsn=4.7.3, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: 535 5.7.3 Authentication unsuccessful [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-20T08:00:01.042Z 08DE%[2]X])",
	}
	var b bytes.Buffer
	random := rand.New(rand.NewPCG(5, 7139))
	for b.Len() < size {
		forms := routine
		if random.IntN(50) == 0 {
			forms = refused
		}
		fmt.Fprintf(&b, "Nov 20 08:00:01 relay1 "+forms[random.IntN(len(forms))]+"\n", random.IntN(900)+100, random.Uint32())
	}
	return b.Bytes()
}

func BenchmarkScan(b *testing.B) {
	log := mailLog(8 << 20)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		if err := Scan(bytes.NewReader(log), func(int, Diagnosis) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
