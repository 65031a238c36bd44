package state

import (
	"cmp"
	"net/netip"
	"slices"
)

// AuthPolicySMTP is what the user's policy, or else the organisation's
// default, says about passwords for SMTP.
func (s *State) AuthPolicySMTP(u *User) string {
	if p := s.Org.policy(cmp.Or(u.AuthPolicy, s.Org.DefaultAuthPolicy)); p != nil {
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
		if p.State == "enabled" && len(p.Controls) > 0 && p.forSMTP() && p.forUser(u) && s.fromThere(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// ExchangeOnline is the app id of Exchange Online in every tenant.
const ExchangeOnline = "00000002-0000-0ff1-ce00-000000000000"

func (p CAPolicy) forSMTP() bool {
	client := len(p.ClientApps) == 0 || slices.Contains(p.ClientApps, "all") || slices.Contains(p.ClientApps, "other")
	return client && len(p.Flows) == 0 && len(p.IncludeApps) == 0 && p.forExchange()
}

func (p CAPolicy) forUser(u *User) bool {
	included := slices.Contains(p.IncludeUsers, "All") || u.Among(p.IncludeUsers) ||
		overlap(u.Groups, p.IncludeGroups) || overlap(RoleIDs(u.AdminRoles), p.IncludeRoles)
	excluded := u.Among(p.ExcludeUsers) ||
		overlap(u.Groups, p.ExcludeGroups) || overlap(RoleIDs(u.AdminRoles), p.ExcludeRoles)
	return included && !excluded
}

// fromThere reports whether the policy is for where the client is.
func (s *State) fromThere(p CAPolicy) bool {
	if len(p.IncludeLocations) == 0 && len(p.ExcludeLocations) == 0 {
		return true
	}
	return s.inside(p.IncludeLocations) && !s.inside(p.ExcludeLocations)
}

// inside reports whether the client is in one of the locations.
func (s *State) inside(locations []string) bool {
	if slices.Contains(locations, "All") {
		return true
	}
	client, err := netip.ParseAddr(s.ClientIP())
	return err == nil && slices.ContainsFunc(s.Org.NamedLocations, func(l Location) bool {
		named := slices.Contains(locations, l.ID) || l.Trusted && slices.Contains(locations, "AllTrusted")
		return named && slices.ContainsFunc(l.Ranges, func(r string) bool {
			network, err := netip.ParsePrefix(r)
			return err == nil && network.Contains(client)
		})
	})
}

// ClientIP is the address from which Entra sees clients sign in.
func (s *State) ClientIP() string { return cmp.Or(s.SMTP.Client, ClientAddress) }

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(id string) bool { return contains(b, id) })
}
