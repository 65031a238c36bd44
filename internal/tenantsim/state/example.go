package state

import "time"

// Example returns a tenant that has something at every place of a state file:
// one whose changes are slow to arrive and to be read back, with an
// administrator's account that signs in by another name than its address,
// under a policy for administrators away from the office, and an API that
// fails once.
func Example() *State {
	s := Default()
	s.Domains = []string{"contoso.onmicrosoft.com"}
	s.ReadLag = Duration{2 * time.Second}
	s.Org.Premium = "p1"
	s.Org.DeviceFlow = "blocked"
	s.Org.DefaultAuthPolicy = "Allow Basic SMTP"
	s.Org.NamedLocations = []Location{{
		ID: "b2c3d4e5-0000-4000-8000-000000000001", Name: "office", Trusted: true, Ranges: []string{"203.0.113.0/24"},
	}}
	s.Org.ConditionalAccess = []CAPolicy{{
		ID: "10ef4fe6-5e51-4f5c-8a52-000000000009", Name: "Administrators outside", State: "enabled",
		ClientApps: []string{"all"}, Applications: []string{"All"}, Controls: []string{"mfa"},
		IncludeUsers: []string{}, ExcludeUsers: []string{"ann@contoso.com"},
		IncludeGroups: []string{"7c1f2a90-0000-4000-8000-000000000001"}, ExcludeGroups: []string{"7c1f2a90-0000-4000-8000-000000000002"},
		IncludeRoles: []string{"29232cdf-9323-42fd-ade2-1d097af3e4de"}, ExcludeRoles: []string{"62e90394-69f5-4237-9190-012177145e10"},
		IncludeLocations: []string{"All"}, ExcludeLocations: []string{"AllTrusted"},
		Flows: []string{"deviceCodeFlow"}, IncludeApps: []string{ClientID},
	}}
	u := &s.Users[0]
	u.UPN = "device7@contoso.onmicrosoft.com"
	u.Aliases = []string{"scan@contoso.com"}
	u.LooseNames = []string{"copier@contoso.com"}
	u.AliasSignIn = true
	u.DisplayName = "Scanner, 2nd floor"
	u.AppPassword = "quiet-lake-9"
	u.SMTPAuth = "inherit"
	u.PerUserMFA = "disabled"
	u.MFARegistered = true
	u.AdminRoles = []string{"Exchange Administrator"}
	u.AuthPolicy = BlockPolicy
	u.Groups = []string{"7c1f2a90-0000-4000-8000-000000000001"}
	u.SendAs = []string{"ann@contoso.com"}
	s.Users[1].Locked, s.Users[1].Expired = true, true
	s.Apps[0].Redirect, s.Apps[0].PublicFlows = "localhost", "on"
	s.MailSignIn = "ann@contoso.com"
	app := &s.Apps[1]
	app.Mailboxes, app.RoleScope = []string{Mailbox}, []string{"All"}
	app.Status, app.SecretExpired, app.ExchangePrincipal = "disabled", true, "wrong-object"
	app.AssignmentRequired, app.Assigned = true, []string{Mailbox}
	s.SMTP.Propagation = Duration{3 * time.Second}
	s.SMTP.FrontEnds = 3
	s.SMTP.Client = "198.51.100.7"
	s.SignInLog.Delay = Duration{5 * time.Second}
	s.SignInLog.Records = []SignIn{{
		ID: "c0ffee00-0000-4000-8000-000000000001", Time: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC),
		Mailbox: Mailbox, Code: 53003, Policies: []string{"Administrators outside"},
		Address: "192.0.2.9", NonInteractive: true,
	}}
	s.Reports.Concealed = true
	s.Users[1].OAuthMessages = 12
	s.Faults = []Fault{{
		API: "graph", Method: "GET", Path: "/users/", Nth: 2, Kind: "without", Key: "accountEnabled", AfterEffect: true,
		Delay: Duration{time.Second},
	}, {API: "exchange", Cmdlet: "Get-CASMailbox", Nth: 1, Kind: "503"}}
	return s
}

// Keys says what the keys of a state file mean, in its order.
var Keys = []struct{ Key, Means string }{
	{"tenant_id", "a GUID"},
	{"name", "the organisation's"},
	{"domain", "the first verified domain; domains: the others"},
	{"organisation", "what holds for everybody"},
	{"  org.security-defaults", "on, off"},
	{"  org.smtp-auth", "on, off: for mailboxes that inherit"},
	{"  org.legacy-tls", "on, off, unset (which is off)"},
	{"  org.premium", "Entra ID ever subscribed to: none, p1, p2"},
	{"  basic_auth", "on, off: passwords at submission at all; off is the default after December 2026"},
	{"  device_flow", "allowed, blocked: an administrator's sign-in with a device code"},
	{"  conditional_access", "policies in Graph's words; controls: block, mfa, compliantDevice, ...; flows: deviceCodeFlow; include_apps: client ids"},
	{"  named_locations", "ranges of addresses, for include_locations and exclude_locations"},
	{"  auth_policies", "Exchange authentication policies; smtp: allow, block"},
	{"  default_auth_policy", "the one of users without one of their own"},
	{"users", "accounts with their mailboxes; the first is the one to practise on"},
	{"  upn", "what the user signs in as; left out: the mailbox's address"},
	{"  aliases", "other addresses; alias_sign_in: they sign in as well"},
	{"  loose_names", "what else Exchange takes for this mailbox"},
	{"  password", "left out, nobody signs in; app_password passes per-user MFA"},
	{"  mailbox.smtp-auth", "on, off, inherit"},
	{"  user.per-user-mfa", "disabled, enabled, enforced; mfa_registered turns enabled into enforced"},
	{"  user.account", "enabled, disabled"},
	{"  user.exchange-licence", "yes, no"},
	{"  mailbox.kind", "user, shared, room, equipment, linked, other, none"},
	{"  user.admin-role", "names of Entra roles"},
	{"  auth_policy", "the user's own, by name"},
	{"  locked, pw_expired", "true: sign-ins are refused for that"},
	{"  oauth_messages", "sent with a token, for the usage reports"},
	{"  groups, send_as", "ids of groups; other mailboxes it may send as"},
	{"apps", "app registrations, with their permissions and roles; certificate: PEM, beside or in place of client_secret"},
	{"  redirect, public_flows", "localhost, none; on, off: whether a person may sign in through it"},
	{"  status", "of the enterprise application: disabled, blocked by Microsoft, absent; left out: enabled"},
	{"  secret_expired", "true: the secret is refused for that"},
	{"  assignment_required", "true: it lets in those assigned alone; assigned: their mailboxes"},
	{"  exchange_principal", "none, or wrong-object; left out: registered in Exchange"},
	{"  mailboxes", "those that it has full access to"},
	{"  role_scope", "mailboxes for which Exchange gave it the role Application SMTP.SendAsApp, or All"},
	{"admin", "the person who signs in; device_code: approve, decline, ignore, in the browser too"},
	{"mail_sign_in", "who signs in for a submission; left out: the mailbox's own user"},
	{"smtp", "the submission server"},
	{"  flavour", "newer, older: the words of its refusals"},
	{"  propagation", "how long a change takes to reach it, as 30s; front_ends: one after the other"},
	{"  lockout", "wrong passwords in a row that lock an account, 0 for never"},
	{"  client", "the address that clients are seen at"},
	{"sign_in_log", "licensed: it may be read; delay: until a sign-in is in it; records: earlier ones"},
	{"  records", "time, mailbox, code (AADSTS), policies; address: where it came from; non_interactive: not in Graph v1.0"},
	{"reports", "concealed: names in the usage reports tell nothing"},
	{"read_lag", "how old the answers of Graph and Exchange are"},
	{"faults", "requests that fail; api: login, graph, exchange, reports; nth: which, left out for each; location: of redirect and foreign-next; aadsts: the number of refused"},
	{"  kind", "see FAULT KINDS below; without and mistyped strike the key"},
}
