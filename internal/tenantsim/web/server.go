// Package web carries requests to the simulated APIs and their answers back:
// logging, hooks and faults are the same for all of them.
//
// It knows no API: what is answered is theirs.
package web

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/timeline"
)

// An API is a part of the HTTPS server.
type API struct {
	Name string // of requests and faults
	Root string // the path that it lies below
	// Serves reports whether a path is this API's.
	Serves func(path string) bool
	// Tenant is the GUID or domain of the tenant that is called.
	Tenant func(*Call) string
	// Asks says which cmdlet is called, "" for none, and whether the request
	// is to change the tenant.
	Asks func(*Call) (cmdlet string, writes bool)
	// Serve answers. Refuse answers with that status in the API's own words:
	// 401, 403, 404, 429, 500 or 503.
	Serve  func(*Call) Answer
	Refuse func(c *Call, status string) Answer
}

// Below returns the Serves of an API with all paths below its root.
func Below(root string) func(string) bool {
	return func(path string) bool { return strings.HasPrefix(path, root+"/") }
}

// A Server serves the APIs of several tenants.
type Server struct {
	cloud   endpoint.Cloud
	apis    []API
	tenants []*timeline.Timeline

	mu     sync.Mutex
	log    []Request
	hook   Hook
	faults []state.Fault
	hits   []int // of the faults
	// revoked are tokens that are called expired.
	revoked map[string]bool
}

// New returns a server for these tenants; the first is the one that a client
// without a tenant of its own signs in to.
func New(cloud endpoint.Cloud, tenants []*timeline.Timeline, apis ...API) *Server {
	return &Server{cloud: cloud, apis: apis, tenants: tenants, revoked: make(map[string]bool)}
}

// HTTP returns the HTTP server around s.
func (s *Server) HTTP(cert tls.Certificate) *http.Server {
	h := &http.Server{
		Handler:           s,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{cert}},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
		Protocols:         new(http.Protocols),
	}
	h.Protocols.SetHTTP1(true) // a single connection can be reset
	return h
}

// Find returns the tenant with that GUID or domain, or nil.
func (s *Server) Find(name string) *timeline.Timeline {
	i := slices.IndexFunc(s.tenants, func(t *timeline.Timeline) bool { return t.Newest().Named(name) })
	switch {
	case i >= 0:
		return s.tenants[i]
	case name == "organizations" || name == "common":
		return s.tenants[0]
	}
	return nil
}

// ServeHTTP implements http.Handler: log, hook, fault, effect, hook, answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := s.newCall(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	i := s.note(c.log)
	s.tell(c.log, Before)
	a := c.respond()
	s.tell(c.log, After)
	if !a.reset {
		s.noteStatus(i, a.Status)
	}
	a.write(w)
}

func (c *Call) serve() Answer {
	if c.api == nil {
		return Empty(http.StatusNotFound)
	}
	return c.api.Serve(c)
}

// sleep waits until the client gives up at the latest.
func (c *Call) sleep(d time.Duration) {
	if d == 0 {
		d = 30 * time.Second
	}
	select {
	case <-time.After(d):
	case <-c.done:
	}
}
