package listen

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/internal/front"
)

const (
	login    = "scanner@contoso.com"
	password = " Tr0ub4dor&3"
)

var certificate = sync.OnceValues(func() (tls.Certificate, error) {
	c, _, err := Certificate([]string{"localhost", "127.0.0.1"})
	return c, err
})

// start listens on loopback until the test ends.
func start(t *testing.T, edit func(*Config)) (addr string, reports chan *Report) {
	t.Helper()
	cert, err := certificate()
	if err != nil {
		t.Fatal(err)
	}
	reports = make(chan *Report, 300)
	c := Config{
		TLS:    &tls.Config{Certificates: []tls.Certificate{cert}},
		Report: func(r *Report) { reports <- r },
	}
	if edit != nil {
		edit(&c)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, c) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), reports
}

// A device speaks line by line.
type device struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func dial(t *testing.T, addr string) *device {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &device{t, conn, bufio.NewReader(conn)}
}

func (d *device) line() string {
	for {
		line, err := d.r.ReadString('\n')
		if err != nil || len(line) < 4 || line[3] != '-' {
			return strings.TrimSpace(line)
		}
	}
}

func (d *device) cmd(lines ...string) (reply string) {
	for _, line := range lines {
		io.WriteString(d.conn, line+"\r\n") // a server that hung up shows in the reply
		reply = d.line()
	}
	return reply
}

func (d *device) startTLS(version uint16) {
	d.t.Helper()
	d.cmd("EHLO printer", "STARTTLS")
	conn := tls.Client(d.conn, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version})
	if err := conn.Handshake(); err != nil {
		d.t.Fatal(err)
	}
	d.conn, d.r = conn, bufio.NewReader(conn)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

var (
	signIn = []string{"EHLO printer", "AUTH LOGIN " + b64(login), b64(password)}
	plain  = "AUTH PLAIN " + b64("\x00"+login+"\x00"+password)
)

func send(from string) []string {
	return []string{"MAIL FROM:<" + from + ">", "RCPT TO:<b@example.com>", "DATA", "From: " + from + "\r\n\r\nhello\r\n.", "QUIT"}
}

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

func TestEndsAfterCount(t *testing.T) {
	ended := make(chan struct{})
	cert, err := certificate()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	go func() {
		defer close(ended)
		err := Serve(context.Background(), l, Config{Count: 2, Report: func(*Report) { n++ },
			TLS: &tls.Config{Certificates: []tls.Certificate{cert}}})
		if err != nil {
			t.Error(err)
		}
	}()
	for range 2 {
		d := dial(t, l.Addr().String())
		d.line()
		d.cmd("QUIT")
	}
	<-ended
	if n != 2 {
		t.Errorf("%d sessions", n)
	}
}

// Half of 200 devices hold their connection without getting on; the others
// are served meanwhile.
func TestManyAtOnce(t *testing.T) {
	const n = 200
	addr, reports := start(t, func(c *Config) { c.Limits = front.Limits{Idle: 10 * time.Second} })
	for i := range n / 2 {
		d := dial(t, addr)
		if i%2 == 0 {
			continue
		}
		go func() {
			for _, b := range []byte("EHLO printer.contoso.com") {
				if _, err := d.conn.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
	}
	var all sync.WaitGroup
	for range n / 2 {
		d := dial(t, addr)
		all.Go(func() {
			d.line()
			d.startTLS(0)
			d.cmd(signIn...)
			if got := d.cmd(send(login)...); !strings.HasPrefix(got, "221 ") {
				t.Errorf("a device was disturbed: %q", got)
			}
		})
	}
	all.Wait()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 128<<20 {
		t.Errorf("%d MB in use", m.HeapAlloc>>20)
	}
	for range n / 2 {
		if r := <-reports; r.Verdict != diagnose.Healthy {
			t.Errorf("a device was disturbed: %+v", r)
		}
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

// One limit each, and the reply that a device gets there.
func TestLimitsArePolite(t *testing.T) {
	addr, _ := start(t, func(c *Config) { c.Limits = front.Limits{PerPeer: 2, Commands: 3, MessageBytes: 1000} })
	d := dial(t, addr)
	d.line()
	if got := d.cmd("NOOP " + strings.Repeat("x", 3000)); !strings.HasPrefix(got, "421 4.7.0 Line too long") {
		t.Errorf("a long line: %q", got)
	}
	d.conn.Close()
	many := dial(t, addr)
	many.line()
	if got := many.cmd("NOOP", "NOOP", "NOOP", "NOOP"); !strings.HasPrefix(got, "421 4.7.0 Too many") {
		t.Errorf("too many commands: %q", got)
	}
	addr, _ = start(t, func(c *Config) { c.Limits = front.Limits{PerPeer: 1, MessageBytes: 1000} })
	only := dial(t, addr)
	only.line()
	if got := dial(t, addr).line(); !strings.HasPrefix(got, "421 4.3.2") {
		t.Errorf("one too many from a peer: %q", got)
	}
	only.startTLS(0)
	only.cmd(signIn...)
	only.cmd(send(login)[:3]...)
	if got := only.cmd(strings.Repeat("0123456789\r\n", 200) + "."); !strings.HasPrefix(got, "552 5.3.4") {
		t.Errorf("a large message: %q", got)
	}
}
