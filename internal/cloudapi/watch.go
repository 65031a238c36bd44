package cloudapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// A watch is what the transport saw of a sign-in, past libraries that keep only
// the text of errors, and of a device code's refusal not even that: they read
// its body to see whether to go on asking.
type watch struct {
	mu    sync.Mutex
	fault *Fault // the last
	body  []byte // of the last refusal
	sent  []string
}

type watchKey struct{}

func watching(ctx context.Context) (context.Context, *watch) {
	w := new(watch)
	return context.WithValue(ctx, watchKey{}, w), w
}

// seen returns the last fault and the body of the last refusal.
func (w *watch) seen() (*Fault, []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fault, w.body
}

// secretFields are those of a request for a token that no answer may show.
var secretFields = []string{"client_secret", "client_assertion", "code", "code_verifier", "device_code", "refresh_token", "password"}

// sending notes the secrets of a request, which its answer may echo.
func sending(req *http.Request) {
	w, ok := req.Context().Value(watchKey{}).(*watch)
	if !ok || req.Body == nil {
		return
	}
	body, err := io.ReadAll(req.Body)
	req.Body.Close()
	if req.Body = io.NopCloser(bytes.NewReader(body)); err != nil {
		return
	}
	form, _ := url.ParseQuery(string(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range secretFields {
		if value := form.Get(name); value != "" && !slices.Contains(w.sent, value) {
			w.sent = append(w.sent, value)
		}
	}
}

func (w *watch) secrets() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// watched notes what came of a request.
func watched(ctx context.Context, resp *http.Response, f *Fault) {
	w, ok := ctx.Value(watchKey{}).(*watch)
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
	w.body = nil
	if f == nil && resp != nil && resp.StatusCode >= http.StatusBadRequest {
		w.body, _ = io.ReadAll(resp.Body) // from memory
		resp.Body = io.NopCloser(bytes.NewReader(w.body))
	}
}
