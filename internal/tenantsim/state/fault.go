package state

import (
	"fmt"
	"slices"
	"strings"
)

// A Fault makes requests to the admin APIs fail. The first one that fits a
// request counts.
type Fault struct {
	API    string `json:"api"`              // login, graph, exchange; "" is any
	Method string `json:"method,omitempty"` // "" is any
	Path   string `json:"path,omitempty"`   // a part of the path; "" is any
	Cmdlet string `json:"cmdlet,omitempty"` // "" is any
	// Nth strikes the nth request that fits, from 1; 0 strikes each.
	Nth int `json:"nth,omitempty"`
	// Kind is one of FaultKinds.
	Kind string `json:"kind"`
	// AfterEffect lets the request take effect and spoils the answer alone.
	AfterEffect bool `json:"after_effect,omitempty"`
	// Delay is how long "slow" waits (30 s when zero) and what "429-retry-after"
	// asks for, in whole seconds.
	Delay Duration `json:"delay,omitzero"`
	// Location is where "redirect" points.
	Location string `json:"location,omitempty"`
}

// FaultKinds lists the kinds of faults.
var FaultKinds = []string{
	"401", "403", "403-nul", "404", "429", "429-retry-after", "500", "503",
	"html", "empty", "truncated", "slow", "reset", "redirect",
}

// ValidateFaults returns an error for a kind that does not exist.
func ValidateFaults(faults []Fault) error {
	for _, f := range faults {
		if !slices.Contains(FaultKinds, f.Kind) {
			return fmt.Errorf("key %q must be one of %s, not %q", "kind", strings.Join(FaultKinds, ", "), f.Kind)
		}
	}
	return nil
}
