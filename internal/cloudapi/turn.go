package cloudapi

import "net/http"

// A turn bounds how many requests are under way at an API; nil for no bound.
type turn chan struct{}

func newTurn(atOnce int) turn {
	if atOnce <= 0 {
		return nil
	}
	return make(turn, atOnce)
}

// inTurn is once, when there is room for it.
func (a *api) inTurn(req *http.Request, body []byte) (answer, *Fault) {
	if a.turn == nil {
		return a.once(req, body)
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
		return a.once(req, body)
	case <-req.Context().Done():
		f := a.broken(req.Context(), req.Context().Err())
		f.Uncertain, f.Unsent = false, true
		return answer{}, f
	}
}
