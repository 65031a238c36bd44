package state

import (
	"time"

	"smtpmend/internal/front"
)

// A State is everything about a simulated tenant. Its JSON form is the state
// file; facts have their own names in it. The passwords and secrets in it are
// made up and open nothing but the simulator.
type State struct {
	TenantID string `json:"tenant_id"` // a GUID
	Name     string `json:"name"`
	Domain   string `json:"domain"`
	Org      Org    `json:"organisation"`
	Users    []User `json:"users"`
	Apps     []App  `json:"apps"`
	// Admin is who signs in with a device code.
	Admin Admin `json:"admin"`
	SMTP  SMTP  `json:"smtp"`
	// SignInLog is whether the licence (Entra ID P1) lets the log be read.
	SignInLog SignInLog `json:"sign_in_log"`
	Faults    []Fault   `json:"faults,omitempty"`
}

// Org is what holds for the whole tenant.
type Org struct {
	SecurityDefaults string `json:"org.security-defaults"` // on, off
	SMTPAuth         string `json:"org.smtp-auth"`         // on, off
	LegacyTLS        string `json:"org.legacy-tls"`        // on, off
	// ConditionalAccess lists the policies, those included that are off.
	ConditionalAccess []CAPolicy   `json:"conditional_access,omitempty"`
	AuthPolicies      []AuthPolicy `json:"auth_policies,omitempty"`
	// DefaultAuthPolicy holds for users without one; "" is none.
	DefaultAuthPolicy string `json:"default_auth_policy,omitempty"`
}

// A CAPolicy is a Conditional Access policy, in Graph's words.
type CAPolicy struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	State         string   `json:"state"` // enabled, disabled, enabledForReportingButNotEnforced
	ClientApps    []string `json:"client_apps"`
	Applications  []string `json:"applications"`
	IncludeUsers  []string `json:"include_users"` // All, or mailboxes
	ExcludeUsers  []string `json:"exclude_users,omitempty"`
	IncludeGroups []string `json:"include_groups,omitempty"`
	ExcludeGroups []string `json:"exclude_groups,omitempty"`
	Controls      []string `json:"controls"` // block, mfa, compliantDevice, ...
}

// An AuthPolicy is an Exchange authentication policy.
type AuthPolicy struct {
	Name string `json:"name"`
	SMTP string `json:"smtp"` // allow, block
}

// A User is an account with its mailbox.
type User struct {
	ID       string `json:"id"` // a GUID
	Mailbox  string `json:"mailbox"`
	Password string `json:"password"` // "" signs nobody in
	// AppPassword passes per-user MFA, and nothing else.
	AppPassword string   `json:"app_password,omitempty"`
	SMTPAuth    string   `json:"mailbox.smtp-auth"`     // on, off, inherit
	PerUserMFA  string   `json:"user.per-user-mfa"`     // disabled, enabled, enforced
	Account     string   `json:"user.account"`          // enabled, disabled
	Licence     string   `json:"user.exchange-licence"` // yes, no
	Kind        string   `json:"mailbox.kind"`          // user, shared, room, equipment, linked, none
	AuthPolicy  string   `json:"auth_policy,omitempty"` // "" is none of its own
	Locked      bool     `json:"locked,omitempty"`      // smart lock-out
	Expired     bool     `json:"pw_expired,omitempty"`  // of the password
	Groups      []string `json:"groups,omitempty"`      // ids
	SendAs      []string `json:"send_as,omitempty"`     // other mailboxes
}

// An App is an app registration with its service principal.
type App struct {
	Name     string `json:"name"`
	ClientID string `json:"client_id"`
	Secret   string `json:"client_secret,omitempty"`
	// Certificate is a PEM certificate whose key may sign client assertions.
	Certificate string `json:"certificate,omitempty"`
	// Permissions are those that an admin consented to, by name, for the app
	// itself and for a person who signs in through it alike: Graph's, and
	// Exchange.ManageAsApp, Exchange.Manage, SMTP.SendAsApp, SMTP.Send.
	Permissions []string `json:"permissions"`
	// Roles are the app's Entra and Exchange roles, by name.
	Roles []string `json:"roles,omitempty"`
	// Mailboxes are those that the app was given FullAccess and SendAs for.
	Mailboxes []string `json:"mailboxes,omitempty"`
}

// Admin is a person with roles.
type Admin struct {
	User  string   `json:"user"`
	Roles []string `json:"roles"`
	// DeviceCode is what the person does with one: approve, decline, ignore.
	DeviceCode string `json:"device_code"`
}

// SMTP says how the submission server behaves.
type SMTP struct {
	Flavour front.Flavour `json:"flavour"` // newer, older
	// Propagation is how long a change takes to reach it.
	Propagation Duration `json:"propagation"`
	// Lockout is how many wrong passwords in a row lock an account; 0 is
	// never.
	Lockout int `json:"lockout"`
}

// SignInLog says whether and how sign-ins can be read.
type SignInLog struct {
	Licensed bool `json:"licensed"` // Entra ID P1
	// Interactive is whether SMTP sign-ins are among the interactive ones,
	// the only ones that Graph v1.0 shows. Unconfirmed for Microsoft 365.
	Interactive bool     `json:"interactive"`
	Delay       Duration `json:"delay"` // until a sign-in appears
	Records     []SignIn `json:"records,omitempty"`
}

// A SignIn is a record of the log.
type SignIn struct {
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Mailbox string    `json:"mailbox"`
	Code    int       `json:"code"` // AADSTS, 0 for success
	// Policies are the Conditional Access policies that stopped it, by name.
	Policies []string `json:"policies,omitempty"`
}
