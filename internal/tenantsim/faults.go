package tenantsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
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

// SetFaults replaces the faults and starts their counts anew. A kind that
// does not exist is an error.
func (t *Tenant) SetFaults(faults ...Fault) error {
	if err := (&State{Faults: faults}).validateFaults(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults, t.hits = slices.Clone(faults), make([]int, len(faults))
	return nil
}

func (s *State) validateFaults() error {
	for _, f := range s.Faults {
		if !slices.Contains(FaultKinds, f.Kind) {
			return fmt.Errorf("key %q must be one of %s, not %q", "kind", strings.Join(FaultKinds, ", "), f.Kind)
		}
	}
	return nil
}

// fault returns the fault that strikes r, or nil.
func (t *Tenant) fault(r Request) *Fault {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, f := range t.faults {
		if !f.fits(r) {
			continue
		}
		t.hits[i]++
		if f.Nth == 0 || f.Nth == t.hits[i] {
			return &f
		}
	}
	return nil
}

func (f Fault) fits(r Request) bool {
	return (f.API == "" || f.API == r.API) &&
		(f.Method == "" || f.Method == r.Method) &&
		(f.Cmdlet == "" || strings.EqualFold(f.Cmdlet, r.Cmdlet)) &&
		strings.Contains(r.Path, f.Path)
}

// spoil returns the answer that the fault puts in the place of the right one.
func (f Fault) spoil(c *call, right answer) answer {
	switch f.Kind {
	case "401", "403", "404", "429", "500", "503":
		return c.refusal(f.Kind)
	case "429-retry-after":
		a := c.refusal("429")
		a.header.Set("Retry-After", strconv.Itoa(int(f.Delay.Seconds())))
		return a
	case "403-nul":
		return nulAnswer()
	case "html":
		return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
			body: []byte("<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>")}
	case "empty":
		return answer{status: http.StatusOK, header: http.Header{}}
	case "redirect":
		return answer{status: http.StatusFound, header: http.Header{"Location": {f.Location}}}
	case "truncated":
		right.cut = true
	case "reset":
		right.reset = true
	}
	return right // "slow" has waited before
}
