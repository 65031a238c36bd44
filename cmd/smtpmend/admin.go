package main

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/fact"
	"smtpmend/internal/m365"
)

// noAuth is the value of --auth that leaves the tenant alone.
const noAuth = "none"

// An adminFlags is how an administrator signs in.
type adminFlags struct {
	auth, tenant, client string
	mends                bool // changes may be made
}

func (f *adminFlags) flags(fs *pflag.FlagSet) {
	fs.StringVar(&f.auth, "auth", "", "admin sign-in: "+strings.Join(authWays(), ", ")+" (default: AZURE_* when set, else on a terminal browser, or device-code where no desktop is)")
	fs.StringVar(&f.tenant, "tenant", "", "`TENANT` to sign in to, a partner's customer, by id or domain; it has to be the mailbox's (default: that one)")
	fs.StringVar(&f.client, "client-id", "", "`ID` of your own app registration")
}

// authWays are the values of --auth.
func authWays() []string {
	ways := []string{noAuth}
	for _, m := range m365.Methods() {
		ways = append(ways, string(m))
	}
	return ways
}

// admin returns the tenant, which is signed in to only when it is first asked;
// nil when nobody can sign in here.
func (a *app) admin(f adminFlags, cloud endpoint.Cloud, mailbox string) (*tenant, error) {
	known := f.auth == "" || f.auth == noAuth || slices.Contains(m365.Methods(), m365.Method(f.auth))
	if !known {
		return nil, usage("--auth %q is no way to sign in; see --help", f.auth)
	}
	if f.auth == noAuth || f.auth == "" && !a.Interactive && !a.appCredentials() {
		return nil, nil
	}
	connect := a.open
	if connect == nil {
		connect = m365.Open
	}
	return &tenant{connect: connect, tell: a.signedIn(f, mailbox), options: m365.Options{
		Cloud: cloud, Mailbox: mailbox, Auth: m365.Method(f.auth),
		TenantID: f.tenant, ClientID: f.client, Env: a.LookupEnv,
		Prompt: a.askToSignIn(f, mailbox), Progress: func(text string) { a.note(text) },
	}}, nil
}

// appCredentials reports whether the environment holds what an application
// signs in with.
func (a *app) appCredentials() bool {
	for _, name := range []string{"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"} {
		if v, _ := a.LookupEnv(name); v != "" {
			return true
		}
	}
	return false
}

// A tenant is an m365.Tenant that is opened by the first reading, so that
// nobody is asked to sign in where the reply needs no evidence.
type tenant struct {
	connect func(context.Context, m365.Options) (*m365.Tenant, error)
	options m365.Options
	tell    func(*m365.Tenant) error // what the sign-in allows; its error is that it allows nothing
	once    sync.Once
	*m365.Tenant
	err error // why it could not be opened
}

func (t *tenant) open(ctx context.Context) error {
	t.once.Do(func() {
		if t.Tenant, t.err = t.connect(ctx, t.options); t.err == nil && t.tell != nil {
			t.err = t.tell(t.Tenant)
		}
	})
	return t.err
}

// close gives up what open connected; nil and an unopened tenant have nothing.
func (t *tenant) close() {
	if t != nil && t.Tenant != nil {
		t.Tenant.Close()
	}
}

// ID is "" for a tenant that is not open.
func (t *tenant) ID() string {
	if t.Tenant == nil {
		return ""
	}
	return t.Tenant.ID()
}

// Subject opens the tenant if need be. Where that fails nothing is proven.
func (t *tenant) Subject(ctx context.Context) fact.Subject {
	if err := t.open(ctx); err != nil {
		return fact.Subject{Mailbox: fact.Object{Err: err}, User: fact.Object{Err: err}}
	}
	return t.Tenant.Subject(ctx)
}

// Read opens the tenant if need be. Where that fails, each reading says why.
func (t *tenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	if err := t.open(ctx); err != nil {
		var all fact.Evidence
		for _, name := range names {
			all = append(all, fact.Reading{Fact: name, Error: err.Error(), Trouble: err})
		}
		return all
	}
	return t.Tenant.Read(ctx, names...)
}
