package web

import (
	"slices"
	"strings"

	"smtpmend/internal/tenantsim/state"
)

// SetFaults replaces the faults, which must be valid, and starts their counts
// anew; tokens that were called expired count again.
func (s *Server) SetFaults(faults []state.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.hits, s.revoked = slices.Clone(faults), make([]int, len(faults)), make(map[string]bool)
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
		if f.Nth == 0 && f.Kind == "expired-token" {
			f.Nth = 1
		}
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

// Struck reports whether a fault of that kind strikes the request.
func (c *Call) Struck(kind string) bool { return c.fault != nil && c.fault.Kind == kind }

// Refusal is the number of Entra's that a fault of kind "refused" strikes the
// request with.
func (c *Call) Refusal() int { return c.fault.AADSTS }

// revoke calls the request's token expired from now on.
func (s *Server) revoke(bearer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked[bearer] = true
}

func (s *Server) isRevoked(bearer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revoked[bearer]
}

// respond answers as the fault that strikes the request will have it.
func (c *Call) respond() Answer {
	f := c.server.fault(c.log)
	if f == nil {
		return c.serve()
	}
	c.fault = f
	i := slices.IndexFunc(spoilers, func(s spoiler) bool { return s.kind == f.Kind })
	if f.Kind == "slow" {
		c.sleep(f.Delay.Duration)
	}
	var right Answer
	if f.AfterEffect || spoilers[i].changes {
		right = c.serve()
	}
	return spoilers[i].spoil(c, right)
}
