package m365

import (
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// Rights says in one sentence what the tokens do not allow, "" where they allow
// all: facts that will stay unread and, with mend, changes that could not be
// made. It is what the tokens tell by themselves; the APIs have the last word.
func (t *Tenant) Rights(mend bool) string {
	var parts []string
	unread, permissions := t.lacking(func(r fact.Row) *fact.Access { return &r.Read })
	if len(unread) > 0 {
		parts = append(parts, "without "+strings.Join(permissions, ", ")+" these may stay unread: "+strings.Join(unread, ", "))
	}
	if mend {
		fixed, permissions := t.lacking(func(r fact.Row) *fact.Access { return r.Write })
		if len(fixed) > 0 {
			parts = append(parts, "without "+strings.Join(permissions, ", ")+" these cannot be changed: "+strings.Join(fixed, ", "))
		}
		if text := t.lacksRole(); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

// lacking returns the titles of the facts whose access the tokens do not
// allow, and the permissions that are missing for them.
func (t *Tenant) lacking(access func(fact.Row) *fact.Access) (titles, permissions []string) {
	for _, row := range t.facts() {
		need, c := access(row), t.service(row.API).Claims()
		if need == nil || !c.Readable() || row.Write == need && t.asksLater(row) {
			continue
		}
		wanted := need.Application
		if c.Delegated() {
			wanted = need.Delegated
		}
		if lack := c.Lacking(wanted); len(lack) > 0 {
			titles = append(titles, row.Title)
			permissions = append(permissions, slices.DeleteFunc(lack, func(p string) bool { return slices.Contains(permissions, p) })...)
		}
	}
	return titles, permissions
}

// asksLater: the permission for the change is asked for when it is made.
func (t *Tenant) asksLater(row fact.Row) bool {
	return row.API == fact.APIGraph && t.graph.AsksByName()
}

// lacksRole names the changes for which a person's token shows no role. A role
// group of Exchange's own may give the same and is in no token.
func (t *Tenant) lacksRole() string {
	c := t.graph.Claims()
	if !c.Readable() {
		c = t.exchange.Claims()
	}
	if !c.Delegated() || len(c.Wids) == 0 {
		return ""
	}
	held, parts := fact.RoleNames(c.Wids), []string(nil)
	for _, row := range fact.Table {
		if row.Write == nil || slices.ContainsFunc(held, func(role string) bool {
			return role == "Global Administrator" || strings.Contains(row.Write.Role, role)
		}) {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", row.Title, row.Write.Role))
	}
	if len(parts) == 0 {
		return ""
	}
	return "the token shows no role for a change of " + strings.Join(parts, ", ")
}

// common are permissions that every sign-in has; they open no fact.
var common = []string{"openid", "profile", "email", "offline_access", "User.Read"}

// Blind returns why a sign-in that worked opens nothing, nil where something
// may be read. Other permissions than those of the table open facts as well, so
// any counts.
func (t *Tenant) Blind() error {
	for _, service := range []*cloudapi.Service{t.graph, t.exchange} {
		c := service.Claims()
		if !c.Readable() && c.Seen() || slices.ContainsFunc(c.Held(), func(p string) bool { return !slices.Contains(common, p) }) {
			return nil
		}
	}
	_, permissions := t.lacking(func(r fact.Row) *fact.Access { return &r.Read })
	return cloudapi.Errorf(ErrPermission, "the sign-in to tenant %s as %s worked, but its tokens allow nothing to be read: grant %s with admin consent, then sign in again",
		t.Name(), t.Account(), strings.Join(permissions, ", "))
}
