package m365

import (
	"context"

	"smtpmend/internal/fact"
)

// A reader asks the tenant for one fact. Its error is a fault, or says that it
// is not proven whose fact it would be.
type reader func(*reads, context.Context) (fact.Reading, error)

// readers has one row for each fact.
var readers = map[fact.Name]reader{
	fact.OrgSecurityDefaults:  (*reads).securityDefaults,
	fact.OrgSMTPAuth:          (*reads).organisationSMTP,
	fact.MailboxSMTPAuth:      (*reads).mailboxSMTP,
	fact.UserPerUserMFA:       (*reads).perUserMFA,
	fact.UserAuthPolicySMTP:   (*reads).authPolicy,
	fact.UserAccount:          (*reads).account,
	fact.UserExchangeLicence:  (*reads).licence,
	fact.MailboxKind:          (*reads).kind,
	fact.OrgConditionalAccess: (*reads).conditionalAccess,
	fact.UserSignInError:      (*reads).signInError,
	fact.OrgLegacyTLS:         (*reads).legacyTLS,
	fact.OrgPremium:           (*reads).orgPremium,
	fact.UserAdminRole:        (*reads).adminRole,

	fact.AppRegistered:        (*reads).appRegistered,
	fact.AppState:             (*reads).appState,
	fact.AppPublicClient:      (*reads).appPublicClient,
	fact.AppRedirect:          (*reads).appRedirect,
	fact.AppCredential:        (*reads).appCredential,
	fact.AppAssignment:        (*reads).appAssignment,
	fact.AppSMTPSend:          (*reads).appSMTPSend,
	fact.AppConditionalAccess: (*reads).appConditionalAccess,
	fact.AppUser:              (*reads).appUser,
	fact.AppExchangePrincipal: (*reads).appExchangePrincipal,
	fact.AppSendAsApp:         (*reads).appSendAsApp,
	fact.AppRBAC:              (*reads).appRBAC,
	fact.AppFullAccess:        (*reads).appFullAccess,
}

// A setter sends one change with a token for scopes.
type setter func(t *Tenant, ctx context.Context, scopes []string, value string) error

// setters has one row for each fact that may be written.
var setters = map[fact.Name]setter{
	fact.OrgSecurityDefaults: (*Tenant).setSecurityDefaults,
	fact.MailboxSMTPAuth:     (*Tenant).setMailboxSMTP,
	fact.UserPerUserMFA:      (*Tenant).setPerUserMFA,
}
