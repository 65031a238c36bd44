package graph

import (
	"slices"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// usualUser are the properties that a user comes with unless $select asks
// for others.
var usualUser = []string{"id", "displayName", "userPrincipalName", "mail"}

func getUser(c *web.Call, stars []string) web.Answer {
	u := c.State.User(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	name, _, _ := strings.Cut(u.Mailbox, "@")
	plans := []any{}
	for _, p := range plansOf(u) {
		plans = append(plans, map[string]any{
			"assignedDateTime": "2026-01-05T08:00:00Z", "capabilityStatus": "Enabled", "service": "exchange", "servicePlanId": p.id,
		})
	}
	return entity(c, "users/$entity", usualUser, map[string]any{
		"id":                    u.ID,
		"displayName":           name,
		"userPrincipalName":     u.Mailbox,
		"mail":                  u.Mailbox,
		"accountEnabled":        u.Account == "enabled",
		"assignedPlans":         plans,
		"provisionedPlans":      []any{},
		"proxyAddresses":        []string{"SMTP:" + u.Mailbox},
		"onPremisesSyncEnabled": nil,
		"usageLocation":         "DE",
	})
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
	u := c.State.User(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	plans := []any{}
	for _, p := range plansOf(u) {
		plans = append(plans, map[string]any{
			"servicePlanId": p.id, "servicePlanName": p.name, "provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	return list(c, "users('"+u.ID+"')/licenseDetails", map[string]any{
		"id": "licence-1", "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
		"skuPartNumber": "O365_BUSINESS_PREMIUM", "servicePlans": plans,
	})
}

// listDirectoryRoles serves the roles of the admin; the other users have
// none.
func listDirectoryRoles(c *web.Call, stars []string) web.Answer {
	var roles []any
	if strings.EqualFold(stars[0], c.State.Admin.User) {
		for _, r := range state.DirectoryRoles {
			if slices.Contains(c.State.Admin.Roles, r.Name) {
				roles = append(roles, map[string]any{"id": r.ID, "displayName": r.Name, "roleTemplateId": r.ID})
			}
		}
	} else if c.State.User(stars[0]) == nil {
		return errNoResource.answer(stars[0])
	}
	return list(c, "directoryRoles", roles...)
}
