package state

import (
	"encoding/json"
	"slices"
	"strings"
)

// Clone returns a copy that shares nothing with s.
func (s *State) Clone() *State {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a State holds nothing that JSON cannot
	}
	c := new(State)
	if err := json.Unmarshal(data, c); err != nil {
		panic(err)
	}
	return c
}

// Named reports whether name is the tenant's GUID or one of its domains.
func (s *State) Named(name string) bool {
	return strings.EqualFold(name, s.TenantID) || contains(s.VerifiedDomains(), name)
}

// VerifiedDomains are all domains of the tenant, the default one first.
func (s *State) VerifiedDomains() []string { return append([]string{s.Domain}, s.Domains...) }

// Premium is the Entra ID plan of the tenant: none, p1 or p2.
func (s *State) Premium() string {
	switch {
	case s.Org.Premium != "":
		return s.Org.Premium
	case s.SignInLog.Licensed:
		return "p1"
	}
	return "none"
}

// User returns the user with that mailbox or id, or nil. It is how tests and
// state files name a user; the services find users each by their own rule.
func (s *State) User(key string) *User {
	return s.find(func(u *User) bool { return strings.EqualFold(u.Mailbox, key) || strings.EqualFold(u.ID, key) })
}

// Account returns the user with that principal name or id, as Graph finds one:
// an address that is no principal name is nobody's.
func (s *State) Account(key string) *User {
	return s.find(func(u *User) bool { return strings.EqualFold(u.Principal(), key) || strings.EqualFold(u.ID, key) })
}

// Recipient returns the user whom Exchange finds for an identity: an address,
// the principal name, an id, the name before the @, and after all of these,
// in whatever mailbox, a loose name.
func (s *State) Recipient(identity string) *User {
	exact := s.find(func(u *User) bool {
		return u.Named(identity) || contains([]string{u.ID, u.ExchangeGUID(), u.Alias()}, identity)
	})
	if exact != nil {
		return exact
	}
	return s.find(func(u *User) bool { return contains(u.LooseNames, identity) })
}

// Holder returns the user with that address or principal name, or nil.
func (s *State) Holder(name string) *User {
	return s.find(func(u *User) bool { return u.Named(name) })
}

// Holders are the users by each of their addresses and principal names, in
// lower case: Holder for many names at once.
func (s *State) Holders() map[string]*User {
	all := make(map[string]*User, 2*len(s.Users))
	for i := range s.Users {
		u := &s.Users[i]
		for _, name := range append(u.Addresses(), u.Principal()) {
			if key := strings.ToLower(name); all[key] == nil {
				all[key] = u
			}
		}
	}
	return all
}

func (s *State) find(is func(*User) bool) *User {
	for i := range s.Users {
		if is(&s.Users[i]) {
			return &s.Users[i]
		}
	}
	return nil
}

// App returns the app with that client id, or nil.
func (s *State) App(clientID string) *App {
	i := slices.IndexFunc(s.Apps, func(a App) bool { return strings.EqualFold(a.ClientID, clientID) })
	if i < 0 {
		return nil
	}
	return &s.Apps[i]
}

func (o *Org) policy(name string) *AuthPolicy {
	i := slices.IndexFunc(o.AuthPolicies, func(p AuthPolicy) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return nil
	}
	return &o.AuthPolicies[i]
}
