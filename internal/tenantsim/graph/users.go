package graph

import (
	"net/http"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// usualUser are the properties that a user comes with unless $select asks
// for others.
var usualUser = []string{"id", "displayName", "userPrincipalName", "mail"}

func getUser(c *web.Call, stars []string) web.Answer {
	u := c.State.Account(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	out := project(c, usualUser, properties(u))
	out["@odata.context"] = context(c, "users/$entity")
	return web.JSON(http.StatusOK, out)
}

// userSchema: Entra compares addresses whatever their case.
var userSchema = schema{
	kind: "user", properties: []string{"id", "mail", "userPrincipalName", "displayName"},
	lists: []string{"proxyAddresses"}, anyCase: true,
}

func listUsers(c *web.Call, _ []string) web.Answer {
	keep, err := userSchema.parseFilter(c.Query.Get("$filter"))
	if err != nil {
		return err.answer()
	}
	var found []any
	for i := range c.State.Users {
		if all := properties(&c.State.Users[i]); keep(all) {
			found = append(found, project(c, usualUser, all))
		}
	}
	return list(c, "users", found...)
}

// properties are those of a user that may be asked for.
func properties(u *state.User) map[string]any {
	plans := []any{}
	for _, p := range plansOf(u) {
		plans = append(plans, map[string]any{
			"assignedDateTime": "2026-01-05T08:00:00Z", "capabilityStatus": "Enabled", "service": "exchange", "servicePlanId": p.id,
		})
	}
	kind := "Member"
	if strings.Contains(u.Principal(), "#EXT#") {
		kind = "Guest"
	}
	return map[string]any{
		"id":                    u.ID,
		"displayName":           u.Label(),
		"userPrincipalName":     u.Principal(),
		"userType":              kind,
		"mail":                  u.Mailbox,
		"accountEnabled":        u.Account == "enabled",
		"assignedPlans":         plans,
		"provisionedPlans":      []any{},
		"proxyAddresses":        u.ProxyAddresses(),
		"onPremisesSyncEnabled": nil,
		"usageLocation":         "DE",
	}
}

// A plan is a service plan of a licence.
type plan struct{ name, id string }

// plans are the Exchange plans of the user. Foundation comes with nearly
// every licence and is no mailbox.
func plansOf(u *state.User) []plan {
	plans := []plan{{"EXCHANGE_S_FOUNDATION", "113feb6c-3fe4-4440-bddc-54d774bf0318"}}
	if u.Licence == "yes" {
		plans = append(plans, plan{"EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c"})
	}
	return plans
}

func listLicences(c *web.Call, stars []string) web.Answer {
	u := c.State.Account(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	return list(c, "users('"+u.ID+"')/licenseDetails", map[string]any{
		"id": "licence-1", "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
		"skuPartNumber": "O365_BUSINESS_PREMIUM", "servicePlans": servicePlans(plansOf(u)),
	})
}

func servicePlans(plans []plan) []any {
	list := []any{}
	for _, p := range plans {
		list = append(list, map[string]any{
			"servicePlanId": p.id, "servicePlanName": p.name, "provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	return list
}
