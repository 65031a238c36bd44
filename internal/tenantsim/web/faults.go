package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"smtpmend/internal/tenantsim/state"
)

// SetFaults replaces the faults and starts their counts anew. A kind that
// does not exist is an error.
func (s *Server) SetFaults(faults ...state.Fault) error {
	if err := state.ValidateFaults(faults); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.hits = slices.Clone(faults), make([]int, len(faults))
	return nil
}

// fault returns the fault that strikes r, or nil.
func (s *Server) fault(r Request) *state.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if !fits(f, r) {
			continue
		}
		s.hits[i]++
		if f.Nth == 0 || f.Nth == s.hits[i] {
			return &f
		}
	}
	return nil
}

func fits(f state.Fault, r Request) bool {
	return (f.API == "" || f.API == r.API) &&
		(f.Method == "" || f.Method == r.Method) &&
		(f.Cmdlet == "" || strings.EqualFold(f.Cmdlet, r.Cmdlet)) &&
		strings.Contains(r.Path, f.Path)
}

// spoil returns the answer that the fault puts in the place of the right one.
func spoil(f *state.Fault, c *Call, right Answer) Answer {
	switch f.Kind {
	case "401", "403", "404", "429", "500", "503":
		return c.refuse(f.Kind)
	case "429-retry-after":
		a := c.refuse("429")
		a.Header.Set("Retry-After", strconv.Itoa(int(f.Delay.Seconds())))
		return a
	case "403-nul":
		return Gibberish()
	case "html":
		return Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
			Body: []byte("<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>")}
	case "empty":
		return Empty(http.StatusOK)
	case "redirect":
		return Answer{Status: http.StatusFound, Header: http.Header{"Location": {f.Location}}}
	case "truncated":
		right.cut = true
	case "reset":
		right.reset = true
	}
	return right // "slow" has waited before
}

// refuse is the answer with that status in the words of the API called.
func (c *Call) refuse(status string) Answer {
	if c.api == nil {
		return Empty(http.StatusNotFound)
	}
	return c.api.Refuse(c, status)
}
