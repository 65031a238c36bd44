package fact

// Table holds one row for each fact, in the order in which facts are shown.
// Permissions and roles are the least that Microsoft's documentation names;
// where two are listed both are needed.
var Table = []Row{
	{
		Name:  OrgSecurityDefaults,
		Title: "Security defaults",
		Values: []Value{
			{"on", "on: every password sign-in of this kind is refused, for the whole tenant"},
			{"off", "off"},
		},
		Scope: ScopeTenant,
		API:   APIGraph,
		Read: Access{
			Delegated:   []string{"Policy.Read.All"},
			Application: []string{"Policy.Read.All"},
			Role:        "Security Reader",
		},
		Write: &Access{
			Delegated:   []string{"Policy.ReadWrite.SecurityDefaults", "Policy.Read.All"},
			Application: []string{"Policy.ReadWrite.SecurityDefaults", "Policy.Read.All"},
			Role:        "Conditional Access Administrator, Security Administrator or Global Administrator",
		},
	},
	{
		Name:  OrgSMTPAuth,
		Title: "Authenticated SMTP in the organisation",
		Values: []Value{
			{"on", "on for every mailbox without a setting of its own"},
			{"off", "off for every mailbox without a setting of its own"},
		},
		Scope: ScopeTenant,
		API:   APIExchange,
		Read:  exchangeRead("Global Reader (Exchange role: View-Only Configuration)"),
	},
	{
		Name:  MailboxSMTPAuth,
		Title: "Authenticated SMTP on the mailbox",
		Values: []Value{
			{"on", "on"},
			{"off", "off"},
			{"inherit", "not set: follows the organisation"},
		},
		Scope: ScopeMailbox,
		API:   APIExchange,
		Read:  exchangeRead("Global Reader (Exchange role: View-Only Recipients)"),
		Write: &Access{
			Delegated:   []string{"Exchange.Manage"},
			Application: []string{"Exchange.ManageAsApp"},
			Role:        "Exchange Administrator or Exchange Recipient Administrator (Exchange role: Mail Recipients)",
		},
	},
	{
		Name:  UserPerUserMFA,
		Title: "Per-user MFA of the account",
		Values: []Value{
			{"disabled", "off"},
			{"enabled", "enabled: the password is accepted until the user has registered, then it becomes enforced"},
			{"enforced", "enforced: the account's password alone is refused"},
		},
		// microsoft-graph-docs-contrib, api-reference/beta/api/authentication-update.md
		Becomes: []Promotion{{"enabled", "enforced"}},
		Scope:   ScopeUser,
		API:     APIGraph,
		Read: Access{
			Delegated:   []string{"Policy.Read.All", "User.Read.All"},
			Application: []string{"Policy.Read.All", "User.Read.All"},
			Role:        "Global Reader",
		},
		Write: &Access{
			Delegated:   []string{"Policy.ReadWrite.AuthenticationMethod"},
			Application: []string{"Policy.ReadWrite.AuthenticationMethod"},
			Role:        "Authentication Policy Administrator",
		},
	},
	{
		Name:  UserAuthPolicySMTP,
		Title: "Authentication policy for SMTP passwords",
		Values: []Value{
			{"allow", "passwords are accepted"},
			{"block", "passwords are refused"},
		},
		Scope: ScopeUser,
		API:   APIExchange,
		Read:  exchangeRead("Global Reader (Exchange roles: View-Only Recipients and View-Only Configuration)"),
	},
	{
		Name:  UserAccount,
		Title: "Account",
		Values: []Value{
			{"enabled", "may sign in"},
			{"disabled", "blocked from signing in"},
		},
		Scope: ScopeUser,
		API:   APIGraph,
		Read: Access{
			Delegated:   []string{"User.Read.All"},
			Application: []string{"User.Read.All"},
			Role:        "Global Reader",
		},
	},
	{
		Name:  UserExchangeLicence,
		Title: "Exchange Online licence of the account",
		Values: []Value{
			{"yes", "a plan with a mailbox is assigned"},
			{"no", "no plan with a mailbox is assigned"},
		},
		Scope: ScopeUser,
		API:   APIGraph,
		Read: Access{
			Delegated:   []string{"LicenseAssignment.Read.All", "User.Read.All"},
			Application: []string{"LicenseAssignment.Read.All", "User.Read.All"},
			Role:        "Global Reader",
		},
	},
	{
		Name:  MailboxKind,
		Title: "Kind of mailbox",
		Values: []Value{
			{"user", "a user's mailbox"},
			{"shared", "a shared mailbox"},
			{"room", "a room mailbox"},
			{"equipment", "an equipment mailbox"},
			{"linked", "a linked mailbox"},
			{"other", "a mailbox of another kind"},
			{None, "there is no mailbox"},
		},
		Scope: ScopeMailbox,
		API:   APIExchange,
		Read:  exchangeRead("Global Reader (Exchange role: View-Only Recipients)"),
	},
	{
		Name:   OrgConditionalAccess,
		Title:  "Conditional Access",
		Values: []Value{{None, "no enabled policy stops this sign-in"}},
		Free:   "stopped by %s",
		Scope:  ScopeTenant,
		API:    APIGraph,
		Read: Access{
			Delegated:   []string{"Policy.Read.All", "User.Read.All"},
			Application: []string{"Policy.Read.All", "User.Read.All"},
			Role:        "Security Reader",
		},
	},
	{
		Name:  UserSignInError,
		Title: "Newest SMTP sign-in in the log",
		Values: []Value{
			{None, "the log holds no SMTP sign-in of the last week"},
			{"0", "it succeeded"},
		},
		Free:  "AADSTS%s",
		Scope: ScopeUser,
		API:   APIGraph,
		Read: Access{
			Delegated:   []string{"AuditLog.Read.All", "Policy.Read.All", "User.Read.All"},
			Application: []string{"AuditLog.Read.All", "Policy.Read.All", "User.Read.All"},
			Role:        "Reports Reader",
		},
	},
	{
		Name:  OrgLegacyTLS,
		Title: "TLS 1.0 and 1.1 on the legacy endpoint",
		Values: []Value{
			{"on", "allowed"},
			{"off", "refused"},
		},
		Scope: ScopeTenant,
		API:   APIExchange,
		Read:  exchangeRead("Global Reader (Exchange role: View-Only Configuration)"),
	},
	{
		Name:  OrgPremium,
		Title: "Entra ID premium of the tenant",
		Values: []Value{
			{None, "never subscribed: there are no Conditional Access policies and no sign-in log to read"},
			{"p1", "P1"},
			{"p2", "P2"},
		},
		Scope: ScopeTenant,
		API:   APIGraph,
		Read: Access{
			Delegated:   []string{"LicenseAssignment.Read.All"},
			Application: []string{"LicenseAssignment.Read.All"},
			Role:        "Global Reader",
		},
	},
	{
		Name:   UserAdminRole,
		Title:  "Administrator's roles of the account",
		Values: []Value{{None, "none"}},
		Free:   "%s",
		Scope:  ScopeUser,
		API:    APIGraph,
		Read: Access{
			Delegated:   []string{"RoleManagement.Read.Directory", "User.Read.All"},
			Application: []string{"RoleManagement.Read.Directory", "User.Read.All"},
			Role:        "Global Reader",
		},
	},
}

// exchangeRead is the access for reading at Exchange Online, where the
// permission opens the API as a whole and the role decides about the fact.
func exchangeRead(role string) Access {
	return Access{
		Delegated:   []string{"Exchange.Manage"},
		Application: []string{"Exchange.ManageAsApp"},
		Role:        role,
	}
}
