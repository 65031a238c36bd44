package m365

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

const (
	mailer       = "22222222-2222-4333-8444-555555555555"
	mailerObject = "33333333-2222-4333-8444-555555555555"
	mailerSid    = "S-1-5-21-1-2-3-4"
	thumbprint   = "AB00000000000000000000000000000000000001"

	routeSP       = "GET /v1.0/servicePrincipals(appId='" + mailer + "')"
	routeExchange = "GET /v1.0/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')"
	routeApp      = "GET /v1.0/applications(appId='" + mailer + "')"
	routeRoles    = "GET /v1.0/servicePrincipals/" + mailerObject + "/appRoleAssignments"
	routeAssigned = "GET /v1.0/servicePrincipals/" + mailerObject + "/appRoleAssignedTo"
	routeGrants   = "GET /v1.0/oauth2PermissionGrants"
)

func enterpriseJSON(properties string) string {
	return `{"id":"` + strings.ToUpper(mailerObject) + `","appId":"` + mailer + `","accountEnabled":true,"appRoleAssignmentRequired":false,"disabledByMicrosoftStatus":null` + properties + `}`
}

func secretEnds(times ...time.Time) string {
	var all []string
	for _, at := range times {
		all = append(all, `{"endDateTime":"`+at.UTC().Format(time.RFC3339)+`"}`)
	}
	return `{"id":"r","passwordCredentials":[` + strings.Join(all, ",") + `],"keyCredentials":[]}`
}

func policyOf(conditions, grant string) string {
	return `{"value":[{"id":"p","displayName":"No robots","state":"enabled","conditions":{"clientAppTypes":["all"],"applications":{"includeApplications":["All"]},"users":{"includeUsers":["All"]}` + conditions + `},"grantControls":` + grant + `}]}`
}

const blocks = `{"operator":"OR","builtInControls":["block"]}`

// wholeChain is what the fake says of the application when nothing is missing.
func wholeChain() map[string]string {
	return map[string]string{
		routeSP:       enterpriseJSON(""),
		routeExchange: `{"id":"exo","appRoles":[{"id":"other","value":"IMAP.AccessAsApp","allowedMemberTypes":["Application"]},{"id":"role","value":"SMTP.SendAsApp","allowedMemberTypes":["Application"]}]}`,
		routeApp: `{"id":"r","isFallbackPublicClient":true,"publicClient":{"redirectUris":["http://localhost"]},"web":{"redirectUris":[]},"spa":{"redirectUris":[]},` +
			secretEnds(time.Now().AddDate(1, 0, 0))[len(`{"id":"r",`):],
		routeRoles:                           `{"value":[{"appRoleId":"role","resourceId":"exo","principalId":"` + mailerObject + `"}]}`,
		routeAssigned:                        `{"value":[{"principalId":"` + testUserID + `","principalType":"User"}]}`,
		routeGrants:                          `{"value":[{"consentType":"AllPrincipals","principalId":null,"scope":"User.Read SMTP.Send"}]}`,
		"Get-ServicePrincipal":               exchangeValue(`{"AppId":"` + strings.ToUpper(mailer) + `","ObjectId":"` + mailerObject + `","Sid":"` + mailerSid + `","Name":"x"}`),
		"Get-MailboxPermission":              exchangeValue(`{"User":"NT AUTHORITY\\SELF","AccessRights":["FullAccess"],"Deny":false},{"User":"` + mailerSid + `","AccessRights":["FullAccess"],"IsInherited":false,"Deny":false}`),
		"Test-ServicePrincipalAuthorization": exchangeValue(`{"RoleName":"Application IMAP.AccessAsApp","InScope":"False"},{"RoleName":"Application SMTP.SendAsApp","InScope":"True","AllowedResourceScope":"scanners"}`),
		"Get-RecipientPermission":            exchangeValue(`{"Trustee":"ann@contoso.com","AccessControlType":"Allow","AccessRights":["SendAs"]}`),
	}
}

// TestChainFacts says what each answer means for an application's sign-in.
func TestChainFacts(t *testing.T) {
	type bodies map[string]string
	person := Application{ClientID: mailer, Personal: true}
	itself := Application{ClientID: mailer}
	by := func(change func(*Application), a Application) *Application { change(&a); return &a }
	token := func(id, user string, roles ...string) *Application {
		return by(func(a *Application) { a.Holder, a.Personal = &Holder{id, user, roles}, user != "" }, itself)
	}
	now := time.Now()
	tests := []struct {
		name   string
		app    *Application
		fact   fact.Name
		bodies bodies
		value  string
		detail string
		fails  string
	}{
		{"known", &itself, fact.AppRegistered, nil, "yes", "object id", ""},
		{"unknown", &itself, fact.AppRegistered, bodies{routeSP: "404"}, "no", "", ""},
		{"without an id", &itself, fact.AppRegistered, bodies{routeSP: `{"appId":"x"}`}, "", "", "does not hold the enterprise application's id"},
		{"no application named", nil, fact.AppRegistered, nil, "", "", "no application is named"},

		{"on", &itself, fact.AppState, nil, "enabled", "", ""},
		{"off", &itself, fact.AppState, bodies{routeSP: strings.Replace(enterpriseJSON(""), "true", "false", 1)}, "disabled", "", ""},
		{"blocked", &itself, fact.AppState, bodies{routeSP: strings.Replace(enterpriseJSON(""), "null", `"DisabledDueToViolationOfServicesAgreement"`, 1)}, "blocked", "Disabled", ""},
		{"not disabled by Microsoft", &itself, fact.AppState, bodies{routeSP: strings.Replace(enterpriseJSON(""), "null", `"NotDisabled"`, 1)}, "enabled", "", ""},
		{"state absent", &itself, fact.AppState, bodies{routeSP: `{"id":"x"}`}, "", "", "does not hold accountEnabled"},
		{"state of an unknown one", &itself, fact.AppState, bodies{routeSP: "404"}, "", "", "does not know the application"},

		{"public flows", &person, fact.AppPublicClient, nil, "yes", "", ""},
		{"public flows null", &person, fact.AppPublicClient, bodies{routeApp: `{"isFallbackPublicClient":null}`}, "no", "", ""},
		{"registered elsewhere", &person, fact.AppPublicClient, bodies{routeApp: "404", routeSP: enterpriseJSON(`,"appOwnerOrganizationId":"other-tenant"`)}, "", "", "registered in another tenant (other-tenant)"},
		{"redirect", &person, fact.AppRedirect, nil, "yes", "", ""},
		{"redirect with a slash", &person, fact.AppRedirect, bodies{routeApp: `{"publicClient":{"redirectUris":["HTTP://LOCALHOST/"]}}`}, "yes", "", ""},
		{"redirect of a web page", &person, fact.AppRedirect, bodies{routeApp: `{"publicClient":{"redirectUris":[]},"spa":{"redirectUris":["http://localhost"]}}`}, "other", "", ""},
		{"no redirect", &person, fact.AppRedirect, bodies{routeApp: `{"publicClient":{"redirectUris":["https://x"]}}`}, "no", "", ""},
		{"redirects absent", &person, fact.AppRedirect, bodies{routeApp: `{"id":"r"}`}, "", "", "does not hold publicClient"},

		{"a secret", &itself, fact.AppCredential, nil, "valid", "secret, until", ""},
		{"an old secret", &itself, fact.AppCredential, bodies{routeApp: secretEnds(now.AddDate(0, 0, -3))}, "expired", "on " + day(now.AddDate(0, 0, -3)), ""},
		{"one of two secrets", &itself, fact.AppCredential, bodies{routeApp: secretEnds(now.AddDate(0, 0, -3), now.AddDate(0, 0, 3))}, "valid", "the last of 2 secrets", ""},
		{"no secret", &itself, fact.AppCredential, bodies{routeApp: secretEnds()}, "none", "secret", ""},
		{"secrets absent", &itself, fact.AppCredential, bodies{routeApp: `{"id":"r"}`}, "", "", "does not hold the list"},
		{"a secret without an end", &itself, fact.AppCredential, bodies{routeApp: `{"passwordCredentials":[{}]}`}, "", "", "endDateTime"},
		{"certificate in hexadecimal", by(func(a *Application) { a.Thumbprint = thumbprint }, itself), fact.AppCredential,
			bodies{routeApp: `{"keyCredentials":[{"customKeyIdentifier":"` + strings.ToLower(thumbprint) + `","endDateTime":"2099-01-02T00:00:00Z"}]}`}, "valid", "2 Jan 2099", ""},
		{"certificate in base64", by(func(a *Application) { a.Thumbprint = thumbprint }, itself), fact.AppCredential,
			bodies{routeApp: `{"keyCredentials":[{"customKeyIdentifier":"qwAAAAAAAAAAAAAAAAAAAAAAAAE=","endDateTime":"2020-01-02T00:00:00Z"}]}`}, "expired", "2 Jan 2020", ""},
		{"another certificate", by(func(a *Application) { a.Thumbprint = thumbprint }, itself), fact.AppCredential,
			bodies{routeApp: `{"keyCredentials":[{"customKeyIdentifier":"00","endDateTime":"2099-01-02T00:00:00Z"}]}`}, "none", thumbprint, ""},

		{"no assignment", &person, fact.AppAssignment, nil, "open", "", ""},
		{"assigned", &person, fact.AppAssignment, bodies{routeSP: strings.Replace(enterpriseJSON(""), "Required\":false", "Required\":true", 1)}, "assigned", "", ""},
		{"not assigned", &person, fact.AppAssignment, bodies{routeSP: strings.Replace(enterpriseJSON(""), "Required\":false", "Required\":true", 1), routeAssigned: `{"value":[]}`}, "missing", "", ""},
		{"a group of others", &person, fact.AppAssignment, bodies{routeSP: strings.Replace(enterpriseJSON(""), "Required\":false", "Required\":true", 1),
			routeAssigned: `{"value":[{"principalId":"g","principalType":"Group"}]}`}, "missing", "", ""},
		{"a group around the user", &person, fact.AppAssignment, bodies{routeSP: strings.Replace(enterpriseJSON(""), "Required\":false", "Required\":true", 1),
			routeAssigned: `{"value":[{"principalId":"g","principalType":"Group","principalDisplayName":"Scanners"}]}`, routeMember: `{"value":[{"@odata.type":"#microsoft.graph.group","id":"G"}]}`}, "", "", "the group Scanners is assigned"},
		{"assignment absent", &person, fact.AppAssignment, bodies{routeSP: `{"id":"x"}`}, "", "", "appRoleAssignmentRequired"},

		{"consent for everybody", &person, fact.AppSMTPSend, nil, "granted", "for everybody", ""},
		{"consent of the user", &person, fact.AppSMTPSend, bodies{routeGrants: `{"value":[{"consentType":"Principal","principalId":"` + testUserID + `","scope":"SMTP.Send"}]}`}, "granted", "for this user", ""},
		{"consent of another", &person, fact.AppSMTPSend, bodies{routeGrants: `{"value":[{"consentType":"Principal","principalId":"x","scope":"SMTP.Send"}]}`}, "none", "other users", ""},
		{"other consent", &person, fact.AppSMTPSend, bodies{routeGrants: `{"value":[{"consentType":"AllPrincipals","scope":"SMTP.SendX Mail.Send"}]}`}, "none", "", ""},
		{"consents absent", &person, fact.AppSMTPSend, bodies{routeGrants: `{}`}, "", "", "does not hold a list"},

		{"permission", &itself, fact.AppSendAsApp, nil, "granted", "", ""},
		{"permission of another resource", &itself, fact.AppSendAsApp, bodies{routeRoles: `{"value":[{"appRoleId":"role","resourceId":"graph"}]}`}, "none", "", ""},
		{"another permission", &itself, fact.AppSendAsApp, bodies{routeRoles: `{"value":[{"appRoleId":"other","resourceId":"exo"}]}`}, "none", "", ""},
		{"a permission whose id is not told", &itself, fact.AppSendAsApp, bodies{routeExchange: `{"id":"exo","appRoles":[{"id":"role","value":"SMTP.SendAsApp","allowedMemberTypes":["User"]}]}`}, "", "", "SMTP.SendAsApp of Exchange Online"},
		{"permission in the token", token(mailerObject, "", "SMTP.SendAsApp"), fact.AppSendAsApp, bodies{routeRoles: `{"value":[]}`}, "granted", "stands in the token", ""},
		{"permission not in the token", token(mailerObject, ""), fact.AppSendAsApp, nil, "none", "not in the token", ""},

		{"no policy", &person, fact.AppConditionalAccess, nil, "none", "", ""},
		{"a policy that blocks", &person, fact.AppConditionalAccess, bodies{routePolicies: policyOf("", blocks)}, "No robots", "", ""},
		{"a second factor", &person, fact.AppConditionalAccess, bodies{routePolicies: policyOf("", `{"operator":"OR","builtInControls":["mfa"]}`)}, "none", "", ""},
		{"a managed device", &person, fact.AppConditionalAccess, bodies{routePolicies: policyOf("", `{"operator":"AND","builtInControls":["mfa","compliantDevice"]}`)}, "", "", "a device that the policy accepts"},
		{"a place", &person, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}`, blocks)}, "", "", "location"},
		{"for device codes, the browser", &person, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`, blocks)}, "none", "", ""},
		{"for device codes", by(func(a *Application) { a.DeviceCode = true }, person), fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"authenticationFlows":{"transferMethods":"deviceCodeFlow,authenticationTransfer"}`, blocks)}, "No robots", "", ""},
		{"old clients", &person, fact.AppConditionalAccess, bodies{routePolicies: strings.Replace(policyOf("", blocks), `"all"`, `"other","exchangeActiveSync"`, 1)}, "none", "", ""},
		{"applications are not users", &person, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]}`, blocks)}, "none", "", ""},
		{"users are not applications", &itself, fact.AppConditionalAccess, bodies{routePolicies: policyOf("", blocks)}, "none", "", ""},
		{"for this application", &itself, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"clientApplications":{"includeServicePrincipals":["`+mailerObject+`"]}`, blocks)}, "No robots", "", ""},
		{"for all applications", &itself, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]}`, blocks)}, "No robots", "", ""},
		{"for all but this", &itself, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"],"excludeServicePrincipals":["`+mailerObject+`"]}`, blocks)}, "none", "", ""},
		{"for risky applications", &itself, fact.AppConditionalAccess, bodies{routePolicies: policyOf(`,"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]},"servicePrincipalRiskLevels":["high"]`, blocks)}, "", "", "the application's risk"},

		{"the mailbox's own user", token(testUserID, "scanner@contoso.com"), fact.AppUser, nil, "mailbox", "", ""},
		{"by another name", token(testUserID, "device7@contoso.com"), fact.AppUser, nil, "mailbox", "", ""},
		{"a delegate", token("x", "Ann@contoso.com"), fact.AppUser, nil, "delegate", "Ann@contoso.com", ""},
		{"somebody else", token("x", "admin@contoso.com"), fact.AppUser, nil, "other", "admin@contoso.com", ""},
		{"a delegate who is denied", token("x", "ann@contoso.com"), fact.AppUser, bodies{"Get-RecipientPermission": exchangeValue(`{"Trustee":"ann@contoso.com","AccessControlType":"Deny","AccessRights":["SendAs"]}`)}, "other", "", ""},
		{"no token", &person, fact.AppUser, nil, "", "", "no token was issued"},

		{"registered", &itself, fact.AppExchangePrincipal, nil, "registered", mailerObject, ""},
		{"not registered, and all come back", &itself, fact.AppExchangePrincipal, bodies{"Get-ServicePrincipal": exchangeValue(`{"AppId":"a","ObjectId":"b"},{"AppId":"c","ObjectId":"d"}`)}, "none", "", ""},
		{"not registered", &itself, fact.AppExchangePrincipal, bodies{"Get-ServicePrincipal": exchangeValue("")}, "none", "", ""},
		{"more than a page", &itself, fact.AppExchangePrincipal, bodies{"Get-ServicePrincipal": `{"value":[{"AppId":"a"}],"@odata.nextLink":"x"}`}, "", "", "first page"},
		{"registered wrongly", &itself, fact.AppExchangePrincipal, bodies{"Get-ServicePrincipal": exchangeValue(`{"AppId":"` + mailer + `","ObjectId":"registration"}`)}, "wrong-object", "registration in place of " + mailerObject, ""},
		{"compared with the token", token("3b37b804-13e8-4700-4792-31c0a1de3c9f", ""), fact.AppExchangePrincipal, nil, "wrong-object", "in place of 3b37b804-13e8-4700-4792-31c0a1de3c9f", ""},
		{"the token's id is none", token("from-the-token", ""), fact.AppExchangePrincipal, nil, "", "", "object id as a GUID"},
		{"nothing to compare with", &itself, fact.AppExchangePrincipal, bodies{routeSP: "404"}, "", "", "does not know the application"},

		{"in scope", &itself, fact.AppRBAC, nil, "in-scope", "scanners", ""},
		{"out of scope", &itself, fact.AppRBAC, bodies{"Test-ServicePrincipalAuthorization": exchangeValue(`{"RoleName":"Application SMTP.SendAsApp","InScope":false}`)}, "out-of-scope", "", ""},
		{"one of two scopes", &itself, fact.AppRBAC, bodies{"Test-ServicePrincipalAuthorization": exchangeValue(`{"RoleName":"Application SMTP.SendAsApp","InScope":false},{"RoleName":"Application SMTP.SendAsApp","InScope":true}`)}, "in-scope", "", ""},
		{"no role", &itself, fact.AppRBAC, bodies{"Test-ServicePrincipalAuthorization": exchangeValue(`{"RoleName":"Application Mail.Send","InScope":true}`)}, "none", "", ""},
		{"not run", &itself, fact.AppRBAC, bodies{"Test-ServicePrincipalAuthorization": exchangeValue(`{"RoleName":"Application SMTP.SendAsApp","InScope":"Not Run"}`)}, "", "", "Not Run"},
		{"a role of nobody", &itself, fact.AppRBAC, bodies{"Get-ServicePrincipal": exchangeValue("")}, "none", "no service principal", ""},

		{"full access", &itself, fact.AppFullAccess, nil, "yes", "", ""},
		{"full access by UserSid", &itself, fact.AppFullAccess, bodies{"Get-MailboxPermission": exchangeValue(`{"User":"Mailer","UserSid":"` + mailerSid + `","AccessRights":"{FullAccess, ReadPermission}"}`)}, "yes", "", ""},
		{"full access by object id", &itself, fact.AppFullAccess, bodies{"Get-MailboxPermission": exchangeValue(`{"User":"` + mailerObject + `","AccessRights":["FullAccess"]}`)}, "yes", "", ""},
		{"denied", &itself, fact.AppFullAccess, bodies{"Get-MailboxPermission": exchangeValue(`{"User":"` + mailerSid + `","AccessRights":["FullAccess"],"Deny":true}`)}, "no", "", ""},
		{"of somebody else", &itself, fact.AppFullAccess, bodies{"Get-MailboxPermission": exchangeValue(`{"User":"S-1-5-21-9","AccessRights":["FullAccess"]}`)}, "no", "", ""},
		{"another right", &itself, fact.AppFullAccess, bodies{"Get-MailboxPermission": exchangeValue(`{"User":"` + mailerSid + `","AccessRights":["ReadPermission"]}`)}, "no", "", ""},
		{"the sid is not told", &itself, fact.AppFullAccess, bodies{"Get-ServicePrincipal": exchangeValue(`{"AppId":"` + mailer + `","ObjectId":"` + mailerObject + `"}`)}, "", "", "Sid of the service principal"},
		{"full access of nobody", &itself, fact.AppFullAccess, bodies{"Get-ServicePrincipal": exchangeValue("")}, "no", "no service principal", ""},
	}
	seen := map[fact.Name]bool{}
	for _, tt := range tests {
		seen[tt.fact] = true
		t.Run(string(tt.fact)+", "+tt.name, func(t *testing.T) {
			f := newFake(t)
			for route, body := range wholeChain() {
				f.bodies[route] = body
			}
			for route, body := range tt.bodies {
				if f.bodies[route] = body; body == "404" {
					delete(f.bodies, route)
				}
			}
			o := f.options()
			o.Application = tt.app
			tenant, err := openFast(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			got := tenant.Read(t.Context(), tt.fact)[0]
			if got.Value != tt.value || !strings.Contains(got.Detail, tt.detail) || !strings.Contains(got.Error, tt.fails) || tt.fails == "" && got.Error != "" {
				t.Errorf("%+v", got)
			}
			for _, r := range f.requests() {
				if verb, _, _ := strings.Cut(r.Route, "-"); !strings.HasPrefix(r.Route, "GET ") && verb != "Get" && verb != "Test" {
					t.Errorf("it asks %s", r.Route)
				}
			}
		})
	}
	for _, row := range fact.Chain {
		if !seen[row.Name] {
			t.Errorf("%s is not tested", row.Name)
		}
	}
}

// An application of nobody's is asked for no more than before.
func TestPermissionsOfTheChain(t *testing.T) {
	plain, chain := Options{}.permissions(), Options{Application: &Application{}}.permissions()
	for _, p := range []string{"Application.Read.All", "DelegatedPermissionGrant.Read.All"} {
		if slices.Contains(plain, p) || !slices.Contains(chain, p) {
			t.Errorf("%s: plain %v, chain %v", p, plain, chain)
		}
	}
}
