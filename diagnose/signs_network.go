package diagnose

// networkSigns are what clients and operating systems say when they get no
// connection, or no TLS.
var networkSigns = []sign{
	// No connection.
	{words: "connect ETIMEDOUT", client: true, loose: true, names: NetworkBlocked},
	{words: "connect ECONNREFUSED", client: true, loose: true, allows: []Code{NetworkBlocked}, note: noteAnyPort},
	{words: "connect ECONNREFUSED", and: ":587", client: true, names: NetworkBlocked},
	{words: "connect EHOSTUNREACH", client: true, loose: true, names: NetworkBlocked},
	{words: "connect ENETUNREACH", client: true, loose: true, names: NetworkBlocked},
	{words: "Connection refused", client: true, loose: true, allows: []Code{NetworkBlocked}, note: noteAnyPort},
	{words: "Connection refused", and: ":587", client: true, names: NetworkBlocked},
	{words: "Connection refused", and: "smtp", client: true, names: NetworkBlocked},
	{words: "target machine actively refused it", client: true, loose: true, names: NetworkBlocked},
	{words: "Network is unreachable", client: true, loose: true, names: NetworkBlocked},
	{words: "No route to host", client: true, loose: true, names: NetworkBlocked},
	{words: "dial tcp", and: "connection timed out", client: true, loose: true, names: NetworkBlocked},
	{words: "dial tcp", and: "i/o timeout", client: true, loose: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort}},
	{words: "connect to", and: ": Connection timed out", client: true, loose: true, names: NetworkBlocked},
	{words: "[Errno 110] Connection timed out", client: true, loose: true, names: NetworkBlocked},
	{words: "Unable to connect to the remote server", client: true, loose: true, names: NetworkBlocked},
	{words: "connected party did not properly respond after a period of time", client: true, loose: true, names: NetworkBlocked},
	{words: "Could not connect to SMTP host", client: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort, TLSHandshake}},
	{words: "Could not connect to SMTP host", and: "connect timed out", client: true, names: NetworkBlocked},
	{words: "Could not connect to SMTP host", and: "Connection refused", client: true, names: NetworkBlocked},
	{words: "Couldn't connect to host, port", and: "timeout", client: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort}},
	{words: "Greeting never received", client: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort}},
	{words: "Error: Connection timeout", and: "command: CONN", client: true, allows: []Code{NetworkBlocked, TLSImplicitOnSTARTTLSPort}},
	{words: "kind: WouldBlock", client: true, loose: true, allows: []Code{WrongEndpoint, TLSImplicitOnSTARTTLSPort, NetworkBlocked},
		note: "Nothing came in time: the port may be another service's, or it expects TLS at once."},
	{words: "Connection unexpectedly closed", client: true, loose: true, allows: []Code{Temporary, NetworkBlocked, TLSImplicitOnSTARTTLSPort}, note: noteClosed},
	{words: "server has unexpectedly disconnected", client: true, loose: true, allows: []Code{Temporary, NetworkBlocked, TLSImplicitOnSTARTTLSPort}, note: noteClosed},
	{words: "getaddrinfo ENOTFOUND", client: true, loose: true, allows: []Code{NetworkBlocked, WrongEndpoint}, note: noteName},
	{words: "Name or service not known", client: true, loose: true, allows: []Code{NetworkBlocked, WrongEndpoint}, note: noteName},
	{words: "no such host", client: true, loose: true, allows: []Code{NetworkBlocked, WrongEndpoint}, note: noteName},
	{words: "Host or domain name not found", client: true, loose: true, allows: []Code{NetworkBlocked, WrongEndpoint}, note: noteName},

	// The wrong kind of TLS.
	{words: "first record does not look like a TLS handshake", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "tls_validate_record_header:wrong version number", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "wrong version number", client: true, loose: true, allows: []Code{TLSImplicitOnSTARTTLSPort},
		note: "OpenSSL says this when plain text comes where it expects TLS; a proxy in between can be the reason too."},
	{words: "unable to connect to ssl://", and: ":587", client: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "Unrecognized SSL message, plaintext connection", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "Unsupported or unrecognized SSL message", client: true, loose: true, names: TLSImplicitOnSTARTTLSPort},
	{words: "STARTTLS extension not supported by server", client: true, allows: []Code{SMTPIntercepted, WrongEndpoint},
		note: "Microsoft 365 always offers STARTTLS."},
	{words: "AUTH extension not supported by server", client: true, allows: []Code{STARTTLSNotUsed, WrongEndpoint}, note: noteNoAuth},
	{words: "server does not support authentication", client: true, allows: []Code{STARTTLSNotUsed, WrongEndpoint}, note: noteNoAuth},
	{words: "unencrypted connection", client: true, loose: true, allows: []Code{STARTTLSNotUsed},
		note: "The client will not send a password without TLS."},

	// TLS that fails.
	{words: "Could not convert socket to TLS", client: true, allows: []Code{TLSHandshake}},
	{words: "potential protocol version downgrade attack", client: true, loose: true, allows: []Code{TLSHandshake}},
	{words: "certificate verify failed", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "self signed certificate", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "self-signed certificate", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "unable to verify the first certificate", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "PKIX path building failed", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "certificate has expired", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "tls: handshake failure", client: true, loose: true, allows: []Code{TLSHandshake, TLSTooOld}},
	{words: "unable to find valid certification path to requested target", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "x509: certificate", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "The remote certificate is invalid", client: true, loose: true, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{words: "did not match expected CN", and: "smtp.office365.com", client: true, names: SMTPIntercepted},
	{words: "No appropriate protocol (protocol is disabled", client: true, loose: true, allows: []Code{TLSTooOld, TLSHandshake}},
	{words: "UNSUPPORTED_PROTOCOL", client: true, loose: true, allows: []Code{TLSTooOld, TLSHandshake}},
	{words: "fatal alert: protocol_version", client: true, loose: true, allows: []Code{TLSTooOld, TLSHandshake}},
	{words: "unsupported protocol", and: "SSL routines", client: true, loose: true, allows: []Code{TLSTooOld, TLSHandshake}},
}

const (
	noteNoAuth  = "Microsoft 365 offers AUTH only after STARTTLS, and its MX hosts never do."
	noteClosed  = "A connection that ends says nothing about the password."
	noteName    = "The server's name could not be resolved: check its spelling and the DNS server."
	noteAnyPort = "The words do not say which service was asked; smtp.office365.com listens on port 587."
)
