package m365

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// signInError is the newest SMTP sign-in of both logs: the interactive one of
// v1.0 and the other one that only /beta returns. Without the second the
// first still counts when it holds a record; none in one log alone would be a
// guess.
func (r *reads) signInError(ctx context.Context) (fact.Reading, error) {
	user, err := r.user()
	if err == nil && user.UserPrincipalName == "" {
		err = cloudapi.NoValue("the user's principal name")
	}
	if err != nil {
		return fact.Reading{}, err
	}
	upn := user.UserPrincipalName
	newest, err := r.newestSignIn(ctx, upn, r.interactiveSignIns)
	if err != nil {
		return fact.Reading{}, err
	}
	other, err := r.newestSignIn(ctx, upn, r.nonInteractiveSignIns)
	switch {
	case err != nil && newest == nil:
		f := *cloudapi.AsFault(err)
		f.What = "the log of interactive sign-ins holds none, and the other one was not given: " + f.What
		return fact.Reading{}, &f
	case newest == nil, other != nil && other.CreatedDateTime.After(newest.CreatedDateTime):
		newest = other
	}
	if newest == nil {
		return fact.Reading{Value: fact.None}, nil
	}
	return newest.reading()
}

// A signIn is a record of the log.
type signIn struct {
	CreatedDateTime   time.Time
	ClientAppUsed     string
	UserPrincipalName string
	UserID            string
	IPAddress         string
	Status            struct {
		ErrorCode     *int
		FailureReason string
	}
	AppliedConditionalAccessPolicies []struct{ DisplayName, Result string }
}

func (s *signIn) reading() (fact.Reading, error) {
	if s.Status.ErrorCode == nil {
		return fact.Reading{}, cloudapi.NoValue("the error code of the newest record")
	}
	details := []string{cloudapi.Clean(s.Status.FailureReason)}
	for _, policy := range s.AppliedConditionalAccessPolicies {
		if policy.Result == "failure" {
			details = append(details, "Conditional Access policy "+cloudapi.Clean(policy.DisplayName))
		}
	}
	details = slices.DeleteFunc(details, func(d string) bool { return d == "" })
	return fact.Reading{
		Value:  fmt.Sprint(*s.Status.ErrorCode),
		Detail: strings.Join(details, "; "),
		At:     s.CreatedDateTime,
	}, nil
}

// newestSignIn asks one log.
func (r *reads) newestSignIn(ctx context.Context, upn string, ask func(context.Context, string) ([]signIn, error)) (*signIn, error) {
	list, err := r.log.ask(
		func() ([]signIn, error) { return ask(ctx, signInFilter(upn, r.now())) },
		func() bool { return r.neverPremium(ctx) })
	if err != nil {
		return nil, err
	}
	var newest *signIn
	for _, record := range list {
		if record.CreatedDateTime.IsZero() || record.ClientAppUsed == "" || record.UserPrincipalName == "" {
			return nil, cloudapi.NoValue("the time, client and user of each record")
		}
		if !slices.Contains(smtpClients, record.ClientAppUsed) || !sameAddress(record.UserPrincipalName, upn) {
			continue
		}
		if newest == nil || record.CreatedDateTime.After(newest.CreatedDateTime) {
			newest = &record
		}
	}
	return newest, nil
}

// A signInLog remembers that the tenant has no licence for its log. Once is
// not enough: that answer is known to be wrong at times.
type signInLog struct {
	mu      sync.Mutex
	refusal *cloudapi.Fault // the newest of them
	times   int
}

const definite = 2

// ask asks one log, unless it is known that there is no licence for it. never
// reports whether the subscriptions say so too: then once is enough.
func (l *signInLog) ask(ask func() ([]signIn, error), never func() bool) ([]signIn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.times < definite {
		list, err := ask()
		f, ok := errors.AsType[*cloudapi.Fault](err)
		if !ok || f.Code != cloudapi.NoPremium {
			return list, err
		}
		l.refusal = f
		if l.times++; never() {
			l.times = definite
		}
	}
	return nil, noPremiumLog(l.refusal.What)
}

// noPremiumLog says what a tenant without the licence means for this fact.
func noPremiumLog(what string) *cloudapi.Fault {
	return &cloudapi.Fault{
		Kind: errNoMore, What: what,
		Next: "the sign-in log needs an Entra ID P1 or P2 licence in the tenant; without it, judge by the other facts",
	}
}

func (r *reads) interactiveSignIns(ctx context.Context, filter string) ([]signIn, error) {
	top := int32(20)
	request, err := auditlogs.NewAuditLogsRequestBuilderInternal(map[string]string{}, r.graph).SignIns().
		ToGetRequestInformation(ctx, &auditlogs.SignInsRequestBuilderGetRequestConfiguration{
			QueryParameters: &auditlogs.SignInsRequestBuilderGetQueryParameters{
				Filter: &filter, Orderby: []string{"createdDateTime desc"}, Top: &top,
			},
		})
	if err != nil {
		return nil, err
	}
	return page[signIn](ctx, r.graph, request)
}

func (r *reads) nonInteractiveSignIns(ctx context.Context, filter string) ([]signIn, error) {
	return page[signIn](ctx, r.graph, r.graph.betaRequest(abstractions.GET, "/auditLogs/signIns{?%24filter,%24orderby,%24top}", map[string]string{
		"%24filter": nonInteractive + " and " + filter, "%24orderby": "createdDateTime desc", "%24top": "20",
	}))
}

// signInFilter selects a user's SMTP sign-ins. Graph compares the principal
// name in lower case only.
func signInFilter(upn string, now time.Time) string {
	return fmt.Sprintf("%s and userPrincipalName eq '%s' and %s",
		createdSince(now.Add(-signInWindow)), strings.ReplaceAll(strings.ToLower(upn), "'", "''"), overSMTP())
}

func createdSince(since time.Time) string {
	return "createdDateTime ge " + since.UTC().Format("2006-01-02T15:04:05Z")
}

// overSMTP selects the sign-ins over SMTP.
func overSMTP() string {
	clients := make([]string, len(smtpClients))
	for i, c := range smtpClients {
		clients[i] = fmt.Sprintf("clientAppUsed eq '%s'", c)
	}
	return "(" + strings.Join(clients, " or ") + ")"
}
