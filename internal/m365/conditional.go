package m365

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/identity"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// conditionalAccess names the enabled policies that would stop a password
// sign-in of this user over SMTP for certain. Policies that may, depending on
// what their text does not tell, leave the question open when no other one
// answers it.
func (r *reads) conditionalAccess(ctx context.Context) (fact.Reading, error) {
	policies, err := once(r, func(w *wide) *remembered[[]caPolicy] { return &w.policies }, func() ([]caPolicy, error) { return r.graph.conditionalAccess(ctx) })
	if status := statusOf(err); status != 0 && r.neverPremium(ctx) {
		return fact.Reading{Value: fact.None, Detail: "the tenant never had Entra ID P1 or P2, without which there are no policies (the list was refused with status " + fmt.Sprint(status) + ")"}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	policies = slices.DeleteFunc(slices.Clone(policies), func(p caPolicy) bool { return !p.concernsSMTP() })
	if len(policies) == 0 {
		return fact.Reading{Value: fact.None}, nil
	}
	who, err := r.caUser(ctx, policies)
	if err != nil {
		return fact.Reading{}, err
	}
	stops := func(p caPolicy) (tri, []string) { return p.stops(who) }
	return weighed(policies, stops, "look at the sign-in log, or at the policy in the Entra admin centre")
}

// weighed names the policies that stop a sign-in for certain. Where there is none
// but some that may, the fact is not known, and next says what to do.
func weighed(policies []caPolicy, stops func(caPolicy) (tri, []string), next string) (fact.Reading, error) {
	var certain, possible []string
	for _, p := range policies {
		switch answer, reasons := stops(p); answer {
		case yes:
			certain = append(certain, notNone(p.name()))
		case maybe:
			possible = append(possible, fmt.Sprintf("policy %s depends on %s", p.name(), strings.Join(reasons, " and ")))
		}
	}
	detail := strings.Join(possible, "; ")
	switch {
	case len(certain) > 0:
		return fact.Reading{Value: strings.Join(certain, "; "), Detail: detail}, nil
	case len(possible) > 0:
		return fact.Reading{}, undecided("from the policy list alone, "+detail, next)
	}
	return fact.Reading{Value: fact.None}, nil
}

// statusOf is the HTTP status of a refusal, 0 for any other failure, such as
// one that may pass.
func statusOf(err error) int {
	f, ok := errors.AsType[*cloudapi.Fault](err)
	if !ok {
		return 0
	}
	return f.Status
}

func (g *graphClient) conditionalAccess(ctx context.Context) ([]caPolicy, error) {
	request, err := identity.NewIdentityRequestBuilderInternal(map[string]string{}, g).
		ConditionalAccess().Policies().ToGetRequestInformation(ctx, nil)
	if err != nil {
		return nil, err
	}
	return pages[caPolicy](ctx, g, request)
}

// A caUser is what decides whether a policy applies to the user.
type caUser struct {
	id    string
	guest bool
	// member holds the ids of all groups around the user, and the template
	// ids of the user's directory roles.
	member map[string]bool
	// noGroups and noRoles say why they could not be read, "" when they were.
	noGroups, noRoles string
}

func (r *reads) caUser(ctx context.Context, policies []caPolicy) (*caUser, error) {
	user, err := r.user()
	if err != nil {
		return nil, err
	}
	who := &caUser{id: strings.ToLower(user.ID), guest: user.guest(), member: map[string]bool{}}
	if slices.ContainsFunc(policies, caPolicy.namesGroups) {
		groups, err := r.memberships()
		if err != nil {
			who.noGroups = cloudapi.AsFault(err).What
		}
		for _, g := range groups {
			who.member[strings.ToLower(g.ID)] = true
		}
	}
	if slices.ContainsFunc(policies, caPolicy.namesRoles) {
		roles, err := r.roles(ctx)
		if err != nil {
			who.noRoles = cloudapi.AsFault(err).What
		}
		for _, role := range roles {
			who.member[strings.ToLower(role.RoleTemplateID)] = true
		}
	}
	return who, nil
}
