package cloudapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// A Service is one admin API together with the sign-in for it.
type Service struct {
	*api
	cred *Credential
	// ReadScopes are those that every token is asked for at first.
	ReadScopes []string
	named      bool // scopes name permissions instead of ".default"
	accept     func(Claims) *Fault

	mu      sync.Mutex
	home    []string // domains of the tenant, in lower case
	failed  *Fault   // why the first sign-in failed; it is not tried again
	current Claims

	renewing sync.Mutex
	renewed  map[string]renewal // by scopes
}

func newService(a *api, accept func(Claims) *Fault) *Service {
	return &Service{api: a, accept: accept, renewed: map[string]renewal{}}
}

// Token returns an access token, from azidentity's memory when it is fresh.
func (s *Service) Token(ctx context.Context, scopes []string) (string, error) {
	return s.token(ctx, policy.TokenRequestOptions{Scopes: scopes})
}

func (s *Service) token(ctx context.Context, o policy.TokenRequestOptions) (string, error) {
	s.mu.Lock()
	failed, first := s.failed, !s.current.seen
	s.mu.Unlock()
	if failed != nil {
		return "", failed
	}
	got, f := s.cred.get(ctx, o)
	s.mu.Lock()
	defer s.mu.Unlock()
	if f != nil {
		if first && ctx.Err() == nil && !f.transient {
			s.failed = f
		}
		return "", f
	}
	c := ParseClaims(got.Token)
	if f := s.refuses(c); f != nil {
		s.failed = f
		return "", f
	}
	s.current = c
	s.current.seen = true
	return got.Token, nil
}

// fail has every request for a token fail with f.
func (s *Service) fail(f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = f
}

// covers reports whether a refusal of the sign-in to one service is one to the
// other as well, so that nobody is asked, and no wrong secret sent, twice.
func (f *Fault) covers(one, other *Service) bool {
	if f == nil || f.Code == "" && !f.lapsed || one == other {
		return false
	}
	return f.about == everything || f.about == theApp && one.cred == other.cred
}

// refuses returns why a token must not be used.
func (s *Service) refuses(c Claims) *Fault {
	if s.accept == nil {
		return nil
	}
	f := s.accept(c)
	if f == nil {
		return nil
	}
	rejected := *f
	rejected.rejected, rejected.Unsent = true, true
	return &rejected
}

// atHome reports whether the user name is of the tenant, as far as its domains
// are known.
func (s *Service) atHome(user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := strings.LastIndexByte(user, '@')
	return at >= 0 && slices.Contains(s.home, strings.ToLower(user[at+1:]))
}

// Claims are those of the newest token.
func (s *Service) Claims() Claims {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// Client returns an HTTP client whose requests carry a token for scopes.
func (s *Service) Client(scopes []string) *http.Client {
	a := *s.api
	a.bearer = func(ctx context.Context) (string, error) { return s.Token(ctx, scopes) }
	a.renew = func(ctx context.Context, refused, challenge string) (string, error) {
		return s.renew(ctx, scopes, refused, challenge)
	}
	return &http.Client{Transport: &a}
}

// AsksByName reports whether permissions are asked for when they are needed.
func (s *Service) AsksByName() bool { return s.named }

// Scopes for permissions: those of the sign-in, unless it names each.
func (s *Service) Scopes(permissions []string) []string {
	if s.named {
		return named(s.root.String(), permissions)
	}
	return s.ReadScopes
}

// Unattended reports whether an application signs in by itself. It has to be
// told its tenant; the sign-in of a person tells it.
func (s *Session) Unattended() bool {
	return s.grant.Method == ClientSecret || s.grant.Method == ClientCertificate
}

// Root is the URL above all paths of the API, without a slash at its end.
func (s *Service) Root() string { return strings.TrimSuffix(s.root.String(), "/") }
