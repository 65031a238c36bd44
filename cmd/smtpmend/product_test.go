package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"smtpmend/internal/fact"
	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim"
)

// An axis is one thing about a tenant, and what it may be; the first value is
// that of a product which has no such axis.
type axis struct {
	name   string
	values []string
}

var (
	securityDefaults  = axis{"org.security-defaults", []string{"off", "on"}}
	orgSwitch         = axis{"org.smtp-auth", []string{"off", "on"}}
	mailboxSwitch     = axis{"mailbox.smtp-auth", []string{"on", "off", "inherit"}}
	mfa               = axis{"user.per-user-mfa", []string{"disabled", "enabled", "enforced"}}
	authPolicy        = axis{"user.auth-policy-smtp", []string{"allow", "block"}}
	conditionalAccess = axis{"org.conditional-access", []string{fact.None, "Block legacy authentication"}}
	role              = axis{"user.admin-role", []string{fact.None, "Exchange Administrator"}}
	password          = axis{"password", []string{"right", "wrong"}}
	flavour           = axis{"flavour", []string{"newer", "older"}}
	log               = axis{"log", []string{"readable", "unlicensed"}}
	// The name that is typed, and signed in with: the principal name is that
	// address, or another one and the address is typed, or it is itself typed.
	name  = axis{"name", []string{"address", "address, not the UPN", "UPN"}}
	basic = axis{"basic", []string{"on", "off"}} // off as after December 2026
)

// products are what TestEveryState walks: what a tenant may say about a
// submission, and who signs in to what kind of tenant.
var products = map[string][]axis{
	"settings": {securityDefaults, orgSwitch, mailboxSwitch, mfa, authPolicy, conditionalAccess, password, flavour, log},
	"people":   {name, role, basic, mfa, securityDefaults, mailboxSwitch, flavour, log},
}

var allAxes = append(slices.Clone(products["settings"]), name, role, basic)

// A condition is one state of a product, by axis.
type condition map[string]string

func conditions(axes []axis) []condition {
	all := []condition{{}}
	for _, a := range allAxes {
		values := a.values
		if !slices.ContainsFunc(axes, func(b axis) bool { return b.name == a.name }) {
			values = values[:1]
		}
		var longer []condition
		for _, c := range all {
			for _, value := range values {
				next := maps.Clone(c)
				next[a.name] = value
				longer = append(longer, next)
			}
		}
		all = longer
	}
	return all
}

const otherUPN = "device7@contoso.com"

func (c condition) state(t *testing.T) *tenantsim.State {
	state := tenantsim.Default()
	for _, a := range allAxes {
		if !strings.Contains(a.name, ".") {
			continue
		}
		if err := state.Set(tenantsim.Mailbox, fact.Name(a.name), c[a.name]); err != nil {
			t.Fatal(err)
		}
	}
	state.SMTP.Flavour = front.Flavour(c["flavour"])
	state.SignInLog.Licensed = c["log"] == "readable"
	state.Org.BasicAuth = c["basic"]
	if c["name"] != "address" {
		state.Users[0].UPN = otherUPN
	}
	return state
}

// typed is the mailbox as it is named on the command line.
func (c condition) typed() string {
	if c["name"] == "UPN" {
		return otherUPN
	}
	return tenantsim.Mailbox
}

// wrongName: the sign-in is with an address that is no principal name, which
// to Entra is nobody's.
func (c condition) wrongName() bool { return c["name"] == "address, not the UPN" }

// blockers says what stands in the way: the changes that mend it, and whether
// there is something that only a person can remove.
func (c condition) blockers() (mendable map[fact.Name]string, byHand bool) {
	mendable = map[fact.Name]string{}
	if c["mailbox.smtp-auth"] == "off" || c["mailbox.smtp-auth"] == "inherit" && c["org.smtp-auth"] == "off" {
		mendable[fact.MailboxSMTPAuth] = "on"
	}
	admins := c["user.per-user-mfa"] == "enforced" && c["user.admin-role"] != fact.None
	if c["user.per-user-mfa"] == "enforced" && !admins {
		mendable[fact.UserPerUserMFA] = "disabled"
	}
	if c["org.security-defaults"] == "on" {
		mendable[fact.OrgSecurityDefaults] = "off"
	}
	return mendable, admins || c.onlyPeople() || c["password"] == "wrong" || c.wrongName() || c["basic"] == "off"
}

// onlyPeople reports whether a setting that can be read stands in the way and
// has no remedy.
func (c condition) onlyPeople() bool {
	return c["user.auth-policy-smtp"] == "block" || c["org.conditional-access"] != fact.None
}

func (c condition) String() string {
	var words []string
	for _, a := range allAxes {
		words = append(words, fmt.Sprintf("%s=%s", a.name, c[a.name]))
	}
	return strings.Join(words, " ")
}
