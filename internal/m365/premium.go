package m365

import (
	"context"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// The service plans of Entra ID. Every subscription that has ever been counts,
// whatever has become of it: what was set up under it may still stand.
const (
	planP1 = "AAD_PREMIUM"
	planP2 = "AAD_PREMIUM_P2"
)

func (r *reads) orgPremium(ctx context.Context) (fact.Reading, error) {
	return r.premium.get(func() (fact.Reading, error) {
		list, err := pages[licence](ctx, r.graph, r.graph.get("/subscribedSkus", nil))
		if err != nil {
			return fact.Reading{}, err
		}
		return premiumReading(list)
	})
}

func premiumReading(list []licence) (fact.Reading, error) {
	const next = "look at the subscriptions in the Microsoft 365 admin centre"
	reading := fact.Reading{Value: fact.None}
	open := ""
	if len(list) == 0 {
		open = "the tenant names no subscription at all"
	}
	for _, l := range list {
		if len(l.ServicePlans) == 0 {
			open = "a subscription is listed without its service plans"
		}
		for _, plan := range l.ServicePlans {
			switch name := strings.ToUpper(deref(plan.ServicePlanName)); {
			case name == planP2:
				return fact.Reading{Value: "p2"}, nil
			case name == planP1:
				reading.Value = "p1"
			case name == "":
				open = "a service plan is listed without its name"
			case strings.HasPrefix(name, planP1):
				open = "the plan " + cloudapi.Clean(name) + " is not known here"
			}
		}
	}
	if open != "" {
		return fact.Reading{}, undecided(open, next)
	}
	return reading, nil
}

// neverPremium reports whether it is known that the tenant never had Entra ID
// P1, so that it has no Conditional Access policies and no sign-in log.
func (r *reads) neverPremium(ctx context.Context) bool {
	reading, err := r.orgPremium(ctx)
	return err == nil && reading.Value == fact.None
}
