package state

import (
	"slices"
	"strings"
)

// AuthPolicySMTP is what the user's policy, or else the organisation's
// default, says about passwords for SMTP.
func (s *State) AuthPolicySMTP(u *User) string {
	name := u.AuthPolicy
	if name == "" {
		name = s.Org.DefaultAuthPolicy
	}
	if p := s.Org.policy(name); p != nil {
		return p.SMTP
	}
	return "allow"
}

// StoppedBy names the policies that keep the user's password sign-in over
// SMTP out. A control that a mail client cannot meet stops it as a block
// does.
func (s *State) StoppedBy(u *User) []string {
	var names []string
	for _, p := range s.Org.ConditionalAccess {
		if p.State == "enabled" && len(p.Controls) > 0 && p.appliesTo(u) {
			names = append(names, p.Name)
		}
	}
	return names
}

// ExchangeOnline is the app id of Exchange Online in every tenant.
const ExchangeOnline = "00000002-0000-0ff1-ce00-000000000000"

func (p CAPolicy) appliesTo(u *User) bool {
	client := len(p.ClientApps) == 0 || slices.Contains(p.ClientApps, "all") || slices.Contains(p.ClientApps, "other")
	app := slices.ContainsFunc(p.Applications, func(a string) bool {
		return a == "All" || a == "Office365" || strings.EqualFold(a, ExchangeOnline)
	})
	included := slices.Contains(p.IncludeUsers, "All") || u.Among(p.IncludeUsers) || u.inGroup(p.IncludeGroups)
	excluded := u.Among(p.ExcludeUsers) || u.inGroup(p.ExcludeGroups)
	return client && app && included && !excluded
}

// Among reports whether one of the keys, addresses or ids, is the user.
func (u *User) Among(users []string) bool {
	return slices.ContainsFunc(users, func(key string) bool {
		return strings.EqualFold(key, u.Mailbox) || strings.EqualFold(key, u.ID)
	})
}

func (u *User) inGroup(groups []string) bool {
	return slices.ContainsFunc(groups, func(id string) bool { return slices.Contains(u.Groups, id) })
}
