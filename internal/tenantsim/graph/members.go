package graph

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// listMemberships serves the groups around a user and its directory roles.
func listMemberships(c *web.Call, stars []string) web.Answer {
	u := c.State.Account(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	named := c.Claims.Allows("GroupMember.Read.All") || c.Claims.Allows("Directory.Read.All")
	var members []any
	for _, id := range u.Groups {
		members = append(members, member("group", id, named, map[string]any{"displayName": "Group " + id}))
	}
	return list(c, "directoryObjects", append(members, roles(c, u)...)...)
}

// listDirectoryRoles serves the roles alone.
func listDirectoryRoles(c *web.Call, stars []string) web.Answer {
	u := c.State.Account(stars[0])
	if u == nil {
		return errNoResource.answer(stars[0])
	}
	return list(c, "directoryRoles", roles(c, u)...)
}

func roles(c *web.Call, u *state.User) []any {
	named := c.Claims.Allows("RoleManagement.Read.Directory") || c.Claims.Allows("Directory.Read.All")
	var held []any
	for _, r := range state.DirectoryRoles {
		if slices.Contains(u.AdminRoles, r.Name) {
			held = append(held, member("directoryRole", roleObject(c.State.TenantID, r), named,
				map[string]any{"displayName": r.Name, "roleTemplateId": r.ID}))
		}
	}
	return held
}

// member is an object of which a caller who may not read its kind learns that
// it is there and nothing else: its other properties are null, and the status
// says nothing of it (Microsoft Graph, "Limited information returned for
// inaccessible member objects").
func member(kind, id string, named bool, properties map[string]any) map[string]any {
	out := map[string]any{"@odata.type": "#microsoft.graph." + kind, "id": id}
	for name, value := range properties {
		if out[name] = nil; named {
			out[name] = value
		}
	}
	return out
}

// roleObject is the id of a role in one tenant, which is another than its
// template's.
func roleObject(tenant string, r fact.Role) string {
	h := sha256.Sum256([]byte(tenant + r.ID))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
