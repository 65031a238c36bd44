//go:build devices

package devices

import (
	"context"
	"crypto/tls"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"smtpmend/internal/listen"
	"smtpmend/internal/tenantsim"
	"smtpmend/probe"
)

// What devices sign in with. The tenant knows the first two.
const (
	userAddress   = tenantsim.Mailbox
	password      = tenantsim.Password
	wrongPassword = "Paper-Jam-41"
	token         = "Opaque.Token-42"
	other         = "boss@contoso.com"
)

const message = "From: <" + userAddress + ">\r\nTo: <office@example.com>\r\nSubject: scan\r\n\r\nhello\r\n"

// patience bounds every wait; none of them is a measurement.
const patience = 40 * time.Second

// plainGreeting is how long a client that has to begin TLS may take before it
// is greeted in plain text. It leaves room for a busy machine.
const plainGreeting = 2 * time.Second

// A workshop has what all devices need.
type workshop struct {
	cert        tls.Certificate
	ca          string // path of the certificate in PEM form
	nodeModules string // where nodemailer is, "" where there is no Node.js
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	cert, text, err := listen.Certificate([]string{"localhost", "127.0.0.1"}, patience)
	check(t, err)
	w := &workshop{cert: cert, ca: filepath.Join(openDir(t), "ca.pem")}
	check(t, os.WriteFile(w.ca, text, 0o644))
	w.nodeModules = installNodemailer(t)
	return w
}

// installNodemailer fetches nodemailer from the npm registry. npm holds what
// it got against the lock file's checksum.
func installNodemailer(t *testing.T) string {
	t.Helper()
	if !installed("node") || !installed("npm") {
		return ""
	}
	dir := openDir(t)
	check(t, os.CopyFS(dir, os.DirFS("testdata/nodemailer")))
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("nodemailer could not be installed from the npm registry: %v\n%s", err, out)
	}
	return filepath.Join(dir, "node_modules")
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// openDir is a temporary folder that servers' own users can write to.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "devices")
	check(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	check(t, os.Chmod(dir, 0o777))
	return dir
}

// hear stands in for the service on loopback until the test ends. A client
// that comes again and again fills up the reports and is heard no more.
func (d *device) hear(t *testing.T, c listen.Config) <-chan *listen.Report {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	d.values["HOST"], d.values["PORT"], err = net.SplitHostPort(l.Addr().String())
	check(t, err)
	reports := make(chan *listen.Report, 10)
	c.TLS = &tls.Config{Certificates: []tls.Certificate{d.cert}}
	c.PlainGreeting = plainGreeting
	c.Report = func(r *listen.Report) {
		select {
		case reports <- r:
		default:
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- listen.Serve(ctx, l, c) }()
	t.Cleanup(func() {
		cancel()
		check(t, <-done)
	})
	return reports
}

// serve runs a tenant until the test ends.
func serve(t *testing.T, s tenantsim.Scenario) *tenantsim.Tenant {
	t.Helper()
	service, err := tenantsim.Start(t.Context(), s.State(), tenantsim.Options{Dir: t.TempDir()})
	check(t, err)
	t.Cleanup(func() { service.Close() })
	return service
}

func forwardTo(service *tenantsim.Tenant) *listen.Forward {
	cloud := service.Cloud()
	return listen.NewForward(probe.Config{Server: cloud.SMTP, Roots: cloud.Roots, Timeout: patience, Audiences: []string{cloud.Exchange}})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
