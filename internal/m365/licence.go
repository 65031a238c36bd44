package m365

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A licence is one that a user or a tenant has, with its service plans. Plans,
// names and states that were not sent are nil.
type licence struct {
	ServicePlans []struct {
		ServicePlanName    *string
		ProvisioningStatus *string
	}
}

func (r *reads) licence(ctx context.Context) (fact.Reading, error) {
	key, err := r.userKey()
	if err != nil {
		return fact.Reading{}, err
	}
	list, err := pages[licence](ctx, r.graph, r.graph.get("/users/{user%2Did}/licenseDetails", map[string]string{"user%2Did": key}))
	if err != nil {
		return fact.Reading{}, err
	}
	return licenceReading(list)
}

// licenceReading looks for a service plan that holds a mailbox. A plan that is
// assigned and not ready, that does not tell its name or state, or is of a
// kind not known here, leaves the question open.
func licenceReading(list []licence) (fact.Reading, error) {
	off, open := "", ""
	for _, l := range list {
		if l.ServicePlans == nil {
			open = "a licence is assigned and its service plans were not given"
		}
		for _, plan := range l.ServicePlans {
			name, status := cloudapi.Clean(deref(plan.ServicePlanName)), cloudapi.Clean(deref(plan.ProvisioningStatus))
			mailbox := hasPrefix(name, mailboxPlans)
			switch {
			case name == "" || status == "":
				open = fmt.Sprintf("a service plan is assigned, and its name is given as %q and its state as %q", name, status)
			case mailbox && status == "Success":
				return fact.Reading{Value: "yes", Detail: name}, nil
			case mailbox && status == "Disabled":
				off = name + " is switched off in the licence"
			case mailbox:
				open = fmt.Sprintf("the plan %s is assigned and its state is %q", name, status)
			case strings.HasPrefix(name, "EXCHANGE") && !hasPrefix(name, otherPlans) && status != "Disabled":
				open = fmt.Sprintf("the plan %s is not known to hold a mailbox or none", name)
			}
		}
	}
	if open != "" {
		return fact.Reading{}, undecided(open, "look at the account's licences in the Microsoft 365 admin centre")
	}
	return fact.Reading{Value: "no", Detail: off}, nil
}

func hasPrefix(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
