package m365

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"smtpmend/internal/cloudapi"
)

// Tenants opens tenants for a run over many mailboxes: each is signed in to
// once, whichever of its mailboxes comes first, and what concerns the whole of
// it is read once. The zero value is ready. Its methods may be used side by
// side.
//
// What is read so may be as old as the run. It is for diagnosing, not for what
// has to see its own changes.
type Tenants struct {
	base  http.RoundTripper // nil for the network
	pause func(context.Context, time.Duration) error

	mu      sync.Mutex
	scout   *cloudapi.Session // finds the tenants of domains
	domains map[string]*remembered[tenancy]
	tenants map[string]*entrance // by id

	signing sync.Mutex // one person can open one browser at a time
}

// An entrance is a tenant that is signed in to when it is first asked for.
type entrance struct {
	*Tenant
	entered remembered[struct{}]
}

// Open is the function Open, but for what Tenants says. Where a sign-in was
// refused it is not tried again for the next mailbox. Options.Want is left out.
func (ts *Tenants) Open(ctx context.Context, o Options) (*Tenant, error) {
	where, err := ts.tenancyOf(ctx, o)
	if err != nil {
		return nil, err
	}
	e, err := ts.entrance(where, o)
	if err != nil {
		return nil, err
	}
	_, err = e.entered.get(func() (struct{}, error) {
		ts.signing.Lock()
		defer ts.signing.Unlock()
		return struct{}{}, e.signIn(ctx)
	})
	if err != nil {
		return nil, err
	}
	return &Tenant{
		tenancy: where, mailbox: o.Mailbox, now: e.now, beside: true,
		session: e.session, graph: e.graph, exchange: e.exchange, whole: e.whole,
	}, nil
}

// Close gives up the connections to all tenants.
func (ts *Tenants) Close() {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.scout != nil {
		ts.scout.Close()
	}
	for _, e := range ts.tenants {
		e.Close()
	}
}

// tenancyOf finds the tenant of the mailbox's domain, once for each domain.
func (ts *Tenants) tenancyOf(ctx context.Context, o Options) (tenancy, error) {
	_, domain, _ := strings.Cut(o.Mailbox, "@")
	domain = strings.ToLower(domain)
	ts.mu.Lock()
	if ts.scout == nil {
		first, err := prepare(o, ts.base, ts.waits())
		if err != nil {
			ts.mu.Unlock()
			return tenancy{}, err
		}
		ts.scout = first.session
		ts.domains, ts.tenants = map[string]*remembered[tenancy]{}, map[string]*entrance{}
	}
	found := ts.domains[domain]
	if found == nil {
		found = new(remembered[tenancy])
		ts.domains[domain] = found
	}
	ts.mu.Unlock()
	return found.get(func() (tenancy, error) { return findTenant(ctx, ts.scout, o) })
}

// entrance is the one to the tenant.
func (ts *Tenants) entrance(where tenancy, o Options) (*entrance, error) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if e := ts.tenants[where.id]; e != nil {
		return e, nil
	}
	o.atOnce = atOnce
	t, err := prepare(o, ts.base, ts.waits())
	if err != nil {
		return nil, err
	}
	t.tenancy, t.wide = where, new(wide)
	e := &entrance{Tenant: t}
	ts.tenants[where.id] = e
	return e, nil
}

func (ts *Tenants) waits() func(context.Context, time.Duration) error {
	if ts.pause == nil {
		return cloudapi.Pause
	}
	return ts.pause
}
