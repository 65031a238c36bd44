package m365

import (
	"sync"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A whole is what was found out about a tenant as such.
type whole struct {
	company company
	premium remembered[fact.Reading]
	log     signInLog
	wide    *wide // nil where it is asked anew each time
}

// A wide is the answers that concern all mailboxes of a tenant.
type wide struct {
	defaults                remembered[fact.Reading]
	policies                remembered[[]caPolicy]
	organisation, transport remembered[cloudapi.Object]

	mu             sync.Mutex
	authentication map[string]*remembered[cloudapi.Object] // by identity
}

func (w *wide) authenticationPolicy(identity string) *remembered[cloudapi.Object] {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.authentication == nil {
		w.authentication = map[string]*remembered[cloudapi.Object]{}
	}
	if w.authentication[identity] == nil {
		w.authentication[identity] = new(remembered[cloudapi.Object])
	}
	return w.authentication[identity]
}

// once asks for what concerns the whole tenant: each time anew, so that a change
// is seen, or once for the mailboxes of a run over many. Nobody may alter what
// it returns.
func once[T any](r *reads, of func(*wide) *remembered[T], ask func() (T, error)) (T, error) {
	if r.wide == nil {
		return ask()
	}
	return of(r.wide).get(ask)
}
