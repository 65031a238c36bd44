package tenantsim

import (
	"fmt"
	"strings"
)

// A cmdlet is one that Exchange runs over REST.
type cmdlet struct {
	name       string
	roles      []string // Entra or Exchange roles, one of which the caller needs
	parameters []string
	run        func(*call, map[string]any) answer
}

var (
	recipientReaders = []string{"Global Administrator", "Global Reader", "Exchange Administrator", "Exchange Recipient Administrator",
		"View-Only Recipients", "Mail Recipients"}
	configReaders = []string{"Global Administrator", "Global Reader", "Exchange Administrator", "View-Only Configuration"}
	// Whether Exchange Recipient Administrator covers Set-CASMailbox in
	// practice is unconfirmed.
	recipientWriters = []string{"Global Administrator", "Exchange Administrator", "Exchange Recipient Administrator", "Mail Recipients"}
	transportWriters = []string{"Global Administrator", "Exchange Administrator", "Organization Transport Settings"}
)

// cmdlets lists those that the simulator runs; any other is answered as one
// that the caller may not run, which at Microsoft cannot be told apart.
var cmdlets = []cmdlet{
	{"Get-CASMailbox", recipientReaders, []string{"Identity"}, (*call).getCASMailbox},
	{"Set-CASMailbox", recipientWriters, []string{"Identity", "SmtpClientAuthenticationDisabled"}, (*call).setCASMailbox},
	{"Get-TransportConfig", configReaders, nil, (*call).getTransportConfig},
	{"Set-TransportConfig", transportWriters, []string{"SmtpClientAuthenticationDisabled", "AllowLegacyTLSClients"}, (*call).setTransportConfig},
	{"Get-OrganizationConfig", configReaders, nil, (*call).getOrganizationConfig},
	{"Get-AuthenticationPolicy", configReaders, []string{"Identity"}, (*call).getAuthenticationPolicy},
	{"Get-User", recipientReaders, []string{"Identity"}, (*call).getExchangeUser},
	{"Get-Mailbox", recipientReaders, []string{"Identity"}, (*call).getMailbox},
	{"Get-RecipientPermission", recipientReaders, []string{"Identity", "Trustee"}, (*call).getRecipientPermission},
}

// mailboxOf finds the user with a mailbox that Identity names.
func (c *call) mailboxOf(parameters map[string]any) (*User, answer, bool) {
	identity, _ := parameters["Identity"].(string)
	u := c.state.User(identity)
	if u == nil || u.Kind == "none" {
		return nil, notFound(identity), false
	}
	return u, answer{}, true
}

func recipient(u *User) map[string]any {
	name, _, _ := strings.Cut(u.Mailbox, "@")
	return map[string]any{
		"Identity": name, "DisplayName": name, "PrimarySmtpAddress": u.Mailbox,
		"Guid": u.ID, "Guid@data.type": "System.Guid", "Guid@odata.type": "#Guid",
		"EmailAddresses@odata.type": "#Collection(String)", "EmailAddresses": []string{"SMTP:" + u.Mailbox},
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

func (c *call) getCASMailbox(parameters map[string]any) answer {
	u, a, ok := c.mailboxOf(parameters)
	if !ok {
		return a
	}
	row := recipient(u)
	row["SmtpClientAuthenticationDisabled"] = disabled(u.SMTPAuth)
	row["ImapEnabled"], row["PopEnabled"], row["MAPIEnabled"] = true, true, true
	return c.result(nil, row)
}

// unmodified is the warning of a Set that changed nothing.
func unmodified(identity string) []string {
	return []string{"The command completed successfully but no settings of '" + identity + "' have been modified."}
}

func (c *call) setCASMailbox(parameters map[string]any) answer {
	u, a, ok := c.mailboxOf(parameters)
	if !ok {
		return a
	}
	value, given := parameters["SmtpClientAuthenticationDisabled"]
	to, valid := enabled(value)
	switch {
	case !valid:
		return badValue("SmtpClientAuthenticationDisabled", value)
	case !given || to == u.SMTPAuth:
		return c.result(unmodified(u.Mailbox))
	}
	id := u.ID
	c.tenant.Change(func(s *State) { s.User(id).SMTPAuth = to })
	return c.result(nil)
}

func (c *call) getTransportConfig(map[string]any) answer {
	return c.result(nil, map[string]any{
		"Identity": "Transport Settings", "Name": "Transport Settings",
		"SmtpClientAuthenticationDisabled": disabled(c.state.Org.SMTPAuth),
		"AllowLegacyTLSClients":            c.state.Org.LegacyTLS == "on",
	})
}

func (c *call) setTransportConfig(parameters map[string]any) answer {
	next := c.state.Org
	if v, given := parameters["SmtpClientAuthenticationDisabled"]; given {
		to, valid := enabled(v)
		if !valid || v == nil {
			return badValue("SmtpClientAuthenticationDisabled", v)
		}
		next.SMTPAuth = to
	}
	if v, given := parameters["AllowLegacyTLSClients"]; given {
		on, valid := v.(bool)
		if !valid {
			return badValue("AllowLegacyTLSClients", v)
		}
		next.LegacyTLS = onOrOff(on)
	}
	if next.SMTPAuth == c.state.Org.SMTPAuth && next.LegacyTLS == c.state.Org.LegacyTLS {
		return c.result(unmodified("Transport Settings"))
	}
	c.tenant.Change(func(s *State) { s.Org.SMTPAuth, s.Org.LegacyTLS = next.SMTPAuth, next.LegacyTLS })
	return c.result(nil)
}

func (c *call) getOrganizationConfig(map[string]any) answer {
	return c.result(nil, map[string]any{
		"Identity": c.state.Domain, "Name": c.state.Domain, "DisplayName": c.state.Name,
		"DefaultAuthenticationPolicy": c.distinguishedName(c.state.Org.DefaultAuthPolicy),
		"RejectDirectSend":            false,
	})
}

// distinguishedName is how Exchange refers to an authentication policy; none
// is null.
func (c *call) distinguishedName(policy string) any {
	if policy == "" {
		return nil
	}
	return fmt.Sprintf("CN=%s,CN=Auth Policies,CN=Configuration,CN=%s,CN=ConfigurationUnits,DC=EURPR02A001,DC=PROD,DC=OUTLOOK,DC=COM", policy, c.state.Domain)
}

func (c *call) getAuthenticationPolicy(parameters map[string]any) answer {
	identity, given := parameters["Identity"].(string)
	var rows []map[string]any
	for _, p := range c.state.Org.AuthPolicies {
		dn := c.distinguishedName(p.Name).(string)
		if given && !strings.EqualFold(identity, p.Name) && !strings.EqualFold(identity, dn) {
			continue
		}
		rows = append(rows, map[string]any{
			"Identity": p.Name, "Name": p.Name, "DistinguishedName": dn, "AllowBasicAuthSmtp": p.SMTP == "allow",
			"AllowBasicAuthImap": false, "AllowBasicAuthPop": false,
		})
	}
	if given && rows == nil {
		return notFound(identity)
	}
	return c.result(nil, rows...)
}

func (c *call) getExchangeUser(parameters map[string]any) answer {
	identity, _ := parameters["Identity"].(string)
	u := c.state.User(identity)
	if u == nil {
		return notFound(identity)
	}
	row := recipient(u)
	row["UserPrincipalName"] = u.Mailbox
	row["AuthenticationPolicy"] = c.distinguishedName(u.AuthPolicy)
	row["AccountDisabled"] = u.Account == "disabled"
	row["RecipientTypeDetails"] = u.recipientType()
	return c.result(nil, row)
}

func (c *call) getMailbox(parameters map[string]any) answer {
	u, a, ok := c.mailboxOf(parameters)
	if !ok {
		return a
	}
	row := recipient(u)
	row["UserPrincipalName"] = u.Mailbox
	row["RecipientTypeDetails"] = u.recipientType()
	return c.result(nil, row)
}

func (u *User) recipientType() string {
	return map[string]string{
		"user": "UserMailbox", "shared": "SharedMailbox", "room": "RoomMailbox",
		"equipment": "EquipmentMailbox", "linked": "LinkedMailbox", "none": "User",
	}[u.Kind]
}

// getRecipientPermission lists who may send as the mailbox.
func (c *call) getRecipientPermission(parameters map[string]any) answer {
	u, a, ok := c.mailboxOf(parameters)
	if !ok {
		return a
	}
	trustee, _ := parameters["Trustee"].(string)
	var rows []map[string]any
	for _, other := range c.state.Users {
		if contains(other.SendAs, u.Mailbox) && (trustee == "" || strings.EqualFold(trustee, other.Mailbox)) {
			rows = append(rows, map[string]any{
				"Identity": u.Mailbox, "Trustee": other.Mailbox, "AccessControlType": "Allow",
				"AccessRights@odata.type": "#Collection(String)", "AccessRights": []string{"SendAs"},
			})
		}
	}
	return c.result(nil, rows...)
}
