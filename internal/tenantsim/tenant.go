// Package tenantsim is a simulated Microsoft 365 tenant on loopback: its
// submission server and the HTTPS endpoints for sign-in, Graph and Exchange,
// all over one state.
//
// It answers as Microsoft's services were seen or documented to answer, and
// for what no source tells says so where it decides. It knows nothing of
// probing, diagnosing or mending, and contacts nobody.
package tenantsim

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/exchange"
	"smtpmend/internal/tenantsim/graph"
	"smtpmend/internal/tenantsim/reports"
	"smtpmend/internal/tenantsim/signin"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/submission"
	"smtpmend/internal/tenantsim/timeline"
	"smtpmend/internal/tenantsim/web"
)

// Options say where and how a tenant is served.
type Options struct {
	// Dir is where the endpoint file and the certificate of the authority
	// are written; it must exist.
	Dir string
	// SMTPAddr and HTTPAddr are host:port on loopback; "" is a free port of
	// 127.0.0.1.
	SMTPAddr, HTTPAddr string
	// Host names the HTTPS server in the endpoint file in place of its address,
	// for clients that find it through a proxy; "" for the address.
	Host string
	// Others are tenants besides the main one, with users, apps and an
	// administrator of their own. They share the submission server, whose
	// words are the main tenant's, and the HTTPS server.
	Others []*State
	// RefusalDelay is how long a refused sign-in is waited with, UnknownDelay
	// an unknown command; about five seconds each at Microsoft. ReplyDelay is
	// how long each reply is waited with, as for a client that is far away.
	RefusalDelay, UnknownDelay, ReplyDelay time.Duration
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

	tenants []*timeline.Timeline // the main one first
	backend *submission.Backend
	web     *web.Server
}

// Start serves a tenant with this state until Close, or until ctx ends.
func Start(ctx context.Context, main *State, o Options) (*Tenant, error) {
	states := append([]*State{main}, o.Others...)
	if err := validate(states); err != nil {
		return nil, err
	}
	cert, ca, err := newCertificate(names(o.Host)...)
	if err != nil {
		return nil, fmt.Errorf("certificate of the simulated tenant: %w", err)
	}
	smtpL, httpL, err := listen(o)
	if err != nil {
		return nil, err
	}
	t := new(Tenant)
	for _, s := range states {
		t.tenants = append(t.tenants, timeline.New(s))
	}
	t.describe(smtpL.Addr().String(), calling(httpL.Addr().String(), o.Host), ca)
	if t.file, err = t.writeFiles(o.Dir, ca); err != nil {
		return nil, errors.Join(err, smtpL.Close(), httpL.Close())
	}
	t.serve(smtpL, httpL, cert, o)
	context.AfterFunc(ctx, func() { t.Close() })
	return t, nil
}

// validate wants tenants that no name is shared by.
func validate(states []*State) error {
	owner := map[string]int{}
	for i, s := range states {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("state of the simulated tenant: %w", err)
		}
		for _, name := range append(s.VerifiedDomains(), s.TenantID) {
			name = strings.ToLower(name)
			if o, taken := owner[name]; taken && o != i {
				return fmt.Errorf("state of the simulated tenants: two of them are called %s", name)
			}
			owner[name] = i
		}
	}
	return nil
}

func names(host string) []string {
	if host == "" {
		return nil
	}
	return []string{host}
}

// calling is the address with the host's name in it, where it has one.
func calling(address, host string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return address
	}
	return net.JoinHostPort(host, port)
}

// The paths of Graph and Exchange below the one HTTPS server.
const (
	graphPath    = "/graph"
	exchangePath = "/exchange"
	reportsPath  = "/reports"
)

func (t *Tenant) describe(smtpAddr, httpAddr string, ca *x509.Certificate) {
	root := "https://" + httpAddr
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	t.cloud = endpoint.Cloud{
		Name: "simulated", SMTP: smtpAddr,
		Login: root, Graph: root + graphPath, Exchange: root + exchangePath, Reports: root + reportsPath,
		CAFile: CAFile, Roots: roots,
	}
}

func (t *Tenant) serve(smtpL, httpL net.Listener, cert tls.Certificate, o Options) {
	t.backend = submission.New(t.cloud.Exchange, t.tenants)
	t.web = web.New(t.cloud, t.tenants, graph.API(graphPath), exchange.API(exchangePath), reports.API(reportsPath), signin.API())
	t.web.SetFaults(t.tenants[0].Newest().Faults)
	t.smtp = front.New(front.Config{
		Backend:      t.backend,
		TLS:          &tls.Config{Certificates: []tls.Certificate{cert}},
		Flavour:      t.backend.Flavour,
		LegacyTLS:    t.backend.LegacyTLS,
		RefusalDelay: o.RefusalDelay,
		UnknownDelay: o.UnknownDelay,
		ReplyDelay:   o.ReplyDelay,
		OnEnded:      t.backend.Ended,
	})
	t.wg.Go(func() { t.smtp.Serve(smtpL) })
	t.http = t.web.HTTP(cert)
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
func (t *Tenant) Inbox() []Message { return t.backend.Inbox() }

// Attempts returns the sign-ins over SMTP so far, in order.
func (t *Tenant) Attempts() []Attempt { return t.backend.Attempts() }

// State returns a copy of the state as it was written last. The sign-ins of
// this run are not in it.
func (t *Tenant) State() *State { return t.tenants[0].Newest().Clone() }

// StateOf returns a copy of the state of the tenant with that GUID, or with
// that domain; nil when none is served.
func (t *Tenant) StateOf(tenant string) *State {
	if found := t.web.Find(tenant); found != nil {
		return found.Newest().Clone()
	}
	return nil
}

// SetState replaces the state of the main tenant for the APIs and for SMTP at once, and forgets
// the sign-ins, faults and counts of before. It must be valid.
func (t *Tenant) SetState(s *State) {
	t.tenants[0].Set(s)
	t.backend.Forget()
	t.web.SetFaults(s.Faults)
}

// Change changes the state of the main tenant as an administrator of the tenant would: visible
// to the APIs after the lag of reading and to SMTP after the propagation time.
func (t *Tenant) Change(f func(*State)) { t.tenants[0].Change(f) }

// SignIns returns the records of the sign-in log that can be read by now,
// the newest first.
func (t *Tenant) SignIns() []SignIn { return t.tenants[0].SignIns() }

// Requests returns the requests that the HTTPS server got so far.
func (t *Tenant) Requests() []Request { return t.web.Requests() }

// Writes returns those requests that asked for a change.
func (t *Tenant) Writes() []Request { return t.web.Writes() }

// OnRequest sets the hook; nil removes it.
func (t *Tenant) OnRequest(h Hook) { t.web.OnRequest(h) }

// SetFaults replaces the faults and starts their counts anew. A kind that
// does not exist, or lacks its key, is an error.
func (t *Tenant) SetFaults(faults ...Fault) error {
	if err := state.ValidateFaults(faults); err != nil {
		return err
	}
	t.web.SetFaults(faults)
	return nil
}
