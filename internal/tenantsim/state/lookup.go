package state

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A Duration reads and writes itself as "1m30s".
type Duration struct{ time.Duration }

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	return err
}

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

// User returns the user with that mailbox address or id, or nil.
func (s *State) User(key string) *User {
	for i := range s.Users {
		if strings.EqualFold(s.Users[i].Mailbox, key) || strings.EqualFold(s.Users[i].ID, key) {
			return &s.Users[i]
		}
	}
	return nil
}

// Named reports whether name is the tenant's GUID or its domain.
func (s *State) Named(name string) bool {
	return strings.EqualFold(name, s.TenantID) || strings.EqualFold(name, s.Domain)
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
