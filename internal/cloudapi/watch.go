package cloudapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
)

// A watch is what the transport saw of a sign-in, past libraries that keep only
// the text of errors, and of a device code's refusal not even that: they read
// its body to see whether to go on asking.
type watch struct {
	mu    sync.Mutex
	fault *Fault // the last
	body  []byte // of the last refusal
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

// watched notes what came of a request.
func watched(ctx context.Context, resp *http.Response, f *Fault) {
	w, ok := ctx.Value(watchKey{}).(*watch)
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
	if f == nil && resp != nil && resp.StatusCode >= http.StatusBadRequest {
		w.body, _ = io.ReadAll(resp.Body) // from memory
		resp.Body = io.NopCloser(bytes.NewReader(w.body))
	}
}
