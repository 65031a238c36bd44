// Package token makes and reads the tokens of the simulated tenants. Whether
// one opens anything is for whoever reads it to decide.
package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/tenantsim/state"
)

// Claims are those of an access token that the simulator issues and reads.
type Claims struct {
	Audience string   `json:"aud"`
	Issuer   string   `json:"iss"`
	IssuedAt int64    `json:"iat"`
	NotYet   int64    `json:"nbf"`
	Expires  int64    `json:"exp"`
	TenantID string   `json:"tid"`
	AppID    string   `json:"appid"`
	ObjectID string   `json:"oid"`
	User     string   `json:"upn,omitempty"`   // a person's token
	Scopes   string   `json:"scp,omitempty"`   // of a person's token, separated by blanks
	Roles    []string `json:"roles,omitempty"` // of an app's token
	Wids     []string `json:"wids,omitempty"`  // the person's Entra roles, by name here
	Kind     string   `json:"idtyp,omitempty"` // app
	Version  string   `json:"ver"`
	Unique   string   `json:"uti,omitempty"` // tells tokens of the same second apart
}

// key signs the tokens of this process; no other party needs to verify
// them. Real tokens are signed with RS256.
var key = func() []byte {
	k := make([]byte, 32)
	rand.Read(k)
	return k
}()

// Base64 is how the parts of a token are written.
var Base64 = base64.RawURLEncoding

// Token returns a signed token with these claims.
func (c Claims) Token() string { return Sign(c) }

// Opaque returns the same in a form that is no JWT and that Parse reads too.
func (c Claims) Opaque() string { return opaque + Base64.EncodeToString([]byte(c.Token())) }

const opaque = "EwB-"

// Sign returns a signed token with these claims, which must be plain values.
func Sign(claims any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err) // strings and numbers only
	}
	signed := Base64.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + Base64.EncodeToString(body)
	return signed + "." + Base64.EncodeToString(sign(signed))
}

func sign(text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

var errForeign = errors.New("not a token of this simulator")

// Parse returns the claims of a token that this process signed.
func Parse(token string) (Claims, error) {
	if packed, ok := strings.CutPrefix(token, opaque); ok {
		inner, err := Base64.DecodeString(packed)
		if err != nil {
			return Claims{}, errForeign
		}
		token = string(inner)
	}
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return Claims{}, errForeign
	}
	signature, err := Base64.DecodeString(token[i+1:])
	if err != nil || !hmac.Equal(signature, sign(token[:i])) {
		return Claims{}, errForeign
	}
	_, body, _ := strings.Cut(token[:i], ".")
	data, err := Base64.DecodeString(body)
	if err != nil {
		return Claims{}, errForeign
	}
	var c Claims
	return c, json.Unmarshal(data, &c)
}

// Expired reports whether the token's time is over.
func (c Claims) Expired() bool { return time.Now().Unix() >= c.Expires }

// Allows reports whether the token carries the permission.
func (c Claims) Allows(permission string) bool {
	return slices.Contains(c.Roles, permission) || slices.Contains(strings.Fields(c.Scopes), permission)
}

// MailAudiences are the resources whose tokens SMTP takes, besides the
// simulator's own Exchange; by state.ExchangeOnline Entra knows it too.
var MailAudiences = []string{"https://outlook.office365.com", "https://outlook.office.com", state.ExchangeOnline}
