//go:build peers

package peers

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
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

// writeMailLog writes a log of size bytes or a line more, the same each time,
// and returns the numbers of the lines that hold a refusal of Microsoft's.
func writeMailLog(t *testing.T, path string, size int) []int {
	t.Helper()
	f, err := os.Create(path)
	check(t, err)
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	random := rand.New(rand.NewPCG(5, 7139))
	at := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	var hits []int
	for line, written := 1, 0; written < size; line++ {
		forms := routine
		switch random.IntN(100) {
		case 0:
			forms, hits = refusals, append(hits, line)
		case 1:
			forms = others
		}
		at = at.Add(time.Duration(random.IntN(200)) * time.Millisecond)
		n, err := fmt.Fprintf(w, stamp+forms[random.IntN(len(forms))]+"\n",
			fmt.Sprintf("%011X", random.Int64N(1<<44)), fmt.Sprintf("%016X", random.Uint64()),
			random.IntN(900)+100, random.IntN(60), at.Format(time.Stamp))
		check(t, err)
		written += n
	}
	check(t, w.Flush())
	return hits
}
