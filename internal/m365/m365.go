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
	"net/http"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/cloudapi"
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
	pause    func(context.Context, time.Duration) error
	session  *cloudapi.Session
	graph    *cloudapi.Service
	exchange *cloudapi.Service
}

// Open finds the tenant and signs in, which may ask the person through
// Options.Prompt. When only one of the two APIs accepts the sign-in, the facts
// of the other one read as errors; when neither does, Open fails with
// ErrSignIn.
func Open(ctx context.Context, o Options) (*Tenant, error) {
	return open(ctx, o, nil, cloudapi.Pause)
}

func open(ctx context.Context, o Options, base http.RoundTripper, pause func(context.Context, time.Duration) error) (*Tenant, error) {
	session, err := cloudapi.New(cloudapi.Options{
		Cloud: o.Cloud, Auth: o.Auth, ClientID: o.ClientID, Env: o.Env, Prompt: o.Prompt,
		Permissions: readPermissions(), Timeout: o.Timeout, Transport: base, Pause: pause,
	})
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(o.Mailbox, "@")
	tenant := cmp.Or(o.TenantID, o.env("AZURE_TENANT_ID"), domain)
	id, err := session.TenantID(ctx, tenant)
	if err != nil {
		return nil, err
	}
	t := &Tenant{
		id: id, domain: domain, mailbox: o.Mailbox, now: time.Now, pause: pause,
		session: session, graph: session.Graph, exchange: session.Exchange,
	}
	if !cloudapi.IsGUID(tenant) {
		t.domain = tenant
	}
	return t, session.SignIn(ctx, id, t.Name())
}

func (o Options) env(name string) string {
	if o.Env == nil {
		return ""
	}
	value, _ := o.Env(name)
	return value
}

// readPermissions are the delegated permissions for reading all Graph facts.
func readPermissions() []string {
	var all []string
	for _, row := range fact.Table {
		for _, p := range row.Read.Delegated {
			if row.API == fact.APIGraph && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// ID is the tenant's GUID.
func (t *Tenant) ID() string { return t.id }

// Name is one of the tenant's domains: the one that was given, or the
// mailbox's. It is what a person types to approve a change that touches the
// whole tenant.
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
