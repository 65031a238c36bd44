package m365

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// claims is what an access token says about its caller. Microsoft calls its
// tokens opaque, so nothing depends on them but the wording of a refusal, the
// name of the caller and the anchor of an Exchange request; a token that
// cannot be read gives empty claims.
type claims struct {
	TenantID string   `json:"tid"`
	UPN      string   `json:"upn"`
	Unique   string   `json:"unique_name"`
	Name     string   `json:"preferred_username"`
	AppID    string   `json:"appid"`
	AZP      string   `json:"azp"`
	Scope    string   `json:"scp"`
	Roles    []string `json:"roles"`
	readable bool
	seen     bool // a token was had, readable or not
}

func parseClaims(token string) claims {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return claims{}
	}
	var c claims
	if json.Unmarshal(data, &c) != nil {
		return claims{}
	}
	c.readable = true
	return c
}

func (c claims) user() string { return cmp.Or(c.UPN, c.Unique, c.Name) }

// account names the caller for people, "" when the token does not tell.
func (c claims) account() string {
	if c.delegated() {
		return cmp.Or(c.user(), "the signed-in account")
	}
	if app := cmp.Or(c.AppID, c.AZP); app != "" {
		return "application " + app
	}
	return ""
}

func (c claims) delegated() bool   { return c.readable && (c.Scope != "" || c.user() != "") }
func (c claims) application() bool { return c.readable && !c.delegated() }

// lacking returns the permissions that the token does not hold.
func (c claims) lacking(permissions []string) []string {
	held := c.held()
	return slices.DeleteFunc(slices.Clone(permissions), func(p string) bool { return slices.Contains(held, p) })
}

func (c claims) held() []string { return append(strings.Fields(c.Scope), c.Roles...) }
