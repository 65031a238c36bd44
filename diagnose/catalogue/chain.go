package catalogue

import (
	"slices"

	"smtpmend/internal/fact"
)

// A Way is how an application gets the token for a submission, in the words of
// the flag --oauth.
type Way string

// The ways: a person signs in, or the application alone does.
const (
	Browser           Way = "browser"
	DeviceCode        Way = "device-code"
	ClientSecret      Way = "client-secret"
	ClientCertificate Way = "client-certificate"
)

// Ways lists them, the one to try first in front.
var Ways = []Way{Browser, DeviceCode, ClientSecret, ClientCertificate}

// Personal reports whether a person signs in, so that the token is a user's.
func (w Way) Personal() bool { return w == Browser || w == DeviceCode }

// A Reach is how far an attempt with OAuth came. What it passed on the way is
// proven to be there.
type Reach int

const (
	Nowhere  Reach = iota
	GotToken       // Entra issued the token
	SignedIn       // the mail server accepted it
	Sent           // the mail server took a whole message
)

// A Link is one thing that has to be in place for a submission with OAuth.
type Link struct {
	// Cause is what stands in the way while it is missing.
	Cause Code
	// Missing is what the tenant shows then.
	Missing Condition
	// Ways are those that need it, nil for all.
	Ways []Way
	// Proof is the reach that proves it to be there.
	Proof Reach
	// Says is a sentence: what is missing.
	Says string
	// Make is the one command that makes it: a line, or the two that belong
	// together. Beside MAILBOX it may hold APPID and OBJECTID, the ids of the
	// application and of its enterprise application as quoted words. Empty where
	// no command does.
	Make Commands
	// ByHand is a sentence: who does what where, in place of a command or before
	// it.
	ByHand string
}

// For reports whether an attempt of that way needs the link.
func (l Link) For(way Way) bool { return l.Ways == nil || slices.Contains(l.Ways, way) }

// Chain lists the links in the order in which a submission meets them.
func Chain() []Link { return slices.Clone(chain) }

var (
	personal    = []Way{Browser, DeviceCode}
	application = []Way{ClientSecret, ClientCertificate}
)

// entraSet are commands that write to the registration or the enterprise
// application.
func entraSet(lines ...string) Commands {
	return Commands{At: Graph, Scopes: []string{"Application.ReadWrite.All"}, Lines: lines}
}

func exchangeSet(lines ...string) Commands { return Commands{At: Exchange, Lines: lines} }

const (
	registration = "Get-MgApplication -Filter (\"appId eq '{0}'\" -f APPID)"
	// resource is Exchange Online itself. The id of its permission differs in
	// no tenant, but no page of Microsoft's names it: it is looked up.
	resource = "Get-MgServicePrincipal -Filter \"appId eq '00000002-0000-0ff1-ce00-000000000000'\""
	// assignRole makes the role good for this one mailbox.
	assignRole = "New-ManagementRoleAssignment -App OBJECTID -Role 'Application SMTP.SendAsApp' -CustomResourceScope (New-ManagementScope -Name ('SMTP ' + MAILBOX) -RecipientRestrictionFilter (\"PrimarySmtpAddress -eq '{0}'\" -f MAILBOX.Replace(\"'\", \"''\"))).Name"
)

// chain follows the order in which Entra and Exchange ask. That a disabled
// application is told before a wrong secret, and an assignment before consent,
// is unconfirmed; where it is wrong, what Entra answers comes first anyway.
var chain = []Link{
	{
		Cause: OAuthAppNotFound, Proof: GotToken,
		Missing: Condition{{Fact: fact.AppRegistered, Values: []string{"no"}}},
		Says:    "The application is not known in this tenant.",
		Make:    entraSet("New-MgServicePrincipal -AppId APPID"),
		ByHand:  "First compare the application (client) id and the tenant; the command brings an application of another tenant, or one whose enterprise application was deleted, into this one.",
	},
	{
		Cause: OAuthAppBlocked, Proof: GotToken,
		Missing: Condition{{Fact: fact.AppState, Values: []string{"disabled"}}},
		Says:    "The application is switched off in this tenant.",
		Make:    entraSet("Update-MgServicePrincipal -ServicePrincipalId OBJECTID -AccountEnabled:$true"),
	},
	{
		Cause: OAuthAppBlocked, Proof: GotToken,
		Missing: Condition{{Fact: fact.AppState, Values: []string{"blocked"}}},
		Says:    "Microsoft has blocked the application.",
		ByHand:  "A support request at Microsoft lifts it, or another application is registered.",
	},
	{
		Cause: OAuthClientSecret, Proof: GotToken, Ways: []Way{DeviceCode},
		Missing: Condition{{Fact: fact.AppPublicClient, Values: []string{"no"}}},
		Says:    "The application does not allow public client flows, which the device code needs.",
		Make:    entraSet(registration + " | ForEach-Object { Update-MgApplication -ApplicationId $_.Id -IsFallbackPublicClient:$true }"),
	},
	{
		Cause: OAuthAppNotFound, Proof: GotToken, Ways: []Way{Browser},
		Missing: Condition{{Fact: fact.AppRedirect, Values: []string{"no", "other"}}},
		Says:    "The application has no redirect http://localhost for desktop applications, which the browser needs.",
		Make:    entraSet(registration + " | ForEach-Object { Update-MgApplication -ApplicationId $_.Id -PublicClient @{ RedirectUris = @($_.PublicClient.RedirectUris) + 'http://localhost' } }"),
	},
	{
		Cause: OAuthClientSecret, Proof: GotToken, Ways: []Way{ClientSecret},
		Missing: Condition{{Fact: fact.AppCredential, Values: []string{"expired", fact.None}}},
		Says:    "The application has no valid secret.",
		Make:    entraSet(registration + " | ForEach-Object { Add-MgApplicationPassword -ApplicationId $_.Id } | Format-List 'SecretText', 'EndDateTime'"),
	},
	{
		Cause: OAuthClientSecret, Proof: GotToken, Ways: []Way{ClientCertificate},
		Missing: Condition{{Fact: fact.AppCredential, Values: []string{"expired", fact.None}}},
		Says:    "The application does not hold this certificate, or it has expired.",
		ByHand:  "Upload the certificate (.cer, without its key): Entra admin centre, App registrations, the app, Certificates & secrets.",
	},
	{
		Cause: AccountDisabled, Proof: GotToken, Ways: personal,
		Missing: Condition{{Fact: fact.UserAccount, Values: []string{"disabled"}}},
		Says:    "The mailbox's account is disabled, so nobody can sign in as it.",
		ByHand:  "A shared mailbox has no sign-in of its own: let a licensed user with Send As sign in, or an application with --oauth client-certificate.",
	},
	{
		Cause: OAuthAppBlocked, Proof: GotToken, Ways: personal,
		Missing: Condition{{Fact: fact.AppAssignment, Values: []string{"missing"}}},
		Says:    "The application demands an assignment, and the user has none.",
		Make: Commands{At: Graph, Scopes: []string{"AppRoleAssignment.ReadWrite.All", "Application.Read.All", "User.Read.All"}, Lines: []string{
			"New-MgServicePrincipalAppRoleAssignedTo -ServicePrincipalId OBJECTID -ResourceId OBJECTID -PrincipalId (Get-MgUser -UserId MAILBOX).Id -AppRoleId '00000000-0000-0000-0000-000000000000'",
		}},
	},
	{
		Cause: OAuthScopeMissing, Proof: GotToken, Ways: personal,
		Missing: Condition{{Fact: fact.AppSMTPSend, Values: []string{fact.None}}},
		Says:    "Nobody has consented to SMTP.Send for this user.",
		Make: Commands{At: Graph, Scopes: []string{"DelegatedPermissionGrant.ReadWrite.All", "Application.Read.All", "User.Read.All"}, Lines: []string{
			"New-MgOauth2PermissionGrant -ClientId OBJECTID -ConsentType Principal -PrincipalId (Get-MgUser -UserId MAILBOX).Id -ResourceId (" + resource + ").Id -Scope 'SMTP.Send'",
		}},
	},
	{
		Cause: ConditionalAccess, Proof: GotToken,
		Missing: Condition{{Fact: fact.AppConditionalAccess}},
		Says:    "A Conditional Access policy refuses the token.",
		ByHand:  "Entra admin centre, Conditional Access, Policies: let the policy except this application or user, or try another way of --oauth.",
	},
	{
		Cause: NoLicensedMailbox, Proof: SignedIn,
		Missing: Condition{{Fact: fact.MailboxKind, Values: []string{fact.None}}},
		Says:    "There is no mailbox of this address.",
		ByHand:  "Microsoft 365 admin centre, Active users, the account, Licences and apps: assign one with Exchange Online.",
	},
	{
		Cause: SMTPAuthOffMailbox, Proof: SignedIn,
		Missing: Condition{{Fact: fact.MailboxSMTPAuth, Values: []string{"off"}}},
		Says:    "Authenticated SMTP is switched off on this mailbox, for tokens as well.",
		Make:    exchangeSet(letMailboxSubmit.Set + "$false"),
	},
	{
		Cause: SMTPAuthOffOrg, Proof: SignedIn,
		Missing: Condition{
			{Fact: fact.MailboxSMTPAuth, Values: []string{"inherit"}},
			{Fact: fact.OrgSMTPAuth, Values: []string{"off"}},
		},
		Says: "Authenticated SMTP is switched off for the organisation, and the mailbox does not override it.",
		Make: exchangeSet(letMailboxSubmit.Set + "$false"),
	},
	{
		Cause: OAuthTokenWrongUser, Proof: Sent, Ways: personal,
		Missing: Condition{{Fact: fact.AppUser, Values: []string{"other"}}},
		Says:    "The token belongs to another user, who may not send as the mailbox.",
		ByHand:  "Sign in as the mailbox itself. For a shared mailbox give the delegate Send As: Exchange admin centre, Recipients, Mailboxes, the mailbox, Delegation.",
	},
	{
		Cause: OAuthExchangePrincipalMissing, Proof: SignedIn, Ways: application,
		Missing: Condition{{Fact: fact.AppExchangePrincipal, Values: []string{fact.None}}},
		Says:    "Exchange has no service principal of the application.",
		Make:    exchangeSet("New-ServicePrincipal -AppId APPID -ObjectId OBJECTID"),
	},
	{
		Cause: OAuthExchangePrincipalMissing, Proof: SignedIn, Ways: application,
		Missing: Condition{{Fact: fact.AppExchangePrincipal, Values: []string{"wrong-object"}}},
		Says:    "Exchange has a service principal of the application with another object id than the enterprise application's.",
		Make: exchangeSet(
			"Get-ServicePrincipal | Where-Object AppId -eq APPID | ForEach-Object { Remove-ServicePrincipal -Identity $_.ObjectId -Confirm:$false }",
			"New-ServicePrincipal -AppId APPID -ObjectId OBJECTID",
		),
		ByHand: "The rights that were given to it go with it and have to be given again.",
	},
	{
		// The one half of the classic way is there: full access.
		Cause: OAuthScopeMissing, Proof: SignedIn, Ways: application,
		Missing: Condition{
			{Fact: fact.AppSendAsApp, Values: []string{fact.None}},
			{Fact: fact.AppRBAC, Values: []string{fact.None}},
			{Fact: fact.AppFullAccess, Values: []string{"yes"}},
		},
		Says: "The application may open the mailbox and lacks the permission SMTP.SendAsApp.",
		Make: Commands{At: Graph, Scopes: []string{"AppRoleAssignment.ReadWrite.All", "Application.Read.All"}, Lines: []string{
			resource + " | ForEach-Object { New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId OBJECTID -PrincipalId OBJECTID -ResourceId $_.Id -AppRoleId ($_.AppRoles | Where-Object Value -eq 'SMTP.SendAsApp').Id }",
		}},
	},
	{
		// Neither way is set up, or it is not known what is: the role in Exchange
		// is the narrower.
		Cause: OAuthScopeMissing, Proof: SignedIn, Ways: application,
		Missing: Condition{
			{Fact: fact.AppSendAsApp, Values: []string{fact.None}},
			{Fact: fact.AppRBAC, Values: []string{fact.None}},
		},
		Says: "The application has neither the permission SMTP.SendAsApp nor the role of that name in Exchange.",
		Make: exchangeSet(assignRole),
	},
	{
		Cause: OAuthMailboxPermissionMissing, Proof: SignedIn, Ways: application,
		Missing: Condition{
			{Fact: fact.AppSendAsApp, Values: []string{fact.None}},
			{Fact: fact.AppRBAC, Values: []string{"out-of-scope"}},
		},
		Says: "The application has its role in Exchange, and this mailbox is outside of the role's scope.",
		Make: exchangeSet(assignRole),
	},
	{
		// With the permission in the token Exchange asks for the right to the
		// mailbox, whatever role the application has besides.
		Cause: OAuthMailboxPermissionMissing, Proof: Sent, Ways: application,
		Missing: Condition{
			{Fact: fact.AppSendAsApp, Values: []string{"granted"}},
			{Fact: fact.AppFullAccess, Values: []string{"no"}},
		},
		Says: "The application has SMTP.SendAsApp and may not open the mailbox.",
		Make: exchangeSet("Add-MailboxPermission -Identity MAILBOX -User OBJECTID -AccessRights FullAccess -AutoMapping $false"),
	},
}
