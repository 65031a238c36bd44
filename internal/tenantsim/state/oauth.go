package state

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// ObjectID is the id of the enterprise application, the app's instance in the
// tenant.
func (a *App) ObjectID() string { return derived("enterprise application of " + a.ClientID) }

// RegistrationID is the object id of the app registration, which is another.
func (a *App) RegistrationID() string { return derived("registration of " + a.ClientID) }

// PrincipalID is the object id with which Exchange knows the app, "" where it
// does not.
func (a *App) PrincipalID() string {
	switch a.ExchangePrincipal {
	case "none":
		return ""
	case "wrong-object":
		return a.RegistrationID()
	}
	return a.ObjectID()
}

// Sid is how the app stands in the permissions of mailboxes.
func (a *App) Sid() string {
	h := sha256.Sum256([]byte("sid of " + a.ClientID))
	part := func(i int) uint32 { return binary.BigEndian.Uint32(h[4*i:]) }
	return fmt.Sprintf("S-1-5-21-%d-%d-%d-%d", part(0), part(1), part(2), part(3)%1e7)
}

// derived is a GUID that follows from a text.
func derived(text string) string {
	h := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// MayOpen reports whether the app has full access to the user's mailbox.
func (a *App) MayOpen(u *User) bool { return u.Among(a.Mailboxes) }

// InScope reports whether the user's mailbox is in the scope of the app's role
// in Exchange.
func (a *App) InScope(u *User) bool {
	return slices.Contains(a.RoleScope, "All") || u.Among(a.RoleScope)
}

// Admits reports whether the app lets the user in, who may be nil for one of no
// mailbox.
func (a *App) Admits(u *User) bool {
	return !a.AssignmentRequired || u != nil && u.Among(a.Assigned)
}

// TokenStoppedBy names the policies that refuse the user's token for Exchange. A
// second factor the person can give; deviceCode is whether one is used.
func (s *State) TokenStoppedBy(u *User, deviceCode bool) []string {
	var names []string
	for _, p := range s.Org.ConditionalAccess {
		flow := len(p.Flows) == 0 || deviceCode && slices.Contains(p.Flows, "deviceCodeFlow")
		desktop := len(p.ClientApps) == 0 || slices.Contains(p.ClientApps, "all") || slices.Contains(p.ClientApps, "mobileAppsAndDesktopClients")
		if p.refuses() && len(p.IncludeApps) == 0 && flow && desktop && p.forUser(u) && s.fromThere(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// AppStoppedBy names the policies for workload identities that refuse the token
// of the app itself.
func (s *State) AppStoppedBy(a *App) []string {
	var names []string
	for _, p := range s.Org.ConditionalAccess {
		included := slices.Contains(p.IncludeApps, "ServicePrincipalsInMyTenant") || contains(p.IncludeApps, a.ClientID)
		if p.refuses() && included && s.fromThere(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// refuses reports whether the policy is on and blocks Exchange Online.
func (p CAPolicy) refuses() bool {
	return p.State == "enabled" && slices.Contains(p.Controls, "block") && p.forExchange()
}

func (p CAPolicy) forExchange() bool {
	return slices.ContainsFunc(p.Applications, func(a string) bool {
		return a == "All" || a == "Office365" || strings.EqualFold(a, ExchangeOnline)
	})
}
