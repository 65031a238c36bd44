package m365

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// An Application is whose sign-in with OAuth the facts of fact.Chain are about.
type Application struct {
	// ClientID is its application (client) id, a GUID.
	ClientID string
	// Personal: a person signs in through it; otherwise it acts on its own.
	Personal bool
	// DeviceCode: the person signs in with one.
	DeviceCode bool
	// Thumbprint is the SHA-1 of its certificate in hexadecimal, "" for a secret.
	Thumbprint string
	// Holder is whom the token that was issued stands for, nil without one.
	Holder *Holder
}

// A Holder is what an access token tells of whom it stands for.
type Holder struct {
	ObjectID string // of the user or the enterprise application, in lower case
	User     string // principal name; "" for an application
	Roles    []string
}

// A servicePrincipal is an enterprise application as Graph sends it. What was
// not sent is nil.
type servicePrincipal struct {
	ID                        string
	AccountEnabled            *bool
	AppRoleAssignmentRequired *bool
	DisabledByMicrosoftStatus *string
	AppOwnerOrganizationID    *string
	AppRoles                  []struct {
		ID, Value          string
		AllowedMemberTypes []string
	}
}

const servicePrincipalProperties = "id,appId,displayName,accountEnabled,appRoleAssignmentRequired,disabledByMicrosoftStatus,appOwnerOrganizationId"

// errNoApplication is why a link of the chain is not read where nobody named an
// application.
var errNoApplication = cloudapi.Errorf(errNoMore, "no application is named whose sign-in it is about; give one in SMTPMEND_OAUTH_CLIENT_ID")

// theApplication is the one that the chain is about.
func (r *reads) theApplication() (*Application, error) {
	if r.application == nil {
		return nil, &unproven{errNoApplication}
	}
	return r.application, nil
}

// fetchPrincipal asks for the enterprise application of an application.
func (r *reads) fetchPrincipal(ctx context.Context, appID, properties string) (servicePrincipal, error) {
	var sp servicePrincipal
	request := r.graph.get("/servicePrincipals(appId='{app}')?$select="+properties, map[string]string{"app": appID})
	if err := r.graph.raw(ctx, request, &sp); err != nil {
		return sp, err
	}
	if sp.ID == "" {
		return sp, cloudapi.NoValue("the enterprise application's id")
	}
	return sp, nil
}

// enterprise is the application's instance in this tenant.
func (r *reads) enterprise(ctx context.Context) (servicePrincipal, error) {
	app, err := r.theApplication()
	if err != nil {
		return servicePrincipal{}, err
	}
	sp, err := r.fetchPrincipal(ctx, app.ClientID, servicePrincipalProperties)
	if statusOf(err) == http.StatusNotFound {
		return sp, errUnknownApplication
	}
	return sp, err
}

// errUnknownApplication is why nothing else is known of an application that the
// tenant does not know.
var errUnknownApplication = errors.New("the tenant does not know the application")

// ofEnterprise is the instance, or why nothing follows from it.
func (r *reads) ofEnterprise() (servicePrincipal, error) {
	sp, err := r.principal()
	if errors.Is(err, errUnknownApplication) {
		return sp, undecided("there is nothing to look at: "+errUnknownApplication.Error(), "bring the application into the tenant first")
	}
	return sp, err
}

func (r *reads) appRegistered(context.Context) (fact.Reading, error) {
	sp, err := r.principal()
	if errors.Is(err, errUnknownApplication) {
		return fact.Reading{Value: "no"}, nil
	}
	return fact.Reading{Value: "yes", Detail: "object id " + cloudapi.Clean(sp.ID)}, err
}

func (r *reads) appState(context.Context) (fact.Reading, error) {
	sp, err := r.ofEnterprise()
	switch {
	case err != nil:
		return fact.Reading{}, err
	case sp.DisabledByMicrosoftStatus != nil && !slices.Contains([]string{"", "NotDisabled"}, *sp.DisabledByMicrosoftStatus):
		return fact.Reading{Value: "blocked", Detail: cloudapi.Clean(*sp.DisabledByMicrosoftStatus)}, nil
	case sp.AccountEnabled == nil:
		return fact.Reading{}, cloudapi.NoValue("accountEnabled")
	case *sp.AccountEnabled:
		return fact.Reading{Value: "enabled"}, nil
	}
	return fact.Reading{Value: "disabled"}, nil
}

// appAssignment tells whether the user may use an application that demands an
// assignment: one of the user's own, or of a group around the user. Nested
// groups do not count (entra-docs, "Assign users and groups to an application").
func (r *reads) appAssignment(ctx context.Context) (fact.Reading, error) {
	sp, err := r.ofEnterprise()
	switch {
	case err != nil:
		return fact.Reading{}, err
	case sp.AppRoleAssignmentRequired == nil:
		return fact.Reading{}, cloudapi.NoValue("appRoleAssignmentRequired")
	case !*sp.AppRoleAssignmentRequired:
		return fact.Reading{Value: "open"}, nil
	}
	user, err := r.signsIn()
	if err != nil {
		return fact.Reading{}, err
	}
	list, err := pages[assignment](ctx, r.graph, r.graph.get("/servicePrincipals/{id}/appRoleAssignedTo", map[string]string{"id": sp.ID}))
	if err != nil {
		return fact.Reading{}, err
	}
	groups := false
	for _, a := range list {
		switch {
		case strings.EqualFold(a.PrincipalID, user):
			return fact.Reading{Value: "assigned"}, nil
		case strings.EqualFold(a.PrincipalType, "Group"):
			groups = true
		}
	}
	if groups {
		return r.assignedByGroup(list)
	}
	return fact.Reading{Value: "missing"}, nil
}

// assignedByGroup looks for one of the groups among those around the user. That
// list holds nested groups too, so it only settles that there is none.
func (r *reads) assignedByGroup(list []assignment) (fact.Reading, error) {
	around, err := r.memberships()
	if err != nil {
		return fact.Reading{}, err
	}
	for _, a := range list {
		if slices.ContainsFunc(around, func(m membership) bool { return strings.EqualFold(m.ID, a.PrincipalID) }) {
			return fact.Reading{}, undecided("the group "+cloudapi.Clean(a.PrincipalDisplayName)+" is assigned, and the user is in it, or in a group within it, which does not count",
				"look at the group's members in the Entra admin centre")
		}
	}
	return fact.Reading{Value: "missing"}, nil
}

// An assignment is a role of an application that somebody was given.
type assignment struct {
	AppRoleID, ResourceID      string
	PrincipalID, PrincipalType string
	PrincipalDisplayName       string
}

// signsIn is the id of the user whose token it is or is to be: the holder of the
// one that was issued, else the mailbox's own.
func (r *reads) signsIn() (string, error) {
	app, err := r.theApplication()
	if err != nil {
		return "", err
	}
	if app.Holder != nil && app.Holder.ObjectID != "" {
		return app.Holder.ObjectID, nil
	}
	user, err := r.user()
	return strings.ToLower(user.ID), err
}

// EnterpriseID is the object id of the application's instance in the tenant, ""
// where it is not known.
func (t *Tenant) EnterpriseID(ctx context.Context) string {
	r, err := t.newReads(ctx)
	if err != nil {
		return ""
	}
	id, err := r.enterpriseID()
	if err != nil || !cloudapi.IsGUID(id) {
		return ""
	}
	return id
}
