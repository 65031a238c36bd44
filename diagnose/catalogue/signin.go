package catalogue

// signInCauses concern the account and its password.
var signInCauses = []Cause{
	{
		Code: SuspiciousSignIn, Stage: StageAuth, Who: ByHand,
		Title:   "Microsoft blocked the sign-in as risky.",
		Meaning: "Identity Protection, or Outlook.com for personal accounts, distrusts the place or the pattern of the sign-in. A server in a data centre is a typical case: the same settings work elsewhere.",
		Portal: []string{
			"Entra admin centre: Protection, Identity Protection, Risky users and Risky sign-ins: confirm safe or dismiss",
			"A personal account: account.live.com/activity, \"This was me\"",
		},
		Sources: []string{srcAADSTS, "https://github.com/aschroder/Magento-SMTP-Pro-Email-Extension/issues/80"},
	},
	{
		Code: BadCredentials, Stage: StageAuth, Who: User,
		Title:   "The user name or the password is wrong, or an app password is needed.",
		Meaning: "Entra compared the password and it did not match. The user name is the sign-in name (UPN), which can differ from the mail address. Devices are known to cut long passwords and to garble special characters. An account with MFA needs its app password here.",
		Portal: []string{
			"Sign in at outlook.office.com with exactly this name and password",
			"Type them into the device again, with no blank at the end; try a password of letters and digits only",
			"Try once: repeated attempts lock the account",
		},
		PowerShell: []string{"Get-User -Identity MAILBOX | Format-List UserPrincipalName,WindowsEmailAddress"},
		Sources:    []string{srcAADSTS},
	},
	{
		Code: PasswordExpired, Stage: StageAuth, Who: User,
		Title:   "The password has expired.",
		Meaning: "No reply says so; only the sign-in log does (AADSTS50055, or AADSTS50144 for a password of the on-premises directory). A person is asked for a new password at the next web sign-in, a device never is.",
		Portal: []string{
			"Sign in at outlook.office.com and set a new password, then enter it in the device",
			"Microsoft 365 admin centre: Settings, Org settings, Security & privacy, Password expiration policy",
		},
		PowerShell: []string{"Update-MgUser -UserId MAILBOX -PasswordPolicies DisablePasswordExpiration"},
		Sources:    []string{srcAADSTS},
	},
	{
		Code: AccountLocked, Stage: StageAuth, Who: User,
		Title:   "Too many failed sign-ins: the account is locked for a while.",
		Meaning: "Smart lock-out. A device that repeats a refused password locks its own account, and every further attempt makes it last longer. Find out why the first attempts were refused before trying again.",
		Portal: []string{
			"Switch off the device's retries, or the device",
			"Wait; then try once, by hand. Entra admin centre: Protection, Authentication methods, Password protection shows the lock-out time",
			"Sign-in logs: the records before the lock name the first reason",
		},
		Sources: []string{srcAADSTS},
	},
	{
		Code: AccountDisabled, Stage: StageAuth, Who: ByHand,
		Title:   "The account is disabled, as those of shared mailboxes are by default.",
		Meaning: "No reply says so; the directory and the sign-in log do (AADSTS50057). A shared mailbox is meant to have no sign-in of its own.",
		Portal: []string{
			"A shared mailbox: let the device sign in as a licensed user who may send as the shared mailbox, and set From to the shared mailbox",
			"A user: Microsoft 365 admin centre, Active users, the account, Unblock sign-in",
		},
		PowerShell: []string{
			"Get-MgUser -UserId MAILBOX -Property AccountEnabled | Format-List AccountEnabled",
			"Add-RecipientPermission -Identity <shared mailbox> -Trustee <licensed user> -AccessRights SendAs",
		},
		WeakensNothing: "Sign in as a licensed user with Send As on this mailbox instead of enabling its account.",
		Sources:        []string{srcAADSTS, "https://github.com/simonrob/email-oauth2-proxy/pull/426"},
	},
	{
		Code: NoLicensedMailbox, Stage: StageAuth, Who: ByHand,
		Title:   "There is no mailbox, or the account has no Exchange Online licence.",
		Meaning: "Submission needs a mailbox that the server can open. Some licences hold no mailbox.",
		Portal: []string{
			"Microsoft 365 admin centre: Active users, the account, Licences and apps: assign one with Exchange Online",
			"Or sign in with a licensed mailbox and let it send as this address",
		},
		PowerShell: []string{
			"Get-Mailbox -Identity MAILBOX | Format-List RecipientTypeDetails",
			"Get-MgUserLicenseDetail -UserId MAILBOX | Select-Object -ExpandProperty ServicePlans",
		},
		Sources: []string{srcPrinter, "https://github.com/nodemailer/nodemailer/issues/949"},
	},
	{
		Code: BasicAuthOffConsumer, Stage: StageAuth, Who: Device,
		Title:   "A personal Outlook.com account: passwords are no longer accepted for SMTP.",
		Meaning: "Since 16 September 2024, for @outlook.com, @hotmail.com, @live.com and @msn.com. The server still offers AUTH LOGIN; no password and no app password will do. A work account with the same reply has an authentication policy.",
		Portal: []string{
			"Use a client that signs in with Microsoft (OAuth)",
			"A device that cannot: give it a mailbox of a provider that takes passwords, or a local OAuth proxy",
		},
		Sources: []string{"Microsoft support: Modern authentication methods for Outlook.com", "https://github.com/muquit/mailsend-go/issues/68", "https://github.com/nodemailer/nodemailer/issues/1726"},
	},
	{
		Code: BasicAuthRetired, Stage: StageAuth, Who: Device, Retirement: true,
		Title:   "Passwords are no longer accepted for client submission in this tenant.",
		Meaning: "The announced reply is 550 5.7.30. It has not been seen in any log up to autumn 2026. In 2026 a mere 535 says nothing about the retirement.",
		Portal: []string{
			"While it can still be switched on again: Exchange admin centre, as announced in the message centre",
			"Move the device to OAuth, High Volume Email, Azure Communication Services or a relay connector",
		},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcRetire, srcRetireNew},
	},
	{
		// Unconfirmed: neither the reply nor the name and place of the setting
		// has been announced. That the reply is "basic authentication is
		// disabled" is a guess; where it is wrong, this is not among the
		// candidates.
		Code: BasicAuthOffByDefault, Stage: StageAuth, Who: ByHand, Retirement: true,
		Title:   "Passwords for client submission are switched off by default in this tenant; an administrator can switch them on again for the time being.",
		Meaning: "From the end of December 2026 this is the default of every tenant. Microsoft has not said where the switch stands, what it is called, and what the reply is while it can still be switched on again.",
		Portal: []string{
			"Microsoft 365 admin centre: Health, Message centre: read the post on basic authentication for client submission (SMTP AUTH), MC786329, for where the switch stands",
			"Switch passwords on again only for as long as the device needs to move to OAuth, High Volume Email with OAuth, or a relay connector",
		},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcRetire, srcRetireNew},
	},
	{
		Code: MechanismUnsupported, Stage: StageAuth, Who: Device,
		Title:   "The client used an AUTH mechanism that the server does not offer; it offers LOGIN and XOAUTH2.",
		Meaning: "504 5.7.4. Nearly always the client sends PLAIN. Microsoft 365 never offers PLAIN, CRAM-MD5 or NTLM here. No switch of the tenant changes that.",
		Portal: []string{
			"Set the device's authentication method to LOGIN, or to automatic",
			"A client that knows no method but PLAIN needs another release, or a relay in between",
			"Check that the server is smtp.office365.com: an MX host (*.mail.protection.outlook.com) takes no sign-in at all",
		},
		Sources: []string{"https://github.com/carlosz1986/paperless-mailservice/pull/54", "https://github.com/PHPMailer/PHPMailer/issues/1254"},
	},
	{
		Code: FederationUnreachable, Stage: StageAuth, Who: ByHand,
		Title:   "The organisation's own federation service could not be reached or has no proper TLS.",
		Meaning: "The domain is federated: Entra asks AD FS, or another STS, about the password, and could not.",
		Portal: []string{
			"Check from outside that the federation service answers over HTTPS with TLS 1.2 and a valid certificate",
			"Or give the device a cloud-only account of a domain that is not federated",
		},
		PowerShell: []string{"Get-MgDomain | Format-Table Id,AuthenticationType"},
		Sources:    []string{srcPrinter},
	},
}
