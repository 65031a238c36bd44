package cloudapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/log"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"smtpmend/internal/secret"
)

// An Authority is the Entra sign-in of one cloud: whoever wants tokens from it
// states a Grant. Nothing is sent before the first token is asked for, and
// tokens are kept in memory alone.
type Authority struct {
	*api
	env func(string) (string, bool)
}

// NewAuthority uses the Cloud, Env, Timeout, Progress, Transport and Pause of
// o, and nothing else of it.
func NewAuthority(o Options) (*Authority, error) {
	login, err := o.ready().newAPI(signInService, o.Cloud.Login)
	if err != nil {
		return nil, fmt.Errorf("endpoints of cloud %q: %w", o.Cloud.Name, err)
	}
	login.aliases = o.Cloud.LoginAliases
	silentLibrary()
	return &Authority{login, o.Env}, nil
}

// silentLibrary keeps the library from writing to standard error, the words of
// the sign-in service among it, where AZURE_SDK_GO_LOGGING is set. It is once
// for all: other sign-ins may be under way.
var silentLibrary = sync.OnceFunc(func() { log.SetListener(nil) })

// A Grant says who asks for tokens, in which tenant and by which method.
type Grant struct {
	Method Method
	// TenantID is the GUID of the tenant whose authority is asked: a partner's
	// administrator asks the customer's.
	TenantID string
	ClientID string
	Secret   secret.Secret // of ClientSecret
	// Certificate is the path of a file with certificate and key, PEM or
	// PKCS #12, of ClientCertificate.
	Certificate         string
	CertificatePassword secret.Secret // where the file has one
	// Prompt shows the person what to do; Browser and DeviceCode need it.
	Prompt func(DevicePrompt)
	// Instead is why it is DeviceCode and not Browser, for the prompt; "" where
	// the code was asked for.
	Instead string
	// For is what the sign-in is for, as the prompt says it: Graph, Exchange.
	For string
	// Account is who should sign in, which the page offers; "" for no matter.
	Account string
	// Called are the names under which the parts were given.
	Called Names
}

// Names are what a person sets to change a part of a Grant, as errors say it.
// Empty ones are those of the administrator's sign-in.
type Names struct{ Tenant, Client, Secret, Certificate, Password, Method string }

func (n Names) filled() Names {
	return Names{
		Tenant: cmp.Or(n.Tenant, "AZURE_TENANT_ID"), Client: cmp.Or(n.Client, "AZURE_CLIENT_ID"),
		Secret: cmp.Or(n.Secret, "AZURE_CLIENT_SECRET"), Certificate: cmp.Or(n.Certificate, "AZURE_CLIENT_CERTIFICATE_PATH"),
		Password: cmp.Or(n.Password, "AZURE_CLIENT_CERTIFICATE_PASSWORD"), Method: cmp.Or(n.Method, "--auth"),
	}
}

// A Credential gets tokens for one Grant. Its methods may be used side by side.
type Credential struct {
	cred  azcore.TokenCredential
	grant Grant
	own   []string // the credential's secrets, to keep them out of messages
}

// Credential checks that no part of g is missing; the error is one sentence.
// Nothing is sent.
func (a *Authority) Credential(g Grant) (*Credential, error) {
	g.Called = g.Called.filled()
	if err := g.check(); err != nil {
		return nil, err
	}
	cred, err := a.credential(g)
	if err != nil {
		return nil, err
	}
	return &Credential{cred, g, []string{g.Secret.Reveal(), g.CertificatePassword.Reveal()}}, nil
}

func (a *Authority) credential(g Grant) (azcore.TokenCredential, error) {
	options := clientOptions(a.api)
	switch g.Method {
	case ClientSecret:
		return azidentity.NewClientSecretCredential(g.TenantID, g.ClientID, g.Secret.Reveal(),
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case ClientCertificate:
		return g.certificate(&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case AzureCLI:
		cli, err := azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: g.TenantID})
		return &once{cred: cli}, err
	case Browser:
		return a.browser(g)
	}
	return a.deviceCode(g, g.Instead)
}

func (a *Authority) deviceCode(g Grant, instead string) (azcore.TokenCredential, error) {
	return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: clientOptions(a.api), DisableInstanceDiscovery: true,
		TenantID: g.TenantID, ClientID: g.ClientID,
		UserPrompt: func(ctx context.Context, m azidentity.DeviceCodeMessage) error {
			if u, err := url.Parse(m.VerificationURL); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
				watched(ctx, nil, errBadPage) // the library drops the error
				return errBadPage
			}
			g.Prompt(DevicePrompt{API: g.For, URL: m.VerificationURL, Code: m.UserCode, Host: a.root.Host, Instead: instead})
			return nil
		},
	})
}

// errBadPage: nobody is sent to a page that is not protected, or that hides
// behind a user name.
var errBadPage = &Fault{
	Kind: ErrOutsideCloud, What: "the page that the sign-in service names for the code is no plain https address",
	Next: "look for a proxy in between, then " + again,
}

// check names the first part that is missing.
func (g Grant) check() error {
	lacks := func(what, name string) error {
		return Errorf(ErrSignIn, "sign-in by %s needs %s: set %s", g.Method, what, name)
	}
	switch g.Method {
	case ClientSecret:
		if g.Secret.Empty() {
			return lacks("the application's secret", g.Called.Secret)
		}
	case ClientCertificate:
		if g.Certificate == "" {
			return lacks("the application's certificate", g.Called.Certificate)
		}
	case Browser, DeviceCode:
		if g.Prompt == nil {
			return Errorf(ErrSignIn, "sign-in by %s needs a person at a terminal: set %s and %s for a sign-in without one", g.Method, g.Called.Client, g.Called.Secret)
		}
	case AzureCLI:
		return nil
	default:
		return Errorf(ErrSignIn, "unknown way to sign in %q", g.Method)
	}
	if g.ClientID == "" {
		return lacks("the application's id", g.Called.Client)
	}
	return nil
}

func (g Grant) certificate(options *azidentity.ClientCertificateCredentialOptions) (azcore.TokenCredential, error) {
	bad := func(what string) error {
		return Errorf(ErrSignIn, "certificate %s of %s %s", g.Certificate, g.Called.Certificate, what)
	}
	data, err := os.ReadFile(filepath.Clean(g.Certificate))
	if err != nil {
		if pathErr, ok := errors.AsType[*os.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, bad("cannot be read: " + err.Error())
	}
	var password []byte
	if !g.CertificatePassword.Empty() {
		password = []byte(g.CertificatePassword.Reveal())
	}
	certs, key, err := azidentity.ParseCertificates(data, password)
	if err != nil {
		return nil, bad("and its private key cannot be used: they must be PEM or PKCS #12, the password in " + g.Called.Password)
	}
	return azidentity.NewClientCertificateCredential(g.TenantID, g.ClientID, certs, key, options)
}

// Token returns an access token for scopes, all of one API, and when it ends;
// from memory when it is fresh. The first token of Browser and DeviceCode asks
// the person. The error is a Fault, whose Code is Entra's where it refused:
// "AADSTS53003".
func (c *Credential) Token(ctx context.Context, scopes ...string) (secret.Secret, time.Time, error) {
	got, f := c.get(ctx, policy.TokenRequestOptions{Scopes: scopes})
	if f != nil {
		return secret.Secret{}, time.Time{}, f
	}
	return secret.New(got.Token), got.ExpiresOn, nil
}

func (c *Credential) get(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, *Fault) {
	ctx, watch := watching(ctx)
	got, err := c.cred.GetToken(ctx, o)
	if err == nil && got.Token == "" {
		err = errors.New("empty token")
	}
	if err != nil {
		f := c.fault(ctx, watch, err)
		f.Unsent = true
		return azcore.AccessToken{}, f
	}
	return got, nil
}

// clientOptions makes azidentity sign in at login and nowhere else. Retrying
// is left to the api.
func clientOptions(login *api) azcore.ClientOptions {
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: origin(login)},
		Retry:     policy.RetryOptions{MaxRetries: -1},
		Transport: authority{login},
	}
}

func origin(login *api) string {
	u := url.URL{Scheme: login.root.Scheme, Host: login.root.Host, Path: "/"}
	return u.String()
}

// named are scopes that name permissions of the API at root.
func named(root string, permissions []string) []string {
	scopes := make([]string, len(permissions))
	for i, p := range permissions {
		scopes[i] = strings.TrimSuffix(root, "/") + "/" + p
	}
	return scopes
}

// fault says why there is no token. The libraries' own texts are not used:
// they may hold the answer of the token endpoint.
func (c *Credential) fault(ctx context.Context, w *watch, err error) *Fault {
	seen, body := w.seen()
	if ctx.Err() != nil {
		return &Fault{Kind: ctx.Err(), What: "the sign-in was interrupted", Next: "run it again"}
	}
	if own, ok := errors.AsType[*Fault](err); ok && seen == nil {
		f := *own
		return &f
	}
	if seen != nil {
		return &Fault{
			Kind: seen.Kind, What: "at the sign-in, " + seen.What, Next: cmp.Or(seen.Next, nextStep(seen.Kind)),
			transient: seen.transient || seen.Kind == ErrThrottled,
		}
	}
	if c.grant.Method == AzureCLI {
		return &Fault{Kind: ErrSignIn, What: Clean(err.Error(), c.own...), Next: "run az login, then try again"}
	}
	if parseSTS(body).pending() {
		return &Fault{Kind: ErrSignIn, What: "nobody entered the code in time", Next: again + " and enter the new code", lapsed: true}
	}
	own := slices.Concat(c.own, w.secrets())
	if body := refusalIn(err, body); body != nil {
		if refusal := parseSTS(body); refusal.said() {
			return refusal.fault(c.grant, own)
		}
	} else if refusal := parseSTS([]byte(aadsts.FindString(err.Error()))); refusal.said() {
		f := refusal.fault(c.grant, own)
		f.What = "the browser brought an answer back that any program of this machine may have sent: " + Clean(refusal.sentence(), own...)
		return f
	}
	return &Fault{Kind: ErrSignIn, What: "the answer of the sign-in service was not understood", Next: "run it again; if it stays so, check the endpoints of the cloud"}
}

// refusalIn is the body of the token endpoint's refusal, the last that was seen;
// nil where err is of something else.
func refusalIn(err error, body []byte) []byte {
	var response *http.Response
	if failed, ok := errors.AsType[*azidentity.AuthenticationFailedError](err); ok {
		response = failed.RawResponse
	}
	if failed, ok := errors.AsType[msal.CallErr](err); ok {
		response = failed.Resp
	}
	if response != nil && response.StatusCode >= 400 {
		return body
	}
	return nil
}
