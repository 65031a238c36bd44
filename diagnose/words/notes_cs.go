package words

// Czech holds the texts of this package in Czech, by the English one.
var Czech = [][2]string{
	{"AADSTS%d is about the sign-in of an administrator or the request of a program, not about a device's submission. %v",
		"AADSTS%d se týká přihlášení správce nebo požadavku programu, ne odesílání ze zařízení. %v"},
	{"Microsoft 365 takes LOGIN and XOAUTH2; the client signed in with %s, to another server.",
		"Microsoft 365 přijímá LOGIN a XOAUTH2; klient se přihlásil metodou %s, k jinému serveru."},
	{"The client asked %s, which is not Microsoft 365.",
		"Klient se obrátil na %s, což není Microsoft 365."},
	{"The client asked %s, which is not Microsoft 365: check how it is spelt.",
		"Klient se obrátil na %s, což není Microsoft 365: zkontrolujte, jak je to napsáno."},
	{"The log names %s as the server, but these are not its words: something in between answered.",
		"Protokol uvádí jako server %s, ale toto nejsou jeho slova: odpovědělo něco po cestě."},
	{"The reply came from %s, which is not Microsoft 365.",
		"Odpověď přišla z %s, což není Microsoft 365."},
	{"The text holds %d other refusals, which tell less; explain --log shows each.",
		"Text obsahuje další odmítnutí (%d), která říkají méně; všechna ukáže explain --log."},
	{"The text holds another refusal, which tells less; explain --log shows each.",
		"Text obsahuje další odmítnutí, které říká méně; všechna ukáže explain --log."},
}
