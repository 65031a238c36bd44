package fact

// The links of a sign-in with OAuth, in the order in which it meets them: first
// what Entra asks before there is a token, then what Exchange asks. They are
// about an application and a mailbox, so they are asked for with one alone.
const (
	AppRegistered        Name = "app.registered"
	AppState             Name = "app.state"
	AppPublicClient      Name = "app.public-client"
	AppRedirect          Name = "app.redirect"
	AppCredential        Name = "app.credential"
	AppAssignment        Name = "app.assignment"
	AppSMTPSend          Name = "app.smtp-send"
	AppConditionalAccess Name = "app.conditional-access"
	AppUser              Name = "app.user"
	AppExchangePrincipal Name = "app.exchange-principal"
	AppSendAsApp         Name = "app.smtp-sendasapp"
	AppRBAC              Name = "app.rbac"
	AppFullAccess        Name = "app.full-access"
)

// Chain holds one row for each of them, in that order. None is ever written.
var Chain = []Row{
	{
		Name:   AppRegistered,
		Title:  "Application in this tenant",
		Values: []Value{{"yes", "known"}, {"no", "not known"}},
		Scope:  ScopeTenant, API: APIGraph, Read: readsApplications,
	},
	{
		Name:  AppState,
		Title: "Application's state",
		Values: []Value{
			{"enabled", "switched on"},
			{"disabled", "switched off in this tenant"},
			{"blocked", "blocked by Microsoft"},
		},
		Scope: ScopeTenant, API: APIGraph, Read: readsApplications,
	},
	{
		Name:   AppPublicClient,
		Title:  "Public client flows (device code)",
		Values: []Value{{"yes", "allowed"}, {"no", "not allowed"}},
		Scope:  ScopeTenant, API: APIGraph, Read: readsApplications,
	},
	{
		Name:  AppRedirect,
		Title: "Redirect http://localhost (browser)",
		Values: []Value{
			{"yes", "registered for desktop applications"},
			{"other", "registered for a web page instead of a desktop application"},
			{"no", "not registered"},
		},
		Scope: ScopeTenant, API: APIGraph, Read: readsApplications,
	},
	{
		Name:  AppCredential,
		Title: "Secret or certificate",
		Values: []Value{
			{"valid", "valid"},
			{"expired", "expired"},
			{None, "none is registered"},
		},
		Scope: ScopeTenant, API: APIGraph, Read: readsApplications,
	},
	{
		Name:  AppAssignment,
		Title: "Assignment of the user",
		Values: []Value{
			{"open", "not required"},
			{"assigned", "assigned"},
			{"missing", "required, and the user is not assigned"},
		},
		Scope: ScopeUser, API: APIGraph, Read: Access{
			Delegated:   []string{"Application.Read.All", "User.Read.All"},
			Application: []string{"Application.Read.All", "User.Read.All"},
			Role:        "Global Reader",
		},
	},
	{
		Name:   AppSMTPSend,
		Title:  "Permission SMTP.Send for the user",
		Values: []Value{{"granted", "granted"}, {None, "not granted"}},
		Scope:  ScopeUser, API: APIGraph, Read: Access{
			Delegated:   []string{"DelegatedPermissionGrant.Read.All", "Application.Read.All"},
			Application: []string{"DelegatedPermissionGrant.Read.All", "Application.Read.All"},
			Role:        "Global Reader",
		},
	},
	{
		Name:   AppConditionalAccess,
		Title:  "Conditional Access for the token",
		Values: []Value{{None, "no enabled policy refuses the token"}},
		Free:   "refused by %s",
		Scope:  ScopeTenant, API: APIGraph, Read: Access{
			Delegated:   []string{"Policy.Read.All", "User.Read.All", "Application.Read.All"},
			Application: []string{"Policy.Read.All", "User.Read.All", "Application.Read.All"},
			Role:        "Security Reader",
		},
	},
	{
		Name:  AppUser,
		Title: "User of the token",
		Values: []Value{
			{"mailbox", "the mailbox's own"},
			{"delegate", "another user, who may send as the mailbox"},
			{"other", "another user, without Send As on the mailbox"},
		},
		Scope: ScopeMailbox, API: APIExchange, Read: exchangeRead("Global Reader (Exchange role: View-Only Recipients)"),
	},
	{
		Name:  AppExchangePrincipal,
		Title: "Service principal in Exchange",
		Values: []Value{
			{"registered", "registered"},
			{"wrong-object", "registered with another object id than the enterprise application's"},
			{None, "not registered"},
		},
		Scope: ScopeTenant, API: APIExchange, Read: exchangeRead("Global Reader (Exchange role: View-Only Configuration)"),
	},
	{
		Name:   AppSendAsApp,
		Title:  "Permission SMTP.SendAsApp of the application",
		Values: []Value{{"granted", "granted"}, {None, "not granted"}},
		Scope:  ScopeTenant, API: APIGraph, Read: readsApplications,
	},
	{
		Name:  AppRBAC,
		Title: "Exchange role \"Application SMTP.SendAsApp\"",
		Values: []Value{
			{"in-scope", "assigned, and the mailbox is in its scope"},
			{"out-of-scope", "assigned, and the mailbox is outside of its scope"},
			{None, "not assigned"},
		},
		Scope: ScopeMailbox, API: APIExchange, Read: exchangeRead("Global Reader (Exchange role: View-Only Configuration)"),
	},
	{
		Name:   AppFullAccess,
		Title:  "Full access of the application to the mailbox",
		Values: []Value{{"yes", "given"}, {"no", "not given"}},
		Scope:  ScopeMailbox, API: APIExchange, Read: exchangeRead("Global Reader (Exchange role: View-Only Recipients)"),
	},
}

var readsApplications = Access{
	Delegated:   []string{"Application.Read.All"},
	Application: []string{"Application.Read.All"},
	Role:        "Global Reader",
}
