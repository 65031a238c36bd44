package state

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// A User is an account with its mailbox.
type User struct {
	ID      string `json:"id"` // a GUID, the same in Entra and in Exchange
	Mailbox string `json:"mailbox"`
	// UPN is what the user signs in as; "" is the mailbox's address.
	UPN string `json:"upn,omitempty"`
	// Aliases are addresses of the mailbox besides its own.
	Aliases []string `json:"aliases,omitempty"`
	// LooseNames are what else Exchange takes for this mailbox though it is
	// neither address nor name of it: Exchange resolves an identity loosely.
	LooseNames []string `json:"loose_names,omitempty"`
	// AliasSignIn lets the user sign in with any address of the mailbox.
	AliasSignIn bool `json:"alias_sign_in,omitempty"`
	// DisplayName is "" for what stands before the @ of the mailbox.
	DisplayName string `json:"display_name,omitempty"`
	Password    string `json:"password"` // "" signs nobody in
	// AppPassword passes per-user MFA, and nothing else.
	AppPassword string `json:"app_password,omitempty"`
	SMTPAuth    string `json:"mailbox.smtp-auth"` // on, off, inherit
	PerUserMFA  string `json:"user.per-user-mfa"` // disabled, enabled, enforced
	// MFARegistered: the user has a method for a second factor, which makes
	// MFA that is set to enabled enforced.
	MFARegistered bool     `json:"mfa_registered,omitempty"`
	Account       string   `json:"user.account"`              // enabled, disabled
	Licence       string   `json:"user.exchange-licence"`     // yes, no
	Kind          string   `json:"mailbox.kind"`              // user, shared, room, equipment, linked, other, none
	AdminRoles    []string `json:"user.admin-role,omitempty"` // names of DirectoryRoles
	AuthPolicy    string   `json:"auth_policy,omitempty"`     // "" is none of its own
	Locked        bool     `json:"locked,omitempty"`          // smart lock-out
	Expired       bool     `json:"pw_expired,omitempty"`      // of the password
	Groups        []string `json:"groups,omitempty"`          // ids, nested ones included
	SendAs        []string `json:"send_as,omitempty"`         // other mailboxes
	// OAuthMessages is how many messages were sent with a token, for the usage
	// report; the sign-in log does not show them.
	OAuthMessages int `json:"oauth_messages,omitempty"`
}

// An App is an app registration with its service principal.
type App struct {
	Name     string `json:"name"`
	ClientID string `json:"client_id"`
	Secret   string `json:"client_secret,omitempty"`
	// Redirect is where the sign-in page may answer: localhost, none; "" is
	// localhost.
	Redirect string `json:"redirect,omitempty"`
	// PublicFlows is whether people may sign in without a secret of the app: on,
	// off; "" is on.
	PublicFlows string `json:"public_flows,omitempty"`
	// Certificate is a PEM certificate whose key may sign client assertions.
	Certificate string `json:"certificate,omitempty"`
	// Permissions are those that an admin consented to, by name, for the app
	// itself and for a person who signs in through it alike: Graph's, and
	// Exchange.ManageAsApp, Exchange.Manage, SMTP.SendAsApp, SMTP.Send.
	Permissions []string `json:"permissions"`
	// Roles are the app's Entra and Exchange roles, by name.
	Roles []string `json:"roles,omitempty"`
	// Mailboxes are those that the app was given FullAccess for.
	Mailboxes []string `json:"mailboxes,omitempty"`
	// Status is that of the enterprise application: disabled, blocked by Microsoft,
	// or absent, where Exchange alone still knows the app; "" is enabled.
	Status string `json:"status,omitempty"`
	// SecretExpired: the secret was good until lately.
	SecretExpired bool `json:"secret_expired,omitempty"`
	// AssignmentRequired lets in Assigned alone, mailboxes of users.
	AssignmentRequired bool     `json:"assignment_required,omitempty"`
	Assigned           []string `json:"assigned,omitempty"`
	// ExchangePrincipal is what Exchange knows of the app: none, or wrong-object
	// for one with the registration's object id; "" is registered.
	ExchangePrincipal string `json:"exchange_principal,omitempty"`
	// RoleScope are the mailboxes for which Exchange gave the app its role
	// "Application SMTP.SendAsApp", or All; without any it has no such role.
	RoleScope []string `json:"role_scope,omitempty"`
}

// Admin is a person with roles.
type Admin struct {
	User  string   `json:"user"`
	Roles []string `json:"roles"`
	// DeviceCode is what the person does with one, or at the sign-in page:
	// approve, decline, ignore.
	DeviceCode string `json:"device_code"`
}

// Redirects reports whether the sign-in page may answer to localhost.
func (a *App) Redirects() bool { return a.Redirect != "none" }

// Principal is the user principal name.
func (u *User) Principal() string { return cmp.Or(u.UPN, u.Mailbox) }

// Addresses are those at which mail arrives, the primary one first.
func (u *User) Addresses() []string { return append([]string{u.Mailbox}, u.Aliases...) }

// ProxyAddresses are the addresses as the directory keeps them.
func (u *User) ProxyAddresses() []string {
	list := []string{"SMTP:" + u.Mailbox}
	for _, alias := range u.Aliases {
		list = append(list, "smtp:"+alias)
	}
	return list
}

// HasAddress reports whether mail for the address arrives at the user.
func (u *User) HasAddress(address string) bool { return contains(u.Addresses(), address) }

// Named reports whether the user is the account or the mailbox of that name:
// an address of it, or its principal name.
func (u *User) Named(name string) bool {
	return u.HasAddress(name) || strings.EqualFold(u.Principal(), name)
}

// Label is the display name.
func (u *User) Label() string { return cmp.Or(u.DisplayName, u.Alias()) }

// Alias is the short name by which Exchange knows the mailbox.
func (u *User) Alias() string {
	name, _, _ := strings.Cut(u.Mailbox, "@")
	return name
}

// ExchangeGUID is the mailbox's own id, another than the account's.
func (u *User) ExchangeGUID() string {
	h := sha256.Sum256([]byte("mailbox of " + u.ID))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// SetPerUserMFA sets per-user MFA; enabled becomes enforced by itself for who
// has registered a method (microsoft-graph-docs-contrib,
// api-reference/beta/api/authentication-update.md).
func (u *User) SetPerUserMFA(to string) {
	if u.PerUserMFA = to; to == "enabled" && u.MFARegistered {
		u.PerUserMFA = "enforced"
	}
}

// Among reports whether one of the keys, addresses or ids, is the user.
func (u *User) Among(users []string) bool {
	return slices.ContainsFunc(users, func(key string) bool { return u.Named(key) || strings.EqualFold(key, u.ID) })
}

func contains(list []string, name string) bool {
	return slices.ContainsFunc(list, func(a string) bool { return strings.EqualFold(a, name) })
}
