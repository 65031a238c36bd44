package m365

import (
	"context"
	"errors"
	"fmt"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/policies"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

func (g *graphClient) policies() *policies.PoliciesRequestBuilder {
	return policies.NewPoliciesRequestBuilderInternal(map[string]string{}, g)
}

func (r *reads) securityDefaults(ctx context.Context) (fact.Reading, error) {
	request, err := r.graph.policies().IdentitySecurityDefaultsEnforcementPolicy().ToGetRequestInformation(ctx, nil)
	if err != nil {
		return fact.Reading{}, err
	}
	return once(r, func(w *wide) *remembered[fact.Reading] { return &w.defaults }, func() (fact.Reading, error) {
		var policy struct{ IsEnabled *bool }
		if err := r.graph.raw(ctx, request, &policy); err != nil {
			return fact.Reading{}, err
		}
		if policy.IsEnabled == nil {
			return fact.Reading{}, cloudapi.NoValue("isEnabled")
		}
		return fact.Reading{Value: onOff(*policy.IsEnabled)}, nil
	})
}

func (t *Tenant) setSecurityDefaults(ctx context.Context, scopes []string, value string) error {
	graph, err := t.graphForWrite(ctx, scopes)
	if err != nil {
		return err
	}
	on := value == "on"
	policy := models.NewIdentitySecurityDefaultsEnforcementPolicy()
	policy.SetIsEnabled(&on)
	_, err = graph.policies().IdentitySecurityDefaultsEnforcementPolicy().Patch(ctx, policy, nil)
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && on && f.Status == besidePolicies {
		beside := *f
		beside.Next = "security defaults cannot go on while Conditional Access policies are on, which stand in for them: switch those policies off first, or leave security defaults off"
		return &beside
	}
	return err
}

// mfaPath is in the preview API alone.
const mfaPath = "/users/{user%2Did}/authentication/requirements"

func (r *reads) perUserMFA(ctx context.Context) (fact.Reading, error) {
	key, err := r.userKey()
	if err != nil {
		return fact.Reading{}, err
	}
	var requirements struct{ PerUserMFAState string }
	request := r.graph.betaRequest(abstractions.GET, mfaPath, map[string]string{"user%2Did": key})
	if err := r.graph.raw(ctx, request, &requirements); err != nil {
		return fact.Reading{}, err
	}
	state := requirements.PerUserMFAState
	if row, _ := fact.Lookup(fact.UserPerUserMFA); !row.Allows(state) {
		return fact.Reading{}, cloudapi.NoValue(fmt.Sprintf("a known perUserMfaState (but %q)", cloudapi.Clean(state)))
	}
	return fact.Reading{Value: state}, nil
}

func (t *Tenant) setPerUserMFA(ctx context.Context, scopes []string, value string) error {
	graph, err := t.graphForWrite(ctx, scopes)
	if err != nil {
		return err
	}
	_, key := t.proven()
	request := graph.betaRequest(abstractions.PATCH, mfaPath, map[string]string{"user%2Did": key})
	request.SetStreamContentAndContentType(fmt.Appendf(nil, `{"perUserMfaState":%q}`, value), "application/json")
	return graph.SendNoContent(ctx, request, nil)
}

func (r *reads) account(context.Context) (fact.Reading, error) {
	user, err := r.user()
	switch {
	case err != nil:
		return fact.Reading{}, err
	case user.AccountEnabled == nil:
		return fact.Reading{}, cloudapi.NoValue("accountEnabled")
	case *user.AccountEnabled:
		return fact.Reading{Value: "enabled"}, nil
	}
	return fact.Reading{Value: "disabled"}, nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
