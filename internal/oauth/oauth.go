// Package oauth gets the token with which a mailbox submits, through the
// customer's own application: a person signs in, or the application itself does.
//
// It judges no token and no refusal, sends no mail, and keeps nothing: tokens
// are in memory alone.
package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/cloudapi"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/secret"
)

// The environment variables that the application is read from.
const (
	EnvClientID    = "SMTPMEND_OAUTH_CLIENT_ID"
	EnvSecret      = "SMTPMEND_OAUTH_CLIENT_SECRET"
	EnvCertificate = "SMTPMEND_OAUTH_CERTIFICATE" // the path of a file: PEM or PKCS #12
	// EnvPassword is that of the certificate's file, where it has one.
	EnvPassword = "SMTPMEND_OAUTH_CERTIFICATE_PASSWORD"
)

// Options say whose token it is to be and how it is got.
type Options struct {
	Cloud   endpoint.Cloud
	Way     catalogue.Way
	Mailbox string // its domain names the tenant
	Tenant  string // GUID or domain of the tenant in its place, "" for none
	// Env looks a variable up, as os.LookupEnv does.
	Env func(string) (string, bool)
	// Prompt shows the person who signs in what to do.
	Prompt func(Prompt)
	// Timeout bounds each request; 0 for one minute.
	Timeout time.Duration
}

// A Source gets tokens, and renews them while it lasts. Its methods may be used
// side by side.
type Source struct {
	o          Options
	clientID   string
	thumbprint string
	authority  *cloudapi.Authority

	mu         sync.Mutex
	credential *cloudapi.Credential
	refused    error // of a person or a secret, which is not tried again
}

// A Token is an access token and what it tells of itself. What it tells is not
// verified: that is the server's part.
type Token struct {
	Secret  secret.Secret
	Expires time.Time
	cloudapi.MailClaims
}

// A Refusal is why Entra issued no token, in its own words.
type Refusal struct{ Said string }

func (r *Refusal) Error() string { return r.Said }

// New checks that the application is named in full. The error is one sentence
// about the environment. Nothing is sent.
func New(o Options) (*Source, error) {
	s := &Source{o: o, clientID: strings.TrimSpace(o.env(EnvClientID))}
	switch {
	case s.clientID == "":
		return nil, fmt.Errorf("--oauth %s needs an application: set %s to its application (client) id", o.Way, EnvClientID)
	case !cloudapi.IsGUID(s.clientID):
		return nil, fmt.Errorf("%s must be the application (client) id, a GUID", EnvClientID)
	}
	var err error
	if s.authority, err = cloudapi.NewAuthority(cloudapi.Options{Cloud: o.Cloud, Env: o.Env, Timeout: o.Timeout}); err != nil {
		return nil, err
	}
	grant := s.grant("")
	if _, err := s.authority.Credential(grant); err != nil {
		return nil, err
	}
	if o.Way == catalogue.ClientCertificate {
		s.thumbprint = cloudapi.Thumbprint(grant.Certificate, grant.CertificatePassword)
	}
	return s, nil
}

func (o Options) env(name string) string {
	value, _ := o.Env(name)
	return value
}

// ClientID is the application's, Thumbprint that of its certificate, "" for none.
func (s *Source) ClientID() string   { return s.clientID }
func (s *Source) Thumbprint() string { return s.thumbprint }

// Way is how the token is got.
func (s *Source) Way() catalogue.Way { return s.o.Way }

// grant asks in a tenant; "" is one that is not known yet.
func (s *Source) grant(tenant string) cloudapi.Grant {
	g := cloudapi.Grant{
		Method: cloudapi.Method(s.o.Way), TenantID: cmp.Or(tenant, "organizations"), ClientID: s.clientID,
		For: "the mailbox " + s.o.Mailbox, Prompt: s.o.Prompt, Account: s.o.Mailbox,
		Called: cloudapi.Names{Tenant: "--tenant", Client: EnvClientID, Secret: EnvSecret, Certificate: EnvCertificate, Password: EnvPassword, Method: "--oauth"},
	}
	switch s.o.Way {
	case catalogue.ClientSecret:
		g.Secret = secret.New(s.o.env(EnvSecret))
	case catalogue.ClientCertificate:
		g.Certificate, g.CertificatePassword = s.o.env(EnvCertificate), secret.New(s.o.env(EnvPassword))
	}
	return g
}

// Token returns a token that is good for some minutes, from memory where there
// is one. The error is a Refusal where Entra said no, and else what kept it from
// being asked. A person is asked
// once, and a refused secret is not sent again.
func (s *Source) Token(ctx context.Context) (Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != nil {
		return Token{}, s.refused
	}
	t, err := s.token(ctx)
	if err != nil && s.o.Way.Personal() || s.wrongSecret(err) {
		s.refused = err
	}
	return t, err
}

// wrongSecret reports whether the application's secret itself was refused.
func (s *Source) wrongSecret(err error) bool {
	r, ok := errors.AsType[*Refusal](err)
	return ok && s.o.Way == catalogue.ClientSecret && words.SignInCode(words.AADSTS(r.Said)).Cause == catalogue.OAuthClientSecret
}

// Final reports whether the refusal that was met stands for good: nothing is
// asked any more.
func (s *Source) Final() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused != nil
}

func (s *Source) token(ctx context.Context) (Token, error) {
	if err := s.open(ctx); err != nil {
		return Token{}, refusal(err)
	}
	got, expires, err := s.credential.Token(ctx, Scope(s.o.Cloud, s.o.Way))
	if err != nil {
		return Token{}, refusal(err)
	}
	return Token{got, expires, cloudapi.ParseMailClaims(got.Reveal())}, nil
}

// open finds the tenant, whose own authority an application has to ask.
func (s *Source) open(ctx context.Context) error {
	if s.credential != nil {
		return nil
	}
	_, domain, _ := strings.Cut(s.o.Mailbox, "@")
	tenant, err := s.authority.TenantID(ctx, cmp.Or(s.o.Tenant, domain))
	if err != nil {
		return err
	}
	s.credential, err = s.authority.Credential(s.grant(tenant))
	return err
}

// refusal is a Refusal where Entra itself said what can stop a submission as
// well. A code that ran out, an answer that nobody understands or a service in
// trouble is our own trouble.
func refusal(err error) error {
	if said := cloudapi.Said(err); tells(said) {
		return &Refusal{said}
	}
	f, ok := errors.AsType[*cloudapi.Fault](err)
	if !ok {
		return err
	}
	return cloudapi.Errorf(f.Kind, "%s; %s", f.What, cmp.Or(f.Next, "try again later"))
}

func tells(said string) bool {
	m := words.SignInCode(words.AADSTS(said))
	return m.Cause != catalogue.Temporary && (m.Cause != "" || len(m.Candidates) > 0)
}

// A Prompt asks a person to sign in.
type Prompt = cloudapi.DevicePrompt
