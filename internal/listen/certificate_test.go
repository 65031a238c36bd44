package listen

import (
	"crypto/x509"
	"encoding/pem"
	"slices"
	"testing"
	"time"
)

// The certificate that devices import vouches for this listener alone, and not
// much longer than it listens.
func TestCertificate(t *testing.T) {
	for lasts, until := range map[time.Duration]time.Duration{
		8 * time.Hour: 9 * time.Hour,
		0:             365*24*time.Hour + time.Hour,
	} {
		_, text, err := Certificate([]string{"printserver", "192.0.2.17", "fd00::7"}, lasts)
		if err != nil {
			t.Fatal(err)
		}
		block, rest := pem.Decode(text)
		if len(rest) > 0 {
			t.Error("more than one certificate")
		}
		leaf, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if leaf.IsCA || !leaf.BasicConstraintsValid || leaf.KeyUsage&x509.KeyUsageCertSign != 0 {
			t.Errorf("it may sign others: CA %v, usage %b", leaf.IsCA, leaf.KeyUsage)
		}
		if !slices.Equal(leaf.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}) {
			t.Errorf("usage %v", leaf.ExtKeyUsage)
		}
		const slack = time.Minute // of a busy machine
		if from := time.Since(leaf.NotBefore); from < time.Hour-slack || from > time.Hour+slack {
			t.Errorf("--for %s: valid since %s", lasts, from)
		}
		if left := time.Until(leaf.NotAfter); left < until-slack || left > until+slack {
			t.Errorf("--for %s: valid for %s", lasts, left)
		}
		roots := x509.NewCertPool()
		roots.AddCert(leaf)
		for _, name := range []string{"printserver", "192.0.2.17", "fd00::7"} {
			if _, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
				t.Errorf("a device that imported it: %v", err)
			}
		}
	}
}
