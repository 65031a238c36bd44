package cloudapi

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// A Service is one admin API together with the sign-in for it.
type Service struct {
	*api
	cred     azcore.TokenCredential
	clientID string
	// ReadScopes are those that every token is asked for at first.
	ReadScopes []string
	named      bool     // scopes name permissions instead of ".default"
	own        []string // the credential's secrets, to keep them out of messages
	accept     func(Claims) *Fault

	mu      sync.Mutex
	failed  *Fault // why the first sign-in failed; it is not tried again
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
	ctx, seen := watchFaults(ctx)
	got, err := s.cred.GetToken(ctx, o)
	if err == nil && got.Token == "" {
		err = errors.New("empty token")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		f := s.signInFault(ctx, seen(), err)
		f.Unsent = true
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

// Scopes for permissions: those of the sign-in, unless it names each.
func (s *Service) Scopes(permissions []string) []string {
	if s.named {
		return named(strings.TrimSuffix(s.root.String(), "/"), permissions)
	}
	return s.ReadScopes
}

func (s *Service) prompt(show func(DevicePrompt)) func(context.Context, azidentity.DeviceCodeMessage) error {
	return func(_ context.Context, m azidentity.DeviceCodeMessage) error {
		show(DevicePrompt{API: s.Name, URL: m.VerificationURL, Code: m.UserCode})
		return nil
	}
}

func named(root string, permissions []string) []string {
	scopes := make([]string, len(permissions))
	for i, p := range permissions {
		scopes[i] = root + "/" + p
	}
	return scopes
}

// clientOptions makes azidentity sign in at login and nowhere else. Retrying
// is left to the api.
func clientOptions(login *api) azcore.ClientOptions {
	origin := url.URL{Scheme: login.root.Scheme, Host: login.root.Host, Path: "/"}
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: origin.String()},
		Retry:     policy.RetryOptions{MaxRetries: -1},
		Transport: authority{login},
	}
}

// An authority is the transport of azidentity. The library takes the first
// part of the authority's path for the tenant, so it is given the origin alone
// and the path of the cloud's login root is put back here.
type authority struct{ *api }

func (a authority) Do(req *http.Request) (*http.Response, error) {
	prefix := strings.TrimSuffix(a.root.Path, "/")
	if prefix != "" && !strings.HasPrefix(req.URL.Path, prefix+"/") {
		req = req.Clone(req.Context())
		req.URL.Path, req.URL.RawPath = prefix+req.URL.Path, ""
	}
	resp, err := a.RoundTrip(req)
	if f, ok := errors.AsType[*Fault](err); ok {
		reportFault(req.Context(), f)
	}
	return resp, err
}

// signInFault says why there is no token. The library's own text is not used:
// it may hold the answer of the token endpoint. seen is the fault of the
// transport, if there was one.
func (s *Service) signInFault(ctx context.Context, seen *Fault, err error) *Fault {
	if ctx.Err() != nil {
		return &Fault{Kind: ctx.Err(), What: "the sign-in was interrupted", Next: "run it again"}
	}
	if seen != nil {
		return &Fault{
			Kind: seen.Kind, What: "at the sign-in, " + seen.What, Next: cmp.Or(seen.Next, nextStep(seen.Kind)),
			transient: seen.transient || seen.Kind == ErrThrottled,
		}
	}
	if _, cli := s.cred.(*azidentity.AzureCLICredential); cli {
		return &Fault{Kind: ErrSignIn, What: Clean(err.Error(), s.own...), Next: "run az login, then try again"}
	}
	f := &Fault{Kind: ErrSignIn, What: "the answer of the sign-in service was not understood"}
	failed, ok := errors.AsType[*azidentity.AuthenticationFailedError](err)
	if !ok || failed.RawResponse == nil || failed.RawResponse.StatusCode < 400 {
		f.Next = "check the endpoints of the cloud"
		return f
	}
	body, _ := io.ReadAll(failed.RawResponse.Body)
	if sts := parseSTS(body); sts.Description != "" || sts.Error != "" {
		f.What = "the sign-in was refused: " + Clean(cmp.Or(sts.sentence(), sts.Error), s.own...)
		f.Next = sts.next()
	}
	return f
}

// watchFaults lets the transport tell what went wrong past a library that
// keeps only the text of errors.
func watchFaults(ctx context.Context) (context.Context, func() *Fault) {
	var mu sync.Mutex
	var last *Fault
	report := func(f *Fault) {
		mu.Lock()
		defer mu.Unlock()
		last = f
	}
	return context.WithValue(ctx, faultKey{}, report), func() *Fault {
		mu.Lock()
		defer mu.Unlock()
		return last
	}
}

type faultKey struct{}

func reportFault(ctx context.Context, f *Fault) {
	if report, ok := ctx.Value(faultKey{}).(func(*Fault)); ok {
		report(f)
	}
}

// Root is the URL above all paths of the API, without a slash at its end.
func (s *Service) Root() string { return strings.TrimSuffix(s.root.String(), "/") }
