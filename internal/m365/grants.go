package m365

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// exchangeID is Exchange Online in every tenant.
const exchangeID = "00000002-0000-0ff1-ce00-000000000000"

// appSendAsApp tells whether the application holds the permission. The token that
// was issued tells it best; its absence there may be the directory's lag. The
// id of the permission is looked up, for no page of Microsoft's names it.
func (r *reads) appSendAsApp(ctx context.Context) (fact.Reading, error) {
	app, err := r.theApplication()
	if err != nil {
		return fact.Reading{}, err
	}
	if h := app.Holder; h != nil && h.ObjectID != "" {
		if slices.Contains(h.Roles, "SMTP.SendAsApp") {
			return fact.Reading{Value: "granted", Detail: "it stands in the token"}, nil
		}
		return fact.Reading{Value: fact.None, Detail: "it is not in the token"}, nil
	}
	sp, err := r.ofEnterprise()
	if err != nil {
		return fact.Reading{}, err
	}
	exchange, err := r.fetchPrincipal(ctx, exchangeID, "id,accountEnabled,appRoles,oauth2PermissionScopes")
	if err != nil {
		return fact.Reading{}, err
	}
	role := ""
	for _, a := range exchange.AppRoles {
		if a.Value == "SMTP.SendAsApp" && slices.Contains(a.AllowedMemberTypes, "Application") {
			role = a.ID
		}
	}
	if role == "" {
		return fact.Reading{}, cloudapi.NoValue("the permission SMTP.SendAsApp of Exchange Online")
	}
	list, err := pages[assignment](ctx, r.graph, r.graph.get("/servicePrincipals/{id}/appRoleAssignments", map[string]string{"id": sp.ID}))
	if err != nil {
		return fact.Reading{}, err
	}
	for _, a := range list {
		if strings.EqualFold(a.AppRoleID, role) && strings.EqualFold(a.ResourceID, exchange.ID) {
			return fact.Reading{Value: "granted"}, nil
		}
	}
	return fact.Reading{Value: fact.None}, nil
}

// A permissionGrant is a consent to delegated permissions.
type permissionGrant struct {
	ConsentType string // AllPrincipals, Principal
	PrincipalID *string
	Scope       string // separated by blanks
}

// appSMTPSend tells whether the user's consent, or everybody's, holds SMTP.Send.
// It exists on Graph and on Exchange Online, and either yields the token.
func (r *reads) appSMTPSend(ctx context.Context) (fact.Reading, error) {
	sp, err := r.ofEnterprise()
	if err != nil {
		return fact.Reading{}, err
	}
	list, err := pages[permissionGrant](ctx, r.graph, r.graph.get("/oauth2PermissionGrants{?%24filter}",
		map[string]string{"%24filter": fmt.Sprintf("clientId eq '%s'", sp.ID)}))
	if err != nil {
		return fact.Reading{}, err
	}
	others := false
	for _, g := range list {
		if !slices.Contains(strings.Fields(g.Scope), "SMTP.Send") {
			continue
		}
		if g.ConsentType == "AllPrincipals" {
			return fact.Reading{Value: "granted", Detail: "for everybody"}, nil
		}
		user, err := r.signsIn()
		if err != nil {
			return fact.Reading{}, err
		}
		if strings.EqualFold(deref(g.PrincipalID), user) {
			return fact.Reading{Value: "granted", Detail: "for this user"}, nil
		}
		others = true
	}
	if others {
		return fact.Reading{Value: fact.None, Detail: "for other users only"}, nil
	}
	return fact.Reading{Value: fact.None}, nil
}
