package cloudapi_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim"
)

// A middle is a proxy that leads every name to one address.
type middle struct {
	*httptest.Server
	to       string
	password string           // that it wants, "" for none
	opens    *tls.Certificate // it opens TLS with it
	refuses  bool

	mu    sync.Mutex
	asked []string // hosts
}

func newMiddle(t *testing.T, to string) *middle {
	m := &middle{to: to}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

func (m *middle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	m.asked = append(m.asked, r.Method+" "+r.Host)
	m.mu.Unlock()
	switch {
	case m.password != "" && !strings.HasPrefix(r.Header.Get("Proxy-Authorization"), "Basic "):
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	case m.refuses:
		w.WriteHeader(http.StatusForbidden)
		return
	}
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	if m.opens != nil {
		tls.Server(client, &tls.Config{Certificates: []tls.Certificate{*m.opens}}).Handshake()
		return
	}
	server, err := net.Dial("tcp", m.to)
	if err != nil {
		return
	}
	defer server.Close()
	go io.Copy(server, client)
	io.Copy(client, server)
}

const proxiedName = "simulated.test"

// behind is a simulated tenant that has no address but by a proxy.
func behind(t *testing.T) (*tenantsim.Tenant, *middle) {
	t.Helper()
	tenant, err := tenantsim.Start(t.Context(), tenantsim.Default(), tenantsim.Options{Dir: t.TempDir(), Host: proxiedName})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tenant.Close() })
	_, port, err := net.SplitHostPort(strings.TrimPrefix(tenant.Cloud().Login, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	return tenant, newMiddle(t, "127.0.0.1:"+port)
}

func session(t *testing.T, cloud endpoint.Cloud, env map[string]string) (*cloudapi.Session, error) {
	t.Helper()
	all := map[string]string{"AZURE_CLIENT_ID": tenantsim.ClientID, "AZURE_CLIENT_SECRET": tenantsim.ClientSecret}
	for name, value := range env {
		all[name] = value
	}
	s, err := cloudapi.New(cloudapi.Options{
		Cloud: cloud, Env: func(name string) (string, bool) { v, ok := all[name]; return v, ok },
		Pause: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.TenantID(t.Context(), "contoso.com")
	if err == nil {
		err = s.SignIn(t.Context(), id, "contoso.com")
	}
	return s, err
}

func TestProxy(t *testing.T) {
	const password = "Pr0xy-Pass"
	for _, tt := range []struct {
		name string
		env  func(m *middle) map[string]string
		edit func(*middle)
		want []string // parts of the error, none for success
	}{
		{"works", func(m *middle) map[string]string { return map[string]string{"HTTPS_PROXY": m.URL} }, nil, nil},
		{"in small letters", func(m *middle) map[string]string { return map[string]string{"https_proxy": m.URL} }, nil, nil},
		{"not for this host", func(m *middle) map[string]string {
			return map[string]string{"HTTPS_PROXY": m.URL, "NO_PROXY": proxiedName}
		}, nil, []string{"no connection to " + proxiedName}},
		{"with a password", func(m *middle) map[string]string {
			return map[string]string{"HTTPS_PROXY": strings.Replace(m.URL, "://", "://user:"+password+"@", 1)}
		}, func(m *middle) { m.password = password }, nil},
		{"wants a password", func(m *middle) map[string]string { return map[string]string{"HTTPS_PROXY": m.URL} }, func(m *middle) { m.password = password },
			[]string{"wants a user name and password", "USER:PASSWORD@"}},
		{"refuses", func(m *middle) map[string]string {
			return map[string]string{"HTTPS_PROXY": strings.Replace(m.URL, "://", "://user:"+password+"@", 1)}
		}, func(m *middle) { m.refuses = true }, []string{"gives no way to " + proxiedName, "status 403", "NO_PROXY"}},
		{"is not there", func(m *middle) map[string]string { m.Close(); return map[string]string{"HTTPS_PROXY": m.URL} }, nil,
			[]string{"no connection to the proxy that HTTPS_PROXY names", "connection refused"}},
		{"is no address", func(*middle) map[string]string {
			return map[string]string{"HTTPS_PROXY": "http://user:" + password + "@pro xy"}
		}, nil,
			[]string{"HTTPS_PROXY is not the address of a proxy"}},
		{"with a bare percent sign", func(m *middle) map[string]string {
			return map[string]string{"HTTPS_PROXY": strings.Replace(m.URL, "://", "://user:"+password+"%off@", 1)}
		}, nil, []string{"HTTPS_PROXY is not the address of a proxy"}},
		{"with a bare percent sign, not for this host", func(m *middle) map[string]string {
			return map[string]string{"HTTPS_PROXY": strings.Replace(m.URL, "://", "://user:"+password+"%off@", 1), "NO_PROXY": proxiedName}
		}, nil, []string{"no connection to " + proxiedName}},
		{"opens TLS", func(m *middle) map[string]string { return map[string]string{"HTTPS_PROXY": m.URL} },
			func(m *middle) { m.opens = forged(t) }, []string{"is not trusted", "Perimeter Inspection CA", "ca_file"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tenant, m := behind(t)
			if tt.edit != nil {
				tt.edit(m)
			}
			_, err := session(t, tenant.Cloud(), tt.env(m))
			if (err == nil) != (len(tt.want) == 0) {
				t.Fatal(err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("the proxy's password is in %q", err)
			}
			if err == nil && len(tokenRequests(tenant)) != 2 {
				t.Errorf("%d requests arrived", len(tenant.Requests()))
			}
			for _, asked := range m.asked {
				if asked != "CONNECT "+strings.TrimPrefix(tenant.Cloud().Login, "https://") {
					t.Errorf("the proxy was asked to %s", asked)
				}
			}
		})
	}
}

func tokenRequests(tenant *tenantsim.Tenant) (all []tenantsim.Request) {
	for _, r := range tenant.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			all = append(all, r)
		}
	}
	return all
}

// forged is a certificate for the name as a proxy makes it that opens TLS.
func forged(t *testing.T) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Perimeter Inspection CA", Organization: []string{"Contoso"}}, IsCA: true, BasicConstraintsValid: true}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{proxiedName}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// GODEBUG=http2debug=2 prints what HTTP/2 sends: a server that offers it is
// spoken to in the other.
func TestHTTP1Alone(t *testing.T) {
	var spoken string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { spoken = r.Proto }))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	cloud := endpoint.Cloud{Roots: x509.NewCertPool()}
	cloud.Roots.AddCert(server.Certificate())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := cloudapi.NewTransport(cloud, nil).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if spoken != "HTTP/1.1" {
		t.Errorf("spoke %s", spoken)
	}
}
