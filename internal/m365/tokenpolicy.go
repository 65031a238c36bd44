package m365

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/fact"
)

// appConditionalAccess names the enabled policies that refuse the application's
// token for Exchange for certain: for a person those that block the user or the
// device code, for an application of its own those for workload identities,
// which policies for users are not.
func (r *reads) appConditionalAccess(ctx context.Context) (fact.Reading, error) {
	app, err := r.theApplication()
	if err != nil {
		return fact.Reading{}, err
	}
	policies, err := r.graph.conditionalAccess(ctx)
	if status := statusOf(err); status != 0 && r.neverPremium(ctx) {
		return fact.Reading{Value: fact.None, Detail: "the tenant never had Entra ID P1 or P2, without which there are no policies (the list was refused with status " + fmt.Sprint(status) + ")"}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	concerns := caPolicy.concernsToken
	if !app.Personal {
		concerns = caPolicy.concernsWorkload
	}
	policies = slices.DeleteFunc(policies, func(p caPolicy) bool { return !concerns(p, app) })
	if len(policies) == 0 {
		return fact.Reading{Value: fact.None}, nil
	}
	refuses, err := r.refusing(ctx, app, policies)
	if err != nil {
		return fact.Reading{}, err
	}
	return weighed(policies, refuses, "look at the policy in the Entra admin centre")
}

// refusing returns what judges a policy, once it is known for whom.
func (r *reads) refusing(ctx context.Context, app *Application, policies []caPolicy) (func(caPolicy) (tri, []string), error) {
	if app.Personal {
		who, err := r.caUser(ctx, policies)
		return func(p caPolicy) (tri, []string) { return p.refusesToken(who) }, err
	}
	id, err := r.enterpriseID()
	return func(p caPolicy) (tri, []string) { return p.refusesWorkload(id) }, err
}

// concernsToken reports whether the policy may be enabled and may refuse a
// person's token: the person can meet what asks for a second factor.
func (p caPolicy) concernsToken(app *Application) bool {
	c := p.Conditions
	if p.enabled() == no || p.blocks() == no {
		return false
	}
	return c == nil || c.desktop() != no && c.Applications.exchange() != no && !c.forWorkloads() && c.flow(app.DeviceCode) != no
}

// refusesToken reports whether the policy, one that concernsToken, refuses the
// token of the user.
func (p caPolicy) refusesToken(who *caUser) (tri, []string) {
	c := p.Conditions
	if c == nil {
		return maybe, []string{"its conditions, which were not given"}
	}
	user, groups := c.Users.applies(who)
	return p.weigh([]caQuestion{
		{user, groups},
		{c.desktop(), "client types not known here"},
		{c.flow(true), "the way of signing in"},
	})
}

// concernsWorkload reports whether the policy may be enabled and may refuse the
// token of an application that acts on its own.
func (p caPolicy) concernsWorkload(*Application) bool {
	c := p.Conditions
	if p.enabled() == no || p.blocks() == no {
		return false
	}
	return c == nil || c.forWorkloads() && c.Applications.exchange() != no
}

// refusesWorkload reports whether the policy, one that concernsWorkload, refuses
// the token of the enterprise application with that id.
func (p caPolicy) refusesWorkload(id string) (tri, []string) {
	c := p.Conditions
	if c == nil {
		return maybe, []string{"its conditions, which were not given"}
	}
	var principals struct {
		IncludeServicePrincipals, ExcludeServicePrincipals []string
		ServicePrincipalFilter                             json.RawMessage
	}
	included := maybe
	if json.Unmarshal(c.other["clientApplications"], &principals) == nil {
		included = truth(overlap(principals.IncludeServicePrincipals, []string{id, "ServicePrincipalsInMyTenant"})).
			and(truth(overlap(principals.ExcludeServicePrincipals, []string{id})).not())
		if !isNull(principals.ServicePrincipalFilter) {
			included = maybe
		}
	}
	return p.weigh([]caQuestion{
		{included, "a filter on applications"},
		{truth(isNull(c.other["servicePrincipalRiskLevels"])).or(maybe), "the application's risk"},
	})
}

// A caQuestion is a part of what a policy depends on.
type caQuestion struct {
	answer tri
	about  string
}

// weigh adds to the questions those that every policy answers.
func (p caPolicy) weigh(questions []caQuestion) (tri, []string) {
	c := p.Conditions
	questions = append(questions,
		caQuestion{p.enabled(), "its state, which is not known here"},
		caQuestion{c.Applications.exchange(), "a filter on applications, or applications that were not given"},
		caQuestion{c.anywhere(), "location"},
		caQuestion{c.anyPlatform(), "device platform"},
		caQuestion{p.blocks(), "a device that the policy accepts, or a grant control not known here"},
	)
	all := yes
	var reasons []string
	for _, q := range questions {
		if all = all.and(q.answer); q.answer == maybe {
			reasons = append(reasons, q.about)
		}
	}
	if more := c.undecidable(); len(more) > 0 {
		all = all.and(maybe)
		reasons = append(reasons, more...)
	}
	return all, reasons
}

// desktop: a public client is of the type "mobileAppsAndDesktopClients".
func (c caConditions) desktop() tri {
	if c.ClientAppTypes == nil {
		return maybe
	}
	known := []string{"browser", "other", "exchangeActiveSync", "easSupported"}
	result := truth(len(*c.ClientAppTypes) == 0)
	for _, t := range *c.ClientAppTypes {
		switch {
		case t == "all" || t == "mobileAppsAndDesktopClients":
			return yes
		case !slices.Contains(known, t):
			result = maybe
		}
	}
	return result
}

// forWorkloads reports whether the policy is for applications that act on their
// own.
func (c caConditions) forWorkloads() bool {
	var principals struct{ IncludeServicePrincipals []string }
	json.Unmarshal(c.other["clientApplications"], &principals) // what is no object names none
	return len(principals.IncludeServicePrincipals) > 0
}

// flow reports whether the policy is for this way of signing in.
func (c caConditions) flow(deviceCode bool) tri {
	raw := c.other["authenticationFlows"]
	var flows struct{ TransferMethods string }
	switch {
	case isNull(raw):
		return yes
	case json.Unmarshal(raw, &flows) != nil:
		return maybe
	}
	return truth(deviceCode && strings.Contains(flows.TransferMethods, "deviceCodeFlow"))
}

// blocks reports whether the policy's controls refuse whoever signs in: a block
// does, a second factor does not, and of the others it is not certain.
func (p caPolicy) blocks() tri {
	if string(p.GrantControls) == "null" {
		return no
	}
	var g caGrant
	if len(p.GrantControls) == 0 || json.Unmarshal(p.GrantControls, &g) != nil {
		return maybe
	}
	var each []tri
	for _, control := range g.BuiltInControls {
		switch control {
		case "block":
			return yes
		case "mfa", "passwordChange":
			each = append(each, no)
		default:
			each = append(each, maybe)
		}
	}
	for range len(g.CustomAuthenticationFactors) + len(g.TermsOfUse) {
		each = append(each, maybe)
	}
	switch {
	case len(each) == 0:
		return no
	case g.Operator == "OR":
		return slices.Min(each)
	}
	return slices.Max(each)
}
