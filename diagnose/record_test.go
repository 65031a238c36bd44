package diagnose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/dialogue"
	"smtpmend/probe"
)

const (
	greetMicrosoft = "220 AM0PR02CA0134.outlook.office365.com Microsoft ESMTP MAIL Service ready at Thu, 11 Jul 2024 11:46:42 +0000"
	greetMX        = "220 DB3PEPF0000885C.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Thu, 11 Jul 2024 11:46:42 +0000"
	greetPremises  = "220 EXCH01.corp.example Microsoft ESMTP MAIL Service ready at Thu, 11 Jul 2024 11:46:42 +0000"
	greetPostfix   = "220 mail.example.net ESMTP Postfix (Debian/GNU)"
	greetExim      = "220 srv12.hosting.example ESMTP Exim 4.96 Thu, 11 Jul 2024 11:46:42 +0000"

	helloMicrosoft = "250-AM0PR02CA0134.outlook.office365.com Hello [203.0.113.10]\n250-SIZE 157286400\n250-AUTH LOGIN XOAUTH2\n250 SMTPUTF8"
	helloPremises  = "250-EXCH01.corp.example Hello [10.0.0.5]\n250-AUTH NTLM LOGIN\n250 CHUNKING"
	helloPostfix   = "250-mail.example.net\n250-AUTH PLAIN LOGIN\n250 8BITMIME"

	tagged = " [AM0PR02CA0134.eurprd02.prod.outlook.com 2024-07-11T11:46:49.042Z 08DCA18218166FB4]"

	office = "smtp.office365.com:587"
	local  = "127.0.0.1:2525"
)

// ended builds the report of a probe that a reply or a fault ended at stage.
// greeting and hello are "" where the probe did not get that far.
func ended(server, mechanism, greeting, hello string, stage probe.StageName, fault probe.Fault, reply string) *probe.Report {
	rep := &probe.Report{Schema: 1, Mailbox: "scanner@contoso.com", Server: server, Mechanism: mechanism, Outcome: probe.Failed, Stage: stage}
	add := func(name probe.StageName, text string, fault probe.Fault) {
		s := probe.Stage{Name: name, Fault: fault}
		if text != "" {
			reply := dialogue.Parse(strings.Split(text, "\n"))
			s.Exchanges = []probe.Exchange{{Reply: reply}}
			if reply.Refuses() {
				rep.Outcome = probe.Refused
			}
		}
		rep.Stages = append(rep.Stages, s)
	}
	add(probe.StageResolve, "", "")
	if greeting != "" {
		add(probe.StageGreeting, greeting, "")
	}
	if hello != "" {
		add(probe.StageEHLO, hello, "")
	}
	add(stage, reply, fault)
	add(probe.StageQuit, "221 2.0.0 Service closing transmission channel", "")
	return rep
}

// said is a probe that Microsoft 365 refused.
func said(mechanism string, stage probe.StageName, reply string) *probe.Report {
	return ended(office, mechanism, greetMicrosoft, helloMicrosoft, stage, "", reply+tagged)
}

// failed is a probe that a fault ended, before or after the greeting.
func failed(server, greeting, hello string, stage probe.StageName, fault probe.Fault) *probe.Report {
	return ended(server, probe.MechLogin, greeting, hello, stage, fault, "")
}

// withNames gives a report the names of the server's certificate.
func withNames(rep *probe.Report, names ...string) *probe.Report {
	rep.TLS = &probe.TLS{Chain: []probe.Certificate{{Names: names}}}
	return rep
}

// unasked adds to the deciding stage an exchange that counts for nothing.
func unasked(rep *probe.Report, ex probe.Exchange) *probe.Report {
	stage := rep.Decisive()
	stage.Exchanges = append(stage.Exchanges, ex)
	return rep
}

// agreed puts a STARTTLS that was agreed to before the deciding stage.
func agreed(rep *probe.Report) *probe.Report {
	rep.Stages = slices.Insert(rep.Stages, len(rep.Stages)-2, probe.Stage{Name: probe.StageSTARTTLS,
		Exchanges: []probe.Exchange{{Sent: "STARTTLS", Reply: &probe.Reply{Code: 220, Lines: []string{"220 2.0.0 SMTP server ready"}}}}})
	return rep
}

var records = []struct {
	name string
	rep  *probe.Report
	want string
}{
	// What Microsoft 365 says.
	{"tenant switch", said("LOGIN", probe.StageAuth, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."), "named smtp-auth-off-org"},
	{"bare, with a password", said("LOGIN", probe.StageAuth, "535 5.7.3 Authentication unsuccessful"), "unsure smtp-auth-off-mailbox smtp-auth-off-org per-user-mfa security-defaults conditional-access bad-credentials temporary"},
	{"bare, with a token", said("XOAUTH2", probe.StageAuth, "535 5.7.3 Authentication unsuccessful"), "unsure oauth-token-invalid oauth-token-wrong-user oauth-scope-missing oauth-mailbox-permission-missing smtp-auth-off-mailbox smtp-auth-off-org conditional-access temporary"},
	{"criteria, with a password", said("LOGIN", probe.StageAuth, "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully."), "unsure conditional-access per-user-mfa security-defaults smtp-auth-off-mailbox"},
	{"criteria, with a token", said("XOAUTH2", probe.StageAuth, "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully."), "unsure conditional-access smtp-auth-off-mailbox"},
	{"reason nested in the reply to MAIL FROM", said("LOGIN", probe.StageMail, "530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 Authentication unsuccessful, account locked."), "named account-locked"},
	{"no password", said("", probe.StageMail, "530 5.7.57 Client not authenticated to send mail."), "named not-authenticated"},
	{"PLAIN", said("PLAIN", probe.StageAuth, "504 5.7.4 Unrecognized authentication type"), "named mechanism-unsupported"},
	{"empty password", said("LOGIN", probe.StageAuth, "451 4.7.0 Temporary server error. Please try again later. PRX4"), "unsure temporary bad-credentials"},
	{"no STARTTLS", said("LOGIN", probe.StageMail, "451 5.7.3 STARTTLS is required to send mail"), "named starttls-not-used"},
	{"send as", said("LOGIN", probe.StageData, "554 5.2.252 SendAsDenied; a@contoso.com not allowed to send as b@contoso.com"), "named send-as-denied"},
	{"reply of several lines", said("LOGIN", probe.StageAuth, "535-5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled\n535 5.7.139 for the Mailbox."), "named smtp-auth-off-mailbox"},
	{"new words", said("LOGIN", probe.StageData, "554 5.3.0 Something new"), "unknown"},
	{"another's words from Microsoft", ended(office, "LOGIN", greetMicrosoft, helloMicrosoft, probe.StageAuth, "", "535 5.7.8 Error: authentication failed"), "unknown"},
	{"accepted", &probe.Report{Outcome: probe.Accepted, Server: office, Stage: probe.StageRcpt}, "healthy"},

	{"refused in the greeting", ended(office, "LOGIN", "", "", probe.StageGreeting, "", "421 4.3.2 Service not available"), "unsure temporary"},
	{"an error in the greeting", ended(office, "LOGIN", "", "", probe.StageGreeting, "", "451 4.7.0 Temporary server error. Please try again later."), "unsure temporary"},
	{"too many in the greeting", ended(office, "LOGIN", "", "", probe.StageGreeting, "", "421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel"), "unsure concurrent-connections throttled"},
	{"refused for good in the greeting", ended(office, "LOGIN", "", "", probe.StageGreeting, "", "554 5.3.2 No SMTP service here"), "unknown"},
	{"another's words in the greeting", ended(office, "LOGIN", "", "", probe.StageGreeting, "", "554 5.7.1 Client host rejected: no"), "unsure smtp-intercepted ip-blocked"},
	{"another's words in the greeting elsewhere", ended(local, "LOGIN", "", "", probe.StageGreeting, "", "554 5.7.1 Client host rejected: no"), "other-provider"},
	{"not available at EHLO", said("LOGIN", probe.StageEHLO, "421 4.3.2 Service not available"), "unsure temporary"},
	{"out of sorts at AUTH", said("LOGIN", probe.StageAuth, "451 4.3.0 Something went wrong"), "unsure temporary"},
	{"not available at MAIL, untagged", ended(office, "LOGIN", greetMicrosoft, helloMicrosoft, probe.StageMail, "", "421 4.3.2 Service not available"), "unsure temporary"},

	// Who says it: a simulated tenant counts as Microsoft wherever it runs.
	{"simulated tenant", ended(local, "LOGIN", greetMicrosoft, helloMicrosoft, probe.StageAuth, "", "535 5.7.3 Authentication unsuccessful"), "unsure smtp-auth-off-mailbox smtp-auth-off-org per-user-mfa security-defaults conditional-access bad-credentials temporary"},
	{"private cloud of another name", ended(local, "LOGIN", "220 lab.example Microsoft ESMTP MAIL Service ready", "250-lab.example\n250 AUTH LOGIN XOAUTH2", probe.StageMail, "", "530 5.7.57 Client not authenticated to send mail."), "named not-authenticated"},
	{"stand-in with its own greeting", ended(local, "LOGIN", "220 stand-in ready", "250-stand-in\n250 AUTH LOGIN XOAUTH2", probe.StageAuth, "", "535 5.7.3 Authentication unsuccessful"), "unsure smtp-auth-off-mailbox smtp-auth-off-org per-user-mfa security-defaults conditional-access bad-credentials temporary"},
	{"Exchange on the premises", ended("exch01.corp.example:25", "LOGIN", greetPremises, helloPremises, probe.StageAuth, "", "535 5.7.3 Authentication unsuccessful"), "other-provider"},
	{"Postfix", ended(local, "LOGIN", greetPostfix, helloPostfix, probe.StageAuth, "", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6"), "other-provider"},
	{"Postfix, unknown words", ended(local, "LOGIN", greetPostfix, helloPostfix, probe.StageRcpt, "", "554 5.7.1 So not"), "other-provider"},
	{"a relay that passes Microsoft's words on", ended(local, "LOGIN", greetPostfix, helloPostfix, probe.StageData, "", "554 5.2.252 SendAsDenied; a@contoso.com not allowed to send as b@contoso.com"+tagged), "named send-as-denied"},
	{"web host in Microsoft's name", ended(office, "LOGIN", greetExim, helloPostfix, probe.StageAuth, "", "535 Incorrect authentication data"), "named smtp-intercepted"},
	{"Postfix accepts", &probe.Report{Outcome: probe.Accepted, Server: local, Stage: probe.StageRcpt, Stages: ended(local, "", greetPostfix, helloPostfix, probe.StageRcpt, "", "250 2.1.5 Ok").Stages}, "healthy"},

	// Faults without a reply.
	{"no such host", failed("smtp.office365.com:587", "", "", probe.StageResolve, probe.FaultNoSuchHost), "named network-blocked"},
	{"a misspelt host", failed("smtp.office365.invalid:587", "", "", probe.StageResolve, probe.FaultNoSuchHost), "unsure network-blocked wrong-endpoint"},
	{"unreachable", failed(office, "", "", probe.StageConnect, probe.FaultUnreachable), "named network-blocked"},
	{"refused", failed(office, "", "", probe.StageConnect, probe.FaultRefused), "named network-blocked"},
	{"connect timeout", failed(office, "", "", probe.StageConnect, probe.FaultTimeout), "named network-blocked"},
	{"no greeting", failed(office, "", "", probe.StageGreeting, probe.FaultTimeout), "unsure network-blocked smtp-intercepted"},
	{"a timeout is no wrong password", failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultTimeout), "unsure temporary network-blocked"},
	{"closed at AUTH", failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultClosed), "unsure temporary smtp-intercepted network-blocked"},
	{"HTTP where SMTP was asked for", failed("www.example.net:587", "", "", probe.StageGreeting, probe.FaultNotSMTP), "unsure wrong-endpoint smtp-intercepted"},
	{"HTTP in Microsoft's name", failed(office, "", "", probe.StageGreeting, probe.FaultNotSMTP), "named smtp-intercepted"},
	{"TLS at once", failed("mail.example.net:465", "", "", probe.StageGreeting, probe.FaultTLSExpected), "named tls-implicit-on-starttls-port"},
	{"plain text where TLS began", failed(office, "", "", probe.StageTLS, probe.FaultPlainExpected), "named tls-implicit-on-starttls-port"},
	{"plain text behind STARTTLS", agreed(failed(office, greetMicrosoft, helloMicrosoft, probe.StageTLS, probe.FaultPlainExpected)), "unsure tls-handshake smtp-intercepted"},
	{"STARTTLS taken out", failed(office, greetMicrosoft, helloMicrosoft, probe.StageSTARTTLS, probe.FaultNoSTARTTLS), "unsure smtp-intercepted"},
	{"no STARTTLS at a web host in Microsoft's name", failed(office, greetExim, helloPostfix, probe.StageSTARTTLS, probe.FaultNoSTARTTLS), "named smtp-intercepted"},
	{"no STARTTLS elsewhere", failed(local, greetPostfix, helloPostfix, probe.StageSTARTTLS, probe.FaultNoSTARTTLS), "other-provider"},
	{"unknown certificate", withNames(failed(office, greetMicrosoft, helloMicrosoft, probe.StageTLS, probe.FaultCertificate), "outlook.com", "*.office365.com"), "named tls-handshake"},
	{"somebody else's certificate", withNames(failed(office, greetMicrosoft, helloMicrosoft, probe.StageTLS, probe.FaultCertificate), "*.hosting.example"), "named smtp-intercepted"},
	{"certificate elsewhere", withNames(failed(local, greetPostfix, helloPostfix, probe.StageTLS, probe.FaultCertificate), "mail.example.net"), "named tls-handshake"},
	{"no AUTH at the MX host", failed("contoso-com.mail.protection.outlook.com:25", greetMX, "250-DB3.mail.protection.outlook.com\n250 8BITMIME", probe.StageAuth, probe.FaultNoAuth), "named wrong-endpoint"},
	{"no AUTH elsewhere", failed(local, greetPostfix, "250-mail.example.net\n250 8BITMIME", probe.StageAuth, probe.FaultNoAuth), "other-provider"},
	{"mechanism not offered", failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultNoMechanism), "named mechanism-unsupported"},
	{"token for another service", failed(office, greetMicrosoft, helloMicrosoft, probe.StageToken, probe.FaultToken), "named oauth-token-invalid"},
	{"token without scope", failed(office, greetMicrosoft, helloMicrosoft, probe.StageToken, probe.FaultTokenScope), "named oauth-scope-missing"},
	{"out of turn", failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultOutOfTurn), "unsure temporary smtp-intercepted"},
	{"out of turn elsewhere", failed(local, greetPostfix, helloPostfix, probe.StageAuth, probe.FaultOutOfTurn), "other-provider"},
	{"out of turn in Microsoft's name", failed(office, greetExim, helloPostfix, probe.StageAuth, probe.FaultOutOfTurn), "named smtp-intercepted"},
	{"a greeting that came out of turn is nobody's", unasked(failed(office, greetMicrosoft, "", probe.StageGreeting, probe.FaultOutOfTurn), probe.Exchange{Unasked: true, Reply: &probe.Reply{Code: 220, Lines: []string{greetExim}}}), "unsure temporary smtp-intercepted"},
	{"half a greeting is nobody's", unasked(failed(office, "", "", probe.StageGreeting, probe.FaultFlood), probe.Exchange{Reply: &probe.Reply{Lines: []string{greetExim[:40]}, Partial: true}}), "unsure smtp-intercepted wrong-endpoint"},
	{"half a refusal", unasked(failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultClosed), probe.Exchange{Reply: &probe.Reply{Lines: []string{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Ten"}, Partial: true}}), "unsure temporary smtp-intercepted network-blocked"},
	{"a refusal out of turn", unasked(failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultOutOfTurn), probe.Exchange{Unasked: true, Reply: &probe.Reply{Code: 535, Status: "5.7.139", Lines: []string{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."}}}), "unsure temporary smtp-intercepted"},
	{"flood", failed(office, greetMicrosoft, "", probe.StageEHLO, probe.FaultFlood), "unsure smtp-intercepted wrong-endpoint"},
	{"flood elsewhere", failed(local, greetPostfix, "", probe.StageEHLO, probe.FaultFlood), "other-provider"},
	{"crashed", failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultCrashed), "unknown"},
	{"interrupted", failed(office, greetMicrosoft, helloMicrosoft, probe.StageAuth, probe.FaultInterrupted), "unknown"},
	{"nothing at all", &probe.Report{Outcome: probe.Failed, Server: office}, "unknown"},
}

func TestRecord(t *testing.T) {
	for _, tt := range records {
		t.Run(tt.name, func(t *testing.T) {
			d := Record(tt.rep)
			words := []string{string(d.Verdict)}
			if d.Cause != "" {
				words = append(words, string(d.Cause))
			}
			for _, c := range d.Candidates {
				words = append(words, string(c))
			}
			if diff := cmp.Diff(tt.want, strings.Join(words, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s\nnotes %q", diff, d.Notes)
			}
		})
	}
}

// TestRecordSaysThereWasNoPassword: what a device gets that never signs in
// must not be taken for the verdict on a sign-in.
func TestRecordSaysThereWasNoPassword(t *testing.T) {
	d := Record(said("", probe.StageMail, "530 5.7.57 Client not authenticated to send mail."))
	if len(d.Notes) == 0 || !strings.Contains(d.Notes[len(d.Notes)-1], "no password") {
		t.Errorf("notes %q", d.Notes)
	}
	if d = Record(said("LOGIN", probe.StageMail, "530 5.7.57 Client not authenticated to send mail.")); len(d.Notes) > 0 {
		t.Errorf("with a password: notes %q", d.Notes)
	}
}

// TestEveryFaultHasARow: a fault that a probe can report means something, or
// is known to mean nothing.
func TestEveryFaultHasARow(t *testing.T) {
	silent := []probe.Fault{probe.FaultUnexpected, probe.FaultInterrupted, probe.FaultCrashed}
	for _, fault := range faults(t) {
		if fault == probe.FaultNoToken {
			continue // its words tell
		}
		if _, ok := faultMeaning(&probe.Stage{Name: probe.StageAuth, Fault: fault}); ok == slices.Contains(silent, fault) {
			t.Errorf("%s has a row: %v", fault, ok)
		}
	}
	for _, fault := range silent {
		d := Record(failed(office, greetMicrosoft, "", probe.StageAuth, fault))
		if d.Verdict != Unknown || d.Cause != "" || len(d.Candidates) > 0 {
			t.Errorf("%s: %s %s %v", fault, d.Verdict, d.Cause, d.Candidates)
		}
	}
}

// Every cause that a fault names or leaves possible has its entry.
func TestFaultsLeadToCauses(t *testing.T) {
	for _, s := range append(faultSigns, brokenPromise) {
		for _, code := range append(s.allows, s.names) {
			if _, ok := catalogue.Lookup(code); !ok && code != "" {
				t.Errorf("fault %s: no catalogue entry for %q", s.fault, code)
			}
		}
	}
}

// faults reads the faults off probe's source, so that none is forgotten.
func faults(t *testing.T) (all []probe.Fault) {
	file, err := parser.ParseFile(token.NewFileSet(), "../probe/report.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Fault") {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, probe.Fault(value))
		return false
	})
	if !slices.Contains(all, probe.FaultCrashed) {
		t.Fatalf("read only %q", all)
	}
	return all
}
