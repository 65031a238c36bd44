// Package fact names the settings of a tenant that decide whether a mailbox
// can submit mail with a user name and a password.
//
// Evidence is reading facts, a fix is writing one, verification is reading it
// again, undo is writing back what was read. The package holds the names and
// what is known about each of them; it reads and writes nothing itself.
package fact

import (
	"errors"
	"time"
)

// Name identifies one fact. Names are permanent and part of the JSON contract.
type Name string

// The facts, in the order in which they are shown.
const (
	OrgSecurityDefaults  Name = "org.security-defaults"
	OrgSMTPAuth          Name = "org.smtp-auth"
	MailboxSMTPAuth      Name = "mailbox.smtp-auth"
	UserPerUserMFA       Name = "user.per-user-mfa"
	UserAuthPolicySMTP   Name = "user.auth-policy-smtp"
	UserAccount          Name = "user.account"
	UserExchangeLicence  Name = "user.exchange-licence"
	MailboxKind          Name = "mailbox.kind"
	OrgConditionalAccess Name = "org.conditional-access"
	UserSignInError      Name = "user.sign-in-error"
	OrgLegacyTLS         Name = "org.legacy-tls"
	OrgPremium           Name = "org.premium"
	UserAdminRole        Name = "user.admin-role"
)

// Scope says whom a change of a fact touches.
type Scope string

// The scopes, from the narrowest to the widest.
const (
	ScopeMailbox Scope = "mailbox"
	ScopeUser    Scope = "user"
	ScopeTenant  Scope = "tenant"
)

// Scopes lists them in that order.
var Scopes = []Scope{ScopeMailbox, ScopeUser, ScopeTenant}

// None is the value of org.conditional-access when no policy would stop the
// sign-in, of user.sign-in-error when the log holds no record, of mailbox.kind
// when there is no mailbox, of org.premium when the tenant never had Entra ID
// P1, and of user.admin-role when the account holds no Entra role.
const None = "none"

var (
	// ErrUncertain is in the error of a write whose answer was lost: the fact
	// may have been set, or may be yet. Any other error means that it was not
	// set.
	ErrUncertain = errors.New("uncertain whether the change took effect")
	// ErrOtherTenant is in the error of whatever would be read or written in
	// another tenant than the mailbox's.
	ErrOtherTenant = errors.New("this belongs to another tenant")
)

// A Reading is what the tenant said about one fact, or why it could not say.
// A reading with an Error is neither yes nor no: its Value is empty.
type Reading struct {
	Fact  Name   `json:"fact"`
	Value string `json:"value"`
	// Detail explains the value: the policy's name behind a "block", the
	// sign-in record's own words.
	Detail string `json:"detail,omitempty"`
	// At is when the tenant recorded the value; set for sign-in records only.
	At time.Time `json:"at,omitzero"`
	// Error says in a sentence why the fact could not be read and which
	// permission or role is missing.
	Error string `json:"error,omitempty"`
	// Trouble is the failure behind Error where the tenant has an answer and
	// did not give it. It is nil where it has none to give: a log that it is
	// not licensed for, a policy that its settings do not decide.
	Trouble error `json:"-"`
}

// Known reports whether the tenant gave an answer.
func (r Reading) Known() bool { return r.Error == "" && r.Value != "" }

// Err is why the fact could not be read, with the failure behind it.
func (r Reading) Err() error {
	if r.Trouble != nil {
		return r.Trouble
	}
	return errors.New(r.Error)
}

// Evidence is a set of readings, at most one for each fact.
type Evidence []Reading

// Get returns the reading of name; a fact that was not asked for comes back
// as a reading that is not Known.
func (e Evidence) Get(name Name) Reading {
	for _, r := range e {
		if r.Fact == name {
			return r
		}
	}
	return Reading{Fact: name}
}
