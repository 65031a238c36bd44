package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxyOf chooses the proxy that HTTPS_PROXY and NO_PROXY say, in capitals or
// small letters as other programs do; loopback is reached without one. It is
// for the admin APIs: mail is submitted directly.
func proxyOf(env func(string) (string, bool)) func(*http.Request) (*url.URL, error) {
	get := func(names ...string) string {
		for _, name := range names {
			if env == nil {
				break
			}
			if value, _ := env(name); value != "" {
				return value
			}
		}
		return ""
	}
	config := httpproxy.Config{HTTPSProxy: get("HTTPS_PROXY", "https_proxy"), NoProxy: get("NO_PROXY", "no_proxy")}
	bad := config.HTTPSProxy != "" && !usable(config.HTTPSProxy)
	if bad {
		// The library goes direct where it cannot read the value; with this one
		// it still says which hosts need no proxy.
		config.HTTPSProxy = "http://unusable.invalid"
	}
	choose := config.ProxyFunc()
	return func(req *http.Request) (*url.URL, error) {
		proxy, err := choose(req.URL)
		if err != nil || proxy != nil && bad { // the text of err holds the value, and a password with it
			return nil, &Fault{Kind: ErrUnreachable, Unsent: true, What: "HTTPS_PROXY is not the address of a proxy",
				Next: "set it as in http://proxy.example:3128, or unset it"}
		}
		return proxy, nil
	}
}

// usable reports whether a value can be a proxy's address: HOST, HOST:PORT or a
// URL. The library makes something of whatever it is given.
func usable(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	return err == nil && u.Hostname() != ""
}

// proxyAnswer is what a proxy's answer to the request for a way through means.
func proxyAnswer(_ context.Context, proxy *url.URL, connect *http.Request, answer *http.Response) error {
	f := &Fault{Kind: ErrUnreachable, Unsent: true}
	switch status := answer.StatusCode; status {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		f.What = fmt.Sprintf("the proxy %s (HTTPS_PROXY) wants a user name and password", proxy.Host)
		f.Next = "write them into HTTPS_PROXY, as in http://USER:PASSWORD@" + proxy.Host
	default:
		f.What = fmt.Sprintf("the proxy %s (HTTPS_PROXY) gives no way to %s (status %d)", proxy.Host, connect.Host, status)
		f.Next = "have that host allowed there, or name it in NO_PROXY where there is another way"
	}
	return f
}

// proxyFault is the fault of a connection that a proxy did not make, nil where
// no proxy had a part in it.
func proxyFault(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		said := *f
		return &said
	}
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "proxyconnect" {
		return nil
	}
	why := op.Err
	if inner, ok := errors.AsType[*net.OpError](op.Err); ok {
		why = inner.Err
	}
	return &Fault{Kind: ErrUnreachable, Unsent: true, What: "no connection to the proxy that HTTPS_PROXY names: " + Clean(why.Error()),
		Next: "check the proxy, or unset HTTPS_PROXY"}
}

// untrusted is the fault of a certificate that no root bears out. Whoever
// issued it is named: where it is no authority that everybody knows, a proxy
// opens TLS and signs anew.
func (a *api) untrusted(err error) *Fault {
	f := &Fault{Kind: ErrUnreachable, Unsent: true, What: "the certificate of " + a.root.Host + " is not trusted",
		Next: "if that is a proxy that opens TLS, name its root certificate in ca_file of an endpoint file (--cloud-file), or have this system trust it"}
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok && len(bad.UnverifiedCertificates) > 0 {
		if issuer := bad.UnverifiedCertificates[0].Issuer.String(); issuer != "" {
			f.What += fmt.Sprintf(": it was issued by %q", Clean(issuer))
		}
	}
	return f
}
