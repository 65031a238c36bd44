package m365

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// signInError is the newest SMTP sign-in of both logs: the interactive one of
// v1.0 and the other one that only /beta returns. Without the second the
// first still counts when it holds a record; none in one log alone would be a
// guess.
func (r *reads) signInError(ctx context.Context) (fact.Reading, error) {
	upn := r.mailbox
	if user, err := r.user(); err == nil {
		upn = cmp.Or(deref(user.GetUserPrincipalName()), upn)
	}
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
	case newest == nil, other != nil && other.GetCreatedDateTime().After(*newest.GetCreatedDateTime()):
		newest = other
	}
	if newest == nil {
		return fact.Reading{Value: fact.None}, nil
	}
	return signInReading(newest)
}

func signInReading(record models.SignInable) (fact.Reading, error) {
	status := record.GetStatus()
	if status == nil || status.GetErrorCode() == nil {
		return fact.Reading{}, cloudapi.NoValue("the error code of the newest record")
	}
	details := []string{cloudapi.Clean(deref(status.GetFailureReason()))}
	for _, policy := range record.GetAppliedConditionalAccessPolicies() {
		if policy == nil {
			continue
		}
		if result := policy.GetResult(); result != nil && *result == models.FAILURE_APPLIEDCONDITIONALACCESSPOLICYRESULT {
			details = append(details, "Conditional Access policy "+cloudapi.Clean(deref(policy.GetDisplayName())))
		}
	}
	details = slices.DeleteFunc(details, func(d string) bool { return d == "" })
	return fact.Reading{
		Value:  fmt.Sprint(*status.GetErrorCode()),
		Detail: strings.Join(details, "; "),
		At:     *record.GetCreatedDateTime(),
	}, nil
}

type signInList = models.SignInCollectionResponseable

// newestSignIn asks one log, and once more when it claims that the tenant has
// no premium licence: that answer is known to be wrong at times.
func (r *reads) newestSignIn(ctx context.Context, upn string, ask func(context.Context, string) (signInList, error)) (models.SignInable, error) {
	filter := signInFilter(upn, r.now())
	list, err := ask(ctx, filter)
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoPremium {
		list, err = ask(ctx, filter)
	}
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoPremium {
		return nil, noPremiumLog(f)
	}
	if err != nil {
		return nil, err
	}
	if list == nil || list.GetValue() == nil {
		return nil, cloudapi.NoValue("a list of sign-ins")
	}
	var newest models.SignInable
	for _, record := range list.GetValue() {
		if record == nil {
			continue
		}
		at := record.GetCreatedDateTime()
		if at == nil || !slices.Contains(smtpClients, deref(record.GetClientAppUsed())) ||
			!strings.EqualFold(deref(record.GetUserPrincipalName()), upn) {
			continue
		}
		if newest == nil || at.After(*newest.GetCreatedDateTime()) {
			newest = record
		}
	}
	return newest, nil
}

// noPremiumLog says what a tenant without the licence means for this fact.
func noPremiumLog(f *cloudapi.Fault) *cloudapi.Fault {
	said := *f
	said.Kind = errNoMore
	said.Next = "the sign-in log needs an Entra ID P1 or P2 licence in the tenant; without it, judge by the other facts"
	return &said
}

func (r *reads) interactiveSignIns(ctx context.Context, filter string) (signInList, error) {
	top := int32(20)
	return auditlogs.NewAuditLogsRequestBuilderInternal(map[string]string{}, r.graph).SignIns().
		Get(ctx, &auditlogs.SignInsRequestBuilderGetRequestConfiguration{
			QueryParameters: &auditlogs.SignInsRequestBuilderGetQueryParameters{
				Filter: &filter, Orderby: []string{"createdDateTime desc"}, Top: &top,
			},
		})
}

func (r *reads) nonInteractiveSignIns(ctx context.Context, filter string) (signInList, error) {
	request := r.graph.betaRequest(abstractions.GET, "/auditLogs/signIns{?%24filter,%24orderby,%24top}", map[string]string{
		"%24filter": nonInteractive + " and " + filter, "%24orderby": "createdDateTime desc", "%24top": "20",
	})
	list, err := r.graph.Send(ctx, request, models.CreateSignInCollectionResponseFromDiscriminatorValue, nil)
	if err != nil || list == nil {
		return nil, err
	}
	return list.(signInList), nil
}

// signInFilter selects a user's SMTP sign-ins. Graph compares the principal
// name in lower case only.
func signInFilter(upn string, now time.Time) string {
	clients := make([]string, len(smtpClients))
	for i, c := range smtpClients {
		clients[i] = fmt.Sprintf("clientAppUsed eq '%s'", c)
	}
	return fmt.Sprintf("createdDateTime ge %s and userPrincipalName eq '%s' and (%s)",
		now.Add(-signInWindow).UTC().Format("2006-01-02T15:04:05Z"),
		strings.ReplaceAll(strings.ToLower(upn), "'", "''"),
		strings.Join(clients, " or "))
}
