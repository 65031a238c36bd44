package listen

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
)

// What devices do wrong, and what is made of it.
func TestDevices(t *testing.T) {
	type codes = []diagnose.Code
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
		{name: "never signs in", verdict: diagnose.Named, findings: codes{diagnose.NotAuthenticated}, observed: []Observation{NoSignIn},
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", "MAIL FROM:<a@contoso.com>") }},
		{name: "never STARTTLS", verdict: diagnose.Named, findings: codes{diagnose.STARTTLSNotUsed}, observed: []Observation{NoSTARTTLS},
			do: func(d *device) { d.line(); d.cmd("EHLO printer", "MAIL FROM:<a@contoso.com>") }},
		{name: "signs in in the clear", verdict: diagnose.Named, findings: codes{diagnose.STARTTLSNotUsed},
			observed: []Observation{NoSTARTTLS, CredentialsInClear},
			do:       func(d *device) { d.line(); d.cmd("EHLO printer", plain) }},
		{name: "TLS 1.0", verdict: diagnose.Named, findings: codes{diagnose.TLSTooOld}, observed: []Observation{OldTLS},
			do: func(d *device) { d.line(); d.startTLS(tls.VersionTLS10); d.cmd(signIn...) }},
		{name: "TLS 1.1", verdict: diagnose.Named, findings: codes{diagnose.TLSTooOld}, observed: []Observation{OldTLS},
			do: func(d *device) { d.line(); d.startTLS(tls.VersionTLS11); d.cmd(signIn...) }},
		{name: "only PLAIN", verdict: diagnose.Named, findings: codes{diagnose.MechanismUnsupported}, observed: []Observation{WrongMechanism},
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", plain, "QUIT") }},
		{name: "only CRAM-MD5", verdict: diagnose.Named, findings: codes{diagnose.MechanismUnsupported}, observed: []Observation{WrongMechanism},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd("EHLO printer", "AUTH CRAM-MD5", "MAIL FROM:<a@contoso.com>")
			}},
		{name: "PLAIN, then LOGIN", verdict: diagnose.Healthy,
			do: func(d *device) { d.line(); d.startTLS(0); d.cmd("EHLO printer", plain); d.cmd(signIn[1:]...) }},
		{name: "From is not the login", verdict: diagnose.Named, findings: codes{diagnose.SendAsDenied}, observed: []Observation{ForeignSender},
			do: func(d *device) {
				d.line()
				d.startTLS(0)
				d.cmd(signIn...)
				d.cmd(send("boss@contoso.com")[:3]...)
				if got := d.cmd("From: boss@contoso.com\r\n\r\nhello\r\n."); !strings.Contains(got, "SendAsDenied; "+login) {
					d.t.Errorf("told: %q", got)
				}
			}},
		{name: "invalid EHLO name", verdict: diagnose.Named, findings: codes{diagnose.InvalidHELO}, observed: []Observation{InvalidName},
			do: func(d *device) { d.line(); d.cmd("EHLO printer.", "QUIT") }},
		{name: "HTTP", verdict: diagnose.Unknown, observed: []Observation{HTTP},
			do: func(d *device) { d.line(); d.cmd("GET / HTTP/1.1", "Host: printer", "") }},
		{name: "HTTP where TLS is expected", implicit: true, verdict: diagnose.Unknown, observed: []Observation{HTTP},
			do: func(d *device) { d.cmd("GET / HTTP/1.1") }},
		{name: "TLS at once", verdict: diagnose.Named, findings: codes{diagnose.TLSImplicitOnSTARTTLSPort}, observed: []Observation{TLSAtOnce},
			do: func(d *device) { tls.Client(d.conn, &tls.Config{InsecureSkipVerify: true}).Handshake() }},
		{name: "plain text where TLS is expected", implicit: true, verdict: diagnose.Named,
			findings: codes{diagnose.TLSImplicitOnSTARTTLSPort}, observed: []Observation{PlainOnTLSPort},
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

func TestWhatIsKeptOfASession(t *testing.T) {
	dir := t.TempDir()
	addr, reports := start(t, func(c *Config) { c.Save = dir })
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	client, err := gosmtp.NewClientStartTLS(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "smtp.office365.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Auth(sasl.NewLoginClient(login, password)); err != nil {
		t.Fatal(err)
	}
	if err := client.SendMail(login, []string{"b@example.com"}, strings.NewReader("From: "+login+"\r\n\r\nhello\r\n")); err != nil {
		t.Fatal(err)
	}
	client.Quit()
	r := <-reports
	if r.TLS.SNI != "smtp.office365.com" || r.TLS.Used != "TLS 1.3" || r.TLS.Offered[0] != "TLS 1.3" || r.Login != login || r.From != login {
		t.Errorf("report: %+v", r)
	}
	want := &Password{Length: 12, Flags: []string{"leading-blank", "html"}}
	if diff := cmp.Diff(want, r.Password); diff != "" {
		t.Error(diff)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || files[0] != r.Saved {
		t.Fatalf("saved %v, %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if text, _ := os.ReadFile(files[0]); string(text) != "From: "+login+"\r\n\r\nhello\r\n" {
		t.Errorf("saved %q", text)
	}
}

func TestEveryFindingIsComplete(t *testing.T) {
	seen := map[Observation]bool{}
	for _, f := range findings {
		if f.Sentence == "" || f.Menu == "" || seen[f.Observed] {
			t.Errorf("row %s", f.Observed)
		}
		seen[f.Observed] = true
		if _, ok := diagnose.Lookup(f.Cause); f.Cause != "" && !ok {
			t.Errorf("%s: no entry for %s", f.Observed, f.Cause)
		}
	}
}
