package cloudapi

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds what is read of one answer. The largest real ones are lists
// of policies, of some hundred kilobytes.
const maxAnswer = 16 << 20

var errNotJSON = errors.New("not JSON")

// An answer is an HTTP response, read whole and decompressed.
type answer struct {
	status int
	header http.Header
	body   []byte
	token  string // that was sent, to keep it out of messages
}

// readBody reads and decompresses. An error status keeps its meaning when its
// body is labelled gzip and is not.
func readBody(resp *http.Response) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil || !strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		return raw, err
	}
	zr, err := gzip.NewReader(bytes.NewReader(raw))
	if err == nil {
		raw, err = io.ReadAll(io.LimitReader(zr, maxAnswer))
	}
	if err != nil && resp.StatusCode >= 400 {
		return nil, nil
	}
	return raw, err
}

// broken turns a failed exchange into a fault. Only what failed before the
// request was sent leaves no doubt about its effect.
func (a *api) broken(ctx context.Context, err error) *Fault {
	f := &Fault{Kind: ErrUnreachable, Uncertain: true}
	op, isOp := errors.AsType[*net.OpError](err)
	_, badCert := errors.AsType[*tls.CertificateVerificationError](err)
	_, badRoot := errors.AsType[x509.UnknownAuthorityError](err)
	proxied := proxyFault(err)
	switch {
	case ctx.Err() != nil:
		f.Kind, f.What, f.Next = ctx.Err(), "it was interrupted before the answer came", "run it again"
	case proxied != nil:
		return proxied
	case badCert || badRoot:
		return a.untrusted(err)
	case isOp && op.Op == "dial":
		f.Uncertain, f.Unsent = false, true
		f.What = fmt.Sprintf("no connection to %s: %s", a.root.Host, Clean(op.Err.Error()))
		f.Next = "check the network, then try again"
	case errors.Is(err, context.DeadlineExceeded):
		f.What = fmt.Sprintf("no complete answer within %v", a.Timeout)
		a.silence.timedOut()
	default:
		f.transient = true
		f.What = "the connection broke before the answer was complete"
	}
	return f
}

// judge finds what is wrong with an answer, nil for one to pass on.
func (a *api) judge(u *url.URL, ans answer) *Fault {
	media, _, _ := mime.ParseMediaType(ans.header.Get("Content-Type"))
	switch {
	case ans.status == http.StatusTooManyRequests || throttleText(ans.body):
		return &Fault{Kind: ErrThrottled, What: fmt.Sprintf("it takes no more requests for now (status %d)", ans.status)}
	case ans.status >= 300 && ans.status < 400:
		return a.redirected(u, ans)
	case media == "text/html":
		return &Fault{
			Kind:      ErrUnreachable,
			What:      fmt.Sprintf("a web page came back instead of data (status %d)", ans.status),
			Next:      "look for a proxy or captive portal in between, then try again",
			Uncertain: ans.status < 300 || ans.status >= 500,
			transient: ans.status >= 500,
		}
	case ans.status >= 400 && a.refusal != nil:
		return a.refusal(ans)
	case ans.status >= 500:
		return serverFault(ans.status, "")
	case ans.status >= 300 || ans.status == http.StatusNoContent:
		return nil
	case a.refusal == nil:
		return unusable(ans.body)
	}
	if f := unusable(ans.body); f != nil {
		return f
	}
	return errorInside(ans)
}

// unusable finds an answer to a granted request that says nothing. The SDK
// would give nil for an empty one, and half an object for one cut short.
func unusable(body []byte) *Fault {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return &Fault{Kind: ErrUnreachable, What: "the answer was empty", Uncertain: true, empty: true}
	case !json.Valid(body):
		return AsFault(errNotJSON)
	}
	return nil
}

// errorInside finds an error object in an answer that was labelled as granted.
// Nobody tells what was carried out before it.
func errorInside(ans answer) *Fault {
	var body struct{ Error json.RawMessage }
	if json.Unmarshal(ans.body, &body) != nil {
		return AsFault(errNotJSON)
	}
	if len(body.Error) == 0 || string(body.Error) == "null" {
		return nil
	}
	e := parseError(ans.body).Error
	return &Fault{
		Kind:      ErrRefused,
		What:      fmt.Sprintf("status %d came with an error (%s)", ans.status, cmp.Or(quote(Clean(e.Code, ans.token), Clean(e.Message, ans.token)), "without words")),
		Next:      "try again later",
		Uncertain: true,
	}
}

func (a *api) redirected(u *url.URL, ans answer) *Fault {
	to, err := u.Parse(ans.header.Get("Location"))
	if err != nil || ans.header.Get("Location") == "" {
		return &Fault{
			Kind: ErrOutsideCloud,
			What: fmt.Sprintf("it redirected without saying where (status %d)", ans.status),
			Next: "look for a proxy in between, then try again",
		}
	}
	f := a.outside(to)
	f.location = to
	return f
}

// serverFault is the fault of a status from 500, with the API's own words.
func serverFault(status int, words string) *Fault {
	what := fmt.Sprintf("it failed with status %d", status)
	if words != "" {
		what += " (" + words + ")"
	}
	return &Fault{Kind: ErrUnreachable, What: what, Uncertain: true, transient: true}
}

func (ans answer) response(req *http.Request) *http.Response {
	header := ans.header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	return &http.Response{
		Status: fmt.Sprintf("%d %s", ans.status, http.StatusText(ans.status)), StatusCode: ans.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: req,
		Body: io.NopCloser(bytes.NewReader(ans.body)), ContentLength: int64(len(ans.body)),
	}
}
