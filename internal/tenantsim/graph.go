package tenantsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

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
	serve  func(*call, []string) answer // gets what the * stand for
}

var (
	readers   = []string{"Global Administrator", "Global Reader", "Security Administrator", "Security Reader", "Security Operator", "Conditional Access Administrator"}
	directory = append([]string{"Exchange Administrator", "Exchange Recipient Administrator", "Authentication Policy Administrator", "Helpdesk Administrator"}, readers...)
)

// operations lists what the simulated Graph can do. Permissions and roles are
// the documented ones; whether a person without the role gets these very
// errors is unconfirmed.
var operations = []operation{
	{method: "GET", path: "policies/identitySecurityDefaultsEnforcementPolicy", v1: true, beta: true,
		anyOf: []string{"Policy.Read.All"}, roles: readers, denied: errScopesMissing, serve: (*call).getSecurityDefaults},
	{method: "PATCH", path: "policies/identitySecurityDefaultsEnforcementPolicy", v1: true, beta: true,
		anyOf: []string{"Policy.ReadWrite.SecurityDefaults", "Policy.ReadWrite.ConditionalAccess"}, allOf: []string{"Policy.Read.All"},
		roles:  []string{"Global Administrator", "Security Administrator", "Conditional Access Administrator"},
		denied: errScopesMissing, serve: (*call).patchSecurityDefaults},
	{method: "GET", path: "identity/conditionalAccess/policies", v1: true, beta: true,
		anyOf: []string{"Policy.Read.All"}, roles: readers, denied: errScopesMissing, serve: (*call).listConditionalAccess},
	{method: "GET", path: "users/*/authentication/requirements", beta: true,
		anyOf: []string{"Policy.Read.All"}, roles: []string{"Global Administrator", "Global Reader", "Authentication Policy Administrator"},
		denied: errScopesMissing, serve: (*call).getPerUserMFA},
	{method: "PATCH", path: "users/*/authentication/requirements", beta: true,
		anyOf: []string{"Policy.ReadWrite.AuthenticationMethod"}, roles: []string{"Global Administrator", "Authentication Policy Administrator"},
		denied: errScopesMissing, serve: (*call).patchPerUserMFA},
	{method: "GET", path: "auditLogs/signIns", v1: true, beta: true,
		anyOf: []string{"AuditLog.Read.All"}, roles: append([]string{"Reports Reader"}, readers...), denied: errLogPermission, serve: (*call).listSignIns},
	{method: "GET", path: "users/*", v1: true, beta: true,
		anyOf: []string{"User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: (*call).getUser},
	{method: "GET", path: "users/*/licenseDetails", v1: true, beta: true,
		anyOf: []string{"LicenseAssignment.Read.All", "User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: (*call).listLicences},
	{method: "GET", path: "users/*/mailboxSettings", v1: true, beta: true,
		anyOf: []string{"MailboxSettings.Read"}, roles: []string{"(none: a person reads only his own)"}, denied: errMailboxDenied, serve: (*call).getMailboxSettings},
	{method: "GET", path: "users/*/transitiveMemberOf/graph.directoryRole", v1: true, beta: true,
		anyOf: []string{"Directory.Read.All", "User.Read.All"}, roles: directory, denied: errDenied, serve: (*call).listDirectoryRoles},
	{method: "POST", path: "users/*/checkMemberGroups", v1: true, beta: true,
		anyOf: []string{"GroupMember.Read.All", "Directory.Read.All", "User.Read.All"}, roles: directory, denied: errDenied, serve: (*call).checkMemberGroups},
	{method: "GET", path: "organization", v1: true, beta: true,
		anyOf: []string{"Organization.Read.All", "User.Read", "User.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: (*call).listOrganization},
	{method: "GET", path: "domains", v1: true, beta: true,
		anyOf: []string{"Domain.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: (*call).listDomains},
	{method: "GET", path: "domains/*", v1: true, beta: true,
		anyOf: []string{"Domain.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: (*call).getDomain},
	{method: "GET", path: "subscribedSkus", v1: true, beta: true,
		anyOf: []string{"LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"}, roles: directory, denied: errDenied, serve: (*call).listSKUs},
}

// graph finds the operation, checks the caller and serves it.
func (c *call) graph() answer {
	if empty, ok := c.authorize(c.tenant.cloud.Graph); empty {
		return errNoToken.answer("")
	} else if !ok {
		return errBadToken.answer("")
	}
	version, path, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
	beta := version == "beta"
	if !beta && version != "v1.0" {
		return errBadBody.answer("Invalid version.")
	}
	segments := strings.Split(path, "/")
	known := false
	for _, op := range operations {
		stars, ok := match(op.path, segments)
		if !ok || beta && !op.beta || !beta && !op.v1 {
			continue
		}
		if known = true; op.method == c.r.Method {
			return c.run(op, stars)
		}
	}
	if known {
		return errNoMethod.answer("")
	}
	return errNoSegment.answer(segments[len(segments)-1])
}

func (c *call) run(op operation, stars []string) answer {
	allowed := slices.ContainsFunc(op.anyOf, c.claims.allows)
	for _, p := range op.allOf {
		allowed = allowed && c.claims.allows(p)
	}
	if !allowed {
		return op.denied.answer("")
	}
	if c.claims.User != "" && !anyOf(c.roles(), op.roles) {
		return errDenied.answer("")
	}
	return op.serve(c, stars)
}

// match compares a path with a pattern and returns what the * stand for.
func match(pattern string, segments []string) (stars []string, ok bool) {
	want := strings.Split(pattern, "/")
	if len(want) != len(segments) {
		return nil, false
	}
	for i, w := range want {
		switch {
		case w == "*" && segments[i] != "":
			stars = append(stars, segments[i])
		case !strings.EqualFold(w, segments[i]):
			return nil, false
		}
	}
	return stars, true
}

// context is the @odata.context of an answer.
func (c *call) context(what string) string {
	version, _, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
	return fmt.Sprintf("%s/%s/$metadata#%s", c.tenant.cloud.Graph, version, what)
}

// list answers with a collection in one page.
func (c *call) list(what string, values ...any) answer {
	if values == nil {
		values = []any{}
	}
	return jsonAnswer(http.StatusOK, map[string]any{"@odata.context": c.context(what), "value": values})
}

// entity answers with one object, of its properties those in $select or
// else those in usual.
func (c *call) entity(what string, usual []string, properties map[string]any) answer {
	chosen := usual
	if s := c.query.Get("$select"); s != "" {
		chosen = strings.Split(s, ",")
	}
	out := map[string]any{"@odata.context": c.context(what)}
	for name, value := range properties {
		if usual == nil && c.query.Get("$select") == "" || slices.ContainsFunc(chosen, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) }) {
			out[name] = value
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

// patch reads the body of a PATCH that may set one property.
func (c *call) patch(property string, to any) (answer, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &fields); err != nil {
		return errBadBody.answer("Unable to read JSON request payload."), false
	}
	for name := range fields {
		if name != property && !strings.HasPrefix(name, "@odata.") {
			return errBadBody.answer("Property '" + name + "' cannot be set."), false
		}
	}
	if err := json.Unmarshal(fields[property], to); err != nil {
		return errBadBody.answer("Property '" + property + "' has a value that it cannot have."), false
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}, true
}
