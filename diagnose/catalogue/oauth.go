package catalogue

// oauthCauses concern sign-ins with a token.
var oauthCauses = []Cause{
	{
		Code: OAuthTokenInvalid, Stage: StageAuth, Who: Device,
		Title:   "The OAuth token is not accepted: expired, malformed, or made for another audience.",
		Meaning: "Microsoft answers a bare 535 5.7.3 to every bad token and gives no reason, unlike Gmail. The audience must be https://outlook.office365.com or https://outlook.office.com, not Microsoft Graph.",
		Portal: []string{
			"Ask for a fresh token with the scope https://outlook.office.com/SMTP.Send (user) or https://outlook.office365.com/.default (application)",
			"High Volume Email refuses tokens about to expire: refresh at least ten minutes before",
		},
		Sources: []string{srcOAuth, "https://github.com/tarickb/sasl-xoauth2 README"},
	},
	{
		Code: OAuthScopeMissing, Stage: StageAuth, Who: ByHand,
		Title:   "The token lacks SMTP.Send or SMTP.SendAsApp.",
		Meaning: "A token for Microsoft Graph (Mail.Send) does not do for SMTP.",
		Portal: []string{
			"Entra admin centre: App registrations, the app, API permissions: SMTP.Send (delegated) or Office 365 Exchange Online SMTP.SendAsApp (application)",
			"Grant admin consent, then ask for a new token; a stray line feed in the scope is enough to spoil it",
		},
		Sources: []string{srcOAuth, "https://github.com/microsoftgraph/microsoft-graph-docs/issues/6739"},
	},
	{
		Code: OAuthTokenWrongUser, Stage: StageAuth, Who: Device,
		Title:   "The token belongs to another user than the mailbox named.",
		Meaning: "Typically an administrator signed in once to create the token, and the device names the scanner's mailbox beside it.",
		Portal:  []string{"Sign in as the mailbox itself when the token is made, or name the token's own mailbox as user"},
		Sources: []string{srcOAuth, "https://github.com/tarickb/sasl-xoauth2/issues/43"},
	},
	{
		Code: OAuthMailboxPermissionMissing, Stage: StageSubmit, Who: ByHand,
		Title:   "The application may not open this mailbox, or may not send as it.",
		Meaning: "The sign-in itself may succeed and the message fail with 430 4.2.0 STOREDRV mailbox logon failure. New permissions take up to an hour. The object id must be that of the enterprise application, not of the app registration.",
		Portal:  []string{"There is no portal page for it: Exchange Online PowerShell only"},
		PowerShell: []string{
			"New-ServicePrincipal -AppId <client id> -ObjectId <object id of the enterprise application>",
			"Add-MailboxPermission -Identity MAILBOX -User <service principal> -AccessRights FullAccess",
			"Add-RecipientPermission -Identity MAILBOX -Trustee <service principal> -AccessRights SendAs",
		},
		Sources: []string{srcOAuth, "https://github.com/simonrob/email-oauth2-proxy/issues/271"},
	},
	{
		Code: OAuthAppNotFound, Stage: StageToken, Who: ByHand,
		Title:   "The application or the tenant is unknown to Entra.",
		Meaning: "AADSTS700016, 90002 or 50059 from the token endpoint, before SMTP begins: client id and tenant id do not belong together, or one of them is missing.",
		Portal:  []string{"Entra admin centre: App registrations, the app, Overview: copy the Application (client) ID and the Directory (tenant) ID again"},
		Sources: []string{srcAADSTS, "https://github.com/mguessan/davmail/issues/308"},
	},
	{
		Code: OAuthClientSecret, Stage: StageToken, Who: ByHand,
		Title:   "The application's client secret is wrong or expired.",
		Meaning: "AADSTS7000215 (wrong; often the secret's ID was copied instead of its value) or 7000222 (expired).",
		Portal:  []string{"Entra admin centre: App registrations, the app, Certificates & secrets: make a new secret and copy its Value at once"},
		Sources: []string{srcAADSTS},
	},
	{
		Code: OAuthAppBlocked, Stage: StageToken, Who: ByHand,
		Title:   "The application is switched off in this tenant, or takes assigned users only.",
		Meaning: "AADSTS7000112 (switched off) or 50105 (not assigned) from the token endpoint, before SMTP begins.",
		Portal:  []string{"Entra admin centre: Enterprise apps, the app, Properties: Enabled for users to sign in, and Assignment required"},
		Sources: []string{srcAADSTS},
	},
}
