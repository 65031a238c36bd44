package graph

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// failureReasons are Entra's own words for its codes.
var failureReasons = []struct {
	code int
	text string
}{
	{0, "Other."},
	{50034, "The user account {EUII Hidden} does not exist in the {tenant} directory."},
	{50053, "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."},
	{50055, "The password is expired."},
	{50057, "User account is disabled."},
	{50076, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."},
	{50126, "Error validating credentials due to invalid username or password."},
	{53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."},
	{530035, "Access has been blocked by security defaults. This is due to the request using legacy auth or being deemed unsafe by security defaults policies."},
}

// listSignIns serves the log of sign-ins over SMTP: $filter, $orderby on
// createdDateTime, $top and the next page. On v1.0 interactive sign-ins alone.
func listSignIns(c *web.Call, _ []string) web.Answer {
	if !c.Now.SignInLog.Licensed || c.Now.Premium() == fact.None {
		return errNotPremium.answer("")
	}
	beta := c.Path[:5] == "/beta"
	keep, err := signInSchema(beta).parseFilter(c.Query.Get("$filter"))
	if err != nil {
		return err.answer()
	}
	records := c.Tenant.SignIns()
	if c.Query.Get("$orderby") == "createdDateTime asc" || c.Query.Get("$orderby") == "createdDateTime" {
		slices.Reverse(records)
	}
	// Without a filter on signInEventTypes /beta returns the interactive ones
	// alone, as /v1.0 always does.
	all := beta && strings.Contains(c.Query.Get("$filter"), "signInEventTypes")
	holders := c.State.Holders()
	var found []any
	for _, r := range records {
		if p := signIn(c, r, holders, beta); (all || interactive(c, r)) && keep(p) {
			found = append(found, p)
		}
	}
	return page(c, found)
}

// signInSchema: the kinds of sign-ins are known on beta alone.
func signInSchema(beta bool) schema {
	s := schema{kind: "signIn", properties: []string{
		"createdDateTime", "userPrincipalName", "userId", "clientAppUsed", "status/errorCode",
		"conditionalAccessStatus", "appId", "ipAddress", "id", "isInteractive",
	}}
	if beta {
		s.lists = []string{"signInEventTypes"}
	}
	return s
}

func signIn(c *web.Call, r state.SignIn, holders map[string]*state.User, beta bool) map[string]any {
	status := map[string]any{"errorCode": r.Code, "failureReason": nil, "additionalDetails": nil}
	for _, f := range failureReasons {
		if f.code == r.Code {
			status["failureReason"] = f.text
		}
	}
	ca := "notApplied"
	policies := []any{}
	for _, name := range r.Policies {
		ca = "failure"
		policies = append(policies, map[string]any{
			"id": policyID(c, name), "displayName": name, "enforcedGrantControls": []string{"Block"},
			"enforcedSessionControls": []string{}, "result": "failure",
		})
	}
	id, name, upn := "00000000-0000-0000-0000-000000000000", r.Mailbox, r.Mailbox
	if u := holders[strings.ToLower(r.Mailbox)]; u != nil {
		id, name, upn = u.ID, u.Label(), strings.ToLower(u.Principal())
	}
	p := map[string]any{
		"id": r.ID, "createdDateTime": r.Time.UTC().Format(time.RFC3339Nano),
		"userPrincipalName": upn, "userDisplayName": name, "userId": id,
		"appDisplayName": "Office 365 Exchange Online", "appId": state.ExchangeOnline,
		"ipAddress": cmp.Or(r.Address, c.State.ClientIP()), "clientAppUsed": "Authenticated SMTP", "isInteractive": interactive(c, r),
		"conditionalAccessStatus": ca, "status": status,
	}
	if c.Claims.Allows("Policy.Read.All") { // else silently left out
		p["appliedConditionalAccessPolicies"] = policies
	}
	if beta {
		p["signInEventTypes"] = []string{eventType(interactive(c, r))}
	}
	return p
}

func interactive(c *web.Call, r state.SignIn) bool {
	return c.State.SignInLog.Interactive && !r.NonInteractive
}

func eventType(interactive bool) string {
	if interactive {
		return "interactiveUser"
	}
	return "nonInteractiveUser"
}

func policyID(c *web.Call, name string) string {
	for _, p := range c.State.Org.ConditionalAccess {
		if p.Name == name {
			return p.ID
		}
	}
	return ""
}

// page answers with one page of at most $top records.
func page(c *web.Call, found []any) web.Answer {
	top, err := strconv.Atoi(cmp.Or(c.Query.Get("$top"), "1000"))
	if err != nil || top < 1 || top > 1000 {
		return errBadFilter.answer("Invalid value for $top.")
	}
	skip, _ := strconv.Atoi(c.Query.Get("$skiptoken"))
	skip = min(max(skip, 0), len(found))
	out := map[string]any{"@odata.context": context(c, "auditLogs/signIns"), "value": append([]any{}, found[skip:min(skip+top, len(found))]...)}
	if skip+top < len(found) {
		query := maps.Clone(c.Query)
		query.Set("$skiptoken", fmt.Sprint(skip+top))
		out["@odata.nextLink"] = c.Cloud.Graph + c.Path + "?" + query.Encode()
	}
	return web.JSON(http.StatusOK, out)
}
