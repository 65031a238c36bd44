package logs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"smtpmend/diagnose/words"
)

// A dayFile is a file of a day of mixed logs, with the events that are in it.
type dayFile struct {
	name   string
	text   strings.Builder
	events []Event
	at     time.Time
	random *rand.Rand
}

// Nine causes, in the words of Microsoft 365, and the verdict where they leave
// several open.
var dayCauses = []struct {
	cause words.Code
	said  string
}{
	{"smtp-auth-off-mailbox", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information."},
	{"smtp-auth-off-org", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."},
	{"security-defaults", "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator."},
	{"bad-credentials", "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect."},
	{"account-locked", "535 5.7.139 Authentication unsuccessful, account locked. Contact your administrator."},
	{"", "535 5.7.3 Authentication unsuccessful"},
	{"send-as-denied", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"},
	{"concurrent-connections", "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information."},
	{"not-authenticated", "530 5.7.57 Client not authenticated to send mail."},
}

var (
	dayMailboxes = strings.Fields("scanner fax crm backup alarm invoices hr door meter shop tickets ups")
	dayDevices   = []struct{ name, address string }{
		{"printer1.contoso.test", "192.0.2.11"}, {"printer2.contoso.test", "192.0.2.12"}, {"crm.contoso.test", "192.0.2.13"},
		{"camera.contoso.test", "192.0.2.14"}, {"erp.contoso.test", "2001:db8::15"},
	}
)

func (f *dayFile) printf(format string, args ...any) { fmt.Fprintf(&f.text, format+"\n", args...) }

// line is the number of the next line.
func (f *dayFile) line() int { return strings.Count(f.text.String(), "\n") + 1 }

// later moves the clock.
func (f *dayFile) later(seconds int) { f.at = f.at.Add(time.Duration(seconds) * time.Second) }

func (f *dayFile) syslog() string { return f.at.Format("Jan _2 15:04:05") }

// say picks a cause and returns its words with a tag of their own.
func (f *dayFile) say() (words.Code, string) {
	c := dayCauses[f.random.IntN(len(dayCauses))]
	return c.cause, fmt.Sprintf("%s [AM0PR02CA%04d.eurprd02.prod.outlook.com %s 08DE%012X]", c.said, f.random.IntN(9999),
		f.at.UTC().Format("2006-01-02T15:04:05.000Z"), f.random.Uint64N(1<<48))
}

func (f *dayFile) mailbox() string {
	return dayMailboxes[f.random.IntN(len(dayMailboxes))] + "@contoso.com"
}

// expect adds an event that begins in the given line.
func (f *dayFile) expect(line int, zone, mailbox, device, session string, cause words.Code) {
	e := Event{File: f.name, Line: line, Mailbox: mailbox, Device: device, Session: session}
	e.Time = f.at.Format("2006-01-02T15:04:05") + zone
	e.Verdict, e.Cause = words.Named, cause
	if cause == "" {
		e.Verdict = words.Unsure
	}
	f.events = append(f.events, e)
}

// noise writes what is in any log and says nothing of ours.
func (f *dayFile) noise() {
	quote := dayCauses[f.random.IntN(len(dayCauses))].said
	switch f.random.IntN(12) {
	case 0:
		f.printf("%s relay1 postfix/smtpd[812]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x@contoso.com>: Relay access denied; from=<a@b.example> to=<x@contoso.com> proto=ESMTP helo=<%s>", f.syslog(), quote)
	case 1:
		f.printf("%s relay1 postfix/cleanup[813]: 4F5D21A%04X: warning: header Subject: %s from unknown[203.0.113.9]; from=<a@b.example> to=<x@contoso.com>", f.syslog(), f.random.IntN(1<<16), quote)
	case 2:
		f.printf("%s relay1 dovecot: imap-login: Disconnected (auth failed, 1 attempts): user=<%s>, method=PLAIN, rip=203.0.113.9", f.syslog(), quote)
	case 3:
		f.printf("%s relay1 postfix/smtpd[812]: warning: unknown[203.0.113.9]: SASL LOGIN authentication failed: UGFzc3dvcmQ6", f.syslog())
	case 4:
		f.printf("%s relay1 sshd[77]: Failed password for invalid user %s from 203.0.113.9 port 22 ssh2", f.syslog(), strings.ReplaceAll(quote, " ", "_"))
	case 5:
		f.printf("%s relay1 amavis[99]: (00099-01) Passed CLEAN {RelayedInbound}, Subject: \"%s\", From: <a@b.example>", f.syslog(), quote)
	default:
		f.printf("%s relay1 postfix/qmgr[905]: 4F5D21B%04X: removed", f.syslog(), f.random.IntN(1<<16))
	}
}

func (f *dayFile) queueID() string {
	return fmt.Sprintf("%X%010X", 4+f.random.IntN(9), f.random.Uint64N(1<<40))
}

// postfixAttempts writes a message that is tried several times.
func (f *dayFile) postfixAttempts() {
	id, mailbox, d := f.queueID(), f.mailbox(), dayDevices[f.random.IntN(len(dayDevices))]
	device := d.name + "[" + d.address + "]"
	login := ""
	if f.random.IntN(2) == 0 {
		login = ", sasl_method=LOGIN, sasl_username=" + strings.ToUpper(mailbox[:1]) + mailbox[1:]
	}
	f.printf("%s relay1 postfix/smtpd[812]: %s: client=%s%s", f.syslog(), id, device, login)
	f.printf("%s relay1 postfix/qmgr[905]: %s: from=<%s>, size=1234, nrcpt=2 (queue active)", f.syslog(), id, mailbox)
	pid := 1000 + f.random.IntN(9000)
	for range 1 + f.random.IntN(4) {
		cause, said := f.say()
		first := f.line()
		server := "smtp.office365.com[192.0.2.40]"
		f.expect(first, "", mailbox, device, id, cause)
		reason := "host " + server + " said: " + said + " (in reply to MAIL FROM command)"
		if strings.HasPrefix(said, "535") {
			reason = "SASL authentication failed; server " + server + " said: " + said
			f.printf("%s relay1 postfix/smtp[%d]: warning: %s: SASL authentication failed; server %s said: %s", f.syslog(), pid, id, server, said)
			if f.random.IntN(2) == 0 {
				f.noise()
			}
		}
		for _, to := range []string{"a", "b"} {
			f.printf("%s relay1 postfix/smtp[%d]: %s: to=<%s@fabrikam.example>, relay=%s:587, delay=%d.3, delays=0.1/0.01/0.3/%d, dsn=4.7.0, status=deferred (%s)",
				f.syslog(), pid, id, to, server, f.random.IntN(99), f.random.IntN(99), reason)
		}
		f.later(300 + f.random.IntN(100))
	}
	f.printf("%s relay1 postfix/smtp[%d]: %s: to=<x@fabrikam.example>, relay=mx1.fabrikam.example[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as X)", f.syslog(), pid, id)
}

func (f *dayFile) eximAttempts() {
	id := fmt.Sprintf("1r%c%03d-%06d-%c%c", 'A'+rune(f.random.IntN(26)), f.random.IntN(1000), f.random.IntN(1000000), 'A'+rune(f.random.IntN(26)), 'a'+rune(f.random.IntN(26)))
	mailbox, d := f.mailbox(), dayDevices[f.random.IntN(len(dayDevices))]
	stamp := func() string { return f.at.Format("2006-01-02 15:04:05") }
	f.printf("%s %s <= %s H=%s (me) [%s] P=esmtpsa X=TLS1.2 A=login:%s S=1234 id=x@y T=\"%s\" for a@fabrikam.example", stamp(), id, mailbox, d.name, d.address, mailbox, dayCauses[0].said)
	for range 1 + f.random.IntN(3) {
		cause, said := f.say()
		f.expect(f.line(), "", mailbox, d.name+"["+d.address+"]", id, cause)
		if strings.HasPrefix(said, "535") {
			f.printf("%s %s login authenticator failed H=smtp.office365.com [192.0.2.40] %s", stamp(), id, said)
		} else {
			f.printf("%s %s H=smtp.office365.com [192.0.2.40]: SMTP error from remote mail server after MAIL FROM:<%s> SIZE=2345: %s", stamp(), id, mailbox, said)
		}
		f.printf("%s %s == a@fabrikam.example R=smarthost T=remote_smtp_smarthost defer (-42) H=smtp.office365.com [192.0.2.40]: SMTP error from remote mail server after MAIL FROM:<%s> SIZE=2345: %s", stamp(), id, mailbox, said)
		f.later(900)
	}
	f.printf("%s H=(%s) [203.0.113.9] F=<a@b.example> rejected RCPT <x@contoso.com>: relay not permitted", stamp(), "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant")
	f.printf("%s fixed_login authenticator failed for (User) [203.0.113.9]: 535 Incorrect authentication data (set_id=%s)", stamp(), mailbox)
}

func (f *dayFile) sendmailAttempts() {
	id := fmt.Sprintf("0AK8%c1%cm%06d", 'A'+rune(f.random.IntN(26)), 'a'+rune(f.random.IntN(26)), f.random.IntN(1000000))
	mailbox, d := f.mailbox(), dayDevices[f.random.IntN(len(dayDevices))]
	f.printf("%s relay2 sm-mta[4242]: %s: from=<%s>, size=1234, class=0, nrcpts=1, msgid=<x@y>, proto=ESMTP, daemon=MTA, relay=%s [%s]", f.syslog(), id, mailbox, d.name, d.address)
	for range 1 + f.random.IntN(3) {
		cause, said := f.say()
		f.expect(f.line(), "", mailbox, d.name+"["+d.address+"]", id, cause)
		f.printf("%s relay2 sm-mta[4243]: %s: to=<a@fabrikam.example>, ctladdr=<%s> (1000/1000), delay=00:00:03, xdelay=00:00:03, mailer=relay, pri=121234, relay=smtp.office365.com. [192.0.2.40], dsn=4.0.0, stat=Deferred: %s", f.syslog(), id, mailbox, said)
		f.later(1800)
	}
	f.printf("%s relay2 sm-mta[4244]: ruleset=check_rcpt, arg1=<x@contoso.com>, relay=[203.0.113.9], reject=550 5.7.1 <x@contoso.com>... Relaying denied", f.syslog())
}

func (f *dayFile) msmtpAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	f.expect(f.line(), "", mailbox, "", "", cause)
	f.printf("%s host=smtp.office365.com tls=on auth=on user=%s from=%s recipients=a@fabrikam.example smtpstatus=%s smtpmsg='%s' errormsg='authentication failed (method LOGIN)' exitcode=EX_NOPERM", f.syslog(), mailbox, mailbox, said[:3], said)
	f.later(60)
	f.printf("%s host=smtp.office365.com tls=on auth=on user=%s from=%s recipients=a@fabrikam.example mailsize=61 smtpstatus=250 smtpmsg='250 2.0.0 OK <x@AM0PR02MB4005.eurprd02.prod.outlook.com>' exitcode=EX_OK", f.syslog(), mailbox, mailbox)
}

func (f *dayFile) phpMailerAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	stamp := f.at.Format("2006-01-02 15:04:05") + " "
	f.printf("%sConnection: opening to smtp.office365.com:587, timeout=300, options=array()", stamp)
	f.printf("%sConnection: opened", stamp)
	f.printf("%sSERVER -> CLIENT: 220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 08:00:00 +0000", stamp)
	f.printf("%sCLIENT -> SERVER: EHLO web1.contoso.test", stamp)
	f.printf("%sSERVER -> CLIENT: 250-AM0PR02CA0001.outlook.office365.com Hello [203.0.113.36]250-SIZE 157286400250-AUTH LOGIN XOAUTH2250 SMTPUTF8", stamp)
	f.printf("%sCLIENT -> SERVER: AUTH LOGIN", stamp)
	f.printf("%sSERVER -> CLIENT: 334 VXNlcm5hbWU6", stamp)
	f.printf("%sCLIENT -> SERVER: %s", stamp, base64Of(mailbox))
	f.printf("%sSERVER -> CLIENT: 334 UGFzc3dvcmQ6", stamp)
	f.printf("%sCLIENT -> SERVER: %s", stamp, base64Of("secret@example.com"))
	f.expect(f.line(), "", mailbox, "web1.contoso.test", "", cause)
	f.printf("%sSERVER -> CLIENT: %s", stamp, said)
	f.printf("%sSMTP ERROR: Password command failed: %s", stamp, said)
	f.printf("%sSMTP Error: Could not authenticate.", stamp)
	f.printf("%sCLIENT -> SERVER: QUIT", stamp)
	f.printf("%sSERVER -> CLIENT: 221 2.0.0 Service closing transmission channel", stamp)
	f.printf("%sConnection: closed", stamp)
	f.later(61)
}

func (f *dayFile) nodemailerAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	tag := fmt.Sprintf("%c%07dQw", 'A'+rune(f.random.IntN(26)), f.random.IntN(10000000))
	stamp := "[" + f.at.Format("2006-01-02 15:04:05") + "] "
	f.printf("%sINFO  [%s] Connection established to 192.0.2.40:587", stamp, tag)
	f.printf("%sDEBUG [%s] S: 220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 08:00:00 +0000", stamp, tag)
	f.printf("%sDEBUG [%s] C: EHLO node1", stamp, tag)
	f.printf("%sDEBUG [%s] C: AUTH LOGIN", stamp, tag)
	f.printf("%sDEBUG [%s] S: 334 VXNlcm5hbWU6", stamp, tag)
	f.printf("%sDEBUG [%s] C: %s", stamp, tag, base64Of(mailbox))
	f.expect(f.line(), "", mailbox, "node1", tag, cause)
	f.printf("%sDEBUG [%s] S: %s", stamp, tag, said)
	f.printf("%sINFO  [%s] User %q failed to authenticate", stamp, tag, mailbox)
	f.printf("Error: Invalid login: %s", said)
	f.printf("    at SMTPConnection._formatError (/srv/app/node_modules/nodemailer/lib/smtp-connection/index.js:784:19)")
	f.printf("    at SMTPConnection._actionAUTHComplete (/srv/app/node_modules/nodemailer/lib/smtp-connection/index.js:1536:34) {")
	f.printf("  code: 'EAUTH',")
	f.printf("  response: '%s',", said)
	f.printf("  responseCode: %s,", said[:3])
	f.printf("  command: 'AUTH LOGIN'")
	f.printf("}")
	f.later(75)
}

func (f *dayFile) smtplibAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	f.printf("send: 'ehlo [192.0.2.13]\\r\\n'")
	f.printf("reply: b'250-AM0PR02CA0001.outlook.office365.com Hello [203.0.113.36]\\r\\n'")
	f.printf("send: 'AUTH LOGIN %s\\r\\n'", base64Of(mailbox))
	f.printf("reply: b'334 UGFzc3dvcmQ6\\r\\n'")
	f.expect(f.line(), ".000Z", mailbox, "192.0.2.13", "", cause)
	f.printf("reply: b'%s\\r\\n'", said)
	f.printf("reply: retcode (%s); Msg: b'%s'", said[:3], said[4:])
	f.printf("Traceback (most recent call last):")
	f.printf("  File \"/srv/report.py\", line 12, in <module>")
	f.printf("    server.login(user, password)")
	f.printf("smtplib.SMTPAuthenticationError: (%s, b'%s')", said[:3], said[4:])
	f.later(75)
}

func (f *dayFile) swaksAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	f.printf("=== Trying smtp.office365.com:587...")
	f.printf("=== Connected to smtp.office365.com.")
	f.printf("<-  220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 08:00:00 +0000")
	f.printf(" -> EHLO admin1.contoso.test")
	f.printf("<-  250-AM0PR02CA0001.outlook.office365.com Hello [203.0.113.36]")
	f.printf("<-  250 SMTPUTF8")
	f.printf(" ~> AUTH LOGIN")
	f.printf("<~  334 VXNlcm5hbWU6")
	f.printf(" ~> %s", base64Of(mailbox))
	f.printf("<~  334 UGFzc3dvcmQ6")
	f.printf(" ~> U2VjcmV0IQ==")
	f.expect(f.line(), ".000Z", mailbox, "admin1.contoso.test", "", cause)
	f.printf("<~* %s", said)
	f.printf("*** No authentication type succeeded")
	f.printf(" ~> QUIT")
	f.printf("<~  221 2.0.0 Service closing transmission channel")
	f.printf("=== Connection closed with remote host.")
	f.later(75)
}

func (f *dayFile) curlAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	f.printf("*   Trying 192.0.2.40:587...")
	f.printf("* Connected to smtp.office365.com (192.0.2.40) port 587 (#0)")
	f.printf("< 220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 08:00:00 +0000")
	f.printf("> EHLO build7")
	f.printf("< 250 SMTPUTF8")
	f.printf("> AUTH LOGIN")
	f.printf("< 334 VXNlcm5hbWU6")
	f.printf("> %s", base64Of(mailbox))
	f.printf("< 334 UGFzc3dvcmQ6")
	f.printf("> U2VjcmV0IQ==")
	f.expect(f.line(), ".000Z", mailbox, "build7", "", cause)
	f.printf("< %s", said)
	f.printf("* Closing connection 0")
	f.printf("curl: (67) Login denied")
	f.later(75)
}

func (f *dayFile) javaMailAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	f.printf("DEBUG SMTP: trying to connect to host \"smtp.office365.com\", port 587, isSSL false")
	f.printf("220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 08:00:00 +0000")
	f.printf("DEBUG SMTP: connected to host \"smtp.office365.com\", port: 587")
	f.printf("EHLO app3")
	f.printf("DEBUG SMTP: protocolConnect login, host=smtp.office365.com, user=%s, password=<non-null>", mailbox)
	f.printf("DEBUG SMTP: AUTH LOGIN command trace suppressed")
	f.expect(f.line(), ".000Z", mailbox, "app3", "", cause)
	f.printf("%s", said)
	f.printf("javax.mail.AuthenticationFailedException: %s", said)
	f.printf("\tat com.sun.mail.smtp.SMTPTransport$Authenticator.authenticate(SMTPTransport.java:965)")
	f.printf("\tat com.sun.mail.smtp.SMTPTransport.authenticate(SMTPTransport.java:876)")
	f.printf("Caused by: javax.mail.AuthenticationFailedException: %s", said)
	f.printf("\t... 12 more")
	f.later(75)
}

func (f *dayFile) exchangeAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	session := fmt.Sprintf("08DE%012X", f.random.Uint64N(1<<48))
	n := 0
	row := func(event, data string) {
		f.printf("%s,To Microsoft 365,%s,%d,10.0.0.2:51234,192.0.2.40:587,%s,%s,", f.at.Format("2006-01-02T15:04:05.000Z"), session, n, event, data)
		n++
	}
	row("*", ",attempting to connect")
	row("<", "\"220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 08:00:00 +0000\"")
	row(">", "EHLO mail.contoso.test")
	row(">", "MAIL FROM:<"+mailbox+"> SIZE=123")
	f.expect(f.line(), ".000Z", mailbox, "10.0.0.2", session, cause)
	row("<", "\""+said+"\"")
	row(">", "QUIT")
	f.later(75)
}

func (f *dayFile) iisAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	stamp := f.at.Format("2006-01-02 15:04:05")
	f.printf("%s 192.0.2.40 OutboundConnectionResponse SMTPSVC1 SRV1 - 25 - - 220+AM0PR02CA0001.outlook.office365.com+Microsoft+ESMTP+MAIL+Service 0 0 89 0 62 SMTP - - - -", stamp)
	f.printf("%s 192.0.2.40 OutboundConnectionCommand SMTPSVC1 SRV1 - 25 EHLO - SRV1.contoso.test 0 0 4 0 62 SMTP - - - -", stamp)
	f.printf("%s 192.0.2.40 OutboundConnectionCommand SMTPSVC1 SRV1 - 25 MAIL - FROM:<%s>+SIZE=12 0 0 4 0 62 SMTP - - - -", stamp, mailbox)
	f.expect(f.line(), "", mailbox, "SRV1", "192.0.2.40", cause)
	f.printf("%s 192.0.2.40 OutboundConnectionResponse SMTPSVC1 SRV1 - 25 - - %s 0 0 89 0 62 SMTP - - - -", stamp, strings.ReplaceAll(said, " ", "+"))
	f.printf("%s 203.0.113.9 evil SMTPSVC1 SRV1 192.0.2.1 0 RCPT - +TO:<x@contoso.com> 550 0 0 4 0 SMTP - - - -", stamp)
	f.later(75)
}

func (f *dayFile) hMailServerAttempt() {
	mailbox := f.mailbox()
	cause, said := f.say()
	id := 100 + f.random.IntN(100000)
	row := func(kind, text string) {
		f.printf("\"%s\"\t%d\t%d\t\"%s\"\t\"192.0.2.40\"\t\"%s\"", kind, 1234, id, f.at.Format("2006-01-02 15:04:05.000"), text)
	}
	row("SMTPC", "RECEIVED: 220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready")
	row("SMTPC", "SENT: EHLO hmail.contoso.test")
	row("SMTPC", "SENT: MAIL FROM:<"+mailbox+">")
	f.expect(f.line(), ".000", mailbox, "hmail.contoso.test", fmt.Sprint(id), cause)
	row("SMTPC", "RECEIVED: "+said)
	row("SMTPC", "SENT: QUIT")
	f.printf("\"SMTPD\"\t1234\t%d\t\"%s\"\t\"203.0.113.9\"\t\"SENT: 535 5.7.3 Authentication unsuccessful\"", id+1, f.at.Format("2006-01-02 15:04:05.000"))
	f.later(75)
}

func (f *dayFile) databaseMailAttempt() {
	cause, said := f.say()
	f.expect(f.line(), "", "", "", "", cause)
	f.printf("The mail could not be sent to the recipients because of the mail server failure. (Sending Mail using Account 1 (%s). Exception Message: Cannot send mails to mail server. (The SMTP server requires a secure connection or the client was not authenticated. The server response was: %s). )", f.at.Format("2006-01-02T15:04:05"), said[4:])
	f.later(75)
}

func (f *dayFile) synologyAttempt() {
	cause, said := f.say()
	stamp := f.at.Format("2006-01-02T15:04:05-07:00")
	f.expect(f.line(), "+00:00", "", "nas1", "", cause)
	f.printf("%s nas1 ssnotifyd: notification/ssmailutils.cpp (214) Error occured while sending email. The mail server responded error message: %s (require: 235)", stamp, said)
	f.printf("%s nas1 ssnotifyd: notification/ssmailutils.cpp (1065) Failed to write smtp command.", stamp)
	f.later(75)
}

func (f *dayFile) mailqEntry() {
	mailbox, id := f.mailbox(), f.queueID()
	cause, said := f.say()
	f.expect(f.line(), "", mailbox, "", id, cause)
	f.printf("%s     626 %s  %s", id, f.at.Format("Mon Jan _2 15:04:05"), mailbox)
	f.printf("(host smtp.office365.com[192.0.2.40] said: %s)", said)
	f.printf("                                         recipient@example.com")
	f.printf("")
	f.later(75)
}

func (f *dayFile) wrappedAttempt() {
	cause, said := f.say()
	f.expect(f.line(), "", "", "host9", "77", cause)
	stamp := f.syslog()
	cut := 60
	f.printf("%s host9 reporter[77]: sending failed: %s", stamp, said[:cut])
	f.printf("%s host9 reporter[77]: %s", stamp, said[cut:])
	f.later(75)
}
