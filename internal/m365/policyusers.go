package m365

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// applies reports whether a policy is for the user, and for maybe what that
// depends on.
func (u *caUsers) applies(who *caUser) (tri, string) {
	if u == nil || u.IncludeUsers == nil && u.IncludeGroups == nil && u.IncludeRoles == nil && isNull(u.IncludeGuestsOrExternalUsers) {
		return maybe, "its users, which were not given"
	}
	included := truth(overlap(u.IncludeUsers, []string{"All", who.id})).
		or(who.in(u.IncludeGroups, who.noGroups)).
		or(who.in(u.IncludeRoles, who.noRoles)).
		or(who.guestIn(u.IncludeUsers, !isNull(u.IncludeGuestsOrExternalUsers)))
	excluded := truth(overlap(u.ExcludeUsers, []string{who.id})).
		or(who.in(u.ExcludeGroups, who.noGroups)).
		or(who.in(u.ExcludeRoles, who.noRoles)).
		or(who.guestIn(u.ExcludeUsers, !isNull(u.ExcludeGuestsOrExternalUsers)))
	about := "what kind of guest the user is"
	if u.IncludeUsers == nil { // Graph lists it always, if only as empty
		included, about = included.or(maybe), "its users, which were not given"
	}
	if why := cmp.Or(who.noGroups, who.noRoles); why != "" {
		about = "the user's groups and roles, which could not be read (" + why + ")"
	}
	return included.and(excluded.not()), about
}

// in reports whether the user is in one of the groups or roles; unread says
// why that could not be read, "" when it was.
func (who *caUser) in(ids []string, unread string) tri {
	switch {
	case slices.ContainsFunc(ids, func(id string) bool { return who.member[strings.ToLower(id)] }):
		return yes
	case len(ids) > 0 && unread != "":
		return maybe
	}
	return no
}

// guestIn is never yes: policies tell kinds of guests apart.
func (who *caUser) guestIn(users []string, guests bool) tri {
	if who.guest && (guests || overlap(users, []string{"GuestsOrExternalUsers"})) {
		return maybe
	}
	return no
}

// beyondPassword are the grant controls that a client with nothing but a name
// and a password cannot meet. Of the others (a change of the password, the
// remediation of a risk, whatever comes) that is not certain.
var beyondPassword = []string{
	"block", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication",
}

// unmeetable reports whether the policy's controls, joined by their operator,
// refuse such a client.
func (p caPolicy) unmeetable() tri {
	if string(p.GrantControls) == "null" {
		return no
	}
	var g caGrant
	if len(p.GrantControls) == 0 || json.Unmarshal(p.GrantControls, &g) != nil || g.BuiltInControls == nil && isNull(g.AuthenticationStrength) {
		return maybe
	}
	var each []tri
	for _, control := range g.BuiltInControls {
		each = append(each, beyond(control))
	}
	for range len(g.CustomAuthenticationFactors) + len(g.TermsOfUse) {
		each = append(each, maybe)
	}
	if !isNull(g.AuthenticationStrength) {
		each = append(each, yes)
	}
	if len(each) == 0 {
		return no
	}
	least, most := slices.Min(each), slices.Max(each)
	switch {
	case least == most || g.Operator == "OR":
		return least
	case g.Operator == "AND":
		return most
	}
	return maybe
}

func beyond(control string) tri {
	if slices.Contains(beyondPassword, control) {
		return yes
	}
	return maybe
}
