package cloudapi

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// MailClaims are what an access token for a submission says of itself.
type MailClaims struct {
	// User is the principal name of the person whose token it is, "" for an
	// application's own. It is a plain address: what it came in as is not.
	User string
	// ObjectID is that of the person, or of the enterprise application, in lower
	// case.
	ObjectID string
	// Permissions are the scopes of a person's token, the roles of an
	// application's.
	Permissions []string
	// Readable is false for an opaque token, of which nothing is known.
	Readable bool
}

// ParseMailClaims reads a token without verifying it.
func ParseMailClaims(token string) MailClaims {
	c := ParseClaims(token)
	if !c.readable {
		return MailClaims{}
	}
	m := MailClaims{Readable: true, ObjectID: strings.ToLower(objectID(token)), Permissions: slices.Clone(c.Roles)}
	if c.delegated() {
		m.User, m.Permissions = address(c.user()), strings.Fields(c.Scope)
	}
	return m
}

// address is the name where it may stand in a sign-in, "" for any other.
func address(name string) string {
	odd := strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0x9f })
	if odd || !strings.Contains(name, "@") || len(name) > 254 {
		return ""
	}
	return name
}

// objectID is the claim oid, "" where there is none that is a text.
func objectID(token string) string {
	var c struct {
		OID string `json:"oid"`
	}
	parts := strings.Split(token, ".")
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[len(parts)/2], "="))
	if err != nil || json.Unmarshal(data, &c) != nil {
		return ""
	}
	return c.OID
}
