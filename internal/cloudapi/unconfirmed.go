package cloudapi

import "bytes"

// This file holds what the code takes from Microsoft's services without a
// captured answer or an official page behind it. Beside each stands what
// happens when it is wrong: never a wrong value, at worst a request that is
// not granted, with the reason in its fault.

// The path of Exchange's cmdlet API below the root, with the tenant's id. It
// serves Microsoft's own PowerShell module and is documented nowhere. Gone or
// moved: every request to Exchange fails with the status in its fault.
const invokePath = "/adminapi/beta/%s/InvokeCommand"

// systemMailbox anchors the requests of an application at the tenant's own
// mailbox. Not accepted: Exchange refuses with words that are shown.
const systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"

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

// pageExpired is in the refusal of a page whose link is too old or has reached
// a server that does not know it; PowerShell's users report it, and its status
// is not known. Worded otherwise: a long list ends early, with the refusal in
// its fault.
const pageExpired = "Expired or Invalid pagination request"

// NoPremium is the code of a fault: Graph's word for a tenant without Entra ID
// P1. Its message has changed over time, and it was seen now and then in
// tenants with P1 too.
const NoPremium = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
