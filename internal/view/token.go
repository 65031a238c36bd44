package view

import (
	"strings"
	"time"

	"smtpmend/diagnose/catalogue"
)

// A Token is what an access token for a submission tells of itself, the token
// left out.
type Token struct {
	Way catalogue.Way `json:"way"`
	// Kind is "user" for one that a person signed in for, "application" for an
	// application's own.
	Kind        string `json:"kind"`
	Application string `json:"application"`    // its client id
	User        string `json:"user,omitempty"` // who signed in
	// Permissions are its scopes or roles. An application whose right is a role in
	// Exchange has none.
	Permissions []string  `json:"permissions"`
	Expires     time.Time `json:"expires,omitzero"`
	// Opaque: it does not tell whose it is and what it holds.
	Opaque bool `json:"opaque,omitempty"`
}

// Sentence says whom the token stands for, what it holds and until when.
func (t Token) Sentence() string {
	until := ""
	if !t.Expires.IsZero() {
		until = ", until " + t.Expires.UTC().Format("15:04 UTC")
	}
	holder := "the application " + t.Application + " itself"
	if t.Kind == "user" {
		holder = t.User + ", through the application " + t.Application
	}
	switch {
	case t.Opaque:
		return "The token is for the application " + t.Application + until + "; it does not tell what it holds."
	case len(t.Permissions) == 0:
		return "The token is for " + holder + ", without a permission" + until + "."
	}
	return "The token is for " + holder + ", with " + strings.Join(t.Permissions, ", ") + until + "."
}
