package exchange

import (
	"fmt"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

func getTransportConfig(c *web.Call, _ map[string]any) web.Answer {
	return result(c, nil, map[string]any{
		"Identity": "Transport Settings", "Name": "Transport Settings",
		"SmtpClientAuthenticationDisabled": disabled(c.State.Org.SMTPAuth),
		"AllowLegacyTLSClients":            legacyTLS(c.State.Org.LegacyTLS),
	})
}

// legacyTLS is null where nobody ever opted in.
func legacyTLS(value string) any {
	if value == state.Unset {
		return nil
	}
	return value == "on"
}

func getOrganizationConfig(c *web.Call, _ map[string]any) web.Answer {
	return result(c, nil, map[string]any{
		"Identity": c.State.Domain, "Name": c.State.Domain, "DisplayName": c.State.Name,
		"DefaultAuthenticationPolicy": distinguishedName(c, c.State.Org.DefaultAuthPolicy),
		"RejectDirectSend":            false,
	})
}

// distinguishedName is how Exchange refers to an authentication policy; none
// is null.
func distinguishedName(c *web.Call, policy string) any {
	if policy == "" {
		return nil
	}
	return fmt.Sprintf("CN=%s,CN=Auth Policies,CN=Configuration,CN=%s,CN=ConfigurationUnits,DC=EURPR02A001,DC=PROD,DC=OUTLOOK,DC=COM", policy, c.State.Domain)
}

func getAuthenticationPolicy(c *web.Call, parameters map[string]any) web.Answer {
	identity, given := parameters["Identity"].(string)
	var rows []map[string]any
	for _, p := range c.State.Org.AuthPolicies {
		dn := distinguishedName(c, p.Name).(string)
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
	return result(c, nil, rows...)
}
