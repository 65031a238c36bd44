package m365

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A membership is a group around the user, with nested ones, or a directory
// role. What a caller may not read of it is null.
type membership struct {
	Type           string `json:"@odata.type"`
	ID             string
	RoleTemplateID string
	DisplayName    string
}

// isRole reports whether it is a role; what does not tell its type may be one.
func (m membership) isRole() bool {
	return m.RoleTemplateID != "" || m.Type == "" || strings.EqualFold(m.Type, "#microsoft.graph.directoryRole")
}

func (r *reads) memberOf(ctx context.Context) ([]membership, error) {
	key, err := r.userKey()
	if err != nil {
		return nil, err
	}
	return pages[membership](ctx, r.graph, r.graph.get("/users/{user%2Did}/transitiveMemberOf", map[string]string{"user%2Did": key}))
}

// roles are the user's directory roles. Where the list of all memberships is
// refused as such, the list of roles alone may still be given.
func (r *reads) roles(ctx context.Context) ([]membership, error) {
	list, err := r.memberships()
	if status := statusOf(err); status == 400 || status == 404 {
		key, keyErr := r.userKey()
		if keyErr != nil {
			return nil, keyErr
		}
		list, err = pages[membership](ctx, r.graph, r.graph.get("/users/{user%2Did}/transitiveMemberOf/graph.directoryRole", map[string]string{"user%2Did": key}))
		for i := range list {
			list[i].Type = "#microsoft.graph.directoryRole"
		}
	}
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(m membership) bool { return !m.isRole() })
	if slices.ContainsFunc(list, func(m membership) bool { return m.RoleTemplateID == "" }) {
		return nil, &cloudapi.Fault{Kind: ErrPermission, What: "it gives roles of the account without saying which"}
	}
	return list, nil
}

func (r *reads) adminRole(ctx context.Context) (fact.Reading, error) {
	roles, err := r.roles(ctx)
	if err != nil {
		return fact.Reading{}, err
	}
	if len(roles) == 0 {
		return fact.Reading{Value: fact.None}, nil
	}
	var names []string
	for _, role := range roles {
		names = append(names, notNone(cmp.Or(cloudapi.Clean(role.DisplayName), roleNames[strings.ToLower(role.RoleTemplateID)], cloudapi.Clean(role.RoleTemplateID))))
	}
	slices.Sort(names)
	return fact.Reading{Value: strings.Join(slices.Compact(names), ", ")}, nil
}

// notNone keeps a thing whose name is "none" from reading as no thing.
func notNone(name string) string {
	if name == fact.None {
		return `"` + name + `"`
	}
	return name
}

// roleNames are names for the template ids of roles that matter here, for an
// answer without them (learn.microsoft.com, "Microsoft Entra built-in roles").
var roleNames = map[string]string{
	"62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
	"194ae4cb-b126-40b2-bd5b-6091b380977d": "Security Administrator",
	"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9": "Conditional Access Administrator",
	"29232cdf-9323-42fd-ade2-1d097af3e4de": "Exchange Administrator",
	"0526716b-113d-4c15-b2c8-68e3c22b9f80": "Authentication Policy Administrator",
	"c4e39bd9-1100-46d3-8c65-fb160da0071f": "Authentication Administrator",
	"7be44c8a-adaf-4e2a-84d6-ab2649e08a13": "Privileged Authentication Administrator",
	"e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
	"fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
	"729827e3-9c14-49f7-bb1b-9608f156bbb8": "Helpdesk Administrator",
	"f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
}
