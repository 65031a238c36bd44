package inventory

// Czech holds the texts of this package in Czech, by the English one.
var Czech = [][2]string{
	{"the device or application can sign in with OAuth, and SMTP AUTH is on for the mailbox",
		"zařízení nebo aplikace se umí přihlásit přes OAuth a SMTP AUTH je pro schránku zapnuté"},
	{"High Volume Email with OAuth",
		"High Volume Email s OAuth"},
	{"all recipients are inside the organisation, and there is an HVE account of its own with a valid billing policy",
		"všichni příjemci jsou uvnitř organizace a existuje vlastní účet HVE s platnou fakturační zásadou"},
	{"relay connector",
		"konektor pro předávání pošty"},
	{"the device sends from a fixed public address, or with a certificate, that an inbound connector names; port 25 is open to the outside",
		"zařízení odesílá z pevné veřejné adresy, nebo s certifikátem, které uvádí příchozí konektor; port 25 je ven otevřený"},
	{"all recipients are inside the organisation, port 25 is open to the outside, and the organisation does not refuse Direct Send",
		"všichni příjemci jsou uvnitř organizace, port 25 je ven otevřený a organizace Direct Send neodmítá"},
	{"the names in it are concealed, so it cannot be joined to mailboxes; to see them, an administrator clears that setting in the Microsoft 365 admin centre: Settings, Org settings, Reports",
		"jména v ní jsou skrytá, takže ji nelze spojit se schránkami; aby byla vidět, zruší správce toto nastavení v Centru pro správu Microsoftu 365: Nastavení, Nastavení organizace, Sestavy"},
	{"which mailboxes submit with OAuth stands in one place: Exchange admin centre, Reports, Mail flow, SMTP AUTH clients report; export it and give the file with --clients-report",
		"které schránky odesílají s OAuth, je na jednom místě: centrum pro správu Exchange, Sestavy, Tok pošty, sestava klientů SMTP AUTH; exportujte ji a soubor zadejte přepínačem --clients-report"},
	{"for some mailboxes the policies leave it open: %s; smtpmend diagnose reads it for one of them",
		"u některých schránek to zásady nechávají otevřené: %s; pro jednu z nich to přečte smtpmend diagnose"},
	{"the list of switches for SMTP AUTH came without a mailbox",
		"seznam přepínačů SMTP AUTH přišel bez jediné schránky"},
	{"the list of mailboxes names some that the list of switches for SMTP AUTH lacks: %d",
		"seznam schránek uvádí některé, které v seznamu přepínačů SMTP AUTH chybějí: %d"},
	{"%d records of the sign-in log lack their time, user or error code; the numbers are at least what is shown",
		"záznamům protokolu přihlášení chybí čas, uživatel nebo kód chyby (%d); čísla jsou nejméně taková, jaká jsou uvedena"},
}
