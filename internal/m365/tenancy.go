package m365

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A tenancy is which tenant a run is about, and how that is known.
type tenancy struct {
	id     string // GUID, in lower case
	domain string // the mailbox's
	origin string // "contoso.com belongs to tenant 2222..."
	wanted bool   // Options.Want chose it
	// byToken: the first token of the sign-in tells the id.
	byToken bool
}

// noTenant are the names that Entra's authority takes in place of a tenant.
var noTenant = []string{"common", "organizations", "consumers"}

// findTenant finds the tenant of the mailbox and holds what else names one
// against it. It needs no sign-in.
func findTenant(ctx context.Context, session *cloudapi.Session, o Options) (tenancy, error) {
	_, domain, _ := strings.Cut(o.Mailbox, "@")
	t := tenancy{id: strings.ToLower(o.Want), domain: strings.ToLower(domain), wanted: o.Want != ""}
	t.origin = "this run is for tenant " + t.id
	if o.Want == "" {
		id, err := session.TenantID(ctx, t.domain)
		if err != nil {
			return tenancy{}, err
		}
		t.id, t.origin = id, fmt.Sprintf("%s belongs to tenant %s", t.domain, id)
	} else if !cloudapi.IsGUID(o.Want) {
		return tenancy{}, fmt.Errorf("%q cannot be the tenant's id, which is a GUID", o.Want)
	}
	for _, given := range []struct{ by, name, instead string }{
		{"--tenant", o.TenantID, "leave --tenant out"},
		{"AZURE_TENANT_ID", o.env("AZURE_TENANT_ID"), "unset AZURE_TENANT_ID"},
	} {
		if given.name == "" {
			continue
		}
		if err := t.compare(ctx, session, given.by, given.name, given.instead); err != nil {
			return tenancy{}, err
		}
	}
	return t, nil
}

// compare returns nil when name, which by gave, is the tenant.
func (t tenancy) compare(ctx context.Context, session *cloudapi.Session, by, name, instead string) error {
	other := func(names string) error {
		return cloudapi.Errorf(fact.ErrOtherTenant, "%s %s, but %s: nothing was read or changed; %s, or name the mailbox's tenant", by, names, t.origin, instead)
	}
	if slices.Contains(noTenant, strings.ToLower(name)) {
		return other(fmt.Sprintf("is %q, which is no tenant", name))
	}
	id, err := session.TenantID(ctx, name)
	switch {
	case err != nil:
		return fmt.Errorf("%s cannot be compared with the mailbox's tenant: %w", by, err)
	case id == t.id:
		return nil
	case cloudapi.IsGUID(name):
		return other("names tenant " + id)
	}
	return other(fmt.Sprintf("names %s, which is tenant %s", name, id))
}

// accept refuses a token of another tenant. A token that does not tell its
// tenant is left to what the tenant says of itself.
func (t *Tenant) accept(c cloudapi.Claims) *cloudapi.Fault {
	if t.id == "" && t.byToken {
		t.id = strings.ToLower(c.TenantID)
		t.origin = "the sign-in began with tenant " + t.id
	}
	if c.TenantID == "" || strings.EqualFold(c.TenantID, t.id) {
		return nil
	}
	return &cloudapi.Fault{
		Kind: fact.ErrOtherTenant,
		What: fmt.Sprintf("the sign-in gave a token of tenant %s, but %s: the token was not used", cloudapi.Clean(c.TenantID), t.origin),
		Next: "sign in as an account or an application of the mailbox's tenant",
	}
}

// A company is what a tenant says of itself.
type company struct {
	mu    sync.Mutex
	asked bool
	name  string // "" when it could not be read
	// domains are those that are verified; none when they could not be read.
	domains []string
}

// organisation returns the display name of the tenant, "" when it cannot be
// read; a tenant that says that it is another one is an error.
func (t *Tenant) organisation(ctx context.Context) (string, error) {
	t.company.mu.Lock()
	defer t.company.mu.Unlock()
	if t.company.asked {
		return t.company.name, nil
	}
	graph, err := newGraph(t.graph, t.graph.ReadScopes)
	if err != nil {
		return "", err
	}
	list, err := pages[struct {
		ID, DisplayName string
		VerifiedDomains []struct{ Name string }
	}](ctx, graph, graph.get("/organization?$select=id,displayName,verifiedDomains", nil))
	if err != nil {
		if ctx.Err() != nil {
			return "", cloudapi.Explain("did not give the organisation", cloudapi.Need{API: fact.APIGraph}, t.graph.Claims(), cloudapi.AsFault(err))
		}
		t.company.asked = !mayPass(err)
		return "", nil
	}
	t.company.asked = true
	for _, o := range list {
		if o.ID != "" && !strings.EqualFold(o.ID, t.id) {
			t.company.asked = false
			return "", cloudapi.Errorf(fact.ErrOtherTenant, "Microsoft Graph answers for tenant %s, but %s: nothing was changed; sign in as an account or an application of the mailbox's tenant",
				cloudapi.Clean(o.ID), t.origin)
		}
	}
	if len(list) == 1 {
		t.company.name = cloudapi.Clean(list[0].DisplayName)
		for _, d := range list[0].VerifiedDomains {
			t.company.domains = append(t.company.domains, strings.ToLower(d.Name))
		}
	}
	return t.company.name, nil
}

// Visiting reports whether the person who is signed in comes from another
// tenant, as a partner's administrator does: the name ends in none of this
// one's domains.
func (t *Tenant) Visiting() bool {
	t.company.mu.Lock()
	defer t.company.mu.Unlock()
	at := strings.LastIndexByte(t.Account(), '@')
	return at >= 0 && len(t.company.domains) > 0 && !slices.Contains(t.company.domains, strings.ToLower(t.Account()[at+1:]))
}
