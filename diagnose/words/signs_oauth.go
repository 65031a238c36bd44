package words

// oauthSigns are replies that only a sign-in with a token gets. The codes of
// Entra's token endpoint and of the sign-in log are in signin_codes.go.
var oauthSigns = []sign{
	{words: "Invalid XOAUTH2 auth data", names: "oauth-token-invalid"},
	{status: "5.5.127", words: "Token will expire soon", names: "oauth-token-invalid"},

	// High Volume Email.
	{words: "Invalid XOAUTH2 argument", names: "oauth-token-invalid", note: noteXOAUTH2},
	{status: "5.5.121", allows: []Code{"oauth-token-invalid"}, note: noteXOAUTH2},
	{status: "5.5.122", allows: []Code{"oauth-token-invalid"}, note: noteXOAUTH2},
	{status: "5.5.123", allows: []Code{"oauth-token-invalid"}, note: noteXOAUTH2},
	{status: "5.5.124", allows: []Code{"oauth-token-invalid"}, note: noteXOAUTH2},
	{status: "5.5.125", allows: []Code{"oauth-token-invalid"}, note: noteXOAUTH2},
	{status: "5.5.126", allows: []Code{"oauth-token-invalid"}, note: noteXOAUTH2},
	{status: "5.7.142", allows: []Code{"oauth-token-invalid"}},
	{status: "5.7.142", words: "Token will expire soon", names: "oauth-token-invalid"},
	{status: "5.7.143", allows: []Code{"oauth-token-invalid"}},
	{status: "5.7.143", words: "Expired token", names: "oauth-token-invalid"},
	{status: "5.7.144", allows: []Code{"oauth-scope-missing"}},
	{words: "XOAUTH2 authentication failed. Invalid API permissions", names: "oauth-scope-missing"},
	{status: "5.7.240", allows: []Code{"oauth-mailbox-permission-missing"}, note: noteHVE},
	{words: "application is not allowed for use with this High Volume Email account", allows: []Code{"oauth-mailbox-permission-missing"}, note: noteHVE},

	// Proxies and scripts that fetch the token.
	{words: "TokenStore::Refresh: request failed", client: true, allows: afterToken, note: noteTokenLog},
	{words: "TokenStore::Refresh: http error", client: true, allows: []Code{"network-blocked"},
		note: "The token endpoint, login.microsoftonline.com, could not be reached; the mail server was not asked."},
	{words: "TokenStore::Read: failed to open file", client: true, allows: []Code{"oauth-token-invalid"},
		note: "The client cannot read the file with its token: its path, its owner, or Postfix's chroot."},
	{words: "exception while requesting OAuth 2.0 credentials", client: true, allows: append([]Code{"network-blocked"}, afterToken...), note: noteTokenLog},
	{words: "exception while refreshing OAuth 2.0 tokens", client: true, allows: afterToken, note: noteTokenLog},
	{words: "exception while decrypting OAuth 2.0 credentials", client: true, allows: []Code{"oauth-token-invalid"}, note: noteProxyPassword},
	{words: "Login failed - the password for account", and: "is incorrect", client: true, allows: []Code{"oauth-token-invalid"}, note: noteProxyPassword},
	{words: "Authentication request failed or expired for account", client: true, allows: []Code{"oauth-token-invalid"}, note: noteNobody},
	{words: "authorisation request failed or timed out", client: true, allows: []Code{"oauth-token-invalid"}, note: noteNobody},
	{words: "No OAUTH refresh command defined", client: true, allows: []Code{"oauth-token-invalid"},
		note: "The mail program is set to OAuth but has no command that gives it a token."},
	{words: "No refresh token. Run script with", client: true, allows: []Code{"oauth-token-invalid"}, note: noteNobody},
	{words: "User is authenticated but not connected", names: "oauth-mailbox-permission-missing",
		note: "This is IMAP's way to say it; the mailbox permission is missing for SMTP as well."},
	{words: "Invalid XOAUTH2 auth data", and: "User address provided is not valid", allows: []Code{"oauth-token-wrong-user", "oauth-token-invalid"}},
	{words: "Blocked by tenant configured AppOnly AccessPolicy settings", client: true, allows: []Code{"oauth-mailbox-permission-missing"}, note: noteGraph},
	{words: "ErrorSendAsDenied", client: true, allows: []Code{"send-as-denied"}, note: noteGraph},
	{words: "MailboxNotEnabledForRESTAPI", client: true, allows: []Code{"no-licensed-mailbox"}, note: noteGraph},
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

const (
	noteXOAUTH2       = "The data behind AUTH XOAUTH2 is malformed: base64 of user=ADDRESS^Aauth=Bearer TOKEN^A^A, where ^A is the octet 1."
	noteHVE           = "A High Volume Email account keeps a list of the applications that may use it: Add-HVEAppAccess with the object id of the enterprise application."
	noteTokenLog      = "No token was fetched, so nobody signed in. What Entra answered stands in the program's log."
	noteProxyPassword = "The proxy protects its tokens with the password that the client sends, and that password changed; Microsoft never saw it. Sign in to the proxy anew."
	noteNobody        = "The program waits for somebody to sign in once in a browser; without that it has no token."
)

const noteGraph = "This is Microsoft Graph's way to say it; the application does not send over SMTP."
