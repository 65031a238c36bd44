package cloudapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// A renewal is a token that followed a refused one.
type renewal struct {
	token string
	at    time.Time
}

// sound is how long a token that was just fetched is not taken for expired.
const sound = time.Minute

// renew returns another token for scopes than the one that an API refused, ""
// when there is none to be had: the refused one was itself fetched after a
// refusal a moment ago, so that it is not the token's age that is at fault.
// challenge holds the claims that the API asks for, "" for none.
func (s *Service) renew(ctx context.Context, scopes []string, refused, challenge string) (string, error) {
	s.renewing.Lock()
	defer s.renewing.Unlock()
	key := strings.Join(scopes, " ")
	last, again := s.renewed[key]
	switch {
	case again && last.token == refused && time.Since(last.at) < sound:
		return "", nil
	case again && last.token != refused:
		// Another request may have met the same refusal before.
		if current, err := s.Token(ctx, scopes); err != nil || current != refused {
			return current, err
		}
	}
	if challenge == "" {
		challenge = s.notBefore(time.Now())
	}
	token, err := s.token(ctx, policy.TokenRequestOptions{Scopes: scopes, Claims: challenge})
	if err != nil {
		return "", err
	}
	s.renewed[key] = renewal{token, time.Now()}
	return token, nil
}

// notBefore is a claims request that makes the library ask for a new token
// instead of taking the one that it remembers. The az program keeps its own
// tokens and takes a claims request for a demand to sign in again.
func (s *Service) notBefore(now time.Time) string {
	if cli, ok := s.cred.cred.(*once); ok {
		cli.forget()
		return ""
	}
	return fmt.Sprintf(`{"access_token":{"nbf":{"essential":true,"value":"%d"}}}`, now.Unix())
}

// claimsParameter is the parameter of a Bearer challenge in which an API asks
// for a token with other claims (learn.microsoft.com, "Claims challenges,
// claims requests, and client capabilities").
var claimsParameter = regexp.MustCompile(`(?i)\bclaims="([^"]*)"`)

// claimsChallenge returns the claims that a refusal asks for, "" for none.
func claimsChallenge(header http.Header) string {
	for _, challenge := range header.Values("WWW-Authenticate") {
		match := claimsParameter.FindStringSubmatch(challenge)
		if match == nil {
			continue
		}
		text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(match[1], "="))
		claims, err := base64.RawStdEncoding.DecodeString(text)
		if err == nil && json.Valid(claims) {
			return string(claims)
		}
	}
	return ""
}
