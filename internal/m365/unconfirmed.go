package m365

import (
	"bytes"
	"time"
)

// This file holds what the code takes from Microsoft's services without a
// captured answer or an official page behind it. Beside each stands what
// happens when it is wrong: never a wrong value, at worst a fact that is not
// read, with the reason in its reading.

// The path of Exchange's cmdlet API below the root, with the tenant's id. It
// serves Microsoft's own PowerShell module and is documented nowhere. Gone or
// moved: every Exchange fact reads as an error with the status in it.
const invokePath = "/adminapi/beta/%s/InvokeCommand"

// systemMailbox anchors the requests of an application at the tenant's own
// mailbox. Not accepted: Exchange refuses with words that are shown.
const systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"

// notModified is in the warning of a Set cmdlet that changed nothing, lower
// case. Worded otherwise: Write reports success, and the caller's own reading
// back finds the old value.
var notModified = []string{"no settings", "have been modified"}

// exchangeTransient are in errors that pass: the request may work a moment
// later. A text that is missing here is reported at once instead of retried.
var exchangeTransient = []string{
	"CmdletProxyNotAvailableFailure", "ServerBusyException", "TransientException", "BackendCommunicationException",
}

// exchangeNoRole are in errors that say that the caller's roles do not allow
// the cmdlet, whatever the status. A text that is missing here is shown as an
// ordinary refusal.
var exchangeNoRole = []string{"User is not allowed to call", "The role assigned to application"}

// throttleText reports whether body is the plain text with which Exchange
// limits concurrency; no source tells its status. Worded otherwise: the answer
// counts as unreadable, and a write is read back.
func throttleText(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("You have reached the maximum number of concurrent requests"))
}

// codeNoPremium is Graph's word for a tenant without Entra ID P1; its message
// has changed over time. It was seen now and then in tenants with P1 too, so
// the sign-in log is asked once more.
const codeNoPremium = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"

// smtpClients are the values of clientAppUsed of a sign-in over SMTP. Others:
// the log seems to hold no record.
var smtpClients = []string{"Authenticated SMTP", "SMTP"}

// signInWindow is how far back the log is searched. A record needs two to
// fifteen minutes to appear, so the newest one may be older than the probe.
const signInWindow = 7 * 24 * time.Hour

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
