package m365

import "time"

// This file holds what the code takes from Microsoft's services without a
// captured answer or an official page behind it. Beside each stands what
// happens when it is wrong: never a wrong value, at worst a fact that is not
// read, with the reason in its reading.

// smtpClients are the values of clientAppUsed of a sign-in over SMTP. Others:
// the log seems to hold no record.
var smtpClients = []string{"Authenticated SMTP", "SMTP"}

// signInWindow is how far back the log is searched. A record needs two to
// fifteen minutes to appear, so the newest one may be older than the probe.
const signInWindow = 7 * 24 * time.Hour

// skuAssigned is the property of Get-Mailbox that tells whether a licence is
// assigned. Absent or of another type: the licence of the row is open.
const skuAssigned = "SkuAssigned"

// nonInteractive selects the records that only /beta returns. It is unknown
// which of the two kinds a failed SMTP sign-in is, so both are read.
const nonInteractive = "signInEventTypes/any(t: t eq 'nonInteractiveUser')"

// mailboxKinds are the values of RecipientTypeDetails that have a name of
// their own; only UserMailbox and SharedMailbox are known from captures. A
// value not listed reads as "other", with Exchange's word in the detail.
var mailboxKinds = []struct{ exchange, kind string }{
	{"UserMailbox", "user"},
	{"SharedMailbox", "shared"},
	{"RoomMailbox", "room"},
	{"EquipmentMailbox", "equipment"},
	{"LinkedMailbox", "linked"},
}

// mailboxPlans are the prefixes of service plans that hold a mailbox, otherPlans
// of Exchange plans that hold none; an Exchange plan in neither list makes the
// licence undecided.
var (
	mailboxPlans = []string{
		"EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_DESKLESS", "EXCHANGE_S_ESSENTIALS",
		"EXCHANGE_B_STANDARD", "EXCHANGE_L_STANDARD", "EXCHANGE_LITE",
	}
	otherPlans = []string{
		"EXCHANGE_S_FOUNDATION", "EXCHANGE_S_ARCHIVE", "EXCHANGE_ANALYTICS", "EXCHANGEONLINE_MULTIGEO",
	}
)

// besidePolicies is the status with which Graph refuses to switch security
// defaults on beside Conditional Access policies, as the portal does. Another
// one: the refusal is shown with Graph's own words alone.
const besidePolicies = 400

// atOnce is how many requests a run over many mailboxes has under way at each
// API of a tenant. Exchange bounds them and says so only where they are too
// many; one mailbox alone asks for about as many. Still too many: those are
// throttled, waited with and sent again.
const atOnce = 6

// customKeyIdentifier of a certificate is its thumbprint: the SHA-1 in base64, as
// Graph writes octets, or in hexadecimal, as the portal shows it. Another form:
// the certificate seems not to be registered, which its use disproves.
//
// Of Get-ServicePrincipal, Get-MailboxPermission and
// Test-ServicePrincipalAuthorization no answer over HTTP was captured: their
// properties are those that PowerShell shows. One that is missing is said to be.
