package exchange

import (
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// A cmdlet is one that Exchange runs over REST.
type cmdlet struct {
	name       string
	roles      []string // Entra or Exchange roles, one of which the caller needs
	parameters []string
	run        func(*web.Call, map[string]any) web.Answer
	// row is what a list holds for a user; nil where there is no list. users:
	// it holds accounts without a mailbox too.
	row   func(*web.Call, *state.User) map[string]any
	users bool
}

var (
	recipientReaders = []string{"Global Administrator", "Global Reader", "Exchange Administrator", "Exchange Recipient Administrator",
		"View-Only Recipients", "Mail Recipients"}
	configReaders = []string{"Global Administrator", "Global Reader", "Exchange Administrator", "View-Only Configuration"}
	// Whether Exchange Recipient Administrator covers Set-CASMailbox in
	// practice is unconfirmed.
	recipientWriters = []string{"Global Administrator", "Exchange Administrator", "Exchange Recipient Administrator", "Mail Recipients"}
)

// cmdlets lists those that the simulator runs; any other is answered as one
// that the caller may not run, which at Microsoft cannot be told apart.
var cmdlets = []cmdlet{
	{"Get-CASMailbox", recipientReaders, []string{"Identity", "ResultSize"}, getCASMailbox, casMailboxRow, false},
	{"Set-CASMailbox", recipientWriters, []string{"Identity", "SmtpClientAuthenticationDisabled"}, setCASMailbox, nil, false},
	{"Get-TransportConfig", configReaders, nil, getTransportConfig, nil, false},
	{"Get-OrganizationConfig", configReaders, nil, getOrganizationConfig, nil, false},
	{"Get-AuthenticationPolicy", configReaders, []string{"Identity"}, getAuthenticationPolicy, nil, false},
	{"Get-User", recipientReaders, []string{"Identity", "ResultSize"}, getExchangeUser, userRow, true},
	{"Get-Mailbox", recipientReaders, []string{"Identity", "ResultSize"}, getMailbox, mailboxRow, false},
	{"Get-MailboxPermission", recipientReaders, []string{"Identity"}, getMailboxPermission, nil, false},
	{"Get-RecipientPermission", recipientReaders, []string{"Identity"}, getRecipientPermission, nil, false},
	{"Get-ServicePrincipal", configReaders, []string{"Identity"}, getServicePrincipal, nil, false},
	{"Test-ServicePrincipalAuthorization", configReaders, []string{"Identity", "Resource"}, testServicePrincipal, nil, false},
}
