package listen

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
)

// What devices do wrong, and what is made of it.
func TestDevices(t *testing.T) {
	type codes = []catalogue.Code
	for _, tt := range []struct {
		name     string
		implicit bool
		do       func(*device)
		verdict  diagnose.Verdict
		findings codes
		observed []Observation
	}{
		{name: "all right", verdict: diagnose.Healthy,
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd(signIn...); d.cmd(send(login)...) }},
		{name: "all right over implicit TLS", implicit: true, verdict: diagnose.Healthy,
			do: func(d *device) {
				conn := tls.Client(d.conn, &tls.Config{InsecureSkipVerify: true})
				d.conn, d.r = conn, bufio.NewReader(conn)
				d.line()
				d.cmd(signIn...)
				d.cmd(send(login)...)
			}},
		{name: "never signs in", verdict: diagnose.Named, findings: codes{catalogue.NotAuthenticated}, observed: []Observation{NoSignIn},
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", "MAIL FROM:<a@contoso.com>") }},
		{name: "never STARTTLS", verdict: diagnose.Named, findings: codes{catalogue.STARTTLSNotUsed}, observed: []Observation{NoSTARTTLS},
			do: func(d *device) { d.line(); d.cmd("EHLO printer", "MAIL FROM:<a@contoso.com>") }},
		{name: "signs in in the clear", verdict: diagnose.Named, findings: codes{catalogue.STARTTLSNotUsed},
			observed: []Observation{NoSTARTTLS, CredentialsInClear},
			do:       func(d *device) { d.line(); d.cmd("EHLO printer", plain) }},
		{name: "TLS 1.0", verdict: diagnose.Named, findings: codes{catalogue.TLSTooOld}, observed: []Observation{OldTLS},
			do: func(d *device) { d.line(); d.startTLS(tls.VersionTLS10); d.cmd(signIn...) }},
		{name: "TLS 1.1", verdict: diagnose.Named, findings: codes{catalogue.TLSTooOld}, observed: []Observation{OldTLS},
			do: func(d *device) { d.line(); d.startTLS(tls.VersionTLS11); d.cmd(signIn...) }},
		{name: "only PLAIN", verdict: diagnose.Named, findings: codes{catalogue.MechanismUnsupported}, observed: []Observation{WrongMechanism},
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", plain, "QUIT") }},
		{name: "only CRAM-MD5", verdict: diagnose.Named, findings: codes{catalogue.MechanismUnsupported}, observed: []Observation{WrongMechanism},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd("EHLO printer", "AUTH CRAM-MD5", "MAIL FROM:<a@contoso.com>")
			}},
		{name: "PLAIN, then LOGIN", verdict: diagnose.Healthy,
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", plain); d.cmd(signIn[1:]...) }},
		{name: "asks for PLAIN again and again, then for LOGIN", verdict: diagnose.Healthy,
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd("EHLO printer")
				for range 40 {
					d.cmd(plain)
				}
				d.cmd(signIn[1:]...)
			}},
		{name: "From is not the login", verdict: diagnose.Named, findings: codes{catalogue.SendAsDenied}, observed: []Observation{ForeignSender},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd(send("boss@contoso.com")[:3]...)
				if got := d.cmd("From: boss@contoso.com\r\n\r\nhello\r\n."); !strings.Contains(got, "SendAsDenied; "+login) {
					d.t.Errorf("told: %q", got)
				}
			}},
		{name: "the first of two messages from somebody else", verdict: diagnose.Named, findings: codes{catalogue.SendAsDenied}, observed: []Observation{ForeignSender},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd(send("boss@contoso.com")[:4]...)
				d.cmd(send(login)...)
			}},
		{name: "a message that is too large", verdict: diagnose.Unsure, observed: []Observation{NotSent},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd("MAIL FROM:<"+login+"> SIZE=900000000", "QUIT")
			}},
		{name: "leaves in the middle of a message", verdict: diagnose.Unsure, observed: []Observation{NotSent},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd(send(login)[:3]...)
				io.WriteString(d.conn, "From: "+login+"\r\n\r\nhal")
			}},
		{name: "leaves between two chunks", verdict: diagnose.Unsure, observed: []Observation{NotSent},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd(send(login)[:2]...)
				d.cmd("BDAT 7\r\nhello", "RSET", "QUIT")
			}},
		{name: "leaves in a message to 600", verdict: diagnose.Unsure, observed: []Observation{NotSent},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd(send(login)[0])
				for range 600 {
					d.cmd(send(login)[1])
				}
				d.cmd("DATA")
			}},
		{name: "is refused a second STARTTLS", verdict: diagnose.Healthy,
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd(signIn...); d.cmd("STARTTLS") }},
		{name: "an address for a password", verdict: diagnose.Healthy, observed: []Observation{LoginNoAddress},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd("EHLO printer", "AUTH LOGIN "+b64("Tr0ub4dor@3.contoso"), b64(login), "QUIT")
			}},
		{name: "signs in and leaves", verdict: diagnose.Healthy,
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd(signIn...); d.cmd("QUIT") }},
		{name: "a login that is no address", verdict: diagnose.Healthy, observed: []Observation{LoginNoAddress},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd("EHLO printer", "AUTH LOGIN "+b64(password), b64(login), "QUIT")
			}},
		{name: "gives LOGIN up and sends", verdict: diagnose.Named, findings: codes{catalogue.NotAuthenticated}, observed: []Observation{NoSignIn, HalfSignIn},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd("EHLO printer", "AUTH LOGIN", "*", "MAIL FROM:<a@contoso.com>")
			}},
		{name: "gives LOGIN up for PLAIN", verdict: diagnose.Unsure, observed: []Observation{HalfSignIn},
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", "AUTH LOGIN", "*", plain, "QUIT") }},
		{name: "asks for LOGIN in the clear", verdict: diagnose.Named, findings: codes{catalogue.STARTTLSNotUsed}, observed: []Observation{NoSTARTTLS},
			do: func(d *device) { d.line(); d.cmd("EHLO printer", "AUTH LOGIN", "QUIT") }},
		{name: "AUTH before EHLO", verdict: diagnose.Named, findings: codes{catalogue.STARTTLSNotUsed}, observed: []Observation{NoSTARTTLS},
			do: func(d *device) { d.line(); d.cmd("AUTH LOGIN") }},
		{name: "says nothing after the handshake", verdict: diagnose.Unknown, observed: []Observation{Silent},
			do: func(d *device) { d.line(); d.startTLS(0); d.line() }},
		{name: "asks for TLS and goes on without", verdict: diagnose.Named, findings: codes{catalogue.TLSHandshake}, observed: []Observation{PlainAfterSTARTTLS},
			do: func(d *device) { d.line(); d.cmd("EHLO printer", "STARTTLS", "EHLO printer") }},
		{name: "a ClientHello of SSL 2.0", verdict: diagnose.Named, findings: codes{catalogue.TLSTooOld}, observed: []Observation{OldTLS},
			do: func(d *device) {
				d.line()
				d.cmd("EHLO printer", "STARTTLS")
				d.conn.Write([]byte("\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10" + strings.Repeat("\x07\x00\xc0", 12)))
				d.line()
			}},
		{name: "noise where TLS is expected", implicit: true, verdict: diagnose.Unknown, observed: []Observation{NoSMTP},
			do: func(d *device) { d.conn.Write([]byte("\x01\x02\x03\x04\x05\x06\x07")); d.line() }},
		{name: "invalid EHLO name", verdict: diagnose.Named, findings: codes{catalogue.InvalidHELO}, observed: []Observation{InvalidName},
			do: func(d *device) { d.line(); d.cmd("EHLO printer.", "QUIT") }},
		{name: "HTTP", verdict: diagnose.Unknown, observed: []Observation{HTTP},
			do: func(d *device) { d.line(); d.cmd("GET / HTTP/1.1", "Host: printer", "") }},
		{name: "HTTP where TLS is expected", implicit: true, verdict: diagnose.Unknown, observed: []Observation{HTTP},
			do: func(d *device) { d.cmd("GET / HTTP/1.1") }},
		{name: "TLS at once", verdict: diagnose.Named, findings: codes{catalogue.TLSImplicitOnSTARTTLSPort}, observed: []Observation{TLSAtOnce},
			do: func(d *device) { tls.Client(d.conn, &tls.Config{InsecureSkipVerify: true}).Handshake() }},
		{name: "plain text where TLS is expected", implicit: true, verdict: diagnose.Named,
			findings: codes{catalogue.TLSImplicitOnSTARTTLSPort}, observed: []Observation{PlainOnTLSPort},
			do: func(d *device) { d.line(); d.cmd("EHLO printer", "QUIT") }},
		{name: "connects and leaves", verdict: diagnose.Unknown, observed: []Observation{ConnectedAndLeft},
			do: func(d *device) { d.line() }},
		{name: "connects and takes its leave", verdict: diagnose.Unknown, observed: []Observation{ConnectedAndLeft},
			do: func(d *device) { d.line(); d.cmd("QUIT") }},
		{name: "silence", verdict: diagnose.Unknown, observed: []Observation{Silent},
			do: func(d *device) { d.line(); d.line() }},
		{name: "leaves after STARTTLS", verdict: diagnose.Unsure, observed: []Observation{LeftBeforeSignIn},
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", "QUIT") }},
		{name: "distrusts the certificate", verdict: diagnose.Unknown, observed: []Observation{CertificateRefused},
			do: func(d *device) {
				d.line()
				d.cmd("EHLO printer", "STARTTLS")
				tls.Client(d.conn, &tls.Config{ServerName: "smtp.office365.com"}).Handshake()
			}},
		{name: "distrusts the certificate over TLS 1.2", verdict: diagnose.Unknown, observed: []Observation{CertificateRefused},
			do: func(d *device) {
				d.line()
				d.cmd("EHLO printer", "STARTTLS")
				tls.Client(d.conn, &tls.Config{ServerName: "smtp.office365.com", MaxVersion: tls.VersionTLS12}).Handshake()
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr, reports := start(t, func(c *Config) {
				c.ImplicitTLS, c.PlainGreeting = tt.implicit, 50*time.Millisecond
				c.Limits.Idle = 500 * time.Millisecond
			})
			d := dial(t, addr)
			tt.do(d)
			d.conn.Close()
			r := <-reports
			if tt.findings == nil {
				tt.findings = codes{}
			}
			if tt.observed == nil {
				tt.observed = []Observation{}
			}
			if r.Verdict != tt.verdict || r.Cause != (append(tt.findings, ""))[0] {
				t.Errorf("verdict %s %s, want %s", r.Verdict, r.Cause, tt.verdict)
			}
			if diff := cmp.Diff(tt.findings, r.Findings) + cmp.Diff(tt.observed, r.Observations); diff != "" {
				t.Error(diff)
			}
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{strings.TrimSpace(password)[:9], b64(password), b64("\x00" + login + "\x00" + password)} {
				if strings.Contains(string(text), secret) {
					t.Errorf("leaked %q in %s", secret, text)
				}
			}
		})
	}
}

func TestEveryFindingIsComplete(t *testing.T) {
	seen := map[Observation]bool{}
	for _, f := range findings {
		if f.Sentence == "" || f.Menu == "" || seen[f.Observed] {
			t.Errorf("row %s", f.Observed)
		}
		seen[f.Observed] = true
		if _, ok := catalogue.Lookup(f.Cause); f.Cause != "" && !ok {
			t.Errorf("%s: no entry for %s", f.Observed, f.Cause)
		}
	}
}
