package remediate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A HeldError says why a change must not be made here, although its cause is
// confirmed. It is ErrNotHere.
type HeldError struct {
	Scope fact.Scope // of the change that is held back
	// First lists the blockers that have to go first.
	First []catalogue.Code
	// Unread holds the settings that have to be read first.
	Unread fact.Evidence
	// Roles names the administrator's roles that the account holds.
	Roles string
}

func (e *HeldError) Error() string {
	switch {
	case e.Roles != "":
		return fmt.Sprintf("%v: the account is an administrator's (%s), and its second factor stays; let the device send as a mailbox that does nothing but send", ErrNotHere, e.Roles)
	case len(e.First) > 0:
		return fmt.Sprintf("%v: it could not work while something else stands in the way; remove %s first", ErrNotHere, join(e.First))
	}
	var facts []fact.Name
	for _, r := range e.Unread {
		facts = append(facts, r.Fact)
	}
	return fmt.Sprintf("%v: it would touch everybody, and what may still stand in the way could not be read: %s", ErrNotHere, join(facts))
}

// Is makes the error ErrNotHere, and ErrByHand: what is held back is left to a
// person.
func (e *HeldError) Is(target error) bool { return target == ErrNotHere || target == ErrByHand }

// Unwrap returns the failures behind what could not be read.
func (e *HeldError) Unwrap() []error {
	var all []error
	for _, r := range e.Unread {
		if r.Trouble != nil {
			all = append(all, r.Trouble)
		}
	}
	return all
}

// Held says what keeps the change for cause from being made where d stands: nil
// where nothing does, there is no change, or nothing was read.
func Held(cause catalogue.Code, d diagnose.Diagnosis) error {
	remedy, ok := Lookup(cause)
	if !ok || len(d.Evidence) == 0 {
		return nil
	}
	if r := d.Evidence.Get(fact.UserAdminRole); remedy.Scope() == fact.ScopeUser && !r.Known() {
		return fmt.Errorf("%w here: whether the account is an administrator's could not be read", ErrNotHere)
	}
	return Plan{Cause: cause, Changes: []Change{{Fact: remedy.Fact, Scope: remedy.Scope()}}, Context: contextOf(cause, d)}.held()
}

// held says what keeps a plan from being carried out, nil for nothing. The
// wider the change, the more has to be known.
func (p Plan) held() error {
	c := p.Context
	byPerson := slices.DeleteFunc(slices.Clone(c.Others), func(code catalogue.Code) bool { _, ok := Lookup(code); return ok })
	switch scope := p.Scope(); scope {
	case fact.ScopeMailbox:
		return nil
	case fact.ScopeUser:
		switch {
		case c.Roles.Known() && c.Roles.Value != fact.None:
			return &HeldError{Scope: scope, Roles: c.Roles.Value}
		case len(byPerson) > 0:
			return &HeldError{Scope: scope, First: byPerson}
		}
		return nil
	default:
		switch {
		case len(byPerson) > 0:
			return &HeldError{Scope: scope, First: byPerson}
		case len(c.Others) > 0:
			return &HeldError{Scope: scope, First: c.Others}
		case len(c.Unread) > 0:
			return &HeldError{Scope: scope, Unread: c.Unread}
		}
		return nil
	}
}

func join[T ~string](words []T) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, ", ")
}

// isHeld reports whether err keeps a plan back, for whatever reason.
func isHeld(err error) bool { return errors.Is(err, ErrNotHere) }
