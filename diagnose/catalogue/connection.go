package catalogue

// connectionCauses lie between the device and the server's sign-in.
var connectionCauses = []Cause{
	{
		Code: MechanismUnsupported, Stage: StageAuth, Who: Device, OnDevice: true,
		Title:   "The client used an AUTH mechanism that the server does not offer; it offers LOGIN and XOAUTH2.",
		Meaning: "504 5.7.4. Nearly always the client sends PLAIN. Microsoft 365 never offers PLAIN, CRAM-MD5 or NTLM here. No switch of the tenant changes that.",
		Check:   "Look at the device's SMTP settings: the authentication method is PLAIN, CRAM-MD5 or NTLM instead of LOGIN.",
		Portal: []string{
			"Set the device's authentication method to LOGIN, or to automatic",
			"A client that knows no method but PLAIN needs another release, or a relay in between",
			"Check that the server is smtp.office365.com: an MX host (*.mail.protection.outlook.com) takes no sign-in at all",
		},
		Sources: []string{"https://github.com/carlosz1986/paperless-mailservice/pull/54", "https://github.com/PHPMailer/PHPMailer/issues/1254"},
	},
	{
		Code: NotAuthenticated, Stage: StageMail, Who: Device, OnDevice: true,
		Title:   "The client sent MAIL FROM without signing in.",
		Meaning: "530 5.7.57. No user name is set in the device, or it goes on after a refused sign-in (then the reason is nested in the reply), or it never started TLS, so that AUTH was not offered. .NET prints MustIssueStartTlsFirst for it, which misleads.",
		Check:   "Look at the device's SMTP settings: user name or password is empty, or SMTP authentication is off.",
		Portal: []string{
			"Enter user name and password in the device and switch SMTP authentication on",
			"Switch STARTTLS on, port 587",
			"A device that never signs in: a relay connector with the site's own IP address",
		},
		Sources: []string{srcPrinter, "https://github.com/simonrob/email-oauth2-proxy/issues/315"},
	},
	{
		Code: STARTTLSNotUsed, Stage: StageMail, Who: Device, OnDevice: true,
		Title:   "The client did not use STARTTLS before signing in or sending.",
		Meaning: "451 5.7.3. Before TLS the server does not even offer AUTH.",
		Check:   "Look at the device's SMTP settings: encryption stands on none or off instead of STARTTLS.",
		Portal:  []string{"In the device: encryption STARTTLS (also called TLS, explicit TLS), port 587"},
		Sources: []string{"https://github.com/VeeamHub/powershell/issues/190", "https://github.com/r-smith/vmPing/issues/73"},
	},
	{
		Code: TLSTooOld, Stage: StageAuth, Who: Device, OnDevice: true,
		Title:   "The client speaks only TLS 1.0 or 1.1.",
		Meaning: "421 4.7.66, after AUTH and not at the handshake, and not for every attempt: it looks random.",
		Check:   "Look at the device's or the program's TLS settings: TLS 1.2 is missing or switched off.",
		Portal: []string{
			"Update the device's firmware or switch TLS 1.2 on in it; Java: mail.smtp.ssl.protocols=TLSv1.2; .NET: 4.7 or later",
			"A device that cannot: a relay in between. Or smtp-legacy.office365.com (21Vianet: smtp-legacy.partner.outlook.cn), once the organisation allows it: Exchange admin centre, Settings, Mail flow, Turn on use of legacy TLS clients. GCC, GCC High and DoD have no such endpoint",
		},
		PowerShell: []Commands{{At: Exchange, Lines: []string{
			"Get-TransportConfig | Format-List AllowLegacyTLSClients",
			"Set-TransportConfig -AllowLegacyTLSClients $true",
		}}},
		WeakensNothing: "Bring the device to TLS 1.2, or put a local relay between that speaks it; the legacy endpoint weakens every connection that uses it.",
		Sources:        []string{"https://aka.ms/smtp_auth_tls", "https://github.com/DSpace/DSpace/issues/8123", "techcommunity 2659652", "Microsoft: Opt in to the Exchange Online endpoint for legacy TLS clients using SMTP AUTH"},
	},
	{
		Code: TLSImplicitOnSTARTTLSPort, Stage: StageTLS, Who: Device, OnDevice: true,
		Title:   "The client starts TLS at once on a STARTTLS port, or the reverse.",
		Meaning: "Port 587 begins in plain text and goes over to TLS with STARTTLS. A client set to SSL reads the greeting as a broken TLS record. Microsoft 365 has no port 465.",
		Check:   "Look at the device's SMTP settings: they say SSL (or implicit TLS) together with port 587, or STARTTLS with port 465.",
		Portal:  []string{"In the device: STARTTLS instead of SSL, port 587; nodemailer secure: false; no ssl:// before the host"},
		Sources: []string{"https://github.com/wiggin77/mailrelay/issues/4", "https://github.com/nodemailer/nodemailer/issues/165"},
	},
	{
		Code: TLSHandshake, Stage: StageTLS, Who: Device,
		Title:   "The TLS handshake failed for another reason: certificate, cipher or interception.",
		Meaning: "The device does not know the root certificate, its clock is wrong, no cipher is shared, or something in between opens the connection.",
		Check:   "Run openssl s_client -starttls smtp -connect smtp.office365.com:587 from the device's network: the certificate that it shows is not Microsoft's, or the handshake fails there too.",
		Portal: []string{
			"Set the device's clock; update its firmware and root certificates (DigiCert Global Root G2)",
			"Exempt smtp.office365.com from TLS inspection",
		},
		Sources: []string{srcPrinter, "https://github.com/adoptium/temurin-build/issues/1390"},
	},
	{
		Code: NetworkBlocked, Stage: StageConnect, Who: Network,
		Title:   "The server cannot be reached: the port is blocked or refused, or nothing answers.",
		Meaning: "Firewalls and providers often close port 25 and sometimes 587. A slow refusal is another thing: Microsoft takes five seconds for a 535, and a device that gives up sooner reports a timeout.",
		Check:   "Connect to smtp.office365.com, port 587, from another computer in the device's network: no greeting comes.",
		Portal: []string{
			"Allow outgoing TCP 587 to smtp.office365.com",
			"Try from another network; check the DNS server and IPv6 of the device",
		},
		PowerShell: []Commands{{At: Here, Lines: []string{"Test-NetConnection smtp.office365.com -Port 587"}}},
		Sources:    []string{srcPrinter, "https://github.com/nodemailer/nodemailer/issues/691"},
	},
	{
		Code: SMTPIntercepted, Stage: StageGreeting, Who: Network,
		Title:   "Something else than Microsoft 365 answered in its name.",
		Meaning: "Web hosts and firewalls redirect outgoing SMTP to a mail server of their own. Its refusals say nothing about the tenant, and it gets to see the password when the client does not verify the certificate.",
		Check:   "Connect to smtp.office365.com, port 587, from the device's network: the greeting does not end in Microsoft ESMTP MAIL Service ready.",
		Portal: []string{
			"Web host with cPanel: ask for SMTP Restrictions to be lifted for this account, or send through the host's own server",
			"Firewall: switch the SMTP proxy or inspection off for smtp.office365.com",
		},
		Sources: []string{"https://github.com/PHPMailer/PHPMailer/issues/783", "https://github.com/PHPMailer/PHPMailer/issues/313"},
	},
	{
		Code: WrongEndpoint, Stage: StageAuth, Who: Device,
		Title:   "The client talks to the MX endpoint, or to another host that takes no sign-in.",
		Meaning: "An MX host (*.mail.protection.outlook.com, port 25) takes mail for the organisation and offers no AUTH; outlook.office365.com is IMAP and the web.",
		Check:   "Look at the server name in the device: it is another one than smtp.office365.com.",
		Portal:  []string{"Server smtp.office365.com, port 587, STARTTLS; or leave user name and password empty and use the MX host for mail to the organisation only (Direct Send), where the organisation does not reject that: RejectDirectSend, 550 5.7.68"},
		Sources: []string{srcPrinter, srcDirect, "https://github.com/splitbrain/dokuwiki-plugin-smtp/issues/67"},
	},
	{
		Code: InvalidHELO, Stage: StageEHLO, Who: Device, OnDevice: true,
		Title:   "The name the client gives at EHLO is not acceptable.",
		Meaning: "501 5.5.4. A name with a dot at its end, an underscore, a blank or other letters than ASCII; often the machine's own name.",
		Check:   "Look at the device's host name and domain: a dot at the end, an underscore, a blank or a letter beyond ASCII stands in it.",
		Portal:  []string{"Give the device a plain host name, such as scanner.contoso.com, in its network or SMTP settings"},
		Sources: []string{"https://github.com/sabuhish/fastapi-mail/issues/205"},
	},
}
