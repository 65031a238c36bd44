package cloudapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// browserPatience is how long a person has at the browser. Most refusals of
// Entra stay on its page and never come back, so there is an end.
const browserPatience = 10 * time.Minute

// A browser signs a person in with the authorisation code flow, with PKCE and
// a redirect to a port of this machine: azidentity's InteractiveBrowserCredential
// without that type, which hides the address of the page from the person, writes
// what the browser says on standard output and waits for the browser to end.
type browser struct {
	grant   Grant
	login   *api
	client  public.Client
	open    func(ctx context.Context, address string, failed func(error)) error
	instead func(why string) (azcore.TokenCredential, error) // the device code
	waits   time.Duration                                    // for the person

	mu      sync.Mutex
	account public.Account
	code    azcore.TokenCredential // that took over
}

func (a *Authority) browser(g Grant) (azcore.TokenCredential, error) {
	instead := func(why string) (azcore.TokenCredential, error) { return a.deviceCode(g, why) }
	d := thisDesktop(a.env)
	if why := d.lacks(); why != "" {
		return instead(why)
	}
	client, err := public.New(g.ClientID, public.WithAuthority(origin(a.api)+g.TenantID),
		public.WithHTTPClient(authority{a.api}), public.WithInstanceDiscovery(false))
	if err != nil {
		return nil, err
	}
	return &browser{grant: g, login: a.api, client: client, open: d.open, instead: instead, waits: browserPatience}, nil
}

// CloseIdleConnections makes an authority what the library wants of a client.
func (a authority) CloseIdleConnections() {}

// GetToken implements azcore.TokenCredential.
func (b *browser) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.code != nil {
		return b.code.GetToken(ctx, o)
	}
	got, err := b.client.AcquireTokenSilent(ctx, o.Scopes, public.WithSilentAccount(b.account), public.WithClaims(o.Claims))
	if err != nil {
		got, err = b.ask(ctx, o)
	}
	if failed, ok := errors.AsType[*noBrowser](err); ok {
		if b.code, err = b.instead(failed.why); err == nil {
			return b.code.GetToken(ctx, o)
		}
	}
	if err != nil {
		return azcore.AccessToken{}, err
	}
	b.account = got.Account
	return azcore.AccessToken{Token: got.AccessToken, ExpiresOn: got.ExpiresOn.UTC()}, nil
}

// ask shows the person the page and waits for its answer.
func (b *browser) ask(ctx context.Context, o policy.TokenRequestOptions) (public.AuthResult, error) {
	waiting, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	show := func(address string) error {
		if u, err := url.Parse(address); err != nil || !b.login.owns(u) {
			return b.login.outside(u)
		}
		time.AfterFunc(b.waits, func() { cancel(errImpatient) }) // in vain once ask has returned
		b.grant.Prompt(DevicePrompt{API: b.grant.For, URL: address, Host: b.login.root.Host, Browser: true})
		return b.open(waiting, address, func(err error) { cancel(err) })
	}
	got, err := b.client.AcquireTokenInteractive(waiting, o.Scopes, public.WithClaims(o.Claims),
		public.WithLoginHint(b.grant.Account), public.WithOpenURL(show))
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "listen" {
		return got, &noBrowser{"no port of this machine could be opened for the browser's answer"}
	}
	if cause := context.Cause(waiting); err != nil && cause != nil && ctx.Err() == nil {
		return got, cause
	}
	return got, err
}

var errImpatient = &Fault{
	Kind: ErrSignIn, lapsed: true, Next: "run it again; where the browser showed an error, smtpmend explain says what its AADSTS number means",
	What: fmt.Sprintf("nobody finished the sign-in in the browser within %d minutes", int(browserPatience.Minutes())),
}

// A noBrowser is why the person could not be shown the page.
type noBrowser struct{ why string }

func (e *noBrowser) Error() string { return e.why }

// authority is the transport of both libraries. They take the first part of
// the authority's path for the tenant, so they are given the origin alone and
// the path of the cloud's login root is put back here.
type authority struct{ *api }

func (a authority) Do(req *http.Request) (*http.Response, error) {
	prefix := strings.TrimSuffix(a.root.Path, "/")
	if prefix != "" && !strings.HasPrefix(req.URL.Path, prefix+"/") {
		req = req.Clone(req.Context())
		req.URL.Path, req.URL.RawPath = prefix+req.URL.Path, ""
	}
	sending(req)
	resp, err := a.RoundTrip(req)
	f, _ := errors.AsType[*Fault](err)
	watched(req.Context(), resp, f)
	return resp, err
}
