package state

import (
	"slices"

	"smtpmend/internal/front"
)

// What the default tenant is made of. Its secrets open nothing else.
const (
	Mailbox      = "scanner@contoso.com"
	Password     = "Paper-Jam-42"
	ClientID     = "5b0f3c1e-7a44-4a1d-9f0e-2f6d1c9b8a70"
	ClientSecret = "simulated~secret-of-the-admin-app"
	// MailClientID and MailClientSecret are those of the application that submits
	// as Mailbox with OAuth.
	MailClientID     = "7d2e5a94-1c3b-4f60-8e27-90ab4c6d1e55"
	MailClientSecret = "simulated~secret-of-the-scanner-app"
)

// BlockPolicy is the authentication policy of the default tenant that
// refuses passwords for SMTP. No user has it at first.
const BlockPolicy = "Block Basic Auth"

// Default returns a tenant in which the submission of Mailbox works and an
// app registration may read and write every fact: the ground on which the
// scenarios build.
func Default() *State {
	return &State{
		TenantID: "0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11",
		Name:     "Contoso",
		Domain:   "contoso.com",
		Org: Org{
			SecurityDefaults: "off",
			SMTPAuth:         "off",
			LegacyTLS:        "off",
			BasicAuth:        "on",
			AuthPolicies:     []AuthPolicy{{Name: BlockPolicy, SMTP: "block"}, {Name: "Allow Basic SMTP", SMTP: "allow"}},
		},
		Users: []User{
			newUser("3f5c9f0a-52f5-4f0e-8f0a-0c1d7b6a1001", Mailbox, Password),
			newUser("3f5c9f0a-52f5-4f0e-8f0a-0c1d7b6a1002", "ann@contoso.com", "Blue-Heron-7"),
		},
		Apps: []App{{
			Name:        "smtpmend",
			ClientID:    ClientID,
			Secret:      ClientSecret,
			Permissions: slices.Concat(ReadPermissions, ChainPermissions, WritePermissions, ReportPermissions),
			Roles:       []string{"Exchange Administrator"},
		}, {
			Name:        "Scanner",
			ClientID:    MailClientID,
			Secret:      MailClientSecret,
			Permissions: []string{"SMTP.SendAsApp", "SMTP.Send"},
			Mailboxes:   []string{Mailbox},
		}},
		Admin:     Admin{User: "admin@contoso.com", Roles: []string{"Global Administrator"}, DeviceCode: "approve"},
		SMTP:      SMTP{Flavour: front.Newer, Lockout: 10},
		SignInLog: SignInLog{Licensed: true, Interactive: true},
	}
}

// ReadPermissions are what an app needs to read every fact of a mailbox, with the
// role Global Reader, and ChainPermissions what it needs besides for those of an
// application's sign-in. WritePermissions are what it needs besides for every remedy,
// with the role Exchange Administrator.
var (
	ReadPermissions = []string{
		"User.Read.All", "Policy.Read.All", "AuditLog.Read.All", "LicenseAssignment.Read.All", "Organization.Read.All",
		"RoleManagement.Read.Directory", "Exchange.ManageAsApp", "Exchange.Manage",
	}
	ChainPermissions = []string{"Application.Read.All", "DelegatedPermissionGrant.Read.All"}
	WritePermissions = []string{"Policy.ReadWrite.SecurityDefaults", "Policy.ReadWrite.AuthenticationMethod"}
	// ReportPermissions are what an app needs for the usage reports.
	ReportPermissions = []string{"Reports.Read.All"}
)

func newUser(id, mailbox, password string) User {
	return User{
		ID: id, Mailbox: mailbox, Password: password,
		SMTPAuth: "on", PerUserMFA: "disabled", Account: "enabled", Licence: "yes", Kind: "user",
	}
}
