// Package cloudapi is HTTP to the admin APIs of one Microsoft cloud: its hosts
// and no others, sign-in and tokens, retries, and what went wrong in words.
//
// It knows nothing of what is read and written over it: the sentences that
// name a permission, a role or a purpose get them from the caller. It models
// no answer of Microsoft Graph beyond its errors, writes nothing by itself,
// and keeps nothing on disk.
package cloudapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smtpmend/internal/endpoint"
)

// The names of the two admin APIs.
const (
	Graph    = "Microsoft Graph"
	Exchange = "Exchange Online"
)

const (
	signInService = "Entra sign-in"
	reportService = "the download of reports"
)

// Options say where the APIs are and how to sign in to them.
type Options struct {
	Cloud endpoint.Cloud
	// Auth chooses the way to sign in; empty for the environment's
	// credentials when they are set, else the browser where there is a desktop,
	// else the device code.
	Auth Method
	// ClientID is the app registration; empty for AZURE_CLIENT_ID, or else, of
	// a person, Microsoft's public clients (two sign-ins).
	ClientID string
	// Env looks a variable up, as os.LookupEnv does; nil for no environment.
	Env func(string) (string, bool)
	// Prompt shows the person who signs in what to do.
	Prompt func(DevicePrompt)
	// Progress is told, in a sentence, that something takes its time; nil for
	// nobody. It may be called from several goroutines.
	Progress func(string)
	// Permissions are the delegated permissions of Graph that a sign-in with
	// Microsoft's public client asks for.
	Permissions []string
	// Accept looks at each token, new or refreshed, before it is used for the
	// first time, and returns why it must not be; nil for all tokens.
	Accept func(Claims) *Fault
	// Timeout bounds each request; 0 for one minute.
	Timeout time.Duration
	// AtOnce is how many requests may be under way at each API; 0 for no bound.
	AtOnce int

	// Transport connects to the hosts; nil for NewTransport.
	Transport http.RoundTripper
	// Pause waits between attempts; nil for the function Pause.
	Pause func(context.Context, time.Duration) error
}

// A Session is the two APIs of one cloud and the sign-in for them. Its methods
// may be used side by side.
type Session struct {
	Graph, Exchange *Service

	authority *Authority
	reports   *api // nil where the cloud names no host for them
	grant     Grant
	o         Options
}

// New chooses the way to sign in and fails when a part of it is missing.
// Nothing is sent.
func New(o Options) (*Session, error) {
	o = o.ready()
	authority, err1 := NewAuthority(o)
	graph, err2 := o.newAPI(Graph, o.Cloud.Graph)
	exchange, err3 := o.newAPI(Exchange, o.Cloud.Exchange)
	reports, err4 := o.newAPI(reportService, o.Cloud.Reports)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, fmt.Errorf("endpoints of cloud %q: %w", o.Cloud.Name, err)
	}
	if reports.aliases = o.Cloud.ReportsAliases; o.Cloud.Reports == "" {
		reports = nil
	}
	graph.refusal = graphRefusal
	exchange.refusal, exchange.regional = exchangeRefusal, true

	grant, err := o.grant()
	if err != nil {
		return nil, err
	}
	return &Session{Graph: newService(graph, o.Accept), Exchange: newService(exchange, o.Accept), authority: authority, reports: reports, grant: grant, o: o}, nil
}

// ready fills in what was left out.
func (o Options) ready() Options {
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	if o.Transport == nil {
		o.Transport = NewTransport(o.Cloud, o.Env)
	}
	if o.Pause == nil {
		o.Pause = Pause
	}
	return o
}

func (o Options) newAPI(name, root string) (*api, error) {
	u, err := url.Parse(root)
	return &api{Name: name, cloud: o.Cloud.Name, root: u, base: o.Transport, Timeout: o.Timeout, pause: o.Pause, silence: new(silence), progress: o.Progress, turn: newTurn(o.AtOnce)}, err
}

// Close gives up the connections that no request is using.
func (s *Session) Close() {
	if t, ok := s.o.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// SignIn gets the first token of each API, so that the person is asked now and
// not between two requests. name is what the tenant is called in an error. A
// refusal of one API alone is no error, for its requests will fail with it; a
// token that Options.Accept refuses is one at either.
func (s *Session) SignIn(ctx context.Context, tenantID, name string) error {
	if err := s.credentials(tenantID); err != nil {
		return err
	}
	var first error
	var refused *Fault
	for _, service := range []*Service{s.Graph, s.Exchange} {
		if refused.covers(s.Graph, service) {
			service.fail(refused)
		}
		_, err := service.Token(ctx, service.ReadScopes)
		f, _ := errors.AsType[*Fault](err)
		switch {
		case f != nil && f.rejected:
			return Errorf(f.Kind, "%s; %s", f.What, f.Next)
		case err != nil && ctx.Err() != nil:
			return err
		case service == s.Graph:
			first, refused = err, f
		case first == nil || err == nil:
			return nil
		}
	}
	f := AsFault(first)
	return Errorf(f.Kind, "sign-in to tenant %s failed: %s; %s", name, f.What, cmp.Or(f.Next, nextStep(f.Kind)))
}

// At tells which domains are of the tenant that is signed in to.
func (s *Session) At(domains ...string) {
	for _, service := range []*Service{s.Graph, s.Exchange} {
		service.mu.Lock()
		for _, domain := range domains {
			service.home = append(service.home, strings.ToLower(domain))
		}
		service.mu.Unlock()
	}
}

// Account names who is signed in: a user principal name, or "application" and
// its id.
func (s *Session) Account() string {
	return cmp.Or(s.Graph.Claims().account(), s.Exchange.Claims().account(), "application "+s.grant.ClientID)
}
