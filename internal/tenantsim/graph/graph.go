// Package graph is Microsoft Graph as the simulated tenants offer it: the
// calls that read and write their facts, and the errors of these.
//
// Of everything else Graph can do it knows nothing, and says so as Graph does.
package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"smtpmend/internal/tenantsim/web"
)

// API is Graph below root.
func API(root string) web.API {
	return web.API{
		Name: "graph", Root: root, Serves: web.Below(root), Tenant: web.TenantOfToken,
		Asks:  func(c *web.Call) (string, bool) { return "", c.Method != http.MethodGet },
		Serve: serve, Refuse: refuse,
	}
}

// serve finds the operation, checks the caller and lets it answer.
func serve(c *web.Call) web.Answer {
	switch {
	case c.Bearer == "":
		return errNoToken.answer("")
	case !c.Authorize(c.Cloud.Graph):
		return errBadToken.answer("")
	}
	version, path, _ := strings.Cut(strings.TrimPrefix(c.Path, "/"), "/")
	beta := version == "beta"
	if !beta && version != "v1.0" {
		return errBadBody.answer("Invalid version.")
	}
	segments := strings.Split(path, "/")
	known := false
	for _, op := range operations {
		stars, ok := match(op.path, segments)
		if !ok || beta && !op.beta || !beta && !op.v1 {
			continue
		}
		if known = true; op.method == c.Method {
			return run(c, op, stars)
		}
	}
	if known {
		return errNoMethod.answer("")
	}
	return errNoSegment.answer(segments[len(segments)-1])
}

func run(c *web.Call, op operation, stars []string) web.Answer {
	allowed := slices.ContainsFunc(op.anyOf, c.Claims.Allows)
	for _, p := range op.allOf {
		allowed = allowed && c.Claims.Allows(p)
	}
	if !allowed {
		return op.denied.answer("")
	}
	if c.Claims.User != "" && !c.HasRole(op.roles) {
		return errDenied.answer("")
	}
	return op.serve(c, stars)
}

// match compares a path with a pattern and returns what the * stand for.
func match(pattern string, segments []string) (stars []string, ok bool) {
	want := strings.Split(pattern, "/")
	if len(want) != len(segments) {
		return nil, false
	}
	for i, w := range want {
		before, after, alternate := strings.Cut(w, "*)") // an alternate key, such as (appId='...')
		switch {
		case w == "*" && segments[i] != "":
			stars = append(stars, segments[i])
		case alternate && after == "" && len(segments[i]) > len(before)+1 && strings.EqualFold(segments[i][:len(before)], before) && strings.HasSuffix(segments[i], ")"):
			stars = append(stars, strings.Trim(segments[i][len(before):len(segments[i])-1], "'"))
		case !strings.EqualFold(w, segments[i]):
			return nil, false
		}
	}
	return stars, true
}

// context is the @odata.context of an answer.
func context(c *web.Call, what string) string {
	version, _, _ := strings.Cut(strings.TrimPrefix(c.Path, "/"), "/")
	return fmt.Sprintf("%s/%s/$metadata#%s", c.Cloud.Graph, version, what)
}

// list answers with a collection in one page.
func list(c *web.Call, what string, values ...any) web.Answer {
	if values == nil {
		values = []any{}
	}
	return web.JSON(http.StatusOK, map[string]any{"@odata.context": context(c, what), "value": values})
}

// project returns of the properties those in $select, or else the usual ones.
func project(c *web.Call, usual []string, properties map[string]any) map[string]any {
	chosen := usual
	if s := c.Query.Get("$select"); s != "" {
		chosen = strings.Split(s, ",")
	}
	out := map[string]any{}
	for _, name := range chosen {
		for known, value := range properties {
			if strings.EqualFold(strings.TrimSpace(name), known) {
				out[known] = value
			}
		}
	}
	return out
}

// patch reads the body of a PATCH that may set one property.
func patch(c *web.Call, property string, to any) (web.Answer, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.Body, &fields); err != nil {
		return errBadBody.answer("Unable to read JSON request payload."), false
	}
	for name := range fields {
		if name != property && !strings.HasPrefix(name, "@odata.") {
			return errBadBody.answer("Property '" + name + "' cannot be set."), false
		}
	}
	if err := json.Unmarshal(fields[property], to); err != nil {
		return errBadBody.answer("Property '" + property + "' has a value that it cannot have."), false
	}
	return web.Empty(http.StatusNoContent), true
}
