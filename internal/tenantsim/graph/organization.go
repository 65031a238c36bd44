package graph

import (
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

func listOrganization(c *web.Call, _ []string) web.Answer {
	domains := []any{}
	for i, name := range c.State.VerifiedDomains() {
		domains = append(domains, map[string]any{
			"name": name, "isDefault": i == 0, "isInitial": strings.HasSuffix(name, ".onmicrosoft.com"),
			"type": "Managed", "capabilities": "Email",
		})
	}
	return list(c, "organization", project(c, []string{"id", "displayName", "verifiedDomains"}, map[string]any{
		"id": c.State.TenantID, "displayName": c.State.Name, "verifiedDomains": domains,
	}))
}

// premiumPlans are Entra ID's; who has P2 has P1 beside it.
var premiumPlans = map[string][]plan{
	"p1": {{"AAD_PREMIUM", "41781fb2-bc02-4b7c-bd55-b576c07bb09d"}},
	"p2": {{"AAD_PREMIUM", "41781fb2-bc02-4b7c-bd55-b576c07bb09d"}, {"AAD_PREMIUM_P2", "eec0eb4f-6444-4f95-aba0-50c24d67f998"}},
}

func listSKUs(c *web.Call, _ []string) web.Answer {
	plans := plansOf(&state.User{Licence: "yes"})
	return list(c, "subscribedSkus", map[string]any{
		"id": c.State.TenantID + "_sku", "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3", "skuPartNumber": "O365_BUSINESS_PREMIUM",
		"capabilityStatus": "Enabled", "consumedUnits": len(c.State.Users), "appliesTo": "User",
		"servicePlans": servicePlans(append(plans, premiumPlans[c.State.Premium()]...)),
	})
}
