package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/timeline"
	"smtpmend/internal/tenantsim/token"
)

// A Call is a request on its way through the simulator.
type Call struct {
	Cloud  endpoint.Cloud
	Tenant *timeline.Timeline // nil when the request is for none that is here
	// State is what reads are answered by, and Now what the tenant is, both as
	// of the request's arrival and nil without a tenant. They must not be
	// changed.
	State, Now *state.State

	Method string
	Host   string
	Path   string // below the API's root
	Query  url.Values
	Header http.Header
	Body   []byte
	Bearer string       // "" when none was sent
	Claims token.Claims // of Bearer; empty when it is no token of ours
	Cmdlet string       // of Exchange

	server *Server
	api    *API
	log    Request
	fault  *state.Fault    // that strikes; nil is none
	done   <-chan struct{} // the client gave up
}

const maxBody = 1 << 20

func (s *Server) newCall(r *http.Request) (*Call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		body, err = gunzip(body)
	}
	if err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	c := &Call{
		Cloud: s.cloud, Method: r.Method, Host: r.Host, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header, Body: body,
		server: s, done: r.Context().Done(),
	}
	c.log = Request{Method: r.Method, Path: r.URL.Path, Anchor: r.Header.Get("X-AnchorMailbox"), Body: maskBody(r.Header.Get("Content-Type"), body)}
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil && query != "" {
		c.log.Path += "?" + query
	}
	if scheme, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		c.Bearer = bearer
		c.Claims, _ = token.Parse(bearer) // one that is not ours has no claims
	}
	c.identify()
	return c, nil
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxBody))
}

// identify finds out which API and which tenant is meant, and whether it is
// to write.
func (c *Call) identify() {
	i := slices.IndexFunc(c.server.apis, func(a API) bool { return a.Serves(c.Path) })
	if i < 0 {
		return
	}
	c.api = &c.server.apis[i]
	c.Path = strings.TrimPrefix(c.Path, c.api.Root)
	c.log.API = c.api.Name
	c.Cmdlet, c.log.Writes = c.api.Asks(c)
	c.log.Cmdlet = c.Cmdlet
	if c.Tenant = c.server.Find(c.api.Tenant(c)); c.Tenant != nil {
		c.State, c.Now = c.Tenant.Read(), c.Tenant.Newest()
		c.log.Tenant = c.Now.TenantID
	}
}

// Authorize reports whether the bearer token is for that resource of a tenant
// that is here, and not yet expired.
func (c *Call) Authorize(audience string) bool {
	return c.Tenant != nil && c.Claims.Audience == audience && !c.Claims.Expired() && !c.server.isRevoked(c.Bearer)
}

// Roles are the Entra roles, by name, of whoever the token stands for: the
// person, or the app's service principal.
func (c *Call) Roles() []string {
	if c.Claims.User != "" {
		return c.Now.Admin.Roles
	}
	if app := c.Now.App(c.Claims.AppID); app != nil {
		return app.Roles
	}
	return nil
}

// HasRole reports whether the caller has one of these roles.
func (c *Call) HasRole(roles []string) bool {
	held := c.Roles()
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(held, r) })
}

// TenantOfToken is the tenant that the bearer token is of.
func TenantOfToken(c *Call) string { return c.Claims.TenantID }

// OtherTenant is the GUID of a tenant that is not the one called: another that
// is served, or an invented one.
func (c *Call) OtherTenant() string {
	for _, t := range c.server.tenants {
		if id := t.Newest().TenantID; t != c.Tenant {
			return id
		}
	}
	return "99999999-9999-4999-8999-999999999999"
}
