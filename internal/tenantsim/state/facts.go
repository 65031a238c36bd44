package state

import (
	"fmt"
	"slices"

	"smtpmend/internal/fact"
)

// Fact returns the value of a fact as a perfect reader would see it, for the
// facts of a mailbox or user that of mailbox. It is "" when there is no such
// user or fact.
func (s *State) Fact(mailbox string, name fact.Name) string {
	p, u := placeOf(name), s.User(mailbox)
	if p == nil || u == nil && !p.shared {
		return ""
	}
	return p.get(s, u)
}

// Set gives a fact a value, as an administrator would; the table of places
// says how where that is not plain.
func (s *State) Set(mailbox string, name fact.Name, value string) error {
	p, u := placeOf(name), s.User(mailbox)
	switch row, _ := fact.Lookup(name); {
	case u == nil:
		return fmt.Errorf("the tenant has no mailbox %s", mailbox)
	case p == nil:
		return fmt.Errorf("there is no fact %q", name)
	case !row.Allows(value):
		return fmt.Errorf("fact %q cannot be %q", name, value)
	}
	p.set(s, u, value)
	return s.Validate()
}

func placeOf(name fact.Name) *place {
	i := slices.IndexFunc(places, func(p place) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return &places[i]
}
