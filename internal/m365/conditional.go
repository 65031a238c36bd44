package m365

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/identity"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// conditionalAccess names the enabled policies that would stop a password
// sign-in of this user over SMTP for certain. Policies that may, depending on
// what their text does not tell, leave the question open when no other one
// answers it.
func (r *reads) conditionalAccess(ctx context.Context) (fact.Reading, error) {
	policies, err := r.graph.conditionalAccess(ctx)
	if err != nil {
		return fact.Reading{}, err
	}
	policies = slices.DeleteFunc(policies, func(p caPolicy) bool { return !p.concernsSMTP() })
	if len(policies) == 0 {
		return fact.Reading{Value: fact.None}, nil
	}
	who, err := r.caUser(ctx, slices.ContainsFunc(policies, caPolicy.namesGroups))
	if err != nil {
		return fact.Reading{}, err
	}
	var certain, possible []string
	for _, p := range policies {
		switch stops, reasons := p.stops(who); stops {
		case yes:
			certain = append(certain, cloudapi.Clean(p.DisplayName))
		case maybe:
			possible = append(possible, fmt.Sprintf("policy %s depends on %s", cloudapi.Clean(p.DisplayName), strings.Join(reasons, " and ")))
		}
	}
	detail := strings.Join(possible, "; ")
	switch {
	case len(certain) > 0:
		return fact.Reading{Value: strings.Join(certain, "; "), Detail: detail}, nil
	case len(possible) > 0:
		return fact.Reading{}, undecided("from the policy list alone, "+detail, "look at the sign-in log, or at the policy in the Entra admin centre")
	}
	return fact.Reading{Value: fact.None}, nil
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
	// unread says why groups and roles could not be read, "" when they were.
	unread string
}

func (r *reads) caUser(ctx context.Context, withGroups bool) (*caUser, error) {
	user, err := r.user()
	if err != nil {
		return nil, err
	}
	who := &caUser{id: strings.ToLower(deref(user.GetId())), guest: isGuest(user), member: map[string]bool{}}
	if who.id == "" {
		return nil, cloudapi.NoValue("the user's id")
	}
	if !withGroups {
		return who, nil
	}
	groups, err := r.graph.memberships(ctx, r.mailbox)
	if err != nil {
		who.unread = cloudapi.AsFault(err).What
	}
	for _, g := range groups {
		who.member[strings.ToLower(g.ID)] = true
		who.member[strings.ToLower(g.RoleTemplateID)] = true
	}
	return who, nil
}

func isGuest(user models.Userable) bool {
	kind := deref(user.GetUserType())
	return strings.EqualFold(kind, "Guest") || strings.Contains(deref(user.GetUserPrincipalName()), "#EXT#")
}

// A membership is a group, with nested ones, or a directory role.
type membership struct {
	ID             string
	RoleTemplateID string
}

func (g *graphClient) memberships(ctx context.Context, user string) ([]membership, error) {
	request, err := g.user(user).TransitiveMemberOf().ToGetRequestInformation(ctx, nil)
	if err != nil {
		return nil, err
	}
	return pages[membership](ctx, g, request)
}
