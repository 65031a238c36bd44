package listen

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
)

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
	if err != nil || len(files) != 1 || !slices.Equal(files, r.Saved) {
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

// Each whole message has a file of its own, and half a message none.
func TestSavesWholeMessages(t *testing.T) {
	dir := t.TempDir()
	addr, reports := start(t, func(c *Config) { c.Save = dir })
	d := dial(t, addr)
	d.line()
	d.startTLS(0)
	d.cmd(signIn...)
	d.cmd(send(login)[:4]...)
	d.cmd(send(login)[:4]...)
	d.cmd(send(login)[:3]...)
	io.WriteString(d.conn, "From: "+login+"\r\n\r\nhal")
	d.conn.Close()
	r := <-reports
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 || !slices.Equal(files, r.Saved) || r.Verdict != diagnose.Unsure {
		t.Errorf("%s: saved %v, %v; reported %v", r.Verdict, files, err, r.Saved)
	}
}

func TestBareLineFeedsAreTold(t *testing.T) {
	for _, tt := range []struct {
		text string
		bare bool
	}{
		{"one\r\ntwo", false},
		{"one\ntwo", true},
		{"one\rtwo", true},
	} {
		addr, reports := start(t, nil)
		d := dial(t, addr)
		d.line()
		d.startTLS(0)
		d.cmd(signIn...)
		d.cmd(send(login)[:3]...)
		d.cmd("From: "+login+"\r\n\r\n"+tt.text+"\r\n.", "QUIT")
		if r := <-reports; slices.Contains(r.Notes, noteBare) != tt.bare || r.Verdict != diagnose.Healthy {
			t.Errorf("%q: %s %q", tt.text, r.Verdict, r.Notes)
		}
	}
}
