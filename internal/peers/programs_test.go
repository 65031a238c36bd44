//go:build peers

package peers

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	mailbox  = "scanner@contoso.com"
	password = "Winter-2026!"

	// patience bounds every wait; it is not a measurement.
	patience = time.Minute
)

// A program is one that can try a sign-in, and how to have it tried.
type program struct {
	name string
	exit int // its exit code for a refused sign-in
	args []string
	env  []string
}

// bench is a folder with what the programs read.
type bench struct {
	dir  string
	cert tls.Certificate
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{dir: t.TempDir()}
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	b.cert = s.TLS.Certificates[0]
	b.write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	b.write(t, "message", "From: "+mailbox+"\nTo: "+mailbox+"\nSubject: test\n\ntest\n")
	build := exec.Command("go", "build", "-o", b.path("smtpmend"), "smtpmend/cmd/smtpmend")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build.Args, err, out)
	}
	return b
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(t *testing.T, name, text string) {
	t.Helper()
	check(t, os.WriteFile(b.path(name), []byte(text), 0o600))
}

// programs returns smtpmend and its peers, set up for one sign-in at server
// that verifies the certificate, as their manuals have it.
func (b *bench) programs(t *testing.T, server string) []program {
	t.Helper()
	host, port, err := net.SplitHostPort(server)
	check(t, err)
	endpoint, err := json.Marshal(map[string]string{
		"name": "peers", "smtp": server, "ca_file": "ca.pem",
		"login": "https://" + server, "graph": "https://" + server, "exchange": "https://" + server,
	})
	check(t, err)
	b.write(t, "endpoint.json", string(endpoint))
	b.write(t, "msmtprc", "account default\nhost "+host+"\nport "+port+"\nfrom "+mailbox+
		"\ntls on\ntls_starttls on\ntls_trust_file "+b.path("ca.pem")+
		"\nauth login\nuser "+mailbox+"\npassword "+password+"\n")
	return []program{
		{name: "smtpmend", exit: 3, // these words allow several causes
			args: []string{b.path("smtpmend"), "probe", mailbox, "--cloud-file", b.path("endpoint.json")},
			env:  []string{"SMTPMEND_PASSWORD=" + password}},
		{name: "curl", exit: 67,
			args: []string{"curl", "--silent", "--show-error", "--ssl-reqd", "--cacert", b.path("ca.pem"),
				"--url", "smtp://" + server, "--login-options", "AUTH=LOGIN", "--user", mailbox + ":" + password,
				"--mail-from", mailbox, "--mail-rcpt", mailbox, "--upload-file", b.path("message")}},
		{name: "msmtp", exit: 77,
			args: []string{"msmtp", "-C", b.path("msmtprc"), mailbox}},
		{name: "swaks", exit: 28,
			args: []string{"swaks", "--server", host, "--port", port, "--tls", "--tls-verify", "--tls-ca-path", b.path("ca.pem"),
				"--auth", "LOGIN", "--auth-user", mailbox, "--auth-password", password,
				"--from", mailbox, "--to", mailbox, "--quit-after", "AUTH"}},
		{name: "check_smtp", exit: 2, // of monitoring-plugins; it cannot verify the certificate
			args: []string{"/usr/lib/nagios/plugins/check_smtp", "--hostname", host, "--port", port, "--starttls",
				"--authtype", "LOGIN", "--authuser", mailbox, "--authpass", password}},
	}
}

// run runs p once and returns how long the whole process took.
func (p program) run(t *testing.T, b *bench) time.Duration {
	t.Helper()
	message, err := os.Open(b.path("message"))
	check(t, err)
	defer message.Close()
	var output bytes.Buffer
	cmd := exec.CommandContext(t.Context(), p.args[0], p.args[1:]...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = message, &output, &output
	began := time.Now()
	err = cmd.Run()
	took := time.Since(began)
	if cmd.ProcessState == nil {
		t.Fatalf("%s is not installed: %v", p.name, err)
	}
	if code := cmd.ProcessState.ExitCode(); code != p.exit {
		t.Fatalf("%s ended with exit code %d, want %d:\n%s", p.name, code, p.exit, output.String())
	}
	return took
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
