package m365

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A Directory is an open tenant as a whole: its lists of mailboxes and
// accounts, its sign-in log and its usage report, as package inventory wants
// them. It only reads. Its methods may be used side by side.
type Directory struct {
	t     *Tenant
	pause func(context.Context, time.Duration) error
	note  func(string)
}

// listTimeout bounds a request for a page of a list, which Exchange takes its
// time for.
const listTimeout = 5 * time.Minute

// OpenDirectory signs in to the tenant that Options.TenantID or AZURE_TENANT_ID
// names; where neither does, a person's sign-in tells it. It fails as Open does.
// Options.Mailbox is not used, and Options.Timeout is 5 minutes where it is 0.
// Options.Progress is told as well when a service asks to wait.
func OpenDirectory(ctx context.Context, o Options) (*Directory, error) {
	pause := o.Pause
	if pause == nil {
		pause = cloudapi.Pause
	}
	return openDirectory(ctx, o, nil, pause)
}

func openDirectory(ctx context.Context, o Options, base http.RoundTripper, pause func(context.Context, time.Duration) error) (*Directory, error) {
	o.Timeout = cmp.Or(o.Timeout, listTimeout)
	t, err := prepare(o, base, pause, readReports.Delegated...)
	if err != nil {
		return nil, err
	}
	d := &Directory{t: t, pause: pause, note: o.Progress}
	if d.note == nil {
		d.note = func(string) {}
	}
	if err := d.signIn(ctx, o); err != nil {
		t.Close()
		return nil, err
	}
	return d, nil
}

func (d *Directory) signIn(ctx context.Context, o Options) (err error) {
	t := d.t
	if t.tenancy, err = namedTenant(ctx, t.session, o); err != nil {
		return err
	}
	if strings.Contains(t.domain, ".") {
		t.session.At(t.domain)
	}
	if err := t.session.SignIn(ctx, t.id, cmp.Or(t.domain, "(not named)")); err != nil {
		return err
	}
	if t.id == "" {
		return cloudapi.Errorf(ErrSignIn, "the sign-in does not tell which tenant it is for; name it with --tenant")
	}
	_, err = t.organisation(ctx)
	t.session.At(t.company.domains...)
	if domains := t.company.domains; len(domains) > 0 && (t.domain == "" || cloudapi.IsGUID(t.domain)) {
		t.domain = cloudapi.Clean(domains[0])
	}
	t.domain = cmp.Or(t.domain, t.id)
	return err
}

// namedTenant finds the tenant that was named, and leaves it to the token where
// none was and a person signs in.
func namedTenant(ctx context.Context, session *cloudapi.Session, o Options) (tenancy, error) {
	type naming struct{ by, name string }
	given := slices.DeleteFunc([]naming{{"--tenant", o.TenantID}, {"AZURE_TENANT_ID", o.env("AZURE_TENANT_ID")}},
		func(n naming) bool { return n.name == "" })
	if len(given) == 0 {
		if session.Unattended() {
			return tenancy{}, cloudapi.Errorf(ErrSignIn, "an application has to be told its tenant; name it with --tenant or AZURE_TENANT_ID")
		}
		return tenancy{byToken: true}, nil
	}
	first := given[0]
	if slices.Contains(noTenant, strings.ToLower(first.name)) {
		return tenancy{}, cloudapi.Errorf(ErrSignIn, "%s is %q, which is no tenant; give its id or one of its domains", first.by, first.name)
	}
	id, err := session.TenantID(ctx, first.name)
	if err != nil {
		return tenancy{}, err
	}
	t := tenancy{id: id, domain: strings.ToLower(first.name), origin: fmt.Sprintf("%s names tenant %s", first.by, id)}
	if len(given) > 1 {
		err = t.compare(ctx, session, given[1].by, given[1].name, "unset "+given[1].by)
	}
	return t, err
}

// Close gives up the connections to the tenant.
func (d *Directory) Close() { d.t.Close() }

// ID is the tenant's GUID, in lower case.
func (d *Directory) ID() string { return d.t.ID() }

// Name is the domain that the tenant was named by, or else one of its own, or
// its GUID where none could be read.
func (d *Directory) Name() string { return d.t.Name() }

// Account names who is signed in, as that of a Tenant does.
func (d *Directory) Account() string { return d.t.Account() }

// Organisation is what the tenant calls itself, "" where that was not given.
func (d *Directory) Organisation() string { return d.t.company.name }

// What reading beyond the facts takes. A list of Exchange takes what reading
// one mailbox takes.
var (
	readReports = fact.Access{
		Delegated:   []string{"Reports.Read.All"},
		Application: []string{"Reports.Read.All"},
		Role:        "Reports Reader",
	}
	readLog = fact.Access{
		Delegated:   []string{"AuditLog.Read.All"},
		Application: []string{"AuditLog.Read.All"},
		Role:        "Reports Reader",
	}
)

// missing is why something was not read. Lacking says that the tenant has
// nothing to give, or not to this caller, whenever it is asked.
type missing struct{ error }

// Lacking implements the interface of package inventory.
func (m missing) Lacking() bool {
	return errors.Is(m, ErrPermission) || errors.Is(m, errNoMore)
}

func (m missing) Unwrap() error { return m.error }

// explain makes a sentence of a failure: what was not given, and what is
// missing.
func (d *Directory) explain(what, api string, access fact.Access, err error) error {
	need := cloudapi.Need{API: api, Delegated: access.Delegated, Application: access.Application, Role: access.Role}
	return missing{cloudapi.Explain("did not give "+what, need, d.t.service(api).Claims(), cloudapi.AsFault(err))}
}

// accessOf is what reading a fact takes.
func accessOf(name fact.Name) (api string, access fact.Access) {
	row, _ := fact.Lookup(name)
	return row.API, row.Read
}

// How long a list is waited for where its service asks for it or fails.
const (
	throttledPatience   = 12 // waits in a row for one page
	unreachablePatience = 3
	firstPatience       = 2 * time.Second
	mostPatience        = 2 * time.Minute // of waits that nobody asked for
	longestAsked        = 15 * time.Minute
)

// patiently asks for a page, which is only read, until it comes. Conditional
// Access names no time to wait (learn.microsoft.com/graph/throttling-limits).
func (d *Directory) patiently(ctx context.Context, api string, ask func() error) error {
	wait := firstPatience
	for try := 0; ; try++ {
		err := ask()
		f, failed := errors.AsType[*cloudapi.Fault](err)
		most := 0
		switch {
		case failed && errors.Is(f.Kind, ErrThrottled):
			most = throttledPatience
		case failed && errors.Is(f.Kind, ErrUnreachable):
			most = unreachablePatience
		}
		if err == nil || try >= most || f.RetryAfter > longestAsked {
			return err
		}
		now := cmp.Or(f.RetryAfter, wait)
		wait = min(2*wait, mostPatience)
		if errors.Is(f.Kind, ErrThrottled) {
			d.note(fmt.Sprintf("%s takes no more requests for now; the next one in %v", api, now.Round(time.Second)))
		}
		if d.pause(ctx, now) != nil {
			return err
		}
	}
}
