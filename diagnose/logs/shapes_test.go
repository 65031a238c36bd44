package logs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShapes reads what the day of TestDay has not: several lines of one attempt,
// and shapes of which there is little to tell.
func TestShapes(t *testing.T) {
	const refused = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
	tests := []struct{ name, log, want string }{
		{"no connection", "Nov 20 08:00:00 relay1 postfix/qmgr[905]: 4F5D21A2B3C: from=<crm@contoso.com>, size=1, nrcpt=1 (queue active)\n" +
			"Nov 20 08:00:01 relay1 postfix/smtp[833]: connect to smtp.office365.com[192.0.2.40]:587: Connection refused\n" +
			"Nov 20 08:00:01 relay1 postfix/smtp[833]: connect to smtp.office365.com[192.0.2.41]:587: Connection refused\n" +
			"Nov 20 08:00:01 relay1 postfix/smtp[833]: 4F5D21A2B3C: to=<a@b.example>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.1, status=deferred (connect to smtp.office365.com[192.0.2.41]:587: Connection refused)\n",
			"2 2026-11-20T08:00:01 crm@contoso.com  4F5D21A2B3C network-blocked\n"},
		{"time with zone", "2026-11-20T08:00:01.123456+01:00 relay1 postfix/smtp[833]: 4Rk2Jx3v5fz9y: to=<a@b.example>, relay=smtp.office365.com[192.0.2.40]:587, delay=1, delays=0/0/1/0, dsn=4.7.139, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: " + refused + ")\n",
			"1 2026-11-20T08:00:01.123456+01:00   4Rk2Jx3v5fz9y smtp-auth-off-org\n"},
		{"container", `{"log":"sending for crm@contoso.com\n","stream":"stdout","time":"2026-11-20T08:00:00Z"}` + "\n" + `{"log":"smtplib.SMTPAuthenticationError: (535, b'5.7.139 Authentication unsuccessful, account locked. Contact your administrator.')\n","stream":"stderr","time":"2026-11-20T08:00:01.5Z"}` + "\n",
			"2 2026-11-20T08:00:01.5Z    account-locked\n"},
		{"compose", "web_1  | Error: Invalid login: " + refused + "\n", "1   web_1  smtp-auth-off-org\n"},
		{"Kubernetes", "2026-11-20T08:00:01.5Z stderr F Error: Invalid login: " + refused + "\n", "1 2026-11-20T08:00:01.5Z    smtp-auth-off-org\n"},
		{"trace below its entry", "2026-11-20 08:00:01,334 ERROR mail: cannot send as fax@contoso.com\nTraceback (most recent call last):\n  File \"x.py\", line 1\nsmtplib.SMTPAuthenticationError: (535, b'5.7.139 Authentication unsuccessful, account locked.')\n",
			"4 2026-11-20T08:00:01.334 fax@contoso.com   account-locked\n"},
		{"two who fail alike", "Nov 20 08:00:01 srv1 app[1]: user=a@contoso.com failed: " + refused + "\nNov 20 08:00:02 srv1 app[2]: user=b@contoso.com failed: " + refused + "\n",
			"1 2026-11-20T08:00:01 a@contoso.com srv1 1 smtp-auth-off-org\n2 2026-11-20T08:00:02 b@contoso.com srv1 2 smtp-auth-off-org\n"},
		{"syslog of RFC 5424", "<34>1 2026-11-20T08:00:01.003Z srv1 app 123 ID47 - user=a@contoso.com failed: " + refused + "\n",
			"1 2026-11-20T08:00:01.003Z a@contoso.com srv1  smtp-auth-off-org\n"},
		{"a receive connector", "#Log-type: SMTP Receive Protocol Log\n2026-11-20T08:00:01.042Z,SRV1\\Default,08DE0123456789AB,5,10.0.0.2:25,203.0.113.9:51234,<,\"" + refused + "\",\n", ""},
		{"a web server", `203.0.113.9 - - [20/Nov/2026:08:00:01 +0100] "GET /?q=` + refused + ` HTTP/1.1" 200 1` + "\n", ""},
		{"a command of ours", "2026-11-20 08:00:01 CLIENT -> SERVER: Subject: " + refused + "\n", ""},
		{"mechanisms one after the other", "< 220 AM0PR02CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready\n> EHLO a1\n> AUTH XOAUTH2\n< 504 5.7.4 Unrecognized authentication type\n> AUTH LOGIN\n< " + refused + "\n> MAIL FROM:<a@contoso.com>\n< 530 5.7.57 Client not authenticated to send mail.\n",
			"4  a@contoso.com a1  smtp-auth-off-org\n"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, told(readEvents(t, []byte(tt.log)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestForty: a queue id that is tried forty times is forty events.
func TestForty(t *testing.T) {
	log := ""
	for i := range 40 {
		log += "Nov 20 08:" + itoa(10 + i)[:2] + ":01 relay1 postfix/smtp[833]: 4F5D21A2B3C: to=<a@b.example>, relay=smtp.office365.com[192.0.2.40]:587, delay=1, delays=0/0/1/0, dsn=4.7.139, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: 535 5.7.3 Authentication unsuccessful)\n"
	}
	var table Table
	for _, e := range readEvents(t, []byte(log)) {
		table.Add(e)
	}
	if rows := table.Rows(); len(rows) != 1 || rows[0].Count != 40 || rows[0].First != "2026-11-20T08:10:01" || rows[0].Last != "2026-11-20T08:49:01" {
		t.Errorf("%+v", rows)
	}
}
