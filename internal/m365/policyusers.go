package m365

import (
	"slices"
	"strings"
)

// applies reports whether a policy is for the user, and for maybe what that
// depends on.
func (u caUsers) applies(who *caUser) (tri, string) {
	included := truth(overlap(u.IncludeUsers, []string{"All", who.id})).
		or(who.in(u.IncludeGroups, u.IncludeRoles)).
		or(who.guestIn(u.IncludeUsers, !isNull(u.IncludeGuestsOrExternalUsers)))
	excluded := truth(overlap(u.ExcludeUsers, []string{who.id})).
		or(who.in(u.ExcludeGroups, u.ExcludeRoles)).
		or(who.guestIn(u.ExcludeUsers, !isNull(u.ExcludeGuestsOrExternalUsers)))
	about := "what kind of guest the user is"
	if who.unread != "" {
		about = "the user's groups and roles, which could not be read (" + who.unread + ")"
	}
	return included.and(excluded.not()), about
}

// in reports whether the user is in one of the groups or roles.
func (who *caUser) in(groups, roles []string) tri {
	ids := slices.Concat(groups, roles)
	switch {
	case slices.ContainsFunc(ids, func(id string) bool { return who.member[strings.ToLower(id)] }):
		return yes
	case len(ids) > 0 && who.unread != "":
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

// unmeetable reports whether the controls, joined by their operator, refuse
// such a client.
func (g *caGrant) unmeetable() tri {
	if g == nil {
		return no
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
	if g.Operator == "AND" {
		return slices.Max(each)
	}
	return slices.Min(each)
}

func beyond(control string) tri {
	if slices.Contains(beyondPassword, control) {
		return yes
	}
	return maybe
}
