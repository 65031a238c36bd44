package catalogue

// How the two ways of an application are told apart, and what Exchange knows of
// one. Get-ServicePrincipal lists all of them for an identity that it does not
// know, so the id is compared here.
const (
	askApp       = "$app = Read-Host 'Application (client) id'"
	askObject    = "$object = Read-Host 'Object id of the enterprise application, not of the app registration'"
	lookInEntra  = "Get-MgServicePrincipal -Filter (\"appId eq '{0}'\" -f $app) | Format-List 'Id', 'DisplayName', 'AccountEnabled', 'AppRoleAssignmentRequired'"
	lookInOnline = "Get-ServicePrincipal | Where-Object AppId -eq $app | Format-List 'AppId', 'ObjectId', 'DisplayName'"
)

// oauthCauses concern sign-ins with a token.
var oauthCauses = []Cause{
	{
		Code: OAuthTokenInvalid, Stage: StageAuth, Who: Device, Meets: Token,
		Title:   "The OAuth token is not accepted: expired, malformed, or made for another audience.",
		Meaning: "Microsoft answers a bare 535 5.7.3 to every bad token and gives no reason, unlike Gmail. The audience must be https://outlook.office365.com or https://outlook.office.com, not Microsoft Graph.",
		Check:   "Ask for a fresh token and look at its claims: aud is another than https://outlook.office365.com or https://outlook.office.com, or exp lies behind.",
		Portal: []string{
			"Ask for a fresh token with the scope https://outlook.office.com/SMTP.Send (user) or https://outlook.office365.com/.default (application)",
			"High Volume Email refuses tokens about to expire: refresh at least ten minutes before",
		},
		Sources: []string{srcOAuth, "https://github.com/tarickb/sasl-xoauth2 README"},
	},
	{
		Code: OAuthScopeMissing, Stage: StageAuth, Who: ByHand, Meets: Token,
		Title:   "The token lacks SMTP.Send or SMTP.SendAsApp.",
		Meaning: "A token for Microsoft Graph (Mail.Send) does not do for SMTP. An application that Exchange itself gave the role \"Application SMTP.SendAsApp\" needs no permission in its token.",
		Check:   "Look at the token's claims: neither SMTP.Send in scp nor SMTP.SendAsApp in roles stands there.",
		Portal: []string{
			"Entra admin centre: Entra ID, App registrations, the app, API permissions: SMTP.Send (delegated) or Office 365 Exchange Online SMTP.SendAsApp (application)",
			"Grant admin consent, then ask for a new token; a stray line feed in the scope is enough to spoil it",
		},
		Sources: []string{srcOAuth, srcRBAC, "https://github.com/microsoftgraph/microsoft-graph-docs/issues/6739"},
	},
	{
		Code: OAuthTokenWrongUser, Stage: StageAuth, Who: Device, Meets: Token,
		Title:   "The token belongs to another user than the mailbox named.",
		Meaning: "Typically an administrator signed in once to create the token, and the device names the scanner's mailbox beside it. For a shared mailbox name the user of the token and set From to the shared mailbox.",
		Check:   "Look at the token's claims: upn is another user than the device names.",
		Portal:  []string{"Sign in as the mailbox itself when the token is made, or name the token's own mailbox as user"},
		Sources: []string{srcOAuth, "https://github.com/tarickb/sasl-xoauth2/issues/43", "https://github.com/nextcloud/mail/issues/13668"},
	},
	{
		Code: OAuthMailboxPermissionMissing, Stage: StageSubmit, Who: ByHand, Meets: Token,
		Title:   "The application may not open this mailbox, or may not send as it.",
		Meaning: "The sign-in itself may succeed and the message fail with 430 4.2.0 STOREDRV mailbox logon failure. New permissions take 30 minutes to two hours.",
		Check:   "In Exchange Online PowerShell Test-ServicePrincipalAuthorization with the mailbox as resource, or Get-MailboxPermission, shows no right of the application.",
		Portal:  []string{"There is no portal page for it: Exchange Online PowerShell only"},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			askApp,
			"$principal = Get-ServicePrincipal | Where-Object AppId -eq $app",
			"Get-MailboxPermission -Identity MAILBOX | Format-Table 'User', 'AccessRights'",
			"Add-MailboxPermission -Identity MAILBOX -User $principal.ObjectId -AccessRights FullAccess -AutoMapping $false",
			"Add-RecipientPermission -Identity MAILBOX -Trustee $principal.ObjectId -AccessRights SendAs",
		}}},
		Sources: []string{srcOAuth, srcRBAC, "https://github.com/simonrob/email-oauth2-proxy/issues/271"},
	},
	{
		Code: OAuthExchangePrincipalMissing, Stage: StageAuth, Who: ByHand, Meets: Token,
		Title:   "Exchange does not know the application: there is no service principal of it, or one registered with the wrong object id.",
		Meaning: "The token is good, and the reply is the bare 535 5.7.3 of every refused token. The object id must be that of the enterprise application; that of the app registration is accepted and never works.",
		Check:   "In Exchange Online PowerShell Get-ServicePrincipal does not list the application's AppId, or with another ObjectId than the token's oid.",
		Portal: []string{
			"Entra admin centre: Entra ID, Enterprise apps, the app, Overview: copy the Object ID there, not that of App registrations",
			"The rest is done in Exchange Online PowerShell only; one registered with the wrong id is removed first (Remove-ServicePrincipal)",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			askApp,
			lookInOnline,
			askObject,
			"New-ServicePrincipal -AppId $app -ObjectId $object",
		}}},
		Sources: []string{srcOAuth, srcCmdlets + "/New-ServicePrincipal.md"},
	},
	{
		Code: OAuthAppNotFound, Stage: StageToken, Who: ByHand, Meets: Token,
		Title:   "The application or the tenant is unknown to Entra.",
		Meaning: "AADSTS700016, 90002 or 50059 from the token endpoint, before SMTP begins: client id and tenant id do not belong together, or one of them is missing.",
		Check:   "Compare the client's two ids with Entra ID, App registrations, the app, Overview: Application (client) ID and Directory (tenant) ID; one of them differs.",
		Portal:  []string{"Entra admin centre: Entra ID, App registrations, the app, Overview: copy the Application (client) ID and the Directory (tenant) ID again"},
		Sources: []string{srcAADSTS, "https://github.com/mguessan/davmail/issues/308"},
	},
	{
		Code: OAuthAppBlocked, Stage: StageToken, Who: ByHand, Meets: Token,
		Title:   "The application is switched off in this tenant, or it demands an assignment that the caller lacks.",
		Meaning: "AADSTS7000112 (switched off), 50105 or 501051 (no assignment) from the token endpoint, before SMTP begins. The application is known and its secret is not the matter.",
		Check:   "Look at Entra ID, Enterprise apps, the app, Properties: Enabled for users to sign in is No, or Assignment required is Yes.",
		Portal: []string{
			"Entra admin centre: Entra ID, Enterprise apps, the app, Properties: Enabled for users to sign in: Yes",
			"Where assignment is required: Users and groups, add the mailbox's user (or give the calling application an app role)",
			"Where Microsoft itself has switched it off: a support request",
		},
		PowerShell:     []Commands{{At: Graph, Scopes: []string{"Application.Read.All"}, Lines: []string{askApp, lookInEntra}}},
		WeakensNothing: "Assign the one user instead of switching Assignment required off.",
		Sources:        []string{srcAADSTS},
	},
	{
		Code: OAuthClientSecret, Stage: StageToken, Who: ByHand, Meets: Token,
		Title:   "The application's client secret or certificate is wrong, expired or missing.",
		Meaning: "AADSTS7000215 (wrong; often the secret's ID was copied instead of its value) or 7000222 (expired).",
		Check:   "Look at Entra ID, App registrations, the app, Certificates & secrets: the one that the client uses is missing there or has expired.",
		Portal:  []string{"Entra admin centre: Entra ID, App registrations, the app, Certificates & secrets: make a new secret and copy its Value at once, or upload the certificate"},
		Sources: []string{srcAADSTS},
	},
}
