package m365

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A principal is the application as Exchange knows it.
type principal struct {
	objectID, sid string
	names         []string // by which a permission may call it
}

// errNoPrincipal is why an application has no right in Exchange.
var errNoPrincipal = errors.New("no service principal of the application is in Exchange")

// exchangePrincipal looks the application up. For an identity that does not
// exist Get-ServicePrincipal lists all of them, so the id is compared here; in
// permissions the application stands as the Sid that only this cmdlet tells.
func (r *reads) exchangePrincipal(ctx context.Context) (principal, error) {
	app, err := r.theApplication()
	if err != nil {
		return principal{}, err
	}
	rows, whole, err := r.cmdlets.Rows(ctx, "Get-ServicePrincipal", map[string]any{"Identity": app.ClientID})
	if f, ok := errors.AsType[*cloudapi.Fault](err); ok && f.Code == cloudapi.NoSuchObject {
		return principal{}, errNoPrincipal
	}
	if err != nil {
		return principal{}, err
	}
	for _, row := range rows {
		if !strings.EqualFold(text(row, "AppId"), app.ClientID) {
			continue
		}
		p := principal{objectID: strings.ToLower(text(row, "ObjectId")), sid: text(row, "Sid")}
		if p.objectID == "" {
			return p, cloudapi.NoValue("ObjectId of the service principal")
		}
		for _, property := range []string{"ObjectId", "Name", "Identity", "DisplayName", "AppId"} {
			if name := text(row, property); name != "" {
				p.names = append(p.names, name)
			}
		}
		return p, nil
	}
	if !whole {
		return principal{}, cloudapi.NoValue("the application's service principal on the first page of them")
	}
	return principal{}, errNoPrincipal
}

// appExchangePrincipal compares the object id with the enterprise application's,
// which the token tells, or else Graph.
func (r *reads) appExchangePrincipal(context.Context) (fact.Reading, error) {
	p, err := r.inExchange()
	if errors.Is(err, errNoPrincipal) {
		return fact.Reading{Value: fact.None}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	want, err := r.enterpriseID()
	if err != nil {
		return fact.Reading{}, err
	}
	if !cloudapi.IsGUID(want) {
		return fact.Reading{}, cloudapi.NoValue("the enterprise application's object id as a GUID")
	}
	if p.objectID != want {
		return fact.Reading{Value: "wrong-object", Detail: fmt.Sprintf("%s in place of %s", p.objectID, want)}, nil
	}
	return fact.Reading{Value: "registered", Detail: "object id " + p.objectID}, nil
}

// enterpriseID is the object id of the enterprise application, in lower case.
func (r *reads) enterpriseID() (string, error) {
	app, err := r.theApplication()
	if err != nil {
		return "", err
	}
	if h := app.Holder; h != nil && h.User == "" && h.ObjectID != "" {
		return h.ObjectID, nil
	}
	sp, err := r.ofEnterprise()
	if errors.Is(err, errNoMore) {
		return "", err
	}
	if err != nil {
		return "", &unproven{r.explainUnknown("the enterprise application's object id, with which Exchange's is compared", fact.AppRegistered, err)}
	}
	return strings.ToLower(sp.ID), nil
}

// appRBAC asks Exchange whether its own role lets the application submit as the
// mailbox. It answers past the cache of the mail servers.
func (r *reads) appRBAC(ctx context.Context) (fact.Reading, error) {
	_, err := r.inExchange()
	if errors.Is(err, errNoPrincipal) {
		return fact.Reading{Value: fact.None, Detail: errNoPrincipal.Error()}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	mailbox, err := r.mailboxIdentity()
	if err != nil {
		return fact.Reading{}, err
	}
	rows, whole, err := r.cmdlets.Rows(ctx, "Test-ServicePrincipalAuthorization", map[string]any{"Identity": r.application.ClientID, "Resource": mailbox})
	if err != nil {
		return fact.Reading{}, err
	}
	out := false
	for _, row := range rows {
		if text(row, "RoleName") != submissionRole {
			continue
		}
		in, err := row.Flag("InScope")
		switch {
		case err != nil || in == nil:
			return fact.Reading{}, cloudapi.NoValue("InScope of the role " + submissionRole + " (but " + cloudapi.Clean(fmt.Sprint(row["InScope"])) + ")")
		case *in:
			return fact.Reading{Value: "in-scope", Detail: text(row, "AllowedResourceScope")}, nil
		}
		out = true
	}
	switch {
	case out:
		return fact.Reading{Value: "out-of-scope"}, nil
	case !whole:
		return fact.Reading{}, cloudapi.NoValue("all roles of the application on one page")
	}
	return fact.Reading{Value: fact.None}, nil
}

// submissionRole is Exchange's own for submission by an application
// (office-developer-exchange-docs, smtp-app-rbac-onboarding.md).
const submissionRole = "Application SMTP.SendAsApp"

// mailboxIdentity names the proven mailbox in a request.
func (r *reads) mailboxIdentity() (string, error) {
	s := r.who()
	switch {
	case s.err != nil:
		return "", &unproven{s.err}
	case s.mailbox.Err != nil:
		return "", &unproven{s.mailbox.Err}
	}
	return s.mailbox.identity, nil
}

// appFullAccess looks for the application in the permissions of the mailbox.
func (r *reads) appFullAccess(ctx context.Context) (fact.Reading, error) {
	p, err := r.inExchange()
	if errors.Is(err, errNoPrincipal) {
		return fact.Reading{Value: "no", Detail: errNoPrincipal.Error()}, nil
	}
	if err != nil {
		return fact.Reading{}, err
	}
	mailbox, err := r.mailboxIdentity()
	if err != nil {
		return fact.Reading{}, err
	}
	rows, whole, err := r.cmdlets.Rows(ctx, "Get-MailboxPermission", map[string]any{"Identity": mailbox})
	if err != nil {
		return fact.Reading{}, err
	}
	for _, row := range rows {
		if p.is(row) && holds(row, "FullAccess") && !denies(row) {
			return fact.Reading{Value: "yes"}, nil
		}
	}
	switch {
	case !whole:
		return fact.Reading{}, cloudapi.NoValue("all permissions of the mailbox on one page")
	case p.sid == "":
		return fact.Reading{}, cloudapi.NoValue("Sid of the service principal, by which permissions name it")
	}
	return fact.Reading{Value: "no"}, nil
}

// is reports whether a permission is the application's: it stands there as its
// Sid, and was seen by its name.
func (p principal) is(row cloudapi.Object) bool {
	for _, property := range []string{"UserSid", "User"} {
		user := text(row, property)
		if user != "" && (strings.EqualFold(user, p.sid) || slices.ContainsFunc(p.names, func(n string) bool { return strings.EqualFold(n, user) })) {
			return true
		}
	}
	return false
}

// holds reports whether the right is among those of a permission, which come as
// a list or as a text.
func holds(row cloudapi.Object, right string) bool {
	list, _ := row["AccessRights"].([]any)
	if s, ok := row["AccessRights"].(string); ok {
		for _, part := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("{}, ", c) }) {
			list = append(list, part)
		}
	}
	return slices.ContainsFunc(list, func(v any) bool { s, _ := v.(string); return strings.EqualFold(s, right) })
}

func denies(row cloudapi.Object) bool {
	deny, err := row.Flag("Deny")
	return err == nil && deref(deny) || strings.EqualFold(text(row, "AccessControlType"), "Deny")
}

// appUser tells whether the holder of the token is the mailbox's own user, or one
// who may send as the mailbox.
func (r *reads) appUser(ctx context.Context) (fact.Reading, error) {
	app, err := r.theApplication()
	switch {
	case err != nil:
		return fact.Reading{}, err
	case app.Holder == nil || app.Holder.User == "":
		return fact.Reading{}, undecided("no token was issued that tells", "read it once there is one")
	}
	s := r.who()
	same := func(id string) bool { return id != "" && id == app.Holder.ObjectID }
	names := []string{s.mailbox.principal, s.user.principal}
	if s.err == nil && (same(s.mailbox.ID) || same(s.user.ID) || slices.ContainsFunc(names, func(n string) bool { return sameAddress(n, app.Holder.User) })) {
		return fact.Reading{Value: "mailbox"}, nil
	}
	mailbox, err := r.mailboxIdentity()
	if err != nil {
		return fact.Reading{}, err
	}
	rows, whole, err := r.cmdlets.Rows(ctx, "Get-RecipientPermission", map[string]any{"Identity": mailbox})
	if err != nil {
		return fact.Reading{}, err
	}
	for _, row := range rows {
		if sameAddress(text(row, "Trustee"), app.Holder.User) && holds(row, "SendAs") && !denies(row) {
			return fact.Reading{Value: "delegate", Detail: cloudapi.Clean(app.Holder.User)}, nil
		}
	}
	if !whole {
		return fact.Reading{}, cloudapi.NoValue("all permissions of the mailbox on one page")
	}
	return fact.Reading{Value: "other", Detail: cloudapi.Clean(app.Holder.User)}, nil
}
