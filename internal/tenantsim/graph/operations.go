package graph

import "smtpmend/internal/tenantsim/web"

// An operation is one that Graph offers, with what it takes to be allowed.
type operation struct {
	method string
	path   string // below the version; * stands for one segment
	beta   bool   // exists on /beta too
	v1     bool   // exists on /v1.0
	anyOf  []string
	allOf  []string
	// roles are those of which a signed-in person needs one; an app acting
	// for itself needs none.
	roles  []string
	denied graphError
	serve  func(*web.Call, []string) web.Answer // gets what the * stand for
}

var (
	applicationReaders = []string{"Application.Read.All", "Directory.Read.All"}

	readers   = []string{"Global Administrator", "Global Reader", "Security Administrator", "Security Reader", "Security Operator", "Conditional Access Administrator"}
	directory = append([]string{"Exchange Administrator", "Exchange Recipient Administrator", "Authentication Policy Administrator", "Helpdesk Administrator"}, readers...)
)

// operations lists what the simulated Graph can do. Permissions and roles are
// the documented ones; whether a person without the role gets these very
// errors is unconfirmed.
var operations = []operation{
	{method: "GET", path: "policies/identitySecurityDefaultsEnforcementPolicy", v1: true, beta: true,
		anyOf: []string{"Policy.Read.All"}, roles: readers, denied: errScopesMissing, serve: getSecurityDefaults},
	{method: "PATCH", path: "policies/identitySecurityDefaultsEnforcementPolicy", v1: true, beta: true,
		anyOf: []string{"Policy.ReadWrite.SecurityDefaults", "Policy.ReadWrite.ConditionalAccess"}, allOf: []string{"Policy.Read.All"},
		roles:  []string{"Global Administrator", "Security Administrator", "Conditional Access Administrator"},
		denied: errScopesMissing, serve: patchSecurityDefaults},
	{method: "GET", path: "identity/conditionalAccess/policies", v1: true, beta: true,
		anyOf: []string{"Policy.Read.All"}, roles: readers, denied: errScopesMissing, serve: listConditionalAccess},
	{method: "GET", path: "users/*/authentication/requirements", beta: true,
		anyOf: []string{"Policy.Read.All"}, roles: []string{"Global Administrator", "Global Reader", "Authentication Policy Administrator"},
		denied: errScopesMissing, serve: getPerUserMFA},
	{method: "PATCH", path: "users/*/authentication/requirements", beta: true,
		anyOf: []string{"Policy.ReadWrite.AuthenticationMethod"}, roles: []string{"Global Administrator", "Authentication Policy Administrator"},
		denied: errScopesMissing, serve: patchPerUserMFA},
	{method: "GET", path: "auditLogs/signIns", v1: true, beta: true,
		anyOf: []string{"AuditLog.Read.All"}, roles: append([]string{"Reports Reader"}, readers...), denied: errLogPermission, serve: listSignIns},
	{method: "GET", path: "users/*", v1: true, beta: true,
		anyOf: []string{"User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: getUser},
	{method: "GET", path: "users/*/licenseDetails", v1: true, beta: true,
		anyOf: []string{"LicenseAssignment.Read.All", "User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: listLicences},
	{method: "GET", path: "users", v1: true, beta: true,
		anyOf: []string{"User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: listUsers},
	{method: "GET", path: "users/*/transitiveMemberOf", v1: true, beta: true,
		anyOf: []string{"Directory.Read.All", "User.Read.All"}, roles: directory, denied: errDenied, serve: listMemberships},
	{method: "GET", path: "users/*/transitiveMemberOf/graph.directoryRole", v1: true, beta: true,
		anyOf: []string{"Directory.Read.All", "User.Read.All"}, roles: directory, denied: errDenied, serve: listDirectoryRoles},
	{method: "GET", path: "users/*/transitiveMemberOf/microsoft.graph.directoryRole", v1: true, beta: true,
		anyOf: []string{"Directory.Read.All", "User.Read.All"}, roles: directory, denied: errDenied, serve: listDirectoryRoles},
	{method: "GET", path: "organization", v1: true, beta: true,
		anyOf: []string{"Organization.Read.All", "User.Read", "User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: listOrganization},
	{method: "GET", path: "reports/*", v1: true, beta: true,
		anyOf: []string{"Reports.Read.All"}, roles: []string{"Global Administrator", "Global Reader", "Exchange Administrator", "Reports Reader"},
		denied: errReports, serve: getReport},
	{method: "GET", path: "subscribedSkus", v1: true, beta: true,
		anyOf: []string{"LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: listSKUs},
	{method: "GET", path: "servicePrincipals(appId=*)", v1: true, beta: true,
		anyOf: applicationReaders, roles: directory, denied: errDenied, serve: getServicePrincipal},
	{method: "GET", path: "applications(appId=*)", v1: true, beta: true,
		anyOf: applicationReaders, roles: directory, denied: errDenied, serve: getApplication},
	{method: "GET", path: "servicePrincipals/*/appRoleAssignments", v1: true, beta: true,
		anyOf: applicationReaders, roles: directory, denied: errDenied, serve: listRoleAssignments},
	{method: "GET", path: "servicePrincipals/*/appRoleAssignedTo", v1: true, beta: true,
		anyOf: applicationReaders, roles: directory, denied: errDenied, serve: listAssigned},
	{method: "GET", path: "oauth2PermissionGrants", v1: true, beta: true,
		anyOf: []string{"DelegatedPermissionGrant.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: listPermissionGrants},
}
