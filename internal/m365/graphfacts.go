package m365

import (
	"context"
	"fmt"
	"slices"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/policies"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

func (g *graphClient) policies() *policies.PoliciesRequestBuilder {
	return policies.NewPoliciesRequestBuilderInternal(map[string]string{}, g)
}

func (g *graphClient) user(id string) *users.UserItemRequestBuilder {
	return users.NewUsersRequestBuilderInternal(map[string]string{}, g).ByUserId(id)
}

func (r *reads) securityDefaults(ctx context.Context) (fact.Reading, error) {
	policy, err := r.graph.policies().IdentitySecurityDefaultsEnforcementPolicy().Get(ctx, nil)
	if err != nil {
		return fact.Reading{}, err
	}
	if policy == nil || policy.GetIsEnabled() == nil {
		return fact.Reading{}, cloudapi.NoValue("isEnabled")
	}
	return fact.Reading{Value: onOff(*policy.GetIsEnabled())}, nil
}

func (g *graphClient) setSecurityDefaults(ctx context.Context, value string) error {
	on := value == "on"
	policy := models.NewIdentitySecurityDefaultsEnforcementPolicy()
	policy.SetIsEnabled(&on)
	_, err := g.policies().IdentitySecurityDefaultsEnforcementPolicy().Patch(ctx, policy, nil)
	return err
}

// mfaPath is in the preview API alone.
const mfaPath = "/users/{user%2Did}/authentication/requirements"

func (r *reads) perUserMFA(ctx context.Context) (fact.Reading, error) {
	var requirements struct {
		PerUserMFAState string `json:"perUserMfaState"`
	}
	request := r.graph.betaRequest(abstractions.GET, mfaPath, map[string]string{"user%2Did": r.mailbox})
	if err := r.graph.raw(ctx, request, &requirements); err != nil {
		return fact.Reading{}, err
	}
	state := requirements.PerUserMFAState
	if row, _ := fact.Lookup(fact.UserPerUserMFA); !row.Allows(state) {
		return fact.Reading{}, cloudapi.NoValue(fmt.Sprintf("a known perUserMfaState (but %q)", cloudapi.Clean(state)))
	}
	return fact.Reading{Value: state}, nil
}

func (g *graphClient) setPerUserMFA(ctx context.Context, mailbox, value string) error {
	request := g.betaRequest(abstractions.PATCH, mfaPath, map[string]string{"user%2Did": mailbox})
	request.SetStreamContentAndContentType(fmt.Appendf(nil, `{"perUserMfaState":%q}`, value), "application/json")
	return g.SendNoContent(ctx, request, nil)
}

// fetchUser asks for the properties that Graph leaves out unless selected.
func (r *reads) fetchUser(ctx context.Context) (models.Userable, error) {
	user, err := r.graph.user(r.mailbox).Get(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{
			Select: []string{"id", "userPrincipalName", "accountEnabled", "userType"},
		},
	})
	if err == nil && user == nil {
		err = cloudapi.NoValue("a user")
	}
	return user, err
}

func (r *reads) account(context.Context) (fact.Reading, error) {
	user, err := r.user()
	if err != nil {
		return fact.Reading{}, err
	}
	switch enabled := user.GetAccountEnabled(); {
	case enabled == nil:
		return fact.Reading{}, cloudapi.NoValue("accountEnabled")
	case *enabled:
		return fact.Reading{Value: "enabled"}, nil
	}
	return fact.Reading{Value: "disabled"}, nil
}

func (r *reads) licence(ctx context.Context) (fact.Reading, error) {
	list, err := r.graph.user(r.mailbox).LicenseDetails().Get(ctx, nil)
	if err != nil {
		return fact.Reading{}, err
	}
	if list == nil || list.GetValue() == nil {
		return fact.Reading{}, cloudapi.NoValue("a list of licences")
	}
	var plans []models.ServicePlanInfoable
	for _, licence := range list.GetValue() {
		if licence != nil {
			plans = append(plans, licence.GetServicePlans()...)
		}
	}
	return licenceReading(plans)
}

// licenceReading looks for a service plan that holds a mailbox. A plan that is
// assigned and not ready, or of a kind not known here, leaves the question open.
func licenceReading(plans []models.ServicePlanInfoable) (fact.Reading, error) {
	off, open := "", ""
	for _, plan := range plans {
		if plan == nil {
			continue
		}
		name, status := cloudapi.Clean(deref(plan.GetServicePlanName())), cloudapi.Clean(deref(plan.GetProvisioningStatus()))
		mailbox := hasPrefix(name, mailboxPlans)
		switch {
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
	if open != "" {
		return fact.Reading{}, undecided(open, "look at the account's licences in the Microsoft 365 admin centre")
	}
	return fact.Reading{Value: "no", Detail: off}, nil
}

func hasPrefix(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
