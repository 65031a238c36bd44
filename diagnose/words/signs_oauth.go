package words

// oauthSigns are replies that only a sign-in with a token gets. The codes of
// Entra's token endpoint and of the sign-in log are in signin_codes.go.
var oauthSigns = []sign{
	{words: "Invalid XOAUTH2 auth data", names: "oauth-token-invalid"},
	{status: "5.5.127", words: "Token will expire soon", names: "oauth-token-invalid"},
	{words: "User is authenticated but not connected", names: "oauth-mailbox-permission-missing",
		note: "This is IMAP's way to say it; the mailbox permission is missing for SMTP as well."},
	{words: "STOREDRV; mailbox logon failure", names: "oauth-mailbox-permission-missing"},
	{words: "MapiExceptionLogonFailed", names: "oauth-mailbox-permission-missing"},
	{status: "4.2.0", words: "mailbox logon failure", names: "oauth-mailbox-permission-missing"},
	{status: "4.2.0", words: "mailbox logon failure", and: "STOREDRV.Deliver", allows: []Code{"temporary", "recipient-refused"},
		note: "STOREDRV.Deliver speaks of the recipient's mailbox, not of the sender's."},
	{code: 535, status: "5.7.8", words: "Authentication credentials invalid", opens: true, allows: []Code{"oauth-token-invalid"},
		note: "Microsoft never says 5.7.8. A local OAuth proxy says these words when it could not get a token; its own log has the reason."},
	{words: "SMTP XOAUTH2 authentication for sender", and: "failed", client: true,
		allows: []Code{"oauth-mailbox-permission-missing", "oauth-exchange-principal-missing", "smtp-auth-off-mailbox"},
		note:   "The client hides the server's words."},
}
