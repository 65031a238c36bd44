package cloudapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smtpmend/internal/endpoint"
)

// An api is one of the cloud's HTTP services as a RoundTripper, below the SDKs
// and clients that speak to it. Every request passes here, so this is the one
// place where a token is attached, and only after the host was found to be the
// cloud's; where answers are read whole, waited for and retried; and where
// whatever is no answer of the API becomes a fault.
type api struct {
	Name     string   // Graph, Exchange or "Entra sign-in"
	cloud    string   // the cloud's name, for messages
	root     *url.URL // every request goes to its host
	aliases  []string // other hosts of the same service
	regional bool     // hosts one label below the root's are the service's too

	bearer  func(context.Context) (string, error) // nil: requests carry their own credentials
	renew   func(ctx context.Context, refused, challenge string) (string, error)
	refusal func(answer) *Fault // what a status from 400 means; nil: left to the client
	base    http.RoundTripper
	Timeout time.Duration // of one request, answer included
	pause   func(context.Context, time.Duration) error
	silence *silence
	// progress is told that an answer is late; nil for nobody.
	progress func(string)
	turn     turn
}

// NewTransport connects to the cloud's hosts, through the proxy that env names
// for them, and trusts the cloud's roots. It speaks HTTP/1.1 alone, for
// GODEBUG=http2debug=2 has the other write what is sent, tokens among it. It
// leaves decompression to readBody, because Exchange labels answers as gzip
// that are not.
func NewTransport(cloud endpoint.Cloud, env func(string) (string, bool)) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  proxyOf(env),
		Protocols:              protocols,
		OnProxyConnectResponse: proxyAnswer,
		TLSClientConfig:        &tls.Config{RootCAs: cloud.AllRoots(), MinVersion: tls.VersionTLS12},
		DisableCompression:     true,
		TLSHandshakeTimeout:    15 * time.Second,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        30 * time.Second,
	}
}

// RoundTrip implements http.RoundTripper. Its errors are all faults.
func (a *api) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := drain(req)
	if err != nil {
		return nil, err
	}
	if !a.owns(req.URL) {
		f := a.outside(req.URL)
		f.Unsent = true
		return nil, f
	}
	if req.Context().Err() != nil {
		f := a.broken(req.Context(), req.Context().Err())
		f.Uncertain, f.Unsent = false, true
		return nil, f
	}
	if f := a.silence.fault(); f != nil {
		return nil, f
	}
	req = req.Clone(req.Context())
	token := ""
	if a.bearer != nil {
		if token, err = a.bearer(req.Context()); err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("User-Agent", "smtpmend")
	}
	for attempt, renewed := 1, false; ; attempt++ {
		ans, f := a.inTurn(req, body)
		ans.token = token
		if f == nil && ans.status == http.StatusUnauthorized && a.renew != nil && !renewed {
			// Not carried out, whatever it was, so it may be sent once more.
			next, err := a.renew(req.Context(), token, claimsChallenge(ans.header))
			if err != nil {
				return nil, err
			}
			if renewed = next != ""; renewed {
				token = next
				req.Header.Set("Authorization", "Bearer "+token)
				attempt--
				continue
			}
		}
		if f == nil {
			f = a.judge(req.URL, ans)
		}
		if wait, again := nextWait(attempt, a.isRead(req), f, ans.header); again {
			if err := a.pause(req.Context(), wait); err == nil {
				continue
			}
		}
		if f != nil {
			return nil, f
		}
		return ans.response(req), nil
	}
}

// owns reports whether u lies at a host of this service.
func (a *api) owns(u *url.URL) bool {
	if u.Scheme != "https" || u.User != nil {
		return false
	}
	if strings.EqualFold(u.Host, a.root.Host) {
		return true
	}
	for _, alias := range a.aliases {
		if strings.EqualFold(u.Host, alias) {
			return true
		}
	}
	label, rest, _ := strings.Cut(strings.ToLower(u.Host), ".")
	return a.regional && label != "" && rest == strings.ToLower(a.root.Host)
}

func (a *api) outside(u *url.URL) *Fault {
	return &Fault{
		Kind: ErrOutsideCloud,
		What: fmt.Sprintf("the way leads to %s, which is not a host of the cloud %q, so nothing was sent there", Clean(u.Host), a.cloud),
		Next: "check the endpoints, or look for a proxy in between",
	}
}

// isRead reports whether the request may be repeated without asking first.
func (a *api) isRead(req *http.Request) bool {
	return req.Method == http.MethodGet || a.bearer == nil ||
		strings.HasPrefix(req.Header.Get("X-CmdletName"), "Get-")
}

func (a *api) once(req *http.Request, body []byte) (answer, *Fault) {
	ctx, cancel := context.WithTimeout(req.Context(), a.Timeout)
	defer cancel()
	try := req.Clone(ctx)
	try.Body, try.ContentLength = http.NoBody, int64(len(body))
	if len(body) > 0 {
		try.Body = io.NopCloser(bytes.NewReader(body))
	}
	late := time.AfterFunc(patience, func() { a.late() })
	defer late.Stop()
	resp, err := a.base.RoundTrip(try)
	if err != nil {
		return answer{}, a.broken(req.Context(), err)
	}
	defer resp.Body.Close()
	data, err := readBody(resp)
	if err == nil {
		err = ctx.Err() // a server may answer the end of the connection itself
	}
	if err != nil {
		return answer{}, a.broken(req.Context(), err)
	}
	a.silence.heard()
	return answer{status: resp.StatusCode, header: resp.Header, body: data}, nil
}

// drain reads the request's body, for it may be sent more than once.
func drain(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}
