package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/m365"
	"smtpmend/internal/oauth"
	"smtpmend/internal/view"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// An oauthSource is how --oauth gets the mailbox's token.
type oauthSource struct {
	way    string
	tenant *string // --tenant
	config probe.Config
	*oauth.Source
}

// oauthFlag adds --oauth to a verb that probes. tenant is the value of its
// --tenant, nil where the verb has none yet.
func (t *target) oauthFlag(fs *pflag.FlagSet, tenant *string) {
	if t.oauth.tenant = tenant; tenant == nil {
		t.oauth.tenant = fs.String("tenant", "", "with --oauth, the `TENANT` to sign in to, by id or domain (default: that of the mailbox's domain)")
	}
	fs.StringVar(&t.oauth.way, "oauth", "", "get an OAuth token for the mailbox itself and submit with it: "+strings.Join(oauthWays(), ", ")+" (see help environment)")
}

func oauthWays() []string {
	var all []string
	for _, w := range catalogue.Ways {
		all = append(all, string(w))
	}
	return all
}

// prepareOAuth checks --oauth and what goes with it. Nothing is sent.
func (a *app) prepareOAuth(t *target, config probe.Config) error {
	way := catalogue.Way(t.oauth.way)
	switch {
	case !slices.Contains(catalogue.Ways, way):
		return usage("--oauth is %s, not %q", strings.Join(oauthWays(), ", "), t.oauth.way)
	case t.judged:
		return usage("--reply judges words and tries nothing; leave --oauth out")
	case t.password.file != "":
		return usage("--oauth gets the token itself; leave --password-file out")
	case t.mechanism != "" && !strings.EqualFold(t.mechanism, probe.MechXOAUTH2):
		return usage("--oauth signs in with xoauth2; leave --auth-mechanism out")
	}
	source, err := oauth.New(oauth.Options{
		Cloud: t.Cloud, Way: way, Mailbox: t.Mailbox, Tenant: *t.oauth.tenant, Env: a.LookupEnv, Prompt: a.askForToken(t.Mailbox),
	})
	if err != nil {
		return usage("%s", err)
	}
	t.oauth.Source, t.oauth.config = source, config
	return nil
}

// askForToken says as whom to sign in for the mailbox's token, and how.
func (a *app) askForToken(mailbox string) func(oauth.Prompt) {
	return func(p oauth.Prompt) {
		a.note("sign in as %s, or as a user who may send as it: its token is for this submission alone", mailbox)
		switch {
		case p.Browser:
			a.note("the browser opens the sign-in page of %s; if it does not, open %s", p.Host, p.URL)
			return
		case p.Instead != "":
			a.note("with a code in place of the browser: %s", a.t(p.Instead))
		}
		a.note("open %s in any browser and enter the code %s; it comes from %s", p.URL, p.Code, p.Host)
	}
}

// attempt makes one attempt, with a token of our own where --oauth is given.
// The error is what kept Entra from being asked.
func (a *app) attempt(ctx context.Context, t *target, config probe.Config) (*probe.Report, *oauth.Token, error) {
	if t.oauth.Source == nil {
		return a.try(ctx, config), nil, nil
	}
	token, err := t.oauth.Token(ctx)
	if refused, ok := errors.AsType[*oauth.Refusal](err); ok {
		return probe.Untried(config, refused.Said), nil, nil
	}
	if err != nil {
		return nil, nil, trouble("there is no token for %s: %s", t.Mailbox, err)
	}
	config.Mechanism, config.Secret, config.User = probe.MechXOAUTH2, token.Secret, token.User
	rep := a.try(ctx, config)
	for i := range rep.Stages {
		if s := &rep.Stages[i]; s.Name == probe.StageToken {
			s.Notes = append(s.Notes, a.tokenWords(t, token)...)
		}
	}
	return rep, &token, nil
}

// tokenless is the report of an attempt for which Entra could not be asked.
func tokenless(config probe.Config, err error) *probe.Report {
	return probe.Untried(config, err.Error())
}

// withoutToken prints v to a program, which is owed its object whatever
// happens; a person is told err alone.
func (a *app) withoutToken(err error, v view.Answer) error {
	if *a.format != "json" {
		return err
	}
	if unprinted := a.answer(v); unprinted != nil {
		return unprinted
	}
	return err
}

// tokenWords say whose the token is, and who signs in with it.
func (a *app) tokenWords(t *target, token oauth.Token) []string {
	words := []string{t.described(token).Sentence()}
	if token.User != "" && !strings.EqualFold(token.User, t.Mailbox) {
		words = append(words, "Exchange takes a token for its own user alone, so "+token.User+" signs in and "+t.Mailbox+" is the sender.")
	}
	return words
}

// described is what may be shown of a token.
func (t *target) described(token oauth.Token) *view.Token {
	shown := &view.Token{
		Way: t.oauth.Way(), Kind: "application", Application: t.oauth.ClientID(), User: token.User,
		Permissions: append([]string{}, token.Permissions...), Expires: token.Expires, Opaque: !token.Readable,
	}
	if t.oauth.Way().Personal() {
		shown.Kind = "user"
	}
	return shown
}

// known is what a view is told of an attempt with --oauth, nil without.
func (s *oauthSource) known(t *target, rep *probe.Report, token *oauth.Token) *view.OAuth {
	if s.Source == nil {
		return nil
	}
	o := &view.OAuth{Way: s.Way()}
	if token != nil {
		o.Token = t.described(*token)
	} else if stage := rep.Decisive(); stage != nil {
		o.Elsewhere = diagnose.Elsewhere(s.Way(), diagnose.AADSTS(stage.Error))
	}
	return o
}

// application is whose sign-in the tenant is asked about.
func (s *oauthSource) application(token *oauth.Token) *m365.Application {
	app := &m365.Application{
		ClientID: s.ClientID(), Personal: s.Way().Personal(), DeviceCode: s.Way() == catalogue.DeviceCode, Thumbprint: s.Thumbprint(),
	}
	if token != nil && token.Readable {
		app.Holder = &m365.Holder{ObjectID: token.ObjectID, User: token.User, Roles: token.Permissions}
	}
	return app
}

// attempts are those of verify, with the token of the last.
type attempts struct {
	make  func(context.Context) *probe.Report
	token *oauth.Token
}

// attempts asks for the first token at once, so that a person is not asked while
// it waits, and gives up waiting where that person is refused.
func (a *app) attempts(ctx context.Context, t *target, config probe.Config, waiting *remediate.Waiting) (*attempts, error) {
	all := &attempts{}
	all.make = func(ctx context.Context) *probe.Report {
		rep, token, err := a.attempt(ctx, t, config)
		if all.token = token; err != nil {
			return probe.Untried(config, err.Error())
		}
		return rep
	}
	if t.oauth.Source == nil {
		return all, nil
	}
	_, err := t.oauth.Token(ctx)
	if _, refused := errors.AsType[*oauth.Refusal](err); err != nil && !refused {
		err = trouble("there is no token for %s: %s", t.Mailbox, err)
		all.make = func(context.Context) *probe.Report { return tokenless(config, err) }
		return all, err
	}
	if err != nil && t.oauth.Final() {
		waiting.Wait = 0
	}
	return all, nil
}

// prove is diagnose --oauth: it tries, and finds the link that is missing.
func (a *app) prove(cmd *cobra.Command, t *target, admin adminFlags, report reportFlags, forAdmin bool) error {
	ctx := cmd.Context()
	if forAdmin {
		return usage("--oauth names the one command to hand over by itself; leave --for-admin out")
	}
	ten, err := a.admin(admin, t.Cloud, t.Mailbox)
	if err != nil {
		return err
	}
	defer ten.close()
	file, err := report.open()
	if err != nil {
		return err
	}
	defer file.drop()
	rep, token, err := a.attempt(ctx, t, t.oauth.config)
	if err != nil {
		rep := tokenless(t.oauth.config, err)
		return a.withoutToken(err, view.Proven(view.Case{
			Mailbox: t.Mailbox, Diagnosis: diagnose.Record(rep), Report: rep, Trouble: true, OAuth: &view.OAuth{Way: t.oauth.Way()},
		}, again(cmd)))
	}
	d := diagnose.Record(rep)
	heard := len(d.Notes)
	d.Mechanism = probe.MechXOAUTH2
	way := t.oauth.Way()
	if ten == nil {
		a.note("no administrator is signed in (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or --auth): what the tenant shows is not looked at")
		d = d.Along(nil, way, diagnose.Reached(rep, t.send))
	} else {
		ten.options.Application = t.oauth.application(token)
		d = d.Along(ten.Read(ctx, diagnose.Links(way)...), way, diagnose.Reached(rep, t.send))
	}
	if ctx.Err() != nil && !rep.EndedBy(probe.FaultInterrupted) {
		a.note("interrupted while the tenant was read; what follows is not all")
	}
	place := placeOf(t.Mailbox, t.Cloud, ten, admin)
	place.App = t.oauth.ClientID()
	if ten != nil && len(d.Missing) > 0 {
		place.Object = ten.EnterpriseID(ctx)
	}
	code := diagnoseExit(ctx, rep, d, ten)
	v := view.Proven(view.Case{
		Mailbox: t.Mailbox, Diagnosis: d, Report: rep, Heard: heard, Place: place,
		Asked: ten != nil, Trouble: code == exitTrouble, OAuth: t.oauth.known(t, rep, token),
	}, again(cmd))
	if err := errors.Join(a.answer(v), file.keep(v, a.language)); err != nil {
		return err
	}
	return exit(code)
}
