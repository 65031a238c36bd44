package logs

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const bounceOfPostfix = `Return-Path: <>
From: MAILER-DAEMON@relay1.contoso.test (Mail Delivery System)
To: scanner@contoso.com
Date: Fri, 20 Nov 2026 08:00:02 +0100 (CET)
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F5D.1"

--4F5D.1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<a@fabrikam.example>: host smtp.office365.com[192.0.2.40] said: 530 5.7.57
    Client not authenticated to send mail. (in reply to MAIL FROM command)

--4F5D.1
Content-Type: message/delivery-status

Reporting-MTA: dns; relay1.contoso.test
X-Postfix-Queue-ID: 4F5D21A2B3C
X-Postfix-Sender: rfc822; Scanner@contoso.com
Arrival-Date: Fri, 20 Nov 2026 08:00:00 +0100 (CET)

Final-Recipient: rfc822; a@fabrikam.example
Action: failed
Status: 5.7.57
Remote-MTA: dns; smtp.office365.com
Diagnostic-Code: smtp; 530 5.7.57 Client not authenticated to send mail.
 [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-20T07:00:01.042Z
 08DE0123456789AB]

--4F5D.1
Content-Type: message/rfc822

From: scanner@contoso.com
To: a@fabrikam.example
Subject: 535 5.7.139 Authentication unsuccessful, account locked.

text
--4F5D.1--
`

// The words of a bounce in ISO-2022-JP, quoted-printable: "認証に失敗しました".
const bounceInJapanese = "From: postmaster@contoso.com\nTo: fax@contoso.com\nDate: Fri, 20 Nov 2026 08:00:03 +0000\nSubject: NDR\nMIME-Version: 1.0\n" +
	"Content-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: quoted-printable\n\n" +
	"=1B$BG'>Z$K<:GT$7$^$7$?=1B(B: 535 5.7.139 Authenti=\ncation unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Vis=\nit https://aka.ms/smtp_auth_disabled for more information.\n"

// A page in base64: "<p>Remote Server returned '550 5.7.60 SMTP; Client does not
// have permissions to send as this sender'</p>" behind a style.
const bounceAsPage = "From: microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@contoso.com\nTo: crm@contoso.com\nDate: Fri, 20 Nov 2026 08:00:04 +0000\nSubject: Undeliverable\nMIME-Version: 1.0\n" +
	"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
	"PGh0bWw+PHN0eWxlPnAgeyBjb2xvcjogIzU1MDU3MTM5IH08L3N0eWxlPjxwPlJlbW90ZSBTZXJ2\nZXIgcmV0dXJuZWQgJzU1MCA1LjcuNjAgU01UUDsgQ2xpZW50IGRvZXMgbm90IGhhdmUgcGVybWlz\nc2lvbnMgdG8gc2VuZCBhcyB0aGlzIHNlbmRlcic8L3A+PC9odG1sPg==\n"

// A letter that quotes a refusal is no bounce.
const letter = "From: user@contoso.com\nTo: help@contoso.com\nDate: Fri, 20 Nov 2026 08:00:05 +0000\nSubject: printer\n\nIt says: " + mailboxOff + "\n"

const fromLine = "From MAILER-DAEMON Fri Nov 20 08:00:01 2026\n"

const windowsEvents = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Report Server'/><EventID>107</EventID>` +
	`<TimeCreated SystemTime='2026-11-20T08:00:01.0420000Z'/><Computer>SRV1.contoso.test</Computer></System>` +
	`<EventData><Data>The e-mail to a@fabrikam.example failed. user=hr@contoso.com The server response was: 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled</Data></EventData></Event>` +
	`<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><TimeCreated SystemTime='2026-11-20T08:00:02Z'/></System><EventData><Data>started</Data></EventData></Event>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
  <System>
    <TimeCreated SystemTime="2026-11-20T09:00:01Z"/>
    <Computer>SRV2</Computer>
  </System>
  <EventData>
    <Data>535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.</Data>
  </EventData>
</Event></Events>
`

var signInExports = []struct{ name, text, want string }{
	{"portal", "\ufeff\"Date (UTC)\",\"Request ID\",\"User\",\"Username\",\"Application\",\"IP address\",\"Status\",\"Sign-in error code\",\"Failure reason\",\"Client app\"\r\n" +
		"\"2026-11-20T08:00:01Z\",\"r1\",\"Scanner\",\"Scanner@contoso.com\",\"Office 365 Exchange Online\",\"203.0.113.10\",\"Failure\",\"50126\",\"Error validating credentials due to invalid username or password.\",\"Authenticated SMTP\"\r\n" +
		"\"2026-11-20T08:00:02Z\",\"r2\",\"Boss\",\"boss@contoso.com\",\"Portal, \"\"new\"\"\nsecond line\",\"203.0.113.11\",\"Failure\",\"50053\",\"locked\",\"Browser\"\r\n" +
		"\"2026-11-20T08:00:03Z\",\"r3\",\"Fax\",\"fax@contoso.com\",\"Office 365 Exchange Online\",\"203.0.113.12\",\"Success\",\"0\",\"\",\"Authenticated SMTP\"\r\n",
		"2 2026-11-20T08:00:01Z scanner@contoso.com 203.0.113.10 r1 bad-credentials\n5 2026-11-20T08:00:03Z fax@contoso.com 203.0.113.12 r3 healthy\n"},
	{"Log Analytics CSV", "TimeGenerated [UTC];UserPrincipalName;ClientAppUsed;ResultType;ResultDescription;IPAddress;CorrelationId\n" +
		"11/20/2026, 8:00:01.042 AM;crm@contoso.com;Authenticated SMTP;53003;Access has been blocked by Conditional Access policies.;203.0.113.13;c1\n",
		"2 2026-11-20T08:00:01.042Z crm@contoso.com 203.0.113.13 c1 conditional-access\n"},
	{"Log Analytics JSON", `{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"UserPrincipalName","type":"string"},{"name":"ClientAppUsed","type":"string"},{"name":"ResultType","type":"string"},{"name":"IPAddress","type":"string"}],
"rows":[["2026-11-20T08:00:01Z","crm@contoso.com","Authenticated SMTP","50126","203.0.113.13"],
["2026-11-20T08:00:02Z","boss@contoso.com","Browser","50126","203.0.113.14"],
["2026-11-20T08:00:03Z","ups@contoso.com","Authenticated SMTP","0","203.0.113.15"]]}]}`,
		"2 2026-11-20T08:00:01Z crm@contoso.com 203.0.113.13  bad-credentials\n4 2026-11-20T08:00:03Z ups@contoso.com 203.0.113.15  healthy\n"},
	{"Graph", `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns","value":[
{"id":"1","createdDateTime":"2026-11-20T08:00:01Z","userPrincipalName":"crm@contoso.com","ipAddress":"203.0.113.13","clientAppUsed":"Authenticated SMTP","correlationId":"c1","status":{"errorCode":50126,"failureReason":"Error validating credentials due to invalid username or password."}},
{"id":"2","createdDateTime":"2026-11-20T08:00:02Z","userPrincipalName":"crm@contoso.com","ipAddress":"203.0.113.13","clientAppUsed":"Mobile Apps and Desktop clients","status":{"errorCode":50126}},
{"id":"3","createdDateTime":"2026-11-20T08:00:03Z","userPrincipalName":"ups@contoso.com","ipAddress":"2001:db8::15","clientAppUsed":"SMTP","status":{"errorCode":0}}]}`,
		"2 2026-11-20T08:00:01Z crm@contoso.com 203.0.113.13 c1 bad-credentials\n4 2026-11-20T08:00:03Z ups@contoso.com 2001:db8::15 3 healthy\n"},
	{"NDJSON", `{"createdDateTime":"2026-11-20T08:00:01Z","userPrincipalName":"crm@contoso.com","ipAddress":"203.0.113.13","clientAppUsed":"Authenticated SMTP","status":{"errorCode":50126}}
{"createdDateTime":"2026-11-20T08:00:02Z","userPrincipalName":"b@contoso.com","clientAppUsed":"IMAP4","status":{"errorCode":50126}}
{"time":"2026-11-20T08:00:03Z","category":"SignInLogs","resultType":"50126","callerIpAddress":"203.0.113.16","properties":{"userPrincipalName":"fax@contoso.com","clientAppUsed":"Authenticated SMTP","createdDateTime":"2026-11-20T08:00:03Z","status":{"errorCode":50126}}}
`,
		"1 2026-11-20T08:00:01Z crm@contoso.com 203.0.113.13  bad-credentials\n3 2026-11-20T08:00:03Z fax@contoso.com 203.0.113.16  bad-credentials\n"},
	{"a list", `[{"TimeGenerated":"2026-11-20T08:00:01Z","UserPrincipalName":"crm@contoso.com","IPAddress":"203.0.113.13","ClientAppUsed":"Authenticated SMTP","ResultType":"50126","Status":"{\"errorCode\":50126,\"failureReason\":\"x\"}"}]`,
		"1 2026-11-20T08:00:01Z crm@contoso.com 203.0.113.13  bad-credentials\n"},
}

// told is what events tell, a line each.
func told(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		word := string(e.Cause)
		if word == "" {
			word = string(e.Verdict)
		}
		b.WriteString(strings.Join([]string{itoa(e.Line), e.Time, e.Mailbox, e.Device, e.Session, word}, " ") + "\n")
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	type file struct{ name, text, want string }
	tests := []file{
		{"bounce", bounceOfPostfix, "1 2026-11-20T08:00:02+01:00 scanner@contoso.com  4F5D21A2B3C not-authenticated\n"},
		{"bounce in Japanese", bounceInJapanese, "1 2026-11-20T08:00:03+00:00 fax@contoso.com   smtp-auth-off-org\n"},
		{"bounce as a page", bounceAsPage, "1 2026-11-20T08:00:04+00:00 crm@contoso.com   send-as-denied\n"},
		{"letter", letter, ""},
		{"mbox", fromLine + bounceOfPostfix + "\n" + fromLine + letter + "\n" + fromLine + bounceAsPage,
			"1 2026-11-20T08:00:02+01:00 scanner@contoso.com  4F5D21A2B3C not-authenticated\n" +
				itoa(2+strings.Count(bounceOfPostfix+letter, "\n")+3) + " 2026-11-20T08:00:04+00:00 crm@contoso.com   send-as-denied\n"},
		{"event log", windowsEvents, "2 2026-11-20T08:00:01.0420000Z hr@contoso.com SRV1.contoso.test  smtp-auth-off-mailbox\n3 2026-11-20T09:00:01Z  SRV2  bad-credentials\n"},
	}
	for _, e := range signInExports {
		tests = append(tests, file(e))
	}
	for _, tt := range tests {
		for _, crlf := range []bool{false, true} {
			text := tt.text
			if crlf {
				text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
			}
			if diff := cmp.Diff(tt.want, told(readEvents(t, []byte(text)))); diff != "" {
				t.Errorf("%s, CR LF %v (-want +got):\n%s", tt.name, crlf, diff)
			}
		}
	}
}

func readEvents(t *testing.T, file []byte) (events []Event) {
	t.Helper()
	if _, err := NewReader().Read("", bytes.NewReader(file), newest, func(e Event) error {
		events = append(events, e)
		return nil
	}); err != nil {
		t.Error(err)
	}
	return events
}

// TestBounceAlone: a bounce that is given as one text means what it means in a
// file, and other texts are none.
func TestBounceAlone(t *testing.T) {
	for text, want := range map[string]string{bounceOfPostfix: "not-authenticated", bounceInJapanese: "smtp-auth-off-org", bounceAsPage: "send-as-denied",
		"\n" + bounceAsPage: "send-as-denied", fromLine + bounceAsPage: "send-as-denied"} {
		if m, ok := Bounce(text); !ok || string(m.Cause) != want {
			t.Errorf("%.60q: %v %v, want %s", text, m, ok, want)
		}
	}
	for _, text := range []string{"", letter, mailboxOff, "To: x\nFrom: y\n"} {
		if m, ok := Bounce(text); ok {
			t.Errorf("%.60q is a bounce: %v", text, m)
		}
	}
}

// TestUnreadable: a format that is not read is said to be that.
func TestUnreadable(t *testing.T) {
	for _, f := range unreadable {
		file := append(bytes.Repeat([]byte{0}, f.at), f.magic...)
		file = append(file, bytes.Repeat([]byte("535 5.7.139 \n"), 40)...)
		_, err := NewReader().Read("", bytes.NewReader(file), newest, func(Event) error { t.Errorf("%s: an event", f.format.Format); return nil })
		var format *FormatError
		if !errors.As(err, &format) || format.Format != f.format.Format {
			t.Errorf("%q: %v, want that it is %s", f.magic, err, f.format.Format)
		}
	}
	random := make([]byte, 4096)
	for i := range random {
		random[i] = byte(i*7 + i>>8*13)
	}
	for name, file := range map[string][]byte{"octets": random, "cut gzip": []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01")} {
		if _, err := NewReader().Read("", bytes.NewReader(file), newest, func(Event) error { return nil }); err == nil {
			t.Errorf("%s are read without a word", name)
		}
	}
}

// TestBrokenExport: an export that ends in the middle is read up to there, and
// said to be broken.
func TestBrokenExport(t *testing.T) {
	for _, e := range signInExports[2:] {
		count := 0
		_, err := NewReader().Read("", strings.NewReader(strings.TrimSpace(e.text)[:len(strings.TrimSpace(e.text))-3]), newest, func(Event) error { count++; return nil })
		var broken *BrokenError
		if !errors.As(err, &broken) {
			t.Errorf("%s: %v after %d events, want that it breaks off", e.name, err, count)
		}
	}
}
