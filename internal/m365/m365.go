// Package m365 reads and writes the facts of a tenant over Microsoft Graph and
// Exchange Online.
//
// It finds out whose facts they are, and touches no others. It speaks to Graph
// through the request builders of msgraph-sdk-go and to Exchange through the
// cmdlet API of its PowerShell module, both over package cloudapi. It decides
// nothing: which facts matter is the matter of package diagnose, what may be
// written that of package remediate, which also reads back what was written.
// It keeps nothing on disk.
package m365

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/fact"
)

// Options say which tenant to open and how to sign in.
type Options struct {
	Cloud endpoint.Cloud
	// Mailbox is the address whose facts are read and written. Its domain
	// names the tenant.
	Mailbox string
	// Want is the GUID of the tenant that it has to be; empty for the one that
	// OpenID discovery gives for the mailbox's domain.
	Want string
	// Auth chooses the way to sign in; empty for the environment's
	// credentials when they are set, else the browser where there is a desktop,
	// else the device code.
	Auth Method
	// TenantID is the GUID or a domain of the tenant as it was given by hand;
	// empty for none. It and AZURE_TENANT_ID choose nothing: Open refuses when
	// one of them names another tenant.
	TenantID string
	// ClientID is the app registration; empty for AZURE_CLIENT_ID, or else, of
	// a person, Microsoft's public clients (two sign-ins).
	ClientID string
	// Application is whose sign-in with OAuth the facts of fact.Chain are about;
	// nil where none is asked for.
	Application *Application
	// Env looks a variable up, as os.LookupEnv does; nil for no environment.
	Env func(string) (string, bool)
	// Prompt shows the person who signs in what to do.
	Prompt func(DevicePrompt)
	// Progress is told, in a sentence, that something takes its time; nil for
	// nobody. It may be called from several goroutines.
	Progress func(string)
	// Timeout bounds each request; 0 for one minute.
	Timeout time.Duration
	// Pause waits before a request is made again; nil waits by the clock. Only
	// OpenDirectory looks at it.
	Pause func(context.Context, time.Duration) error

	atOnce int // requests under way at each API; 0 for no bound
}

// A Tenant is an open tenant, seen from one of its mailboxes. Its methods may
// be used side by side.
type Tenant struct {
	tenancy
	mailbox     string
	application *Application
	now         func() time.Time
	session     *cloudapi.Session
	graph       *cloudapi.Service
	exchange    *cloudapi.Service

	// What was found out once and is not asked again in this run.
	asking  sync.Mutex // held while the subject is being found
	subject subject
	*whole
	beside bool // the connections are those of Tenants
}

// Open finds the tenant of the mailbox and signs in to it, which may ask the
// person through Options.Prompt. It fails with fact.ErrOtherTenant when
// anything names another tenant, before any sign-in where that can be known.
// When only one of the two APIs accepts the sign-in, the facts of the other
// one read as errors; when neither does, Open fails, with ErrSignIn or the
// kind of failure that kept the sign-in from being made.
func Open(ctx context.Context, o Options) (*Tenant, error) {
	return open(ctx, o, nil, cloudapi.Pause)
}

func open(ctx context.Context, o Options, base http.RoundTripper, pause func(context.Context, time.Duration) error) (*Tenant, error) {
	t, err := prepare(o, base, pause)
	if err != nil {
		return nil, err
	}
	if t.tenancy, err = findTenant(ctx, t.session, o); err == nil {
		err = t.signIn(ctx)
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// prepare makes a tenant that is not found yet, with more permissions than those
// of the facts. Nothing is sent.
func prepare(o Options, base http.RoundTripper, pause func(context.Context, time.Duration) error, more ...string) (*Tenant, error) {
	t := &Tenant{mailbox: o.Mailbox, application: o.Application, now: time.Now, whole: new(whole)}
	session, err := cloudapi.New(cloudapi.Options{
		Cloud: o.Cloud, Auth: o.Auth, ClientID: o.ClientID, Env: o.Env, Prompt: o.Prompt,
		Permissions: append(o.permissions(), more...), Accept: t.accept, Timeout: o.Timeout, Progress: o.Progress,
		Transport: base, Pause: pause, AtOnce: o.atOnce,
	})
	if err != nil {
		return nil, err
	}
	t.session, t.graph, t.exchange = session, session.Graph, session.Exchange
	return t, nil
}

func (t *Tenant) signIn(ctx context.Context) error {
	t.session.At(t.domain)
	if err := t.session.SignIn(ctx, t.id, t.Name()); err != nil {
		return err
	}
	if _, err := t.organisation(ctx); err != nil {
		return err
	}
	t.session.At(t.company.domains...)
	return nil
}

// Close gives up the connections to the tenant. What was read stays. Those of
// a tenant that Tenants opened are given up with them.
func (t *Tenant) Close() {
	if !t.beside {
		t.session.Close()
	}
}

// ID is the tenant's GUID, in lower case.
func (t *Tenant) ID() string { return t.id }

// Name is one of the tenant's domains: the mailbox's. It is what a person
// types to approve a change that touches the whole tenant.
func (t *Tenant) Name() string { return t.domain }

// Account names who is signed in: a user principal name, or "application" and
// its id.
func (t *Tenant) Account() string { return t.session.Account() }

func (t *Tenant) service(api string) *cloudapi.Service {
	if api == fact.APIExchange {
		return t.exchange
	}
	return t.graph
}

// permissions are the delegated permissions for reading all Graph facts, those of
// an application's sign-in only where one is asked for.
func (o Options) permissions() []string {
	var all []string
	for _, row := range factsWith(o.Application) {
		for _, p := range row.Read.Delegated {
			if row.API == fact.APIGraph && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// factsWith are those that are asked for: with an application also its chain.
func factsWith(app *Application) []fact.Row {
	if app == nil {
		return fact.Table
	}
	return slices.Concat(fact.Table, fact.Chain)
}

func (t *Tenant) facts() []fact.Row { return factsWith(t.application) }

func (o Options) env(name string) string {
	if o.Env == nil {
		return ""
	}
	value, _ := o.Env(name)
	return strings.TrimSpace(value)
}
