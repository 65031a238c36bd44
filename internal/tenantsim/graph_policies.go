package tenantsim

import (
	"net/http"
	"slices"
)

func (c *call) getSecurityDefaults([]string) answer {
	return c.entity("policies/identitySecurityDefaultsEnforcementPolicy/$entity", nil, map[string]any{
		"id":          "00000000-0000-0000-0000-000000000005",
		"displayName": "Security Defaults",
		"description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
		"isEnabled":   c.state.Org.SecurityDefaults == "on",
	})
}

func (c *call) patchSecurityDefaults([]string) answer {
	var enabled bool
	a, ok := c.patch("isEnabled", &enabled)
	if ok {
		c.tenant.Change(func(s *State) { s.Org.SecurityDefaults = onOrOff(enabled) })
	}
	return a
}

func onOrOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func (c *call) getPerUserMFA(stars []string) answer {
	u := c.state.User(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	return jsonAnswer(http.StatusOK, map[string]any{"perUserMfaState": u.PerUserMFA})
}

func (c *call) patchPerUserMFA(stars []string) answer {
	if c.state.User(stars[0]) == nil {
		return errNoResource.answer(stars[0])
	}
	var to string
	a, ok := c.patch("perUserMfaState", &to)
	if !ok {
		return a
	}
	if !slices.Contains([]string{"disabled", "enabled", "enforced"}, to) {
		return errBadBody.answer("Invalid value specified for property 'perUserMfaState'.")
	}
	c.tenant.Change(func(s *State) { s.User(stars[0]).PerUserMFA = to })
	return a
}

func (c *call) listConditionalAccess([]string) answer {
	var policies []any
	for _, p := range c.state.Org.ConditionalAccess {
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
					"includeUsers": c.ids(p.IncludeUsers), "excludeUsers": c.ids(p.ExcludeUsers),
					"includeGroups": orEmpty(p.IncludeGroups), "excludeGroups": orEmpty(p.ExcludeGroups),
					"includeRoles": []string{}, "excludeRoles": []string{},
				},
				"locations": nil,
				"platforms": nil,
			},
			"grantControls": map[string]any{
				"operator": "OR", "builtInControls": orEmpty(p.Controls),
				"customAuthenticationFactors": []string{}, "termsOfUse": []string{},
			},
			"sessionControls": nil,
		})
	}
	return c.list("identity/conditionalAccess/policies", policies...)
}

// ids puts the users' ids in the place of their addresses, as Graph does.
func (c *call) ids(users []string) []string {
	ids := []string{}
	for _, key := range users {
		if u := c.state.User(key); u != nil {
			key = u.ID
		}
		ids = append(ids, key)
	}
	return ids
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
