package state

import (
	"crypto/tls"
	"fmt"
	"time"

	"smtpmend/internal/fact"
	"smtpmend/internal/front"
)

// A Scenario is a tenant and a device that between them go wrong in a way
// that people meet.
type Scenario struct {
	Name    string
	Summary string // one line, no period
	// Facts differ from Default, for its Mailbox.
	Facts []Setting
	// UPN is another name than the address that the user of Mailbox signs in
	// with; "" is none.
	UPN string
	// BasicAuthOff: passwords are off for the whole tenant, the default after
	// December 2026.
	BasicAuthOff bool
	// Office: there are a dozen other mailboxes, of which some submit.
	Office  bool
	Flavour front.Flavour // "" is front.Newer
	Device  Device
}

// A Setting is a fact and its value.
type Setting struct {
	Fact  fact.Name
	Value string
}

// A Device says how the sending side behaves where it is not as it should
// be. The simulated tenant does not act on it; who tries the sign-in does.
type Device struct {
	WrongPassword bool
	NoAuth        bool   // never signs in
	NoSTARTTLS    bool   // never asks for TLS
	MaxTLS        uint16 // the newest version it speaks, as in crypto/tls; 0 is any
}

// DefaultScenario is the one that a demonstration shows unless told.
const DefaultScenario = "printer"

// Scenarios lists all scenarios in the order in which they are shown.
var Scenarios = []Scenario{
	{Name: "printer", Summary: "SMTP AUTH is off on the mailbox, and behind it per-user MFA refuses the password",
		Facts: []Setting{{fact.MailboxSMTPAuth, "off"}, {fact.UserPerUserMFA, "enforced"}}},
	{Name: "smtp-auth-off-mailbox", Summary: "SMTP AUTH is off on the mailbox",
		Facts: []Setting{{fact.MailboxSMTPAuth, "off"}}},
	{Name: "smtp-auth-off-org", Summary: "SMTP AUTH is off for the organisation and the mailbox follows it",
		Facts: []Setting{{fact.MailboxSMTPAuth, "inherit"}, {fact.OrgSMTPAuth, "off"}}},
	{Name: "per-user-mfa", Summary: "per-user MFA is enforced for the account",
		Facts: []Setting{{fact.UserPerUserMFA, "enforced"}}},
	{Name: "admin-mfa", Summary: "per-user MFA is enforced for an account that is an administrator's",
		Facts: []Setting{{fact.UserPerUserMFA, "enforced"}, {fact.UserAdminRole, "Exchange Administrator"}}},
	{Name: "security-defaults", Summary: "security defaults refuse password sign-ins in the whole tenant",
		Facts: []Setting{{fact.OrgSecurityDefaults, "on"}}},
	{Name: "scanner", Summary: "SMTP AUTH is off for the organisation, and behind it security defaults are on",
		Facts: []Setting{{fact.MailboxSMTPAuth, "inherit"}, {fact.OrgSMTPAuth, "off"}, {fact.OrgSecurityDefaults, "on"}}},
	{Name: "older-words", Summary: "SMTP AUTH is off on the mailbox and the reply only says \"535 5.7.3\"",
		Facts: []Setting{{fact.MailboxSMTPAuth, "off"}}, Flavour: front.Older},
	{Name: "bad-credentials", Summary: "the device has a wrong password",
		Device: Device{WrongPassword: true}},
	{Name: "upn-differs", Summary: "the device signs in with the mailbox's address, the account has another name",
		UPN: "device7@contoso.com"},
	{Name: "conditional-access", Summary: "a Conditional Access policy blocks legacy authentication",
		Facts: []Setting{{fact.OrgConditionalAccess, "Block legacy authentication"}}},
	{Name: "auth-policy", Summary: "an authentication policy refuses passwords for SMTP",
		Facts: []Setting{{fact.UserAuthPolicySMTP, "block"}}},
	{Name: "basic-auth-off-by-default", Summary: "passwords for submission are off by default, as after December 2026",
		BasicAuthOff: true},
	{Name: "account-disabled", Summary: "the account is disabled, as a shared mailbox's is by default",
		Facts: []Setting{{fact.MailboxKind, "shared"}, {fact.UserAccount, "disabled"}}},
	{Name: "no-mailbox", Summary: "the account has no Exchange Online licence and no mailbox",
		Facts: []Setting{{fact.UserExchangeLicence, "no"}, {fact.MailboxKind, fact.None}}},
	{Name: "no-auth", Summary: "the device never signs in",
		Device: Device{NoAuth: true}},
	{Name: "no-starttls", Summary: "the device never starts TLS",
		Device: Device{NoAuth: true, NoSTARTTLS: true}},
	{Name: "old-tls", Summary: "the device speaks no TLS newer than 1.0",
		Device: Device{MaxTLS: tls.VersionTLS10}},
	{Name: "healthy", Summary: "nothing is wrong"},
	{Name: "office", Summary: "a dozen mailboxes, some of which submit with a password: for inventory",
		Office: true},
}

// LookupScenario returns the scenario of that name.
func LookupScenario(name string) (Scenario, bool) {
	for _, s := range Scenarios {
		if s.Name == name {
			return s, true
		}
	}
	return Scenario{}, false
}

// State returns the scenario's tenant.
func (s Scenario) State() *State {
	state := Default()
	for _, f := range s.Facts {
		if err := state.Set(Mailbox, f.Fact, f.Value); err != nil {
			panic(fmt.Sprintf("tenantsim: scenario %s: %v", s.Name, err))
		}
	}
	if state.Users[0].UPN = s.UPN; s.BasicAuthOff {
		state.Org.BasicAuth = "off"
	}
	if s.Flavour != "" {
		state.SMTP.Flavour = s.Flavour
	}
	if s.Office {
		state.furnish(time.Now())
	}
	return state
}
