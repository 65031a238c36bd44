package probe_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"smtpmend/probe"
)

// shake serves one TLS handshake with httptest's certificate.
func shake(t *testing.T) string {
	cert, _ := certificate(t)
	return serve(t, func(conn net.Conn) {
		tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}}).Handshake()
	})
}

func TestRootsDoNotReplaceVerification(t *testing.T) {
	_, right := certificate(t)
	for _, tt := range []struct {
		name  string
		host  string
		roots *x509.CertPool
	}{
		{"the system's roots alone", "127.0.0.1", nil},
		{"roots of somebody else", "127.0.0.1", x509.NewCertPool()},
		{"a name that is not in the certificate", "localhost", right},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, port, err := net.SplitHostPort(shake(t))
			if err != nil {
				t.Fatal(err)
			}
			r := probe.Run(t.Context(), probe.Config{
				Server: net.JoinHostPort(tt.host, port), Mailbox: mailbox, ImplicitTLS: true, Roots: tt.roots,
			})
			if got := r.Decisive(); got.Fault != probe.FaultCertificate {
				t.Errorf("got %q (%s) at %s", got.Fault, got.Error, got.Name)
			}
			if r.TLS == nil || r.TLS.Verified || len(r.TLS.Chain) == 0 {
				t.Errorf("the certificate is not shown, or as verified: %+v", r.TLS)
			}
		})
	}
}

// TestSystemRootsCountBesideOthers runs itself again in a process whose
// system trusts httptest's certificate, because crypto/x509 reads the
// system's roots only once.
func TestSystemRootsCountBesideOthers(t *testing.T) {
	const again = "PROBE_TEST_SYSTEM_ROOTS"
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE replaces the system's roots on Unix only")
	}
	if os.Getenv(again) == "" {
		s := httptest.NewTLSServer(nil)
		defer s.Close()
		ca := filepath.Join(t.TempDir(), "ca.pem")
		block := &pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}
		if err := os.WriteFile(ca, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), again+"=1", "SSL_CERT_FILE="+ca)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	r := probe.Run(t.Context(), probe.Config{Server: shake(t), Mailbox: mailbox, ImplicitTLS: true, Roots: x509.NewCertPool()})
	if r.TLS == nil || !r.TLS.Verified {
		t.Errorf("a certificate that the system trusts was not verified: %+v", r.TLS)
	}
}
