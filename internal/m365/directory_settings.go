package m365

import (
	"context"
	"errors"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
	"smtpmend/internal/inventory"
)

// Settings implements inventory.Source.
func (d *Directory) Settings(ctx context.Context) inventory.Settings {
	var s inventory.Settings
	r, err := d.t.newReads(ctx)
	if err != nil {
		s.PoliciesErr, s.AccessErr, s.DirectSendErr = missing{err}, missing{err}, missing{err}
		return s
	}
	s.Facts = fact.Evidence{
		d.setting(ctx, fact.OrgSecurityDefaults, func() (fact.Reading, error) { return r.securityDefaults(ctx) }),
		d.setting(ctx, fact.OrgSMTPAuth, func() (fact.Reading, error) {
			return (&reads{transport: d.config(ctx, r, "Get-TransportConfig")}).organisationSMTP(ctx)
		}),
	}
	s.Policies, s.PoliciesErr = d.policies(ctx)
	var config cloudapi.Object
	err = d.patiently(ctx, cloudapi.Exchange, func() (err error) {
		config, err = d.config(ctx, r, "Get-OrganizationConfig")()
		return err
	})
	if err == nil {
		if s.DefaultPolicy, err = config.Text("DefaultAuthenticationPolicy"); err == nil {
			s.DefaultPolicy = commonName(s.DefaultPolicy)
		}
	}
	api, access := accessOf(fact.UserAuthPolicySMTP)
	if err != nil && s.PoliciesErr == nil {
		s.PoliciesErr = d.explain("the organisation's authentication policy", api, access, err)
	}
	s.RejectDirectSend, s.DirectSendErr = d.rejectDirectSend(config, err)
	s.Access, s.AccessErr = d.access(ctx, r)
	return s
}

// config runs a cmdlet for what a tenant has once.
func (d *Directory) config(ctx context.Context, r *reads, cmdlet string) func() (cloudapi.Object, error) {
	return func() (cloudapi.Object, error) { return r.cmdlets.Get(ctx, cmdlet, "") }
}

// setting reads a fact of the whole tenant.
func (d *Directory) setting(ctx context.Context, name fact.Name, read func() (fact.Reading, error)) fact.Reading {
	api, access := accessOf(name)
	var reading fact.Reading
	err := d.patiently(ctx, api, func() (err error) {
		reading, err = read()
		return err
	})
	if err != nil {
		err = d.explain(string(name), api, access, err)
		reading = fact.Reading{Error: err.Error(), Trouble: err}
	}
	reading.Fact = name
	return reading
}

// policies says of each authentication policy what it makes of passwords. One
// that does not tell is left out: the accounts that have it stay open.
func (d *Directory) policies(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	list := d.exchange(ctx, "the authentication policies", fact.UserAuthPolicySMTP, cloudapi.Listing{
		Cmdlet: "Get-AuthenticationPolicy", Parameters: map[string]any{}, Properties: []string{"Guid", "Name", "AllowBasicAuthSmtp"},
	})
	for policy, err := range list {
		if err != nil {
			return nil, err
		}
		if value := worded(policy, "AllowBasicAuthSmtp", "allow", "block"); value != "" {
			all[strings.ToLower(text(policy, "Name"))] = value
		}
	}
	return all, nil
}

// rejectDirectSend: a switch that was never set is off.
func (d *Directory) rejectDirectSend(config cloudapi.Object, err error) (*bool, error) {
	var on *bool
	if err == nil {
		on, err = config.Flag("RejectDirectSend")
	}
	if err != nil {
		api, access := accessOf(fact.OrgSMTPAuth)
		return nil, d.explain("whether Direct Send is refused", api, access, err)
	}
	value := deref(on)
	return &value, nil
}

// access reads Conditional Access.
func (d *Directory) access(ctx context.Context, r *reads) (inventory.Access, error) {
	var policies []caPolicy
	err := d.patiently(ctx, cloudapi.Graph, func() (err error) {
		policies, err = r.graph.conditionalAccess(ctx)
		return err
	})
	if status := statusOf(err); status != 0 && r.neverPremium(ctx) {
		return &access{}, nil
	}
	if err != nil {
		api, needed := accessOf(fact.OrgConditionalAccess)
		return nil, d.explain("the Conditional Access policies", api, needed, err)
	}
	a := new(access)
	for _, p := range policies {
		if p.concernsSMTP() {
			a.policies = append(a.policies, p)
		}
	}
	return a, nil
}

// An access is Conditional Access by its policies alone.
type access struct{ policies []caPolicy }

// Stops implements inventory.Access. Groups, roles and kinds of guests are not
// read for everybody: a policy that depends on them is open.
func (a *access) Stops(id string) (certain, open []string) {
	who := &caUser{id: strings.ToLower(id), guest: true, noGroups: notForAll, noRoles: notForAll}
	for _, p := range a.policies {
		switch stops, reasons := p.stops(who); stops {
		case yes:
			certain = append(certain, notNone(p.name()))
		case maybe:
			open = append(open, "policy "+p.name()+" depends on "+strings.Join(reasons, " and "))
		}
	}
	return certain, open
}

const notForAll = "they are read for one user at a time"

// errLog is the fault of a log that ends early, with what it is about.
func (d *Directory) errLog(what string, err error) error {
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoPremium {
		err = noPremiumLog(f.What)
	}
	return d.explain(what, cloudapi.Graph, readLog, err)
}
