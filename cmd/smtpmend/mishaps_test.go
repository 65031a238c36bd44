package main

import (
	"strings"
	"time"

	"smtpmend/internal/tenantsim"
)

// A mishap is what becomes of the requests to a place.
type mishap struct {
	name  string
	fault tenantsim.Fault // its kind and what belongs to that
	only  string          // the API that it is for, "" for any
}

// What is asked for in vain, and what takes its time.
const (
	aDay     = 24 * time.Hour
	patience = 2 * time.Second // ample for every other request
)

// mishaps are the kinds of faults of the simulated tenant, some of them in
// more than one way.
func mishaps(elsewhere string) []mishap {
	var all []mishap
	for _, kind := range tenantsim.FaultKinds {
		tr := mishap{name: kind, fault: tenantsim.Fault{Kind: kind, Location: elsewhere + "/steal"}}
		switch kind {
		case "slow":
			tr.name, tr.fault.Delay.Duration = "hang", time.Minute
		case "429-retry-after", "429-date":
			tr.fault.Delay.Duration = aDay
		case "token-of-another-tenant", "opaque-token":
			tr.only = "login"
		}
		all = append(all, tr)
	}
	slow, soon := tenantsim.Fault{Kind: "slow", Nth: 1}, tenantsim.Fault{Kind: "429-retry-after", Nth: 1}
	slow.Delay.Duration, soon.Delay.Duration = patience/4, time.Second
	return append(all,
		mishap{name: "slow once", fault: slow}, mishap{name: "throttled for a second", fault: soon},
		mishap{name: "503 once", fault: tenantsim.Fault{Kind: "503", Nth: 1}},
		mishap{name: "expired in mid-run", fault: tenantsim.Fault{Kind: "expired-token", Nth: 2}},
	)
}

// keys are what the answers of a place hold, to be left out or of another
// type.
var keys = map[string][]string{
	"Get-CASMailbox":           {"SmtpClientAuthenticationDisabled", "value"},
	"Get-TransportConfig":      {"SmtpClientAuthenticationDisabled", "value"},
	"Get-User":                 {"AuthenticationPolicy", "ExternalDirectoryObjectId", "value"},
	"Get-Mailbox":              {"RecipientTypeDetails", "EmailAddresses", "ExternalDirectoryObjectId", "value"},
	"Get-OrganizationConfig":   {"DefaultAuthenticationPolicy", "value"},
	"Get-AuthenticationPolicy": {"AllowBasicAuthSmtp", "value"},
	"/identitySecurityDefaultsEnforcementPolicy": {"isEnabled"},
	"/requirements":               {"perUserMfaState"},
	"/licenseDetails":             {"servicePlans", "servicePlanName", "value"},
	"/users/" + tenantsim.Mailbox: {"id", "userPrincipalName", "accountEnabled", "proxyAddresses"},
	"/policies":                   {"state", "value"},
	"/transitiveMemberOf":         {"value"},
	"/subscribedSkus":             {"servicePlans", "value"},
	"/organization":               {"id", "value"},
	"/signIns":                    {"status", "errorCode", "value"},
	"/openid-configuration":       {"issuer"},
}

// mishaps are those that a place can have.
func (p place) mishaps(elsewhere string) []mishap {
	var all []mishap
	for _, tr := range mishaps(elsewhere) {
		if tr.only != "" && tr.only != p.fault.API || tr.fault.Kind == "404" && p.fault.Cmdlet == "Get-Mailbox" {
			continue // 404: an answer, there is no mailbox
		}
		all = append(all, tr)
		if p.writes && tr.fault.Nth == 0 {
			tr.name, tr.fault.AfterEffect = tr.name+" after the effect", true
			all = append(all, tr)
		}
	}
	if p.writes {
		return all
	}
	for where, names := range keys {
		if p.fault.Cmdlet != where && !strings.HasSuffix(p.fault.Path, where) {
			continue
		}
		for _, key := range names {
			for _, kind := range tenantsim.KeyFaultKinds {
				all = append(all, mishap{name: kind + " " + key, fault: tenantsim.Fault{Kind: kind, Key: key}})
			}
		}
	}
	return all
}
