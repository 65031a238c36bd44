package listen

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/probe"
)

// service is a server without an SMTP library. It says says in turn, each in
// answer to a line, begins TLS behind the third, and hangs up at the end.
func service(t *testing.T, says ...string) *Forward {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	cert, err := certificate()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(leaf)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			go serve(conn, cert, says)
		}
	}()
	return NewForward(probe.Config{Server: l.Addr().String(), Roots: roots, Timeout: 20 * time.Second})
}

func serve(conn net.Conn, cert tls.Certificate, says []string) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for i, text := range says {
		if i > 0 {
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
		}
		io.WriteString(conn, text)
		if i == 2 {
			conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
			in = bufio.NewReader(conn)
		}
	}
}

var (
	untilSignIn = []string{
		"220 mx.example ready\r\n", "250-mx.example\r\n250 STARTTLS\r\n", "220 go\r\n",
		"250-mx.example\r\n250 AUTH LOGIN\r\n",
	}
	untilMail = append(slices.Clone(untilSignIn), "334 UGFzc3dvcmQ6\r\n", "235 2.7.0 ok\r\n")
)

// A reply of the service that is broken off, or was not asked for, ends the
// sign-in that it belongs to. The listener and other devices go on.
func TestForwardToABrokenService(t *testing.T) {
	for _, tt := range []struct {
		name  string
		says  []string
		fault probe.Fault
	}{
		{"cut at EHLO", append(slices.Clone(untilSignIn[:3]), "250-mx.exam"), probe.FaultClosed},
		{"cut at AUTH", append(slices.Clone(untilSignIn), "421 4.3.2 Service not av"), probe.FaultClosed},
		{"half an acceptance", append(slices.Clone(untilMail[:5]), "235 2.7.0 o"), probe.FaultClosed},
		{"two at once", append(slices.Clone(untilMail[:5]), "235 2.7.0 ok\r\n250 2.1.0 ok\r\n"), probe.FaultOutOfTurn},
		{"a refusal and more", append(slices.Clone(untilMail[:5]), "535 5.7.139 no\r\n250 2.1.0 ok\r\n"), probe.FaultOutOfTurn},
		{"without end", append(slices.Clone(untilSignIn), strings.Repeat("334-x\r\n", 300)), probe.FaultFlood},
		{"cut at MAIL", append(slices.Clone(untilMail), "421 4.3.2 Service not av"), probe.FaultClosed},
		{"half a queued", append(slices.Clone(untilMail), "250 ok\r\n", "250 o"), probe.FaultClosed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr, reports := start(t, func(c *Config) { c.Forward = service(t, tt.says...) })
			for _, login := range []string{login, "other@contoso.com"} { // each device has its own account
				d := dial(t, addr)
				d.line()
				d.startTLS(0)
				told := d.cmd("EHLO printer", "AUTH LOGIN "+b64(login), b64(password))
				if strings.HasPrefix(told, "235") {
					told = d.cmd(send(login)[:4]...)
				}
				if !strings.HasPrefix(told, "451 "+noAnswer.Text) {
					t.Errorf("told %q", told)
				}
				d.cmd("QUIT")
				r := <-reports
				if r.Verdict == diagnose.Healthy || r.Cause != "" || len(r.Upstream) != 1 {
					t.Fatalf("%s %s, %d upstream", r.Verdict, r.Cause, len(r.Upstream))
				}
				if up := r.Upstream[0].Probe; up.Outcome != probe.Failed || up.Decisive().Fault != tt.fault || up.Crash != "" {
					t.Errorf("%s: %+v\n%s", up.Outcome, up.Decisive(), up.Crash)
				}
			}
		})
	}
}

// A crash below one device is in its report; the others are served.
func TestCrashEndsOneSessionOnly(t *testing.T) {
	boom := true
	for _, tt := range []struct {
		name string
		edit func(*Config)
		told string
	}{
		{"in the probe", func(c *Config) {
			f := service(t, untilMail...)
			f.target.Observe = func(s probe.Stage) {
				if boom && s.Name == probe.StageAuth {
					panic("boom")
				}
			}
			c.Forward = f
		}, "451 4.4.1"},
		{"in the listener", func(c *Config) {
			f := service(t, untilMail...)
			f.accounts = nil
			c.Forward = f
		}, "451 4.3.0 smtpmend: it failed itself"},
		{"in the report", func(c *Config) {
			report := c.Report
			c.Report = func(r *Report) {
				if boom && r.Crash == "" {
					panic("boom")
				}
				report(r)
			}
		}, "235"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			boom = true
			var forward *Forward
			addr, reports := start(t, func(c *Config) { tt.edit(c); forward = c.Forward })
			visit := func(login string) (string, *Report) {
				d := dial(t, addr)
				d.line()
				d.startTLS(0)
				told := d.cmd("EHLO printer", "AUTH LOGIN "+b64(login), b64(password))
				d.cmd("QUIT")
				return told, <-reports
			}
			told, r := visit(login)
			if !strings.HasPrefix(told, tt.told) {
				t.Errorf("told %q", told)
			}
			if r.Verdict != diagnose.Unknown || !strings.Contains(r.Crash, "crash") || !saysSo(r) {
				t.Errorf("%s, notes %q, crash %s", r.Verdict, r.Notes, r.Crash)
			}
			boom = false
			if forward != nil && forward.accounts == nil {
				forward.accounts = map[string]*account{}
			}
			if told, r := visit("other@contoso.com"); !strings.HasPrefix(told, "235") || r.Crash != "" {
				t.Errorf("the next device was told %q: %s", told, r.Crash)
			}
		})
	}
}

// saysSo reports whether a person who reads r learns of the crash.
func saysSo(r *Report) bool {
	said := strings.Join(r.Notes, " ")
	for _, u := range r.Upstream {
		said += u.Probe.Decisive().Error
	}
	return strings.Contains(said, "smtpmend itself failed")
}
