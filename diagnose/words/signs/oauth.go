package signs

// oauthSigns are replies that only a sign-in with a token gets. The codes of
// Entra's token endpoint and of the sign-in log are in signin_codes.go.
var oauthSigns = []Sign{
	{Words: "Invalid XOAUTH2 auth data", Names: "oauth-token-invalid"},
	{Status: "5.5.127", Words: "Token will expire soon", Names: "oauth-token-invalid"},

	// High Volume Email.
	{Words: "Invalid XOAUTH2 argument", Names: "oauth-token-invalid", Note: noteXOAUTH2},
	{Status: "5.5.121", Allows: []Code{"oauth-token-invalid"}, Note: noteXOAUTH2},
	{Status: "5.5.122", Allows: []Code{"oauth-token-invalid"}, Note: noteXOAUTH2},
	{Status: "5.5.123", Allows: []Code{"oauth-token-invalid"}, Note: noteXOAUTH2},
	{Status: "5.5.124", Allows: []Code{"oauth-token-invalid"}, Note: noteXOAUTH2},
	{Status: "5.5.125", Allows: []Code{"oauth-token-invalid"}, Note: noteXOAUTH2},
	{Status: "5.5.126", Allows: []Code{"oauth-token-invalid"}, Note: noteXOAUTH2},
	{Status: "5.7.142", Words: "Authentication unsuccessful", Allows: []Code{"oauth-token-invalid"}},
	{Status: "5.7.143", Words: "Authentication unsuccessful", Allows: []Code{"oauth-token-invalid"}},
	{Status: "5.7.144", Words: "Authentication unsuccessful", Allows: []Code{"oauth-scope-missing"}},
	{Status: "5.7.142", Allows: []Code{"oauth-token-invalid"}},
	{Status: "5.7.142", Words: "Token will expire soon", Names: "oauth-token-invalid"},
	{Status: "5.7.143", Allows: []Code{"oauth-token-invalid"}},
	{Status: "5.7.143", Words: "Expired token", Names: "oauth-token-invalid"},
	{Status: "5.7.144", Allows: []Code{"oauth-scope-missing"}},
	{Words: "XOAUTH2 authentication failed. Invalid API permissions", Names: "oauth-scope-missing"},
	{Status: "5.7.240", Allows: []Code{"oauth-mailbox-permission-missing"}, Note: noteHVE},
	{Words: "application is not allowed for use with this High Volume Email account", Allows: []Code{"oauth-mailbox-permission-missing"}, Note: noteHVE},

	// Proxies and scripts that fetch the token.
	{Words: "TokenStore::Refresh: request failed", Client: true, Allows: afterToken, Note: noteTokenLog},
	{Words: "TokenStore::Refresh: http error", Client: true, Allows: []Code{"network-blocked"},
		Note: "The token endpoint, login.microsoftonline.com, could not be reached; the mail server was not asked."},
	{Words: "TokenStore::Read: failed to open file", Client: true, Allows: []Code{"oauth-token-invalid"},
		Note: "The client cannot read the file with its token: its path, its owner, or Postfix's chroot."},
	{Words: "exception while requesting OAuth 2.0 credentials", Client: true, Allows: append([]Code{"network-blocked"}, afterToken...), Note: noteTokenLog},
	{Words: "exception while refreshing OAuth 2.0 tokens", Client: true, Allows: afterToken, Note: noteTokenLog},
	{Words: "exception while decrypting OAuth 2.0 credentials", Client: true, Allows: []Code{"oauth-token-invalid"}, Note: noteProxyPassword},
	{Words: "Login failed - the password for account", And: "is incorrect", Client: true, Allows: []Code{"oauth-token-invalid"}, Note: noteProxyPassword},
	{Words: "Authentication request failed or expired for account", Client: true, Allows: []Code{"oauth-token-invalid"}, Note: noteNobody},
	{Words: "authorisation request failed or timed out", Client: true, Allows: []Code{"oauth-token-invalid"}, Note: noteNobody},
	{Words: "No OAUTH refresh command defined", Client: true, Allows: []Code{"oauth-token-invalid"},
		Note: "The mail program is set to OAuth but has no command that gives it a token."},
	{Words: "No refresh token. Run script with", Client: true, Allows: []Code{"oauth-token-invalid"}, Note: noteNobody},
	{Words: "User is authenticated but not connected", Names: "oauth-mailbox-permission-missing",
		Note: "This is IMAP's way to say it; the mailbox permission is missing for SMTP as well."},
	{Words: "Invalid XOAUTH2 auth data", And: "User address provided is not valid", Allows: []Code{"oauth-token-wrong-user", "oauth-token-invalid"}},
	{Words: "Blocked by tenant configured AppOnly AccessPolicy settings", Client: true, Allows: []Code{"oauth-mailbox-permission-missing"}, Note: noteGraph},
	{Words: "ErrorSendAsDenied", Client: true, Allows: []Code{"send-as-denied"}, Note: noteGraph},
	{Words: "MailboxNotEnabledForRESTAPI", Client: true, Allows: []Code{"no-licensed-mailbox"}, Note: noteGraph},
	{Words: "STOREDRV; mailbox logon failure", Names: "oauth-mailbox-permission-missing"},
	{Words: "MapiExceptionLogonFailed", Names: "oauth-mailbox-permission-missing"},
	{Status: "4.2.0", Words: "mailbox logon failure", Names: "oauth-mailbox-permission-missing"},
	{Status: "4.2.0", Words: "mailbox logon failure", And: "STOREDRV.Deliver", Allows: []Code{"temporary", "recipient-refused"},
		Note: "STOREDRV.Deliver speaks of the recipient's mailbox, not of the sender's."},
	{Code: 535, Status: "5.7.8", Words: "Authentication credentials invalid", Opens: true, Allows: []Code{"oauth-token-invalid"},
		Note: "Microsoft never says 5.7.8. A local OAuth proxy says these words when it could not get a token; its own log has the reason."},
	{Words: "SMTP XOAUTH2 authentication for sender", And: "failed", Client: true,
		Allows: []Code{"oauth-mailbox-permission-missing", "oauth-exchange-principal-missing", "smtp-auth-off-mailbox"},
		Note:   "The client hides the server's words."},
}

const (
	noteXOAUTH2       = "The data behind AUTH XOAUTH2 is malformed: base64 of user=ADDRESS^Aauth=Bearer TOKEN^A^A, where ^A is the octet 1."
	noteHVE           = "A High Volume Email account keeps a list of the applications that may use it: Add-HVEAppAccess with the object id of the enterprise application."
	noteTokenLog      = "No token was fetched, so nobody signed in. What Entra answered stands in the program's log."
	noteProxyPassword = "The proxy protects its tokens with the password that the client sends, and that password changed; Microsoft never saw it. Sign in to the proxy anew."
	noteNobody        = "The program waits for somebody to sign in once in a browser; without that it has no token."
)

const noteGraph = "This is Microsoft Graph's way to say it; the application does not send over SMTP."
