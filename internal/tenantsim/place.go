package tenantsim

import (
	"cmp"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

func listen(o Options) (smtpL, httpL net.Listener, err error) {
	if smtpL, err = listenLoopback(o.SMTPAddr); err != nil {
		return nil, nil, err
	}
	if httpL, err = listenLoopback(o.HTTPAddr); err != nil {
		return nil, nil, errors.Join(err, smtpL.Close())
	}
	return smtpL, httpL, nil
}

// listenLoopback refuses other addresses: whoever reaches the simulator may
// change it.
func listenLoopback(addr string) (net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", cmp.Or(addr, "127.0.0.1:0"))
	if err != nil {
		return nil, fmt.Errorf("address of the simulated tenant: %w", err)
	}
	if !tcp.IP.IsLoopback() {
		return nil, fmt.Errorf("address of the simulated tenant: %s is not on loopback", addr)
	}
	return net.ListenTCP("tcp", tcp)
}

func (t *Tenant) writeFiles(dir string, ca *x509.Certificate) (string, error) {
	if err := os.WriteFile(filepath.Join(dir, CAFile), pemOf(ca), 0o600); err != nil {
		return "", fmt.Errorf("certificate of the simulated tenant: %w", err)
	}
	data, err := json.MarshalIndent(t.cloud, "", "  ")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, EndpointFile)
	if err := os.WriteFile(file, append(data, '\n'), 0o600); err != nil {
		return "", fmt.Errorf("endpoint file of the simulated tenant: %w", err)
	}
	return file, nil
}
