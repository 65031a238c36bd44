package state

import (
	"fmt"
	"slices"
	"strings"
)

// A Fault makes requests to the admin APIs fail. The first one that fits a
// request counts.
type Fault struct {
	API    string `json:"api"`              // login, graph, exchange, reports; "" is any
	Method string `json:"method,omitempty"` // "" is any
	Path   string `json:"path,omitempty"`   // a part of the path; "" is any
	Cmdlet string `json:"cmdlet,omitempty"` // "" is any
	// Nth strikes the nth request that fits, from 1; 0 strikes each, of
	// "expired-token" the first.
	Nth int `json:"nth,omitempty"`
	// Kind is one of FaultKinds or KeyFaultKinds.
	Kind string `json:"kind"`
	// Key is the JSON key that one of KeyFaultKinds strikes, wherever it is in
	// the answer.
	Key string `json:"key,omitempty"`
	// AADSTS is the number of the refusal that "refused" answers with.
	AADSTS int `json:"aadsts,omitempty"`
	// AfterEffect lets the request take effect and spoils the answer alone.
	// Kinds that change the right answer do so always.
	AfterEffect bool `json:"after_effect,omitempty"`
	// Delay is how long "slow" waits (30 s when zero) and what
	// "429-retry-after" and "429-date" ask for, in whole seconds.
	Delay Duration `json:"delay,omitzero"`
	// Location is where "redirect" and "foreign-next" point.
	Location string `json:"location,omitempty"`
}

// FaultKinds lists the kinds of faults that need no key.
var FaultKinds = []string{
	"401", "403", "403-nul", "404", "429", "429-retry-after", "500", "503",
	"html", "empty", "truncated", "slow", "reset", "redirect",
	// 429-date says when to come again as a date; 502-html is a proxy's page;
	// error-200 is an error object under status 200.
	"429-date", "502-html", "error-200",
	// wrong-types gives every value a type that it cannot have; bad-gzip calls
	// a plain body compressed; foreign-next goes on at another host; paging
	// gives one element a page.
	"wrong-types", "bad-gzip", "foreign-next", "paging",
	// expired-token refuses the token that a request came with, then and from
	// then on, until its owner asks for a new one.
	"expired-token",
	// At the token endpoint: a token of another tenant than the one asked
	// (of an invented one where only one is served), and a token that is no
	// JWT, as Microsoft reserves the right to issue.
	"token-of-another-tenant", "opaque-token",
	// Of a list of Exchange: the link to the next page is no longer known.
	"expired-page",
}

// KeyFaultKinds lists those that strike one key: "without" leaves it out,
// "mistyped" gives it a value of a type that it cannot have.
var KeyFaultKinds = []string{"without", "mistyped"}

// RefusedFaultKind strikes the sign-in, API "login", with a refusal of the
// number in AADSTS.
const RefusedFaultKind = "refused"

// ValidateFaults returns an error for a kind that does not exist, or that
// lacks its key.
func ValidateFaults(faults []Fault) error {
	for _, f := range faults {
		refused := f.Kind == RefusedFaultKind
		if refused != (f.AADSTS != 0) || refused && f.API != "login" {
			return fmt.Errorf("key %q of a fault goes with the kind %s at login, and with no other", "aadsts", RefusedFaultKind)
		}
		keyed := slices.Contains(KeyFaultKinds, f.Kind)
		if !keyed && !refused && !slices.Contains(FaultKinds, f.Kind) {
			kinds := slices.Concat(FaultKinds, KeyFaultKinds, []string{RefusedFaultKind})
			return fmt.Errorf("key %q must be one of %s, not %q", "kind", strings.Join(kinds, ", "), f.Kind)
		}
		if keyed != (f.Key != "") {
			return fmt.Errorf("key %q of a fault goes with the kinds %s, and with no other", "key", strings.Join(KeyFaultKinds, ", "))
		}
	}
	return nil
}
