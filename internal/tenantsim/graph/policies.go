package graph

import (
	"net/http"
	"slices"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

func getSecurityDefaults(c *web.Call, _ []string) web.Answer {
	return web.JSON(http.StatusOK, map[string]any{
		"@odata.context": context(c, "policies/identitySecurityDefaultsEnforcementPolicy/$entity"),
		"id":             "00000000-0000-0000-0000-000000000005",
		"displayName":    "Security Defaults",
		"description":    "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
		"isEnabled":      c.State.Org.SecurityDefaults == "on",
	})
}

func patchSecurityDefaults(c *web.Call, _ []string) web.Answer {
	var enabled bool
	a, ok := patch(c, "isEnabled", &enabled)
	if !ok {
		return a
	}
	if enabled && c.Now.Org.SecurityDefaults == "off" && slices.ContainsFunc(c.Now.Org.ConditionalAccess, isOn) {
		return errPoliciesFirst.answer("")
	}
	c.Tenant.Change(func(s *state.State) { s.Org.SecurityDefaults = onOrOff(enabled) })
	return a
}

func isOn(p state.CAPolicy) bool { return p.State == "enabled" }

func onOrOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func getPerUserMFA(c *web.Call, stars []string) web.Answer {
	u := c.State.Account(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	return web.JSON(http.StatusOK, map[string]any{"perUserMfaState": u.PerUserMFA})
}

func patchPerUserMFA(c *web.Call, stars []string) web.Answer {
	u := c.Now.Account(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	var to string
	a, ok := patch(c, "perUserMfaState", &to)
	if !ok {
		return a
	}
	if !slices.Contains([]string{"disabled", "enabled", "enforced"}, to) {
		return errBadBody.answer("Invalid value specified for property 'perUserMfaState'.")
	}
	c.Tenant.Change(func(s *state.State) { s.User(u.ID).SetPerUserMFA(to) })
	return a
}

func listConditionalAccess(c *web.Call, _ []string) web.Answer {
	var policies []any
	for _, p := range c.State.Org.ConditionalAccess {
		policies = append(policies, map[string]any{
			"id":          p.ID,
			"displayName": p.Name,
			"state":       p.State,
			"conditions": map[string]any{
				"clientAppTypes": orEmpty(p.ClientApps),
				"applications": map[string]any{
					"includeApplications": orEmpty(p.Applications), "excludeApplications": []string{},
				},
				"users": map[string]any{
					"includeUsers": ids(c, p.IncludeUsers), "excludeUsers": ids(c, p.ExcludeUsers),
					"includeGroups": orEmpty(p.IncludeGroups), "excludeGroups": orEmpty(p.ExcludeGroups),
					"includeRoles": orEmpty(p.IncludeRoles), "excludeRoles": orEmpty(p.ExcludeRoles),
				},
				"locations":           locations(p),
				"platforms":           nil,
				"authenticationFlows": flows(p),
				"clientApplications":  workloads(c, p),
			},
			"grantControls": map[string]any{
				"operator": "OR", "builtInControls": orEmpty(p.Controls),
				"customAuthenticationFactors": []string{}, "termsOfUse": []string{},
			},
			"sessionControls": nil,
		})
	}
	return list(c, "identity/conditionalAccess/policies", policies...)
}

// ids puts the users' ids in the place of their addresses, as Graph does.
func ids(c *web.Call, users []string) []string {
	ids := []string{}
	for _, key := range users {
		if u := c.State.Holder(key); u != nil {
			key = u.ID
		}
		ids = append(ids, key)
	}
	return ids
}

// locations is null for a policy that does not ask where a client is.
func locations(p state.CAPolicy) any {
	if len(p.IncludeLocations) == 0 {
		return nil
	}
	return map[string]any{"includeLocations": p.IncludeLocations, "excludeLocations": orEmpty(p.ExcludeLocations)}
}

// flows is null for a policy that is for every way of signing in.
func flows(p state.CAPolicy) any {
	if len(p.Flows) == 0 {
		return nil
	}
	return map[string]any{"transferMethods": strings.Join(p.Flows, ",")}
}

// workloads is null for a policy that is for users.
func workloads(c *web.Call, p state.CAPolicy) any {
	if len(p.IncludeApps) == 0 {
		return nil
	}
	include := []string{}
	for _, id := range p.IncludeApps {
		if app := c.State.App(id); app != nil {
			id = app.ObjectID()
		}
		include = append(include, id)
	}
	return map[string]any{"includeServicePrincipals": include, "excludeServicePrincipals": []string{}}
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
