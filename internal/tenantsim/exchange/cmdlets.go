package exchange

import "smtpmend/internal/tenantsim/web"

// A cmdlet is one that Exchange runs over REST.
type cmdlet struct {
	name       string
	roles      []string // Entra or Exchange roles, one of which the caller needs
	parameters []string
	run        func(*web.Call, map[string]any) web.Answer
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
	{"Get-CASMailbox", recipientReaders, []string{"Identity"}, getCASMailbox},
	{"Set-CASMailbox", recipientWriters, []string{"Identity", "SmtpClientAuthenticationDisabled"}, setCASMailbox},
	{"Get-TransportConfig", configReaders, nil, getTransportConfig},
	{"Get-OrganizationConfig", configReaders, nil, getOrganizationConfig},
	{"Get-AuthenticationPolicy", configReaders, []string{"Identity"}, getAuthenticationPolicy},
	{"Get-User", recipientReaders, []string{"Identity"}, getExchangeUser},
	{"Get-Mailbox", recipientReaders, []string{"Identity"}, getMailbox},
	{"Get-MailboxPermission", recipientReaders, []string{"Identity"}, getMailboxPermission},
	{"Get-RecipientPermission", recipientReaders, []string{"Identity"}, getRecipientPermission},
	{"Get-ServicePrincipal", configReaders, []string{"Identity"}, getServicePrincipal},
	{"Test-ServicePrincipalAuthorization", configReaders, []string{"Identity", "Resource"}, testServicePrincipal},
}
