package m365

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

const (
	routeDefaults = "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
	routeMFA      = "GET /beta" + graphUser + "/authentication/requirements"
	routeUser     = "GET /v1.0" + graphUser
	routeLicence  = "GET /v1.0" + graphUser + "/licenseDetails"
	routeMember   = "GET /v1.0" + graphUser + "/transitiveMemberOf"
	routePolicies = "GET /v1.0/identity/conditionalAccess/policies"
	routeSignIns  = "GET /v1.0/auditLogs/signIns"
	routeSignIns2 = "GET /beta/auditLogs/signIns"
	routeSKUs     = "GET /v1.0/subscribedSkus"
)

func skus(plans ...string) string {
	return `{"value":[{"servicePlans":[{"servicePlanName":"` + strings.Join(plans, `"},{"servicePlanName":"`) + `"}]}]}`
}

// members writes directory roles with these properties.
func members(roles ...string) string {
	return `{"value":[{"@odata.type":"#microsoft.graph.directoryRole","id":"r",` + strings.Join(roles, `},{"@odata.type":"#microsoft.graph.directoryRole","id":"r",`) + `}]}`
}

func plans(list ...string) string {
	var all []string
	for _, p := range list {
		name, status, _ := strings.Cut(p, " ")
		all = append(all, `{"servicePlanName":"`+name+`","provisioningStatus":"`+status+`"}`)
	}
	return `{"value":[{"skuPartNumber":"SKU","servicePlans":[` + strings.Join(all, ",") + `]}]}`
}

func signInJSON(at, client, upn, rest string) string {
	return `{"createdDateTime":"` + at + `","clientAppUsed":"` + client + `","userPrincipalName":"` + upn + `",` + rest + `}`
}

// TestFacts says what each answer of the tenant means.
func TestFacts(t *testing.T) {
	type bodies map[string]string
	tests := []struct {
		name   string
		fact   fact.Name
		bodies bodies
		value  string
		detail string
		fails  string // part of the reading's error
	}{
		{"security defaults on", fact.OrgSecurityDefaults, bodies{routeDefaults: `{"isEnabled":true}`}, "on", "", ""},
		{"security defaults without value", fact.OrgSecurityDefaults, bodies{routeDefaults: `{"id":"x"}`}, "", "", "does not hold isEnabled"},
		{"security defaults null", fact.OrgSecurityDefaults, bodies{routeDefaults: `{"isEnabled":null}`}, "", "", "does not hold isEnabled"},
		{"security defaults of another type", fact.OrgSecurityDefaults, bodies{routeDefaults: `{"isEnabled":"yes"}`}, "", "", "not the JSON of this API"},
		{"security defaults as a list", fact.OrgSecurityDefaults, bodies{routeDefaults: `[true]`}, "", "", "Microsoft Graph did not give"},

		{"mailbox switch off", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":true`)}, "off", "", ""},
		{"mailbox switch on", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":false`)}, "on", "", ""},
		{"mailbox switch unset", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":null`)}, "inherit", "", ""},
		{"mailbox switch absent", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"ImapEnabled":true`)}, "", "", "does not hold SmtpClientAuthenticationDisabled"},
		{"mailbox switch as text", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":"True"`)}, "off", "", ""},
		{"mailbox switch as empty text", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":""`)}, "", "", "does not hold a usable SmtpClientAuthenticationDisabled"},
		{"mailbox switch as object", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":{"Value":true}`)}, "", "", "does not hold a usable"},
		{"more than one page", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": `{"@odata.nextLink":"https://x","value":[{"SmtpClientAuthenticationDisabled":true}]}`}, "", "", "more than one page"},
		{"a null object", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": `{"value":[null]}`}, "", "", "does not hold SmtpClientAuthenticationDisabled"},
		{"an object that is none", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": `{"value":["x"]}`}, "", "", "not the JSON of this API"},
		{"mailbox switch as number", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": casMailbox(`"SmtpClientAuthenticationDisabled":1`)}, "", "", "does not hold a usable"},
		{"no mailbox object", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": exchangeValue(``)}, "", "", "one object of Get-CASMailbox (but 0)"},
		{"two mailbox objects", fact.MailboxSMTPAuth, bodies{"Get-CASMailbox": exchangeValue(`{},{}`)}, "", "", "(but 2)"},

		{"organisation on", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": exchangeValue(`{"SmtpClientAuthenticationDisabled":false}`)}, "on", "", ""},
		{"organisation unset", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": exchangeValue(`{"SmtpClientAuthenticationDisabled":null}`)}, "", "", "does not hold the organisation's switch"},
		{"organisation absent", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": exchangeValue(`{}`)}, "", "", "does not hold SmtpClientAuthenticationDisabled"},
		{"organisation as empty text", fact.OrgSMTPAuth, bodies{"Get-TransportConfig": exchangeValue(`{"SmtpClientAuthenticationDisabled":""}`)}, "", "", "a usable SmtpClientAuthenticationDisabled"},
		{"legacy TLS", fact.OrgLegacyTLS, bodies{"Get-TransportConfig": exchangeValue(`{"AllowLegacyTLSClients":true}`)}, "on", "", ""},
		{"legacy TLS never set", fact.OrgLegacyTLS, bodies{"Get-TransportConfig": exchangeValue(`{"AllowLegacyTLSClients":null}`)}, "off", "", ""},
		{"legacy TLS absent", fact.OrgLegacyTLS, bodies{"Get-TransportConfig": exchangeValue(`{}`)}, "", "", "does not hold AllowLegacyTLSClients"},
		{"legacy TLS as number", fact.OrgLegacyTLS, bodies{"Get-TransportConfig": exchangeValue(`{"AllowLegacyTLSClients":0}`)}, "", "", "a usable AllowLegacyTLSClients"},

		{"MFA enforced", fact.UserPerUserMFA, bodies{routeMFA: `{"perUserMfaState":"enforced"}`}, "enforced", "", ""},
		{"MFA of the future", fact.UserPerUserMFA, bodies{routeMFA: `{"perUserMfaState":"unknownFutureValue"}`}, "", "", `"unknownFutureValue"`},
		{"MFA absent", fact.UserPerUserMFA, bodies{routeMFA: `{}`}, "", "", "does not hold"},

		{"account disabled", fact.UserAccount, bodies{routeUser: `{"id":"` + testUserID + `","userPrincipalName":"scanner@contoso.com","accountEnabled":false}`}, "disabled", "", ""},
		{"account not selected", fact.UserAccount, bodies{routeUser: `{"id":"` + testUserID + `","mail":"scanner@contoso.com"}`}, "", "", "does not hold accountEnabled"},

		{"foundation is no mailbox", fact.UserExchangeLicence, bodies{routeLicence: plans("EXCHANGE_S_FOUNDATION Success", "EXCHANGE_S_ARCHIVE_ADDON Success")}, "no", "", ""},
		{"no licence", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[]}`}, "no", "", ""},
		{"no list of licences", fact.UserExchangeLicence, bodies{routeLicence: `{}`}, "", "", "does not hold a list"},
		{"government plan", fact.UserExchangeLicence, bodies{routeLicence: plans("EXCHANGE_S_ENTERPRISE_GOV Success")}, "yes", "EXCHANGE_S_ENTERPRISE_GOV", ""},
		{"plan switched off", fact.UserExchangeLicence, bodies{routeLicence: plans("EXCHANGE_S_STANDARD Disabled")}, "no", "EXCHANGE_S_STANDARD is switched off in the licence", ""},
		{"plan pending", fact.UserExchangeLicence, bodies{routeLicence: plans("EXCHANGE_S_STANDARD PendingProvisioning")}, "", "", `cannot be decided: the plan EXCHANGE_S_STANDARD is assigned and its state is "PendingProvisioning"`},
		{"licence without plans", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[{"skuPartNumber":"SKU"}]}`}, "", "", "its service plans were not given"},
		{"licence with null plans", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[{"servicePlans":null}]}`}, "", "", "its service plans were not given"},
		{"licence that is null", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[null]}`}, "", "", "does not hold each entry"},
		{"plan without name", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[{"servicePlans":[{"provisioningStatus":"Success"}]}]}`}, "", "", "cannot be decided"},
		{"plan without state", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[{"servicePlans":[{"servicePlanName":"EXCHANGE_S_STANDARD"}]}]}`}, "", "", "cannot be decided"},
		{"plan without name beside a mailbox", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[{"servicePlans":[{},{"servicePlanName":"EXCHANGE_S_STANDARD","provisioningStatus":"Success"}]}]}`}, "yes", "EXCHANGE_S_STANDARD", ""},
		{"plans of another type", fact.UserExchangeLicence, bodies{routeLicence: `{"value":[{"servicePlans":{}}]}`}, "", "", "not the JSON of this API"},
		{"plan unknown", fact.UserExchangeLicence, bodies{routeLicence: plans("EXCHANGE_S_NEXT Success")}, "", "", "EXCHANGE_S_NEXT is not known"},

		{"shared mailbox", fact.MailboxKind, bodies{"Get-Mailbox": mailbox(`"RecipientTypeDetails":"SharedMailbox"`)}, "shared", "SharedMailbox", ""},
		{"other mailbox", fact.MailboxKind, bodies{"Get-Mailbox": mailbox(`"RecipientTypeDetails":"SchedulingMailbox"`)}, "other", "SchedulingMailbox", ""},
		{"mailbox without kind", fact.MailboxKind, bodies{"Get-Mailbox": mailbox(`"x":1`)}, "", "", "does not hold RecipientTypeDetails"},

		{"user's policy", fact.UserAuthPolicySMTP, bodies{"Get-User": exchangeUser(`"AuthenticationPolicy":"CN=Block Basic Auth,CN=Auth Policies,DC=x"`)}, "block", "Block Basic Auth (assigned to the user)", ""},
		{"default policy", fact.UserAuthPolicySMTP, bodies{"Get-OrganizationConfig": exchangeValue(`{"DefaultAuthenticationPolicy":"Block Basic Auth"}`)}, "block", "Block Basic Auth (the organisation's default)", ""},
		{"user's policy wins", fact.UserAuthPolicySMTP, bodies{
			"Get-User":                 exchangeUser(`"AuthenticationPolicy":"Allow SMTP"`),
			"Get-OrganizationConfig":   exchangeValue(`{"DefaultAuthenticationPolicy":"Block Basic Auth"}`),
			"Get-AuthenticationPolicy": exchangeValue(`{"AllowBasicAuthSmtp":true}`),
		}, "allow", "Allow SMTP (assigned to the user)", ""},
		{"user's policy absent", fact.UserAuthPolicySMTP, bodies{"Get-User": exchangeUser(`"x":1`)}, "", "", "does not hold AuthenticationPolicy"},
		{"user's policy of another type", fact.UserAuthPolicySMTP, bodies{"Get-User": exchangeUser(`"AuthenticationPolicy":false`)}, "", "", "a usable AuthenticationPolicy"},
		{"user's policy empty", fact.UserAuthPolicySMTP, bodies{"Get-User": exchangeUser(`"AuthenticationPolicy":""`)}, "allow", "no authentication policy applies", ""},
		{"default policy absent", fact.UserAuthPolicySMTP, bodies{"Get-OrganizationConfig": exchangeValue(`{}`)}, "", "", "does not hold DefaultAuthenticationPolicy"},
		{"default policy of another type", fact.UserAuthPolicySMTP, bodies{"Get-OrganizationConfig": exchangeValue(`{"DefaultAuthenticationPolicy":[]}`)}, "", "", "a usable DefaultAuthenticationPolicy"},

		{"P2", fact.OrgPremium, bodies{routeSKUs: skus("AAD_PREMIUM", "AAD_PREMIUM_P2")}, "p2", "", ""},
		{"P1 that has ended", fact.OrgPremium, bodies{routeSKUs: `{"value":[{"capabilityStatus":"Deleted","servicePlans":[{"servicePlanName":"aad_premium","provisioningStatus":"Disabled"}]}]}`}, "p1", "", ""},
		{"no premium", fact.OrgPremium, bodies{routeSKUs: skus("EXCHANGE_S_STANDARD")}, "none", "", ""},
		{"no subscription", fact.OrgPremium, bodies{routeSKUs: `{"value":[]}`}, "", "", "names no subscription at all"},
		{"subscription without plans", fact.OrgPremium, bodies{routeSKUs: `{"value":[{"skuPartNumber":"X"}]}`}, "", "", "without its service plans"},
		{"plan without a name", fact.OrgPremium, bodies{routeSKUs: `{"value":[{"servicePlans":[{"servicePlanName":"EXCHANGE_S_STANDARD"},{}]}]}`}, "", "", "without its name"},
		{"premium of the future", fact.OrgPremium, bodies{routeSKUs: skus("AAD_PREMIUM_P3")}, "", "", "AAD_PREMIUM_P3 is not known here"},
		{"no list of subscriptions", fact.OrgPremium, bodies{routeSKUs: `{}`}, "", "", "does not hold a list"},

		{"roles", fact.UserAdminRole, bodies{routeMember: members(`"roleTemplateId":"29232cdf-9323-42fd-ade2-1d097af3e4de"`, `"roleTemplateId":"x","displayName":"Zoo Keeper"`, `"roleTemplateId":"unheard-of"`)}, "Exchange Administrator, Zoo Keeper, unheard-of", "", ""},
		{"groups are no roles", fact.UserAdminRole, bodies{routeMember: `{"value":[{"@odata.type":"#microsoft.graph.group","id":"g"}]}`}, "none", "", ""},
		{"a role called none", fact.UserAdminRole, bodies{routeMember: members(`"roleTemplateId":"x","displayName":"none"`)}, `"none"`, "", ""},
		{"a role that is not named", fact.UserAdminRole, bodies{routeMember: members(`"roleTemplateId":"29232cdf-9323-42fd-ade2-1d097af3e4de"`, `"roleTemplateId":null,"displayName":null`)}, "", "", "RoleManagement.Read.Directory"},
		{"something without a type", fact.UserAdminRole, bodies{routeMember: `{"value":[{"id":"x"}]}`}, "", "", "without saying which"},
		{"roles by the cast", fact.UserAdminRole, bodies{routeMember: without, routeMember + "/graph.directoryRole": `{"value":[{"roleTemplateId":"62e90394-69f5-4237-9190-012177145e10"}]}`}, "Global Administrator", "", ""},
		{"no roles by the cast", fact.UserAdminRole, bodies{routeMember: without, routeMember + "/graph.directoryRole": `{"value":[]}`}, "none", "", ""},
		{"nameless role by the cast", fact.UserAdminRole, bodies{routeMember: without, routeMember + "/graph.directoryRole": `{"value":[{"id":"x"}]}`}, "", "", "without saying which"},
		{"roles that cannot be read in either way", fact.UserAdminRole, bodies{routeMember: without}, "", "", "status 404"},

		{"policy without switch", fact.UserAuthPolicySMTP, bodies{
			"Get-User":                 exchangeUser(`"AuthenticationPolicy":"P"`),
			"Get-AuthenticationPolicy": exchangeValue(`{}`),
		}, "", "", "does not hold AllowBasicAuthSmtp of the policy P"},

		{"no sign-in", fact.UserSignInError, nil, "none", "", ""},
		{"no list of sign-ins", fact.UserSignInError, bodies{routeSignIns: `{"value":null}`}, "", "", "does not hold a list"},
		{"blocked sign-in", fact.UserSignInError, bodies{routeSignIns: `{"value":[` + signInJSON("2026-11-20T08:11:12Z", "Authenticated SMTP", "scanner@contoso.com",
			`"status":{"errorCode":53003,"failureReason":"Access has been blocked by Conditional Access policies."},"appliedConditionalAccessPolicies":[{"displayName":"Passed","result":"success"},{"displayName":"Block legacy","result":"failure"},{"displayName":"Trial","result":"reportOnlyFailure"},{"displayName":"New","result":"somethingNew"}]`) + `]}`},
			"53003", "Access has been blocked by Conditional Access policies; Conditional Access policy Block legacy", ""},
		{"newest of both logs", fact.UserSignInError, bodies{
			routeSignIns:  `{"value":[` + signInJSON("2026-11-20T08:00:00Z", "SMTP", "SCANNER@contoso.com", `"status":{"errorCode":50126}`) + `]}`,
			routeSignIns2: `{"value":[` + signInJSON("2026-11-20T07:00:00Z", "SMTP", "scanner@contoso.com", `"status":{"errorCode":1}`) + `,` + signInJSON("2026-11-20T09:00:00Z", "SMTP", "scanner@contoso.com", `"status":{"errorCode":50053}`) + `]}`,
		}, "50053", "", ""},
		{"other clients and users do not count", fact.UserSignInError, bodies{routeSignIns: `{"value":[` +
			signInJSON("2026-11-20T08:00:00Z", "Browser", "scanner@contoso.com", `"status":{"errorCode":50126}`) + `,` +
			signInJSON("2026-11-20T08:00:00Z", "SMTP", "ann@contoso.com", `"status":{"errorCode":50126}`) + `]}`}, "none", "", ""},
		{"successful sign-in", fact.UserSignInError, bodies{routeSignIns: `{"value":[` + signInJSON("2026-11-20T08:00:00Z", "SMTP", "scanner@contoso.com", `"status":{"errorCode":0}`) + `]}`}, "0", "", ""},
		{"record without time", fact.UserSignInError, bodies{routeSignIns: `{"value":[{"clientAppUsed":"SMTP","userPrincipalName":"scanner@contoso.com","status":{"errorCode":1}}]}`}, "", "", "the time, client and user"},
		{"record without client", fact.UserSignInError, bodies{routeSignIns: `{"value":[{"createdDateTime":"2026-11-20T08:00:00Z","userPrincipalName":"scanner@contoso.com","status":{"errorCode":1}}]}`}, "", "", "the time, client and user"},
		{"record of another type", fact.UserSignInError, bodies{routeSignIns: `{"value":[{"createdDateTime":1}]}`}, "", "", "not the JSON of this API"},
		{"a log that answers, whatever the subscriptions say", fact.UserSignInError, bodies{routeSKUs: skus("EXCHANGE_S_STANDARD")}, "none", "", ""},
		{"record without status", fact.UserSignInError, bodies{routeSignIns: `{"value":[` + signInJSON("2026-11-20T08:00:00Z", "SMTP", "scanner@contoso.com", `"id":"x"`) + `]}`}, "", "", "does not hold the error code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			tenant := f.open(t)
			for route, body := range tt.bodies {
				f.set(route, body)
				if body == without {
					delete(f.bodies, route)
				}
			}
			got := tenant.Read(t.Context(), tt.fact)[0]
			if got.Value != tt.value || got.Detail != tt.detail || (got.Error == "") != (tt.fails == "") || !strings.Contains(got.Error, tt.fails) {
				t.Errorf("got %+v\nwant value %q, detail %q, error with %q", got, tt.value, tt.detail, tt.fails)
			}
			if tt.fails != "" && !strings.Contains(got.Error, string(tt.fact)) {
				t.Errorf("the error does not name the fact: %q", got.Error)
			}
		})
	}
}

func TestSignInRecordTime(t *testing.T) {
	f := newFake(t)
	f.set(routeSignIns, `{"value":[`+signInJSON("2026-11-20T08:11:12Z", "SMTP", "scanner@contoso.com", `"status":{"errorCode":50126}`)+`]}`)
	got := f.open(t).Read(t.Context(), fact.UserSignInError)[0]
	if want := time.Date(2026, 11, 20, 8, 11, 12, 0, time.UTC); !got.At.Equal(want) {
		t.Errorf("At = %v, want %v", got.At, want)
	}
}

// A shared answer is asked for once; different facts of one Read use it.
func TestReadAsksOnce(t *testing.T) {
	f := newFake(t)
	f.open(t).Read(t.Context(), allFacts()...)
	sent := f.requests()
	for _, route := range []string{"Get-TransportConfig", "Get-OrganizationConfig", "Get-User", "Get-Mailbox", "Get-CASMailbox", "GET /v1.0" + graphUser, routeMember, "GET /v1.0/subscribedSkus", "GET /v1.0/organization"} {
		if n := count(sent, route); n != 1 {
			t.Errorf("%s was asked %d times", route, n)
		}
	}
}

// What is asked of Graph must be what Microsoft documents: Graph leaves
// accountEnabled out unless it is selected, and compares names in lower case.
func TestReadQueries(t *testing.T) {
	f := newFake(t)
	f.open(t).Read(t.Context(), fact.UserAccount, fact.UserSignInError)
	for _, r := range f.requests() {
		switch r.Route {
		case "GET /v1.0" + graphUser:
			if r.Query != "$select=id,userPrincipalName,mail,proxyAddresses,accountEnabled,userType,displayName" {
				t.Errorf("user query = %q", r.Query)
			}
		case routeSignIns, routeSignIns2:
			for _, part := range []string{"userPrincipalName%20eq%20%27scanner%40contoso.com%27", "clientAppUsed%20eq%20%27Authenticated%20SMTP%27", "$orderby=createdDateTime%20desc", "$top=20"} {
				if !strings.Contains(r.Query, part) {
					t.Errorf("%s: query %q lacks %q", r.Route, r.Query, part)
				}
			}
			if beta := strings.Contains(r.Query, "signInEventTypes"); beta != (r.Route == routeSignIns2) {
				t.Errorf("%s: signInEventTypes in the query: %v", r.Route, beta)
			}
		}
	}
}

// A policy is asked for by its name, and by what the user holds where the name
// is not known.
func TestPolicyByDistinguishedName(t *testing.T) {
	const dn = `CN=Block\\, all,CN=Auth Policies,DC=x`
	f := newFake(t)
	f.set("Get-User", exchangeUser(`"AuthenticationPolicy":"`+dn+`"`))
	tenant := f.open(t)
	f.requests()
	asked := 0
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route != "Get-AuthenticationPolicy" {
			return false
		}
		if asked++; asked > 1 {
			return false
		}
		respond(404, "application/json", `{"error":{"code":"NotFound","details":[{"message":"x|ManagementObjectNotFoundException|not found"}]}}`)(w, r)
		return true
	}
	got := tenant.Read(t.Context(), fact.UserAuthPolicySMTP)[0]
	if got.Value != "block" || got.Detail != "Block, all (assigned to the user)" {
		t.Errorf("reading = %+v", got)
	}
	var identities []string
	for _, r := range f.requests() {
		if r.Route == "Get-AuthenticationPolicy" {
			identities = append(identities, r.Body)
		}
	}
	if len(identities) != 2 || !strings.Contains(identities[0], `"Block, all"`) || !strings.Contains(identities[1], dn) {
		t.Errorf("asked for %q", identities)
	}
}
