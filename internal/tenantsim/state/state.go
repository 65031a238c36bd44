// Package state is what a simulated tenant is: its organisation, its accounts
// and its peculiarities as plain data, the file they are written to, and the
// facts that follow from them.
//
// It speaks no protocol and remembers nothing: what was is kept by package
// timeline.
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
	// Domains are verified domains besides Domain.
	Domains []string `json:"domains,omitempty"`
	Org     Org      `json:"organisation"`
	Users   []User   `json:"users"`
	Apps    []App    `json:"apps"`
	// Admin is who signs in with a device code.
	Admin Admin `json:"admin"`
	// MailSignIn is who signs in where a token for a submission is asked for; ""
	// is the account that the client hints at, or with a device code the first.
	MailSignIn string `json:"mail_sign_in,omitempty"`
	SMTP       SMTP   `json:"smtp"`
	// SignInLog is whether and how the log can be read.
	SignInLog SignInLog `json:"sign_in_log"`
	// Reports is how the usage reports come.
	Reports Reports `json:"reports,omitzero"`
	// ReadLag is how old the answers of Graph and Exchange are. Writes act on
	// what the tenant is by then, and rights count at once.
	ReadLag Duration `json:"read_lag,omitzero"`
	Faults  []Fault  `json:"faults,omitempty"`
}

// Unset is the value of a switch that nobody ever set; the APIs answer null.
const Unset = "unset"

// Org is what holds for the whole tenant.
type Org struct {
	SecurityDefaults string `json:"org.security-defaults"` // on, off
	SMTPAuth         string `json:"org.smtp-auth"`         // on, off
	LegacyTLS        string `json:"org.legacy-tls"`        // on, off, unset (which is off)
	// Premium is the Entra ID plan ever subscribed to: none, p1, p2. "" is p1
	// where the sign-in log is licensed, else none.
	Premium string `json:"org.premium,omitempty"`
	// BasicAuth is whether passwords are accepted for submission at all: on,
	// off. Off is the default of a tenant after December 2026.
	BasicAuth string `json:"basic_auth"`
	// DeviceFlow is whether people may sign in with a device code: allowed,
	// blocked; "" is allowed. Security defaults block it where they are on, in
	// tenants made since July 2026, else a policy of Conditional Access does.
	DeviceFlow string `json:"device_flow,omitempty"`
	// ConditionalAccess lists the policies, those included that are off.
	ConditionalAccess []CAPolicy   `json:"conditional_access,omitempty"`
	NamedLocations    []Location   `json:"named_locations,omitempty"`
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
	// Roles are ids of role templates; see DirectoryRoles.
	IncludeRoles []string `json:"include_roles,omitempty"`
	ExcludeRoles []string `json:"exclude_roles,omitempty"`
	// Locations are All, AllTrusted, or ids of NamedLocations. Without any the
	// policy does not ask where a client is.
	IncludeLocations []string `json:"include_locations,omitempty"`
	ExcludeLocations []string `json:"exclude_locations,omitempty"`
	Controls         []string `json:"controls"` // block, mfa, compliantDevice, ...
	// Flows are those that the policy is for alone: deviceCodeFlow.
	Flows []string `json:"flows,omitempty"`
	// IncludeApps are client ids, or ServicePrincipalsInMyTenant: such a policy is
	// for applications that act on their own, and for no user.
	IncludeApps []string `json:"include_apps,omitempty"`
}

// A Location is a named location: ranges of IP addresses.
type Location struct {
	ID      string   `json:"id"` // a GUID
	Name    string   `json:"name"`
	Trusted bool     `json:"trusted,omitempty"`
	Ranges  []string `json:"ranges"` // as in 203.0.113.0/24
}

// An AuthPolicy is an Exchange authentication policy.
type AuthPolicy struct {
	Name string `json:"name"`
	SMTP string `json:"smtp"` // allow, block
}

// SMTP says how the submission server behaves.
type SMTP struct {
	Flavour front.Flavour `json:"flavour"` // newer, older
	// Propagation is how long a change takes to reach it.
	Propagation Duration `json:"propagation"`
	// FrontEnds is how many servers share the name; 0 is one. Sessions that
	// sign in go to them in turn. Of several the first learns of a change at
	// once, the last after the propagation time, those between at even steps.
	FrontEnds int `json:"front_ends,omitempty"`
	// Lockout is how many wrong passwords in a row lock an account; 0 is
	// never.
	Lockout int `json:"lockout"`
	// Client is the IP address from which Entra sees clients sign in; "" is
	// ClientAddress.
	Client string `json:"client,omitempty"`
}

// ClientAddress is where clients are unless the state says otherwise; it is
// reserved for documentation (RFC 5737).
const ClientAddress = "203.0.113.5"

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
	Mailbox string    `json:"mailbox"` // the user name, in lower case
	Code    int       `json:"code"`    // AADSTS, 0 for success
	// Policies are the Conditional Access policies that stopped it, by name.
	Policies []string `json:"policies,omitempty"`
	// Address is where it came from; "" is where clients are.
	Address string `json:"address,omitempty"`
	// NonInteractive puts the record among those that Graph v1.0 does not show.
	NonInteractive bool `json:"non_interactive,omitempty"`
}

// ReportPeriods are the spans that usage reports are made of.
var ReportPeriods = []string{"D7", "D30", "D90", "D180"}

// Reports says how the usage reports come.
type Reports struct {
	// Concealed: names are replaced by what tells nothing, which is the
	// default of a tenant.
	Concealed bool `json:"concealed,omitempty"`
}

// A Duration reads and writes itself as "1m30s".
type Duration struct{ time.Duration }

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	return err
}
