// Package m365 reads and writes the facts of a tenant over Microsoft Graph and
// Exchange Online.
//
// It signs in with azidentity, speaks to Graph through the request builders of
// msgraph-sdk-go and to Exchange through the cmdlet API of its PowerShell
// module. It decides nothing: which facts matter is the matter of package
// diagnose, what may be written that of package remediate. It connects to the
// hosts of one cloud and keeps nothing on disk.
package m365

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/fact"
)

// Options say which tenant to open and how to sign in.
type Options struct {
	Cloud endpoint.Cloud
	// Mailbox is the address whose facts are read and written. Its domain
	// names the tenant when TenantID does not.
	Mailbox string
	// Auth chooses the way to sign in; empty for the environment's
	// credentials when they are set, else the device code.
	Auth Method
	// TenantID is the tenant's GUID or one of its domains; empty for
	// AZURE_TENANT_ID, or else the mailbox's domain.
	TenantID string
	// ClientID is the app registration; empty for AZURE_CLIENT_ID, or else,
	// with a device code, Microsoft's public clients (two sign-ins).
	ClientID string
	// Env looks a variable up, as os.LookupEnv does; nil for no environment.
	Env func(string) (string, bool)
	// Prompt shows a device code to the person who signs in.
	Prompt func(DevicePrompt)
	// Timeout bounds each request; 0 for one minute.
	Timeout time.Duration
}

// A Tenant is an open tenant, seen from one of its mailboxes. Its methods may
// be used side by side.
type Tenant struct {
	id       string
	domain   string
	mailbox  string
	now      func() time.Time
	graph    *service
	exchange *service
}

// Open finds the tenant and signs in, which may ask the person through
// Options.Prompt. When only one of the two APIs accepts the sign-in, the facts
// of the other one read as errors; when neither does, Open fails with
// ErrSignIn.
func Open(ctx context.Context, o Options) (*Tenant, error) {
	return open(ctx, o, newTransport(o.Cloud), pause)
}

func open(ctx context.Context, o Options, base http.RoundTripper, pause func(context.Context, time.Duration) error) (*Tenant, error) {
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	newAPI := func(name, root string) (*api, error) {
		u, err := url.Parse(root)
		return &api{name: name, cloud: o.Cloud.Name, root: u, base: base, timeout: o.Timeout, pause: pause}, err
	}
	login, err1 := newAPI("Entra sign-in", o.Cloud.Login)
	graph, err2 := newAPI(fact.APIGraph, o.Cloud.Graph)
	exchange, err3 := newAPI(fact.APIExchange, o.Cloud.Exchange)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, fmt.Errorf("endpoints of cloud %q: %w", o.Cloud.Name, err)
	}
	login.aliases = o.Cloud.LoginAliases
	graph.refusal = graphRefusal
	exchange.refusal, exchange.regional = exchangeRefusal, true

	way, err := o.way()
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(o.Mailbox, "@")
	if way.tenant == "" {
		way.tenant = domain
	}
	id, err := tenantID(ctx, login, way.tenant)
	if err != nil {
		return nil, err
	}
	t := &Tenant{id: id, domain: domain, mailbox: o.Mailbox, now: time.Now}
	if !isGUID(way.tenant) {
		t.domain = way.tenant
	}
	way.tenant = id
	if t.graph, t.exchange, err = way.services(o, login, graph, exchange); err != nil {
		return nil, err
	}
	return t, t.signIn(ctx)
}

// signIn gets the first token of each API, so that the person is asked now and
// not between two readings.
func (t *Tenant) signIn(ctx context.Context) error {
	_, graphErr := t.graph.token(ctx, t.graph.readScopes)
	if graphErr != nil && ctx.Err() != nil {
		return graphErr
	}
	_, exchangeErr := t.exchange.token(ctx, t.exchange.readScopes)
	if graphErr == nil || exchangeErr == nil {
		return nil
	}
	f := asFault(graphErr)
	return &problem{fmt.Sprintf("sign-in to tenant %s failed: %s; %s", t.Name(), f.what, cmp.Or(f.next, "check the credentials")), f.kind}
}

// ID is the tenant's GUID.
func (t *Tenant) ID() string { return t.id }

// Name is one of the tenant's domains: the one that was given, or the
// mailbox's. It is what a person types to approve a change that touches the
// whole tenant.
func (t *Tenant) Name() string { return t.domain }

// Account names who is signed in: a user principal name, or "application" and
// its id.
func (t *Tenant) Account() string {
	return cmp.Or(t.graph.claims().account(), t.exchange.claims().account(), "application "+t.graph.clientID)
}

func (t *Tenant) service(api string) *service {
	if api == fact.APIExchange {
		return t.exchange
	}
	return t.graph
}
