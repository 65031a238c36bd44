package m365

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// Read reads the named facts side by side and returns a reading for each, in
// the same order. It never fails as a whole: a fact that could not be read has
// a sentence in Error that names the API, the fact, and the missing permission
// or role or another next step. Nothing is written. Every call asks the tenant
// anew, but for whose facts they are, which premium the tenant has, and a
// sign-in log that it has no licence for; for a tenant that Tenants opened, what
// concerns the whole of it is asked once.
func (t *Tenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	evidence := make(fact.Evidence, len(names))
	r, failed := t.newReads(ctx)
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			var reading fact.Reading
			err := guard("reading "+string(name), func() (err error) {
				reading, err = r.reading(ctx, name, failed)
				return err
			})
			if err != nil {
				reading = unread(err)
			}
			reading.Fact = name
			evidence[i] = reading
		})
	}
	all.Wait()
	return evidence
}

// unread is the reading of a fact that was not given.
func unread(err error) fact.Reading {
	reading := fact.Reading{Error: err.Error()}
	if !errors.Is(err, errNoMore) {
		reading.Trouble = err
	}
	return reading
}

// reads is what one Read has asked so far; facts that stand in the same answer
// share it.
type reads struct {
	*Tenant
	graph   *graphClient
	cmdlets *cloudapi.Cmdlets

	identity string         // by which Exchange knows the mailbox, once that is proven
	fresh    *directoryUser // the user, where finding it has just fetched it

	who           func() subject
	user          func() (directoryUser, error)
	memberships   func() ([]membership, error)
	casMailbox    func() found
	mailboxObject func() found
	exchangeUser  func() found
	organisation  func() (cloudapi.Object, error)
	transport     func() (cloudapi.Object, error)

	// The application whose sign-in is asked about, in each of its places.
	principal    func() (servicePrincipal, error)
	registration func() (registration, error)
	inExchange   func() (principal, error)
}

func (t *Tenant) newReads(ctx context.Context) (*reads, error) {
	graph, err := newGraph(t.graph, t.graph.ReadScopes)
	if err != nil {
		return nil, err
	}
	r := &reads{Tenant: t, graph: graph, cmdlets: t.exchange.Cmdlets(t.id, t.exchange.ReadScopes)}
	t.asking.Lock()
	r.identity = t.subject.mailbox.identity
	t.asking.Unlock()
	r.who = sync.OnceValue(func() subject { return r.find(ctx) })
	r.user = sync.OnceValues(func() (directoryUser, error) { return r.theUser(ctx) })
	r.memberships = sync.OnceValues(func() ([]membership, error) { return r.memberOf(ctx) })
	r.casMailbox = sync.OnceValue(func() found { return r.lookup(ctx, "Get-CASMailbox") })
	r.mailboxObject = sync.OnceValue(func() found { return r.lookup(ctx, "Get-Mailbox") })
	r.exchangeUser = sync.OnceValue(func() found { return r.lookup(ctx, "Get-User") })
	r.organisation = r.config(ctx, "Get-OrganizationConfig", func(w *wide) *remembered[cloudapi.Object] { return &w.organisation })
	r.transport = r.config(ctx, "Get-TransportConfig", func(w *wide) *remembered[cloudapi.Object] { return &w.transport })
	r.principal = sync.OnceValues(func() (servicePrincipal, error) { return r.enterprise(ctx) })
	r.registration = sync.OnceValues(func() (registration, error) { return r.theRegistration(ctx) })
	r.inExchange = sync.OnceValues(func() (principal, error) { return r.exchangePrincipal(ctx) })
	return r, nil
}

// config reads a configuration of the whole organisation once for these reads.
func (r *reads) config(ctx context.Context, cmdlet string, of func(*wide) *remembered[cloudapi.Object]) func() (cloudapi.Object, error) {
	return sync.OnceValues(func() (cloudapi.Object, error) {
		return once(r, of, func() (cloudapi.Object, error) { return r.cmdlets.Get(ctx, cmdlet, "") })
	})
}

// reading returns the sentence of a failure as its error, and failed, the
// reason why there is nothing to read with, if there is one.
func (r *reads) reading(ctx context.Context, name fact.Name, failed error) (fact.Reading, error) {
	row, ok := fact.Lookup(name)
	read := readers[name]
	if !ok || read == nil {
		return fact.Reading{}, fmt.Errorf("there is no fact %q", name)
	}
	if failed != nil {
		return fact.Reading{}, fmt.Errorf("%s did not give %s: %w", row.API, name, failed)
	}
	reading, err := read(r, ctx)
	if err == nil && !row.Allows(reading.Value) {
		err = cloudapi.NoValue(fmt.Sprintf("a known value (but %q)", cloudapi.Clean(reading.Value)))
	}
	if u, ok := errors.AsType[*unproven](err); ok {
		return fact.Reading{}, fmt.Errorf("%s did not give %s: %w", row.API, name, u.error)
	}
	if err != nil {
		return fact.Reading{}, cloudapi.Explain("did not give "+string(name), need(row, row.Read), r.service(row.API).Claims(), cloudapi.AsFault(err))
	}
	return reading, nil
}
