package catalogue

import "smtpmend/internal/fact"

// accountCauses concern the account, its password and who vouches for them.
var accountCauses = []Cause{
	{
		Code: SuspiciousSignIn, Stage: StageAuth, Step: AtAccess, Who: ByHand, Logged: true,
		Title:   "Microsoft blocked the sign-in as risky.",
		Meaning: "Identity Protection, or Outlook.com for personal accounts, distrusts the place or the pattern of the sign-in. A server in a data centre is a typical case: the same settings work elsewhere.",
		Check:   "Look at Entra ID, Identity Protection, Risky sign-ins: the attempt is listed there.",
		Portal: []string{
			"Entra admin centre: Entra ID, Identity Protection, Risky users and Risky sign-ins: confirm safe or dismiss",
			"A personal account: account.live.com/activity, \"This was me\"",
		},
		Sources: []string{srcAADSTS, "https://github.com/aschroder/Magento-SMTP-Pro-Email-Extension/issues/80"},
	},
	{
		Code: BadCredentials, Stage: StageAuth, Step: AtPassword, Who: User, Logged: true, Meets: Password,
		Title:   "The user name or the password is wrong, or an app password is needed.",
		Meaning: "Entra compared the password and it did not match. The user name is the sign-in name (UPN), which can differ from the mail address. Devices are known to cut long passwords and to garble special characters. An account whose per-user MFA is enforced needs an app password here, where the tenant allows them.",
		Check:   "Sign in at https://outlook.office.com with exactly this user name and password.",
		Portal: []string{
			"Sign in at outlook.office.com with exactly this name and password",
			"Type them into the device again, with no blank at the end; try a password of letters and digits only",
			"Try once: repeated attempts lock the account",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"Get-User -Identity MAILBOX | Format-List 'UserPrincipalName', 'WindowsEmailAddress'",
		}}},
		Sources: []string{srcAADSTS, srcAppPwd},
	},
	{
		Code: PasswordExpired, Stage: StageAuth, Step: AtPassword, Who: User, Logged: true, Meets: Password,
		Title:   "The password has expired.",
		Meaning: "No reply says so; only the sign-in log does (AADSTS50055, or AADSTS50144 for a password of the on-premises directory). A person is asked for a new password at the next web sign-in, a device never is.",
		Check:   "Sign in at https://outlook.office.com as this user: the page asks for a new password.",
		Portal: []string{
			"Sign in at outlook.office.com and set a new password, then enter it in the device",
			"Microsoft 365 admin centre: Settings, Org settings, Security & privacy, Password expiration policy",
		},
		PowerShell: []Commands{{At: Graph, Scopes: []string{"User.ReadWrite.All"}, Lines: []string{
			"Get-MgUser -UserId MAILBOX -Property 'PasswordPolicies', 'LastPasswordChangeDateTime' | Format-List 'PasswordPolicies', 'LastPasswordChangeDateTime'",
			"Update-MgUser -UserId MAILBOX -PasswordPolicies DisablePasswordExpiration",
		}}},
		Sources: []string{srcAADSTS},
	},
	{
		Code: AccountLocked, Stage: StageAuth, Step: AtPassword, Who: User, Logged: true,
		Title:   "Too many failed sign-ins: the account is locked for a while.",
		Meaning: "Smart lock-out. A device that repeats a refused password locks its own account, and every further attempt makes it last longer. Find out why the first attempts were refused before trying again.",
		Check:   "Switch the device off and look at the Entra sign-in log: many refused attempts of this user stand there, the last with AADSTS50053.",
		Portal: []string{
			"Switch off the device's retries, or the device",
			"Wait; then try once, by hand. Entra admin centre: Entra ID, Authentication methods, Password protection shows the lock-out time",
			"Sign-in logs: the records before the lock name the first reason",
		},
		Sources: []string{srcAADSTS},
	},
	{
		Code: AccountDisabled, Stage: StageAuth, Step: AtPassword, Who: ByHand,
		Title:   "The account is disabled, as those of shared mailboxes are by default.",
		Meaning: "No reply says so; the directory and the sign-in log do (AADSTS50057). A shared mailbox is meant to have no sign-in of its own.",
		Check:   "Look at Microsoft 365 admin centre, Users, Active users, the account: sign-in is blocked, or the mailbox stands under Shared mailboxes.",
		Shown:   []Condition{{{Fact: fact.UserAccount, Values: []string{"disabled"}}}},
		Portal: []string{
			"A shared mailbox: let the device sign in as a licensed user who may send as the shared mailbox, and set From to the shared mailbox",
			"A user: Microsoft 365 admin centre, Active users, the account, Unblock sign-in",
		},
		PowerShell: []Commands{
			{At: Graph, Scopes: []string{"User.Read.All"}, Lines: []string{
				"Get-MgUser -UserId MAILBOX -Property AccountEnabled | Format-List AccountEnabled",
			}},
			{At: Exchange, Lines: []string{
				"$user = Read-Host 'Licensed user whom the device signs in as'",
				"Get-RecipientPermission -Identity MAILBOX | Format-Table 'Trustee', 'AccessRights'",
				"Add-RecipientPermission -Identity MAILBOX -Trustee $user -AccessRights SendAs",
			}},
		},
		WeakensNothing: "Sign in as a licensed user with Send As on this mailbox instead of enabling its account.",
		Sources:        []string{srcAADSTS, "https://github.com/simonrob/email-oauth2-proxy/pull/426", "https://github.com/nextcloud/mail/issues/13668"},
	},
	{
		Code: NoLicensedMailbox, Stage: StageAuth, Step: AtPassword, Who: ByHand,
		Title:   "There is no mailbox, or the account has no Exchange Online licence.",
		Meaning: "Submission needs a mailbox that the server can open. Some licences hold no mailbox.",
		Check:   "Look at Microsoft 365 admin centre, Users, Active users, the account, Licences and apps: Exchange Online is not among them.",
		Shown: []Condition{
			{{Fact: fact.MailboxKind, Values: []string{fact.None}}},
			{{Fact: fact.UserExchangeLicence, Values: []string{"no"}}},
		},
		Portal: []string{
			"Microsoft 365 admin centre: Users, Active users, the account, Licences and apps: assign one with Exchange Online",
			"Or sign in with a licensed mailbox and let it send as this address",
		},
		PowerShell: []Commands{
			{At: Exchange, Lines: []string{
				"Get-Recipient -Identity MAILBOX | Format-List RecipientTypeDetails",
			}},
			{At: Graph, Scopes: []string{"User.Read.All"}, Lines: []string{
				"Get-MgUserLicenseDetail -UserId MAILBOX | Select-Object -ExpandProperty ServicePlans",
			}},
		},
		Sources: []string{srcPrinter, "https://github.com/nodemailer/nodemailer/issues/949"},
	},
	{
		Code: FederationUnreachable, Stage: StageAuth, Step: AtPassword, Who: ByHand, Logged: true,
		Title:   "The organisation's own federation service could not be reached or has no proper TLS.",
		Meaning: "The domain is federated: Entra asks AD FS, or another STS, about the password, and could not.",
		Check:   "Sign in at https://outlook.office.com as this user from outside the organisation's network: the organisation's own sign-in page does not open.",
		Portal: []string{
			"Check from outside that the federation service answers over HTTPS with TLS 1.2 and a valid certificate",
			"Or give the device a cloud-only account of a domain that is not federated",
		},
		PowerShell: []Commands{{At: Graph, Scopes: []string{"Domain.Read.All"}, Lines: []string{
			"Get-MgDomain | Format-Table 'Id', 'AuthenticationType'",
		}}},
		Sources: []string{srcPrinter},
	},
}
