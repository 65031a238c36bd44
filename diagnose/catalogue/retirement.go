package catalogue

// retirementCauses are the end of passwords at SMTP AUTH, as far as it has
// come: for personal accounts, by default, and for good.
var retirementCauses = []Cause{
	{
		Code: BasicAuthOffConsumer, Stage: StageAuth, Step: AtPolicy, Who: Device, Meets: Password,
		Title:   "A personal Outlook.com account: passwords are no longer accepted for SMTP.",
		Meaning: "Since 16 September 2024, for @outlook.com, @hotmail.com, @live.com and @msn.com. The server still offers AUTH LOGIN; no password and no app password will do. A work account with the same reply has an authentication policy.",
		Check:   "Look at the address: it ends in outlook.com, hotmail.com, live.com or msn.com.",
		Portal: []string{
			"Use a client that signs in with Microsoft (OAuth)",
			"A device that cannot: give it a mailbox of a provider that takes passwords, or a local OAuth proxy",
		},
		Sources: []string{"Microsoft support: Modern authentication methods for Outlook.com", "https://github.com/muquit/mailsend-go/issues/68", "https://github.com/nodemailer/nodemailer/issues/1726"},
	},
	{
		Code: BasicAuthRetired, Stage: StageAuth, Step: AtPolicy, Who: Device, Meets: Password, Retirement: true,
		Title:   "Passwords are no longer accepted for client submission in this tenant.",
		Meaning: "The announced reply is 550 5.7.30. It has not been seen in any log up to autumn 2026. Through 2027 an administrator can switch passwords on again; no place for that has been announced. In 2026 a mere 535 says nothing about the retirement.",
		Check:   "Read the server's own words: they hold 5.7.30.",
		Portal: []string{
			clientsReport,
			"For the time being, by an administrator: Microsoft 365 admin centre, Health, Message centre, MC786329, for where passwords are switched on again once that is announced",
			"Move the device to OAuth, to High Volume Email with OAuth, to Azure Communication Services or to a relay connector",
		},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcRetire, srcRetireNew, srcReport},
	},
	{
		// Unconfirmed: neither the reply nor the name and place of the setting
		// has been announced. That the reply is "basic authentication is
		// disabled" is a guess; where it is wrong, this is not among the
		// candidates.
		Code: BasicAuthOffByDefault, Stage: StageAuth, Step: AtPolicy, Who: ByHand, Meets: Password, Retirement: true,
		Title:   "Passwords for client submission are switched off by default in this tenant; an administrator can switch them on again for the time being.",
		Meaning: "From the end of December 2026 this is the default of every tenant. Microsoft has not said where the switch stands, what it is called, and what the reply is while it can still be switched on again.",
		Check:   "Look at the Exchange admin centre, Reports, Mail flow, SMTP AUTH clients report: from the end of December 2026 on no device of the organisation submits with Basic any more.",
		Portal: []string{
			clientsReport,
			"Microsoft 365 admin centre: Health, Message centre: read the post on basic authentication for client submission (SMTP AUTH), MC786329, for where the switch stands",
			"Switch passwords on again only for as long as the device needs to move to OAuth, High Volume Email with OAuth, or a relay connector",
		},
		WeakensNothing: withoutWeakening,
		Sources:        []string{srcRetire, srcRetireNew, srcReport},
	},
}
