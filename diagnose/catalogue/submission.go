package catalogue

// addToConnector adds an address to those of a connector; a bare address would
// take the place of the whole list.
var addToConnector = []Commands{{At: Exchange, Lines: []string{
	"Get-InboundConnector | Format-List 'Name', 'Enabled', 'SenderIPAddresses', 'TlsSenderCertificateName'",
	"$connector = Read-Host 'Name of the inbound connector'",
	"$address = Read-Host 'Public IP address of the site'",
	"Set-InboundConnector -Identity $connector -SenderIPAddresses @{Add=$address}",
}}}

// submissionCauses show after the sign-in, or on paths that need none.
var submissionCauses = []Cause{
	{
		Code: SendAsDenied, Stage: StageSubmit, Who: ByHand, OnDevice: true,
		Title:   "The account may not send as the From address.",
		Meaning: "The sign-in worked. From, in the envelope or in the header, is neither the mailbox that signed in nor one it has Send As for.",
		Check:   "Compare the From address in the device with the user name that it signs in with: they differ.",
		Portal: []string{
			"Set the sender (From) address in the device's menu to the mailbox that it signs in with",
			"Or Exchange admin centre: Mailboxes, the From mailbox, Delegation, Send as: add the account",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"$from = Read-Host 'Mailbox of the From address'",
			"Get-RecipientPermission -Identity $from | Format-Table 'Trustee', 'AccessRights'",
			"Add-RecipientPermission -Identity $from -Trustee MAILBOX -AccessRights SendAs",
		}}},
		WeakensNothing: "Set the device's sender address to the mailbox that signs in.",
		Sources:        []string{srcPrinter, "https://github.com/pkp/pkp-lib/pull/7412"},
	},
	{
		Code: SenderBlocked, Stage: StageSubmit, Who: ByHand,
		Title:   "The account or the tenant is blocked for sending, for spam or reputation.",
		Meaning: "Not a matter of SMTP AUTH: Graph is stopped too. New and trial tenants meet it after their first burst of mail.",
		Check:   "Look at the Defender portal, Email & collaboration, Review, Restricted entities: the account is listed there.",
		Portal: []string{
			"Find out first whether the account was taken over: reset its password, look at its rules",
			"Defender portal: Email & collaboration, Review, Restricted entities: release the account",
			"A whole tenant: a support request",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"Get-BlockedSenderAddress | Format-List 'SenderAddress', 'Reason', 'CreatedDatetime'",
			"Remove-BlockedSenderAddress -SenderAddress MAILBOX",
		}}},
		Sources: []string{srcNDR},
	},
	{
		Code: IPBlocked, Stage: StageConnect, Who: Network,
		Title:   "The sending IP address is refused.",
		Meaning: "A block list or Microsoft's own reputation data holds the address. This meets Direct Send and relays; sign-in at smtp.office365.com is hardly ever affected.",
		Check:   "Look the public address of the site up at sender.office.com: it is listed there.",
		Portal: []string{
			"sender.office.com removes an address from Microsoft's own list; other lists are named in the reply",
			"Or sign in at smtp.office365.com, port 587",
		},
		Sources: []string{srcNDR, "https://sender.office.com"},
	},
	{
		Code: RelayDenied, Stage: StageRcpt, Who: ByHand,
		Title:      "A connector path, not a sign-in, was refused: the mail was not attributed to the tenant.",
		Meaning:    "The device uses the MX host without signing in, and the inbound connector does not know its IP address or certificate.",
		Check:      "Compare the public address of the site with those of the inbound connector in the Exchange admin centre, Mail flow, Connectors: it is missing there.",
		Portal:     []string{"Exchange admin centre: Mail flow, Connectors, the inbound connector: enter the site's public IP address or the certificate's name"},
		PowerShell: addToConnector,
		Sources:    []string{srcNDR, srcCmdlets + "/Set-InboundConnector.md"},
	},
	{
		Code: DirectSendRejected, Stage: StageRcpt, Who: ByHand,
		Title:   "The organisation rejects Direct Send, and no inbound connector matches the sender.",
		Meaning: "550 5.7.68. The device uses the MX host without signing in and sends from a domain of the organisation, which has RejectDirectSend switched on. Only the envelope sender is looked at; a change takes up to 30 minutes.",
		Check:   "In Exchange Online PowerShell Get-OrganizationConfig shows RejectDirectSend True.",
		Portal: []string{
			"Let the device sign in: server smtp.office365.com, port 587, STARTTLS",
			"Or Exchange admin centre: Mail flow, Connectors, an inbound connector with the site's public IP address or a certificate's name",
			"Leave RejectDirectSend on: without it anybody can send to the organisation in its own name",
		},
		PowerShell: append([]Commands{{At: Exchange, Lines: []string{
			"Get-OrganizationConfig | Format-List RejectDirectSend",
		}}}, addToConnector...),
		WeakensNothing: "Sign in at smtp.office365.com, or let a connector know the site's address or certificate; RejectDirectSend stays on.",
		Sources:        []string{srcDirect, srcNDR},
	},
	{
		Code: RecipientRefused, Stage: StageRcpt, Who: User,
		Title:   "The recipient was refused.",
		Meaning: "The address does not exist, or the recipient takes mail from certain senders only.",
		Check:   "Write to the same recipient from Outlook: that message comes back too.",
		Portal:  []string{"Check the address; a group: Exchange admin centre, Groups, the group, Settings, Delivery management"},
		Sources: []string{srcNDR},
	},
	{
		Code: MessageRefused, Stage: StageSubmit, Who: Device,
		Title:   "The message itself was refused: its format, size or sender domain.",
		Meaning: "DMARC and the rules for bulk senders look at the From domain; some devices write broken headers or bare line feeds.",
		Check:   "Send a plain message of one line from the device: it is accepted.",
		Portal: []string{
			"SPF, DKIM and DMARC of the From domain must include Microsoft 365, or whatever server sent it",
			"Compare with a message from Outlook to the same recipient",
		},
		Sources: []string{srcNDR},
	},
	{
		Code: MailboxFull, Stage: StageSubmit, Who: User,
		Title:   "The sender's mailbox is full.",
		Meaning: "Each message is stored in Sent Items; a scanner's mailbox fills up unseen.",
		Check:   "Look at the size of the sender's mailbox, Sent Items above all: it has reached its quota.",
		Portal:  []string{"Empty Sent Items and Deleted Items, or set a retention policy for them"},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"Get-MailboxStatistics -Identity MAILBOX | Format-List 'TotalItemSize', 'StorageLimitStatus'",
		}}},
		Sources: []string{"https://aka.ms/mailboxfull"},
	},
	{
		Code: Throttled, Stage: StageSubmit, Who: Wait,
		Title:   "A sending limit was reached.",
		Meaning: "30 messages a minute and 10,000 recipients a day for one mailbox; or a pause after repeated errors of the same kind, which must be cured or it comes back. Support cannot lift it.",
		Check:   "Stop sending for a day, then send one message: it is accepted.",
		Portal:  []string{"Wait, up to 24 hours; spread the mails; remove the error that the reply names"},
		Sources: []string{srcNDR, "Microsoft: Exchange Online limits"},
	},
	{
		Code: ConcurrentConnections, Stage: StageSubmit, Who: Device,
		Title:   "More than three connections submit with this mailbox at once.",
		Meaning: "432 4.3.2 at the end of DATA. Two mails at once from one application were enough.",
		Check:   "Send one message while nothing else uses this mailbox: it is accepted.",
		Portal:  []string{"Set the application to one connection at a time, with a pause of a few seconds; or use a mailbox for each device"},
		Sources: []string{"https://aka.ms/concurrent_sending", "https://github.com/sabuhish/fastapi-mail/issues/75"},
	},
	{
		Code: Temporary, Stage: StageAny, Who: Wait,
		Title:   "The server failed for the moment.",
		Meaning: "A retry some minutes later is right after MAIL FROM. At AUTH look first whether the password is empty: 451 4.7.0 PRX4 is then not temporary at all.",
		Check:   "Try once more some minutes later, and look at Health, Service health in the Microsoft 365 admin centre.",
		Portal:  []string{"Try again later, once; look at the service health page of the Microsoft 365 admin centre"},
		Sources: []string{"https://github.com/datalust/seq-app-htmlemail/issues/101", "https://github.com/harishkrupo/oauth2ms/issues/5"},
	},
}
