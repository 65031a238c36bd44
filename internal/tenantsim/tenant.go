// Package tenantsim is a simulated Microsoft 365 tenant on loopback: its
// submission server and the HTTPS endpoints for sign-in, Graph and Exchange,
// all over one state.
//
// It answers as Microsoft's services were seen or documented to answer, and
// for what no source tells says so where it decides. It knows nothing of
// probing, diagnosing or mending, and contacts nobody.
package tenantsim

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/front"
)

// Options say where and how a tenant is served.
type Options struct {
	// Dir is where the endpoint file and the certificate of the authority
	// are written; it must exist.
	Dir string
	// SMTPAddr and HTTPAddr are host:port on loopback; "" is a free port of
	// 127.0.0.1.
	SMTPAddr, HTTPAddr string
	// RefusalDelay is how long a refused sign-in is waited with, UnknownDelay
	// an unknown command; about five seconds each at Microsoft.
	RefusalDelay, UnknownDelay time.Duration
}

// The files that Start writes.
const (
	EndpointFile = "endpoints.json"
	CAFile       = "ca.pem"
)

// A Tenant is a running simulation. Its methods may be used side by side.
type Tenant struct {
	cloud endpoint.Cloud
	file  string
	smtp  *front.Server
	http  *http.Server
	wg    sync.WaitGroup

	mu       sync.Mutex
	state    *State // never changed, only replaced
	views    []view // what SMTP sees now and will see
	signIns  []SignIn
	wrong    map[string]int // passwords in a row, by mailbox
	inbox    []Message
	attempts []Attempt
	log      []Request
	hook     Hook
	faults   []Fault
	hits     []int // of the faults
	devices  map[string]*deviceCode
}

// An Attempt is a sign-in over SMTP and what it got.
type Attempt struct {
	Mailbox, Mechanism string
	Outcome            front.Text
}

// Start serves a tenant with this state until Close, or until ctx ends.
func Start(ctx context.Context, state *State, o Options) (*Tenant, error) {
	if err := state.Validate(); err != nil {
		return nil, fmt.Errorf("state of the simulated tenant: %w", err)
	}
	cert, ca, err := newCertificate()
	if err != nil {
		return nil, fmt.Errorf("certificate of the simulated tenant: %w", err)
	}
	smtpL, httpL, err := listen(o)
	if err != nil {
		return nil, err
	}
	t := &Tenant{devices: make(map[string]*deviceCode)}
	t.SetState(state)
	t.describe(smtpL.Addr().String(), httpL.Addr().String(), ca)
	if t.file, err = t.writeFiles(o.Dir, ca); err != nil {
		return nil, errors.Join(err, smtpL.Close(), httpL.Close())
	}
	t.serve(smtpL, httpL, cert, o)
	context.AfterFunc(ctx, func() { t.Close() })
	return t, nil
}

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

// The paths of Graph and Exchange below the one HTTPS server.
const (
	graphPath    = "/graph"
	exchangePath = "/exchange"
)

func (t *Tenant) describe(smtpAddr, httpAddr string, ca *x509.Certificate) {
	root := "https://" + httpAddr
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	t.cloud = endpoint.Cloud{
		Name: "simulated", SMTP: smtpAddr,
		Login: root, Graph: root + graphPath, Exchange: root + exchangePath,
		CAFile: CAFile, Roots: roots,
	}
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

func (t *Tenant) serve(smtpL, httpL net.Listener, cert tls.Certificate, o Options) {
	certs := []tls.Certificate{cert}
	t.smtp = front.New(front.Config{
		Backend:      backend{t},
		TLS:          &tls.Config{Certificates: certs},
		Flavour:      func() front.Flavour { return t.smtpView().SMTP.Flavour },
		LegacyTLS:    func() bool { return t.smtpView().Org.LegacyTLS == "on" },
		RefusalDelay: o.RefusalDelay,
		UnknownDelay: o.UnknownDelay,
	})
	t.wg.Go(func() { t.smtp.Serve(smtpL) })
	t.http = newHTTPServer(t, certs)
	t.wg.Go(func() { t.http.ServeTLS(httpL, "", "") })
}

// Close ends the simulation. It may be called more than once.
func (t *Tenant) Close() error {
	err := errors.Join(t.smtp.Close(), t.http.Close())
	t.wg.Wait()
	return err
}

// Cloud returns the endpoints, with the roots that make them trusted.
func (t *Tenant) Cloud() endpoint.Cloud { return t.cloud }

// EndpointFile returns the path of the endpoint file.
func (t *Tenant) EndpointFile() string { return t.file }

// Inbox returns the messages taken so far.
func (t *Tenant) Inbox() []Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.inbox)
}

// Attempts returns the sign-ins over SMTP so far, in order.
func (t *Tenant) Attempts() []Attempt {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.attempts)
}

func (t *Tenant) deliver(m Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inbox = append(t.inbox, m)
}
