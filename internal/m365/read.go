package m365

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// Read reads the named facts side by side and returns a reading for each, in
// the same order. It never fails as a whole: a fact that could not be read has
// a sentence in Error that names the API, the fact, and the missing permission
// and role or another next step. Nothing is written, and nothing remembered:
// every call asks the tenant.
func (t *Tenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	evidence := make(fact.Evidence, len(names))
	r, err := t.newReads(ctx)
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			reading, err := r.reading(ctx, name, err)
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

	user         func() (models.Userable, error)
	organisation func() (cloudapi.Object, error)
	transport    func() (cloudapi.Object, error)
}

func (t *Tenant) newReads(ctx context.Context) (*reads, error) {
	graph, err := newGraph(t.graph, t.graph.ReadScopes)
	if err != nil {
		return nil, err
	}
	r := &reads{Tenant: t, graph: graph, cmdlets: t.exchange.Cmdlets(t.id, t.exchange.ReadScopes)}
	r.user = sync.OnceValues(func() (models.Userable, error) { return r.fetchUser(ctx) })
	r.organisation = sync.OnceValues(func() (cloudapi.Object, error) { return r.cmdlets.Get(ctx, "Get-OrganizationConfig", "") })
	r.transport = sync.OnceValues(func() (cloudapi.Object, error) { return r.cmdlets.Get(ctx, "Get-TransportConfig", "") })
	return r, nil
}

// reading returns the sentence of a failure as its error, and failed, the
// reason why there is nothing to read with, if there is one.
func (r *reads) reading(ctx context.Context, name fact.Name, failed error) (fact.Reading, error) {
	row, ok := fact.Lookup(name)
	if !ok {
		return fact.Reading{}, fmt.Errorf("there is no fact %q", name)
	}
	if failed != nil {
		return fact.Reading{}, fmt.Errorf("%s did not give %s: %w", row.API, name, failed)
	}
	reading, err := r.value(ctx, name)
	if err == nil && !row.Allows(reading.Value) {
		err = cloudapi.NoValue(fmt.Sprintf("a known value (but %q)", cloudapi.Clean(reading.Value)))
	}
	if err != nil {
		return fact.Reading{}, cloudapi.Explain("did not give "+string(name), need(row, row.Read), r.service(row.API).Claims(), cloudapi.AsFault(err))
	}
	return reading, nil
}

func (r *reads) value(ctx context.Context, name fact.Name) (fact.Reading, error) {
	switch name {
	case fact.OrgSecurityDefaults:
		return r.securityDefaults(ctx)
	case fact.OrgSMTPAuth:
		return r.organisationSMTP(ctx)
	case fact.MailboxSMTPAuth:
		return r.mailboxSMTP(ctx)
	case fact.UserPerUserMFA:
		return r.perUserMFA(ctx)
	case fact.UserAuthPolicySMTP:
		return r.authPolicy(ctx)
	case fact.UserAccount:
		return r.account(ctx)
	case fact.UserExchangeLicence:
		return r.licence(ctx)
	case fact.MailboxKind:
		return r.kind(ctx)
	case fact.OrgConditionalAccess:
		return r.conditionalAccess(ctx)
	case fact.UserSignInError:
		return r.signInError(ctx)
	case fact.OrgLegacyTLS:
		return r.legacyTLS(ctx)
	}
	return fact.Reading{}, errors.New("no reader")
}
