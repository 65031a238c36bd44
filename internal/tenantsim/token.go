package tenantsim

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
	Version  string   `json:"ver"`
}

// tokenKey signs the tokens of this process; no other party needs to verify
// them. Real tokens are signed with RS256.
var tokenKey = func() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}()

var b64 = base64.RawURLEncoding

// Token returns a signed token with these claims.
func (c Claims) Token() string {
	body, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers only
	}
	signed := b64.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + b64.EncodeToString(body)
	return signed + "." + b64.EncodeToString(sign(signed))
}

func sign(text string) []byte {
	mac := hmac.New(sha256.New, tokenKey)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

var errToken = errors.New("not a token of this simulator")

func parseToken(token string) (Claims, error) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return Claims{}, errToken
	}
	signature, err := b64.DecodeString(token[i+1:])
	if err != nil || !hmac.Equal(signature, sign(token[:i])) {
		return Claims{}, errToken
	}
	_, body, _ := strings.Cut(token[:i], ".")
	data, err := b64.DecodeString(body)
	if err != nil {
		return Claims{}, errToken
	}
	var c Claims
	return c, json.Unmarshal(data, &c)
}

func (c Claims) expired() bool { return time.Now().Unix() >= c.Expires }

// allows reports whether the token carries the permission.
func (c Claims) allows(permission string) bool {
	return slices.Contains(c.Roles, permission) || slices.Contains(strings.Fields(c.Scopes), permission)
}

// mailAudiences are the resources whose tokens SMTP takes, besides the
// simulator's own Exchange.
var mailAudiences = []string{"https://outlook.office365.com", "https://outlook.office.com", exchangeOnline}

func isMailAudience(audience string) bool {
	return slices.Contains(mailAudiences, strings.TrimRight(audience, "/")) || strings.HasSuffix(audience, exchangePath)
}
