package tenantsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// usualUser are the properties that a user comes with unless $select asks
// for others.
var usualUser = []string{"id", "displayName", "userPrincipalName", "mail"}

func (c *call) getUser(stars []string) answer {
	u := c.state.User(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	name, _, _ := strings.Cut(u.Mailbox, "@")
	plans := []any{}
	for _, p := range u.plans() {
		plans = append(plans, map[string]any{
			"assignedDateTime": "2026-01-05T08:00:00Z", "capabilityStatus": "Enabled", "service": "exchange", "servicePlanId": p.id,
		})
	}
	return c.entity("users/$entity", usualUser, map[string]any{
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
func (u *User) plans() []plan {
	plans := []plan{{"EXCHANGE_S_FOUNDATION", "113feb6c-3fe4-4440-bddc-54d774bf0318"}}
	if u.Licence == "yes" {
		plans = append(plans, plan{"EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c"})
	}
	return plans
}

func (c *call) listLicences(stars []string) answer {
	u := c.state.User(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	plans := []any{}
	for _, p := range u.plans() {
		plans = append(plans, map[string]any{
			"servicePlanId": p.id, "servicePlanName": p.name, "provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	return c.list("users('"+u.ID+"')/licenseDetails", map[string]any{
		"id": "licence-1", "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
		"skuPartNumber": "O365_BUSINESS_PREMIUM", "servicePlans": plans,
	})
}

func (c *call) getMailboxSettings(stars []string) answer {
	u := c.state.User(stars[0])
	switch {
	case u == nil:
		return errNoResource.answer(stars[0])
	case u.Kind == "none":
		return errNoMailbox.answer("")
	}
	return c.entity("users('"+u.ID+"')/mailboxSettings", nil, map[string]any{"userPurpose": u.Kind})
}

// listDirectoryRoles serves the roles of the admin; the other users have
// none.
func (c *call) listDirectoryRoles(stars []string) answer {
	var roles []any
	if strings.EqualFold(stars[0], c.state.Admin.User) {
		for _, r := range directoryRoles {
			if slices.Contains(c.state.Admin.Roles, r.name) {
				roles = append(roles, map[string]any{"id": r.id, "displayName": r.name, "roleTemplateId": r.id})
			}
		}
	} else if c.state.User(stars[0]) == nil {
		return errNoResource.answer(stars[0])
	}
	return c.list("directoryRoles", roles...)
}

func (c *call) checkMemberGroups(stars []string) answer {
	var asked struct{ GroupIDs []string }
	if err := json.Unmarshal(c.body, &asked); err != nil {
		return errBadBody.answer("Unable to read JSON request payload.")
	}
	u := c.state.User(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	var in []any
	for _, id := range asked.GroupIDs {
		if slices.Contains(u.Groups, id) {
			in = append(in, id)
		}
	}
	return c.list("Collection(Edm.String)", in...)
}

func (c *call) listOrganization([]string) answer {
	return c.list("organization", map[string]any{
		"id": c.state.TenantID, "displayName": c.state.Name,
		"verifiedDomains": []any{map[string]any{
			"name": c.state.Domain, "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email",
		}},
	})
}

func (c *call) domain() map[string]any {
	return map[string]any{
		"id": c.state.Domain, "isVerified": true, "isDefault": true, "authenticationType": "Managed",
		"supportedServices": []string{"Email", "OfficeCommunicationsOnline"},
	}
}

func (c *call) listDomains([]string) answer { return c.list("domains", c.domain()) }

func (c *call) getDomain(stars []string) answer {
	if !strings.EqualFold(stars[0], c.state.Domain) {
		return errNoResource.answer(stars[0])
	}
	return c.entity("domains/$entity", nil, c.domain())
}

func (c *call) listSKUs([]string) answer {
	plans := []any{}
	for _, p := range (&User{Licence: "yes"}).plans() {
		plans = append(plans, map[string]any{
			"servicePlanId": p.id, "servicePlanName": p.name, "provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	if c.state.SignInLog.Licensed {
		plans = append(plans, map[string]any{
			"servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "servicePlanName": "AAD_PREMIUM",
			"provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	return jsonAnswer(http.StatusOK, map[string]any{
		"@odata.context": c.context("subscribedSkus"),
		"value": []any{map[string]any{
			"id": c.state.TenantID + "_sku", "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3", "skuPartNumber": "O365_BUSINESS_PREMIUM",
			"capabilityStatus": "Enabled", "consumedUnits": len(c.state.Users), "appliesTo": "User", "servicePlans": plans,
		}},
	})
}
