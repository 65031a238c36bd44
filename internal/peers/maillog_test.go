//go:build peers

package peers

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// stamp begins each line of the log; %[5]s is the time.
const stamp = "%[5]s relay1 "

// Lines of a relay's mail log. %[1]s is a queue id, %[2]s a message id,
// %[3]d a user's number, %[4]d the seconds something took.
var (
	routine = []string{
		"postfix/smtpd[1812]: connect from printer%[3]d.contoso.test[192.0.2.17]",
		"postfix/smtpd[1812]: %[1]s: client=printer%[3]d.contoso.test[192.0.2.17], sasl_method=LOGIN, sasl_username=user%[3]d",
		"postfix/cleanup[1820]: %[1]s: message-id=<%[2]s@printer%[3]d.contoso.test>",
		"postfix/qmgr[905]: %[1]s: from=<user%[3]d@contoso.com>, size=%[3]d61, nrcpt=1 (queue active)",
		"postfix/smtp[1833]: %[1]s: to=<user%[3]d@fabrikam.example>, relay=mx1.fabrikam.example[198.51.100.7]:25, delay=%[4]d.3, delays=0.1/0.01/0.4/%[4]d, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %[2]s)",
		"postfix/smtp[1833]: %[1]s: to=<user%[3]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, delay=%[4]d.3, delays=0.1/0.01/0.4/%[4]d, dsn=2.0.0, status=sent (250 2.0.0 OK <%[2]s@AM0PR02MB4005.eurprd02.prod.outlook.com> [Hostname=AM0PR02MB4005.eurprd02.prod.outlook.com])",
		"postfix/smtpd[1812]: disconnect from printer%[3]d.contoso.test[192.0.2.17] ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8",
		"postfix/qmgr[905]: %[1]s: removed",
		"dovecot: imap-login: Login: user=<user%[3]d>, method=PLAIN, rip=192.0.2.17, lip=192.0.2.1, mpid=%[3]d4, TLS, session=<%[2]s>",
		"systemd[1]: Started session-%[3]d.scope - Session %[3]d of User user%[3]d.",
	}
	refusals = []string{
		"postfix/smtp[1833]: %[1]s: to=<user%[3]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, delay=%[4]d, delays=0.01/0.01/0.3/%[4]d, dsn=4.7.139, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-20T08:00:01.042Z 08DE%[2]s])",
		"postfix/smtp[1833]: %[1]s: to=<user%[3]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, delay=%[4]d, delays=0.01/0.01/0.3/%[4]d, dsn=4.7.3, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: 535 5.7.3 Authentication unsuccessful [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-20T08:00:01.042Z 08DE%[2]s])",
		"postfix/smtp[1833]: %[1]s: to=<user%[3]d@fabrikam.example>, relay=smtp.office365.com[192.0.2.40]:587, delay=%[4]d, delays=0.01/0.01/0.3/%[4]d, dsn=5.7.57, status=bounced (host smtp.office365.com[192.0.2.40] said: 530 5.7.57 Client not authenticated to send mail. [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-20T08:00:01.042Z 08DE%[2]s] (in reply to MAIL FROM command))",
	}
	// What other servers refuse is not Microsoft's, and not grep's either.
	others = []string{
		"postfix/smtp[1833]: %[1]s: to=<user%[3]d@fabrikam.example>, relay=mx1.fabrikam.example[198.51.100.7]:25, delay=%[4]d, delays=0.01/0.01/0.3/%[4]d, dsn=5.1.1, status=bounced (host mx1.fabrikam.example[198.51.100.7] said: 550 5.1.1 <user%[3]d@fabrikam.example>: Recipient address rejected: User unknown in local recipient table (in reply to RCPT TO command))",
		"postfix/smtpd[1812]: warning: unknown[203.0.113.%[4]d]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
	}
)

// who comes before a refusal: the device's session, and the queue's entry.
var who = []string{routine[1], routine[3]}

// A logWriter writes lines with what differs from one to the next.
type logWriter struct {
	*bufio.Writer
	random  *rand.Rand
	at      time.Time
	lines   int
	written int
}

func (w *logWriter) line(t *testing.T, form, id string, user int) {
	t.Helper()
	w.at = w.at.Add(time.Duration(w.random.IntN(200)) * time.Millisecond)
	n, err := fmt.Fprintf(w, stamp+form+"\n", id, fmt.Sprintf("%016X", w.random.Uint64()), user, w.random.IntN(60), w.at.Format(time.Stamp))
	check(t, err)
	w.written += n
	w.lines++
}

// writeMailLog writes a log of size bytes or a few lines more, the same each
// time, in which perMille of the lines are refusals of Microsoft's, and returns
// their numbers. Unless all are, one in a hundred is another server's.
func writeMailLog(t *testing.T, path string, size, perMille int) (hits []int) {
	t.Helper()
	f, err := os.Create(path)
	check(t, err)
	defer f.Close()
	w := &logWriter{Writer: bufio.NewWriterSize(f, 1<<20), random: rand.New(rand.NewPCG(5, 7139)), at: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)}
	for w.written < size {
		forms, id, user := routine, fmt.Sprintf("%011X", w.random.Int64N(1<<44)), w.random.IntN(900)+100
		switch n := w.random.IntN(1000); {
		case n < perMille:
			if forms = refusals; perMille < 1000 {
				for _, form := range who {
					w.line(t, form, id, user)
				}
			}
			hits = append(hits, w.lines+1)
		case n < perMille+10:
			forms = others
		}
		w.line(t, forms[w.random.IntN(len(forms))], id, user)
	}
	check(t, w.Flush())
	return hits
}

// words are those of which refusals are made.
var words = strings.Fields("authentication unsuccessful failed client server user password credentials incorrect disabled tenant mailbox security defaults policy " +
	"account locked contact administrator access denied send as sender not permitted relay message rejected token invalid expired")

// worst makes, for each name, lines that cost as much as any: no two alike, each
// of 100 bytes or more.
var worst = map[string]func(*rand.Rand) string{
	"statuses": func(r *rand.Rand) string {
		line := "said:"
		for len(line) < 100 {
			line += fmt.Sprintf(" %d %d.%d.%d", []int{535, 550, 530, 454, 421}[r.IntN(5)], 4+r.IntN(2), r.IntN(9), r.IntN(99))
		}
		return line
	},
	"letters": func(r *rand.Rand) string {
		return "535 5.7.3 Authentication unsuccessful " + letters(r, 8, 8)
	},
	"codes of Entra's": func(r *rand.Rand) string {
		return "AADSTS50126 AADSTS50126 AADSTS50126 login " + letters(r, 8, 7)
	},
	"known words": func(r *rand.Rand) string {
		line := "535 5.7.139"
		for len(line) < 100 {
			line += " " + words[r.IntN(len(words))]
		}
		return line
	},
	"hosts": func(r *rand.Rand) string {
		return "smtp connection refused host " + strings.ReplaceAll(letters(r, 5, 5)+" ", " ", ".office365.com ") + "said: 550"
	},
	"shapes": func(r *rand.Rand) string {
		return "Nov 20 08:00:01 a app[1]: user=" + letters(r, 1, 6) + "@x.de said: 535 5.7.3 Authentication unsuccessful '=\\\"%41 &amp; " + letters(r, 4, 7)
	},
}

// letters returns words of random letters.
func letters(r *rand.Rand, words, length int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range length {
			b.WriteByte('a' + byte(r.IntN(26)))
		}
	}
	return b.String()
}

func writeWorst(t *testing.T, path string, size int, line func(*rand.Rand) string) {
	t.Helper()
	f, err := os.Create(path)
	check(t, err)
	defer f.Close()
	w, random := bufio.NewWriterSize(f, 1<<20), rand.New(rand.NewPCG(5, 7139))
	for written := 0; written < size; {
		n, err := fmt.Fprintln(w, line(random))
		check(t, err)
		written += n
	}
	check(t, w.Flush())
}
