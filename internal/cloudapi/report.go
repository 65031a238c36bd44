package cloudapi

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxReport bounds what is read of one report. A row for a user is about two
// hundred octets.
const maxReport = 256 << 20

// reportTimeout bounds a whole download.
const reportTimeout = 10 * time.Minute

// Report asks Graph for a usage report, path below its root, and returns the
// text of it, to be read once and closed. Graph does not give a report itself:
// it redirects to an address at another host, which is good for some minutes to
// whoever knows it. The host has to be one of the endpoint table, the token is
// not sent there, and the address is in no error
// (microsoft-graph-docs-contrib, reportroot-getemailappusageuserdetail.md).
func (s *Session) Report(ctx context.Context, path string) (io.ReadCloser, error) {
	if s.reports == nil {
		return nil, &Fault{Kind: ErrOutsideCloud, Unsent: true,
			What: "the endpoints of the cloud \"" + s.o.Cloud.Name + "\" name no host for reports",
			Next: "name it with the key reports of an endpoint file"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Graph.Root()+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.Graph.Client(s.Graph.ReadScopes).Do(req)
	if err == nil {
		resp.Body.Close()
		return nil, NoValue("the address of the report")
	}
	f := AsFault(err)
	if f.location == nil {
		return nil, f
	}
	if !s.reports.owns(f.location) {
		return nil, s.reports.outside(f.location)
	}
	return s.reports.download(ctx, f.location)
}

// download fetches a file whole or in part, without a token. Repeating it is
// left to whoever asks Graph for a new address.
func (a *api) download(ctx context.Context, u *url.URL) (io.ReadCloser, error) {
	bounded, cancel := context.WithTimeout(ctx, reportTimeout)
	req, err := http.NewRequestWithContext(bounded, http.MethodGet, u.String(), nil)
	if err != nil {
		cancel()
		return nil, NoValue("a usable address of the report")
	}
	req.Header.Set("User-Agent", "smtpmend")
	resp, err := a.base.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, a.broken(ctx, err)
	}
	file := &reportFile{api: a, ctx: ctx, Reader: resp.Body, left: maxReport, close: func() error { cancel(); return resp.Body.Close() }}
	if resp.StatusCode != http.StatusOK {
		file.Close()
		f := refused(resp.StatusCode, "")
		f.Kind, f.Next = ErrUnreachable, "try again later"
		return nil, f
	}
	if strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		if file.Reader, err = gzip.NewReader(resp.Body); err != nil {
			file.Close()
			return nil, &Fault{Kind: ErrUnreachable, What: "the report is not what it is labelled as, gzip", Next: "try again later"}
		}
	}
	return file, nil
}

// A reportFile is a download under way. Its errors are faults.
type reportFile struct {
	io.Reader
	api   *api
	ctx   context.Context
	left  int64
	close func() error
}

func (r *reportFile) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return n, &Fault{Kind: ErrRefused, What: "the report is larger than 256 MB", Next: "report it with these words"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.api.broken(r.ctx, err)
	}
	return n, err
}

func (r *reportFile) Close() error { return r.close() }
