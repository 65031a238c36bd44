package graph

import (
	"net/http"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

func listOrganization(c *web.Call, _ []string) web.Answer {
	return list(c, "organization", map[string]any{
		"id": c.State.TenantID, "displayName": c.State.Name,
		"verifiedDomains": []any{map[string]any{
			"name": c.State.Domain, "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email",
		}},
	})
}

func listSKUs(c *web.Call, _ []string) web.Answer {
	plans := []any{}
	for _, p := range plansOf(&state.User{Licence: "yes"}) {
		plans = append(plans, map[string]any{
			"servicePlanId": p.id, "servicePlanName": p.name, "provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	if c.State.SignInLog.Licensed {
		plans = append(plans, map[string]any{
			"servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "servicePlanName": "AAD_PREMIUM",
			"provisioningStatus": "Success", "appliesTo": "User",
		})
	}
	return web.JSON(http.StatusOK, map[string]any{
		"@odata.context": context(c, "subscribedSkus"),
		"value": []any{map[string]any{
			"id": c.State.TenantID + "_sku", "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3", "skuPartNumber": "O365_BUSINESS_PREMIUM",
			"capabilityStatus": "Enabled", "consumedUnits": len(c.State.Users), "appliesTo": "User", "servicePlans": plans,
		}},
	})
}
