package exchange

import (
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// mailboxOf finds the user with a mailbox whom Exchange takes Identity for, in
// that state.
func mailboxOf(s *state.State, parameters map[string]any) (*state.User, web.Answer, bool) {
	identity, _ := parameters["Identity"].(string)
	u := s.Recipient(identity)
	if u == nil || u.Kind == "none" {
		return nil, notFound(identity), false
	}
	return u, web.Answer{}, true
}

// recipient is what every row about a mailbox or user holds.
func recipient(u *state.User) map[string]any {
	return map[string]any{
		"Identity": u.Alias(), "DisplayName": u.Label(), "PrimarySmtpAddress": u.Mailbox,
		"ExternalDirectoryObjectId": u.ID,
		"Guid":                      u.ExchangeGUID(), "Guid@data.type": "System.Guid", "Guid@odata.type": "#Guid",
		"EmailAddresses@odata.type": "#Collection(String)", "EmailAddresses": u.ProxyAddresses(),
		"WhenChanged": "2026-01-01T00:00:00.0000000Z", "WhenChanged@data.type": "System.DateTime",
	}
}

// disabled turns a switch into Exchange's double negative; inherit is null.
func disabled(value string) any {
	if value == "inherit" {
		return nil
	}
	return value == "off"
}

// enabled is the way back.
func enabled(v any) (string, bool) {
	switch v {
	case nil:
		return "inherit", true
	case true:
		return "off", true
	case false:
		return "on", true
	}
	return "", false
}

func getCASMailbox(c *web.Call, parameters map[string]any) web.Answer {
	u, a, ok := mailboxOf(c.State, parameters)
	if !ok {
		return a
	}
	row := casMailboxRow(c, u)
	return result(c, nil, row)
}

func casMailboxRow(_ *web.Call, u *state.User) map[string]any {
	row := recipient(u)
	row["SmtpClientAuthenticationDisabled"] = disabled(u.SMTPAuth)
	row["ImapEnabled"], row["PopEnabled"], row["MAPIEnabled"] = true, true, true
	return row
}

// unmodified is the warning of a Set that changed nothing.
func unmodified(identity string) []string {
	return []string{"The command completed successfully but no settings of '" + identity + "' have been modified."}
}

func setCASMailbox(c *web.Call, parameters map[string]any) web.Answer {
	u, a, ok := mailboxOf(c.Now, parameters)
	if !ok {
		return a
	}
	value, given := parameters["SmtpClientAuthenticationDisabled"]
	to, valid := enabled(value)
	switch {
	case !valid:
		return badValue("SmtpClientAuthenticationDisabled", value)
	case !given || to == u.SMTPAuth:
		return result(c, unmodified(u.Mailbox))
	}
	id := u.ID
	c.Tenant.Change(func(s *state.State) { s.User(id).SMTPAuth = to })
	return result(c, nil)
}

func getExchangeUser(c *web.Call, parameters map[string]any) web.Answer {
	identity, _ := parameters["Identity"].(string)
	u := c.State.Recipient(identity)
	if u == nil {
		return notFound(identity)
	}
	row := userRow(c, u)
	return result(c, nil, row)
}

func userRow(c *web.Call, u *state.User) map[string]any {
	row := recipient(u)
	row["UserPrincipalName"] = u.Principal()
	row["AuthenticationPolicy"] = distinguishedName(c, u.AuthPolicy)
	row["AccountDisabled"] = u.Account == "disabled"
	row["RecipientTypeDetails"] = recipientType(u)
	return row
}

func getMailbox(c *web.Call, parameters map[string]any) web.Answer {
	u, a, ok := mailboxOf(c.State, parameters)
	if !ok {
		return a
	}
	row := mailboxRow(c, u)
	return result(c, nil, row)
}

// mailboxRow: that SkuAssigned and AccountDisabled are plain booleans is
// unconfirmed.
func mailboxRow(_ *web.Call, u *state.User) map[string]any {
	row := recipient(u)
	row["UserPrincipalName"] = u.Principal()
	row["RecipientTypeDetails"] = recipientType(u)
	row["SkuAssigned"], row["AccountDisabled"] = u.Licence == "yes", u.Account == "disabled"
	return row
}

func recipientType(u *state.User) string {
	return map[string]string{
		"user": "UserMailbox", "shared": "SharedMailbox", "room": "RoomMailbox",
		"equipment": "EquipmentMailbox", "linked": "LinkedMailbox", "other": "PublicFolderMailbox", "none": "User",
	}[u.Kind]
}
