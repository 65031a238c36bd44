package graph

import (
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"time"

	"crypto/sha1"
	"crypto/x509"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// The resources of every tenant, with ids that are this tenant's own at
// Microsoft. The id of SMTP.SendAsApp is made up: clients look it up.
const (
	exchangeObject = "e0000000-0000-4000-8000-000000000002"
	graphObject    = "e0000000-0000-4000-8000-000000000003"
	graphAppID     = "00000003-0000-0000-c000-000000000000"
	sendAsAppRole  = "e0000000-0000-4000-8000-00000000a443"
	defaultRole    = "00000000-0000-0000-0000-000000000000"
)

func resourcePrincipal(id, appID, name string, roles ...any) map[string]any {
	if roles == nil {
		roles = []any{}
	}
	return map[string]any{
		"id": id, "appId": appID, "displayName": name, "accountEnabled": true,
		"appRoles": roles, "oauth2PermissionScopes": []any{map[string]any{"id": "e0000000-0000-4000-8000-00000000a442", "value": "SMTP.Send", "type": "User"}},
	}
}

func getServicePrincipal(c *web.Call, stars []string) web.Answer {
	var all map[string]any
	switch app := c.State.App(stars[0]); {
	case strings.EqualFold(stars[0], state.ExchangeOnline):
		all = resourcePrincipal(exchangeObject, state.ExchangeOnline, "Office 365 Exchange Online", map[string]any{
			"id": sendAsAppRole, "value": "SMTP.SendAsApp", "allowedMemberTypes": []string{"Application"}, "isEnabled": true,
		})
	case strings.EqualFold(stars[0], graphAppID):
		all = resourcePrincipal(graphObject, graphAppID, "Microsoft Graph")
	case app == nil, app.Status == "absent":
		return errNoResource.answer(stars[0])
	default:
		all = map[string]any{
			"id": app.ObjectID(), "appId": app.ClientID, "displayName": app.Name, "accountEnabled": app.Status != "disabled",
			"disabledByMicrosoftStatus": microsoftStatus(app), "appRoleAssignmentRequired": app.AssignmentRequired,
			"appOwnerOrganizationId": c.State.TenantID, "signInAudience": "AzureADMyOrg", "replyUrls": []string{},
		}
	}
	out := project(c, []string{"id", "appId", "displayName"}, all)
	out["@odata.context"] = context(c, "servicePrincipals/$entity")
	return web.JSON(http.StatusOK, out)
}

func microsoftStatus(app *state.App) any {
	if app.Status == "blocked" {
		return "DisabledDueToViolationOfServicesAgreement"
	}
	return nil
}

func getApplication(c *web.Call, stars []string) web.Answer {
	app := c.State.App(stars[0])
	if app == nil || app.Status == "absent" {
		return errNoResource.answer(stars[0])
	}
	redirects := []string{}
	if app.Redirects() {
		redirects = append(redirects, "http://localhost")
	}
	out := project(c, []string{"id", "appId", "displayName"}, map[string]any{
		"id": app.RegistrationID(), "appId": app.ClientID, "displayName": app.Name,
		"isFallbackPublicClient": app.PublicFlows != "off",
		"publicClient":           map[string]any{"redirectUris": redirects},
		"web":                    map[string]any{"redirectUris": []string{}},
		"spa":                    map[string]any{"redirectUris": []string{}},
		"passwordCredentials":    secrets(app),
		"keyCredentials":         certificates(app),
		"requiredResourceAccess": []any{}, "signInAudience": "AzureADMyOrg",
	})
	out["@odata.context"] = context(c, "applications/$entity")
	return web.JSON(http.StatusOK, out)
}

// secrets are the one that the app has, if any; its value is never shown.
func secrets(app *state.App) []any {
	if app.Secret == "" {
		return []any{}
	}
	ends := time.Now().AddDate(1, 0, 0)
	if app.SecretExpired {
		ends = time.Now().AddDate(0, 0, -1)
	}
	return []any{map[string]any{"keyId": "e0000000-0000-4000-8000-00000000aaaa", "displayName": "scanner", "hint": app.Secret[:min(3, len(app.Secret))],
		"endDateTime": ends.UTC().Format(time.RFC3339), "secretText": nil}}
}

func certificates(app *state.App) []any {
	block, _ := pem.Decode([]byte(app.Certificate))
	if block == nil {
		return []any{}
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return []any{}
	}
	print := sha1.Sum(cert.Raw) // what Entra calls the thumbprint
	return []any{map[string]any{"keyId": "e0000000-0000-4000-8000-00000000bbbb", "type": "AsymmetricX509Cert", "usage": "Verify",
		"customKeyIdentifier": base64.StdEncoding.EncodeToString(print[:]), "endDateTime": cert.NotAfter.UTC().Format(time.RFC3339), "key": nil}}
}

// ofPrincipal finds the app whose enterprise application has that id.
func ofPrincipal(c *web.Call, id string) *state.App {
	i := slices.IndexFunc(c.State.Apps, func(a state.App) bool { return strings.EqualFold(a.ObjectID(), id) })
	if i < 0 {
		return nil
	}
	return &c.State.Apps[i]
}

func listRoleAssignments(c *web.Call, stars []string) web.Answer {
	app := ofPrincipal(c, stars[0])
	if app == nil {
		return errNoResource.answer(stars[0])
	}
	var found []any
	if slices.Contains(app.Permissions, "SMTP.SendAsApp") {
		found = append(found, map[string]any{"id": "1", "appRoleId": sendAsAppRole, "resourceId": exchangeObject,
			"principalId": app.ObjectID(), "principalType": "ServicePrincipal", "principalDisplayName": app.Name})
	}
	return list(c, "servicePrincipals('"+app.ObjectID()+"')/appRoleAssignments", found...)
}

func listAssigned(c *web.Call, stars []string) web.Answer {
	app := ofPrincipal(c, stars[0])
	if app == nil {
		return errNoResource.answer(stars[0])
	}
	var found []any
	for _, mailbox := range app.Assigned {
		if u := c.State.Holder(mailbox); u != nil {
			found = append(found, map[string]any{"id": u.ID, "appRoleId": defaultRole, "resourceId": app.ObjectID(),
				"principalId": u.ID, "principalType": "User", "principalDisplayName": u.Label()})
		}
	}
	return list(c, "servicePrincipals('"+app.ObjectID()+"')/appRoleAssignedTo", found...)
}

var grantSchema = schema{kind: "oAuth2PermissionGrant", properties: []string{"clientId", "resourceId", "consentType"}}

// listPermissionGrants: what an admin consented to holds for everybody.
func listPermissionGrants(c *web.Call, _ []string) web.Answer {
	keep, err := grantSchema.parseFilter(c.Query.Get("$filter"))
	if err != nil {
		return err.answer()
	}
	var found []any
	for i := range c.State.Apps {
		app := &c.State.Apps[i]
		grant := map[string]any{"id": app.ObjectID(), "clientId": app.ObjectID(), "consentType": "AllPrincipals", "principalId": nil,
			"resourceId": exchangeObject, "scope": strings.Join(app.Permissions, " ")}
		if keep(grant) {
			found = append(found, grant)
		}
	}
	return list(c, "oauth2PermissionGrants", found...)
}
