package cloudapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Claims are what an access token says about its caller. Microsoft calls its
// tokens opaque, so nothing depends on them but the wording of a refusal, the
// name of the caller and the anchor of an Exchange request; a token that
// cannot be read gives empty claims.
type Claims struct {
	TenantID string   `json:"tid"`
	UPN      string   `json:"upn"`
	Unique   string   `json:"unique_name"`
	Name     string   `json:"preferred_username"`
	AppID    string   `json:"appid"`
	AZP      string   `json:"azp"`
	Scope    string   `json:"scp"`
	Roles    []string `json:"roles"`
	Wids     []string `json:"wids"` // templates of the person's Entra roles
	readable bool
	seen     bool // a token was had, readable or not
}

// ParseClaims reads a token without verifying it: that is the API's part.
func ParseClaims(token string) Claims {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Claims{}
	}
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Claims{}
	}
	var c Claims
	// One claim of a type that is not expected does not hide the others.
	if _, otherType := errors.AsType[*json.UnmarshalTypeError](json.Unmarshal(data, &c)); !otherType && !json.Valid(data) {
		return Claims{}
	}
	c.readable = true
	return c
}

func (c Claims) user() string { return cmp.Or(c.UPN, c.Unique, c.Name) }

// account names the caller for people, "" when the token does not tell.
func (c Claims) account() string {
	if c.delegated() {
		return cmp.Or(c.user(), "the signed-in account")
	}
	if app := cmp.Or(c.AppID, c.AZP); app != "" {
		return "application " + app
	}
	return ""
}

// Delegated reports whether a person is behind the token, Readable whether the
// token tells anything.
func (c Claims) Delegated() bool { return c.delegated() }
func (c Claims) Readable() bool  { return c.readable }

// Seen reports whether there was a token at all.
func (c Claims) Seen() bool { return c.seen }

func (c Claims) delegated() bool   { return c.readable && (c.Scope != "" || c.user() != "") }
func (c Claims) application() bool { return c.readable && !c.delegated() }

// Lacking returns the permissions that the token does not hold.
func (c Claims) Lacking(permissions []string) []string {
	held := c.Held()
	return slices.DeleteFunc(slices.Clone(permissions), func(p string) bool { return slices.Contains(held, p) })
}

// Held are the permissions that the token holds.
func (c Claims) Held() []string { return append(strings.Fields(c.Scope), c.Roles...) }
