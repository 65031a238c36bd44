package exchange

import (
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// getServicePrincipal gives the one that is asked for, by the ids that Exchange
// has of it, and for any other identity all of them, as the documentation warns.
func getServicePrincipal(c *web.Call, parameters map[string]any) web.Answer {
	identity, _ := parameters["Identity"].(string)
	var all, one []map[string]any
	for i := range c.State.Apps {
		app := &c.State.Apps[i]
		id := app.PrincipalID()
		if id == "" {
			continue
		}
		row := map[string]any{
			"AppId": app.ClientID, "ObjectId": id, "DisplayName": app.Name, "Sid": app.Sid(), "SidHistory": []string{},
			"Identity": id, "Id": id, "Name": id, "IsValid": true, "Guid": strings.Replace(id, id[:8], "0e0e0e0e", 1),
		}
		all = append(all, row)
		if identity != "" && (strings.EqualFold(identity, app.ClientID) || strings.EqualFold(identity, id)) {
			one = append(one, row)
		}
	}
	if one != nil {
		return result(c, nil, one...)
	}
	return result(c, nil, all...)
}

// principalOf finds the app that Exchange knows by that identity.
func principalOf(c *web.Call, parameters map[string]any) (*state.App, web.Answer, bool) {
	identity, _ := parameters["Identity"].(string)
	for i := range c.State.Apps {
		app := &c.State.Apps[i]
		if id := app.PrincipalID(); id != "" && (strings.EqualFold(identity, app.ClientID) || strings.EqualFold(identity, id)) {
			return app, web.Answer{}, true
		}
	}
	return nil, notFound(identity), false
}

func testServicePrincipal(c *web.Call, parameters map[string]any) web.Answer {
	app, a, ok := principalOf(c, parameters)
	if !ok {
		return a
	}
	if len(app.RoleScope) == 0 {
		return result(c, nil)
	}
	in := any("Not Run")
	if resource, _ := parameters["Resource"].(string); resource != "" {
		u := c.State.Recipient(resource)
		if u == nil {
			return notFound(resource)
		}
		in = app.InScope(u)
	}
	return result(c, nil, map[string]any{
		"RoleName": "Application SMTP.SendAsApp", "GrantedPermissions": "SMTP.SendAsApp",
		"AllowedResourceScope": "SMTP", "ScopeType": "CustomRecipientScope", "InScope": in,
	})
}

// getMailboxPermission: an application stands in it as its Sid.
func getMailboxPermission(c *web.Call, parameters map[string]any) web.Answer {
	u, a, ok := mailboxOf(c.State, parameters)
	if !ok {
		return a
	}
	permission := func(user, sid string, rights ...string) map[string]any {
		return map[string]any{"Identity": u.Alias(), "User": user, "UserSid": sid, "AccessRights": rights, "IsInherited": false, "Deny": false}
	}
	rows := []map[string]any{permission(`NT AUTHORITY\SELF`, "S-1-5-10", "FullAccess", "ReadPermission")}
	for i := range c.State.Apps {
		if app := &c.State.Apps[i]; app.PrincipalID() != "" && app.MayOpen(u) {
			rows = append(rows, permission(app.Sid(), app.Sid(), "FullAccess"))
		}
	}
	return result(c, nil, rows...)
}

func getRecipientPermission(c *web.Call, parameters map[string]any) web.Answer {
	u, a, ok := mailboxOf(c.State, parameters)
	if !ok {
		return a
	}
	rows := []map[string]any{{"Identity": u.Alias(), "Trustee": `NT AUTHORITY\SELF`, "AccessControlType": "Allow", "AccessRights": []string{"SendAs"}}}
	for i := range c.State.Users {
		if d := &c.State.Users[i]; d.ID != u.ID && u.Among(d.SendAs) {
			rows = append(rows, map[string]any{"Identity": u.Alias(), "Trustee": d.Principal(), "AccessControlType": "Allow", "AccessRights": []string{"SendAs"}})
		}
	}
	return result(c, nil, rows...)
}
