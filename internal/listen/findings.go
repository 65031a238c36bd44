package listen

import (
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/front"
)

// An Observation is one thing that a session showed of its device.
type Observation string

// What can be observed. The words are permanent: they are in the JSON.
const (
	HTTP               Observation = "http"
	TLSAtOnce          Observation = "tls-at-once"
	PlainOnTLSPort     Observation = "plain-on-tls-port"
	Silent             Observation = "silent"
	ConnectedAndLeft   Observation = "connected-and-left"
	NoSMTP             Observation = "no-smtp"
	HandshakeFailed    Observation = "handshake-failed"
	PlainAfterSTARTTLS Observation = "plain-after-starttls"
	CertificateRefused Observation = "certificate-refused"
	InvalidName        Observation = "invalid-ehlo-name"
	NoSTARTTLS         Observation = "no-starttls"
	CredentialsInClear Observation = "credentials-in-clear"
	WrongMechanism     Observation = "wrong-mechanism"
	NoSignIn           Observation = "no-sign-in"
	OldTLS             Observation = "old-tls"
	ForeignSender      Observation = "foreign-sender"
	SenderAllowed      Observation = "foreign-sender-allowed"
	LeftBeforeSignIn   Observation = "left-before-sign-in"
	HalfSignIn         Observation = "half-sign-in"
	LoginNoAddress     Observation = "login-no-address"
	EmptyPassword      Observation = "empty-password"
	EmptyToken         Observation = "empty-token"
	NotSent            Observation = "not-sent"
	CutOff             Observation = "cut-off"
)

// A Finding says what an observation means. Cause is "" where Microsoft would
// not refuse the device for it, or where it cannot be told; Candidates then
// holds what remains possible.
type Finding struct {
	Observed   Observation
	Cause      catalogue.Code
	Candidates []catalogue.Code
	Sentence   string
	// Menu is the term to look for in the device's menu, and what to set.
	Menu string
	// Reply is what Microsoft would have answered, the zero Text for nothing.
	Reply front.Text
	// Absence: it says what did not come, or not to its end.
	Absence bool
}

// findings is in the order in which Microsoft would refuse: the first row with
// a cause decides.
var findings = []Finding{
	{Observed: HTTP,
		Sentence: "This was a web browser or another HTTP client, not a device that submits mail.",
		Menu:     "Point the SMTP server of the device here, not a web page or a proxy"},
	{Observed: TLSAtOnce, Cause: catalogue.TLSImplicitOnSTARTTLSPort,
		Sentence: "The device started TLS at once. Microsoft's port 587 begins in plain text and goes over to TLS with STARTTLS, so the device would read the greeting as broken TLS.",
		Menu:     "SSL/TLS: STARTTLS (not SSL, SMTPS or implicit TLS), port 587"},
	{Observed: PlainOnTLSPort, Cause: catalogue.TLSImplicitOnSTARTTLSPort,
		Sentence: "The device spoke plain text where TLS was expected at once.",
		Menu:     "SSL/TLS: the device is set to STARTTLS or to none, this port to implicit TLS; Microsoft 365 takes STARTTLS on port 587"},
	{Observed: Silent, Absence: true,
		Sentence: "The device connected and then said nothing until its time was up.",
		Menu:     "SMTP server and port; a firewall or virus scanner on the way can hold a connection open too"},
	{Observed: ConnectedAndLeft, Absence: true,
		Sentence: "The device connected and left before it said anything, as a port scan or a test of the connection does.",
		Menu:     "Press the button that sends a test message, not the one that tests the connection"},
	{Observed: NoSMTP,
		Sentence: "What came is not SMTP.",
		Menu:     "Protocol: SMTP"},
	{Observed: CertificateRefused, Absence: true,
		Sentence: "The device broke off as soon as it saw the certificate. It may only distrust the certificate of this stand-in.",
		Menu:     "Certificate check: switch it off for this test, or import the certificate that was printed at the start; the device's clock must be right as well"},
	{Observed: PlainAfterSTARTTLS, Cause: catalogue.TLSHandshake,
		Sentence: "The device asked for STARTTLS and then went on in plain text.",
		Menu:     "SSL/TLS: STARTTLS; a firmware update may mend it"},
	{Observed: HandshakeFailed, Cause: catalogue.TLSHandshake, Absence: true,
		Sentence: "The TLS handshake failed before the device could sign in.",
		Menu:     "TLS 1.2, cipher suites; the device's clock and firmware"},
	{Observed: InvalidName, Cause: catalogue.InvalidHELO, Reply: front.InvalidHello,
		Sentence: "The name that the device gives with EHLO is not valid, often because of a dot at the end, a blank or an empty domain.",
		Menu:     "Host name, Device name, Domain name"},
	{Observed: NoSTARTTLS, Cause: catalogue.STARTTLSNotUsed, Reply: front.StartTLSRequired,
		Sentence: "The device never started TLS. Microsoft offers the sign-in only after STARTTLS and takes no mail before it.",
		Menu:     "SSL/TLS: STARTTLS, port 587"},
	{Observed: CredentialsInClear,
		Sentence: "It sent a sign-in without TLS, so that anybody on the way could read it. Change that password once the device uses TLS.",
		Menu:     "SSL/TLS: STARTTLS"},
	{Observed: WrongMechanism, Cause: catalogue.MechanismUnsupported, Reply: front.MechanismUnknown,
		Sentence: "The device signs in only with a mechanism that Microsoft does not offer. Microsoft takes LOGIN, and XOAUTH2 with a token.",
		Menu:     "SMTP Authentication: LOGIN (not PLAIN, CRAM-MD5, DIGEST-MD5 or NTLM)"},
	{Observed: NoSignIn, Cause: catalogue.NotAuthenticated, Reply: front.NotAuthenticated,
		Sentence: "The device sent mail without signing in.",
		Menu:     "SMTP Authentication: on, with user name and password"},
	{Observed: OldTLS, Cause: catalogue.TLSTooOld, Reply: front.TLSTooOld,
		Sentence: "The device speaks nothing newer than TLS 1.1. Microsoft refuses that after the sign-in, and not at every attempt, so that it looks random.",
		Menu:     "TLS 1.2 (a firmware update may bring it)"},
	{Observed: EmptyPassword, Cause: catalogue.BadCredentials, Reply: front.ProxyFailed,
		Sentence: "The password was empty.",
		Menu:     "SMTP Authentication: password; some devices forget it when another setting is changed"},
	{Observed: EmptyToken, Cause: catalogue.OAuthTokenInvalid, Reply: front.SignInRefused,
		Sentence: "The sign-in with XOAUTH2 held no token.",
		Menu:     "OAuth, Modern authentication: sign the device in again"},
	{Observed: ForeignSender, Cause: catalogue.SendAsDenied, Reply: front.SendAsDenied,
		Sentence: "The From address is not the login. Microsoft refuses that unless the mailbox was given Send As for the address.",
		Menu:     "From/Sender address: the same address as the login"},
	{Observed: SenderAllowed,
		Sentence: "The From address is not the login, and the service took the message all the same: the mailbox may send as that address.",
		Menu:     "From/Sender address; nothing has to be changed"},
	{Observed: NotSent, Absence: true,
		Candidates: []catalogue.Code{catalogue.MessageRefused},
		Sentence:   "The device signed in, but what it sent then was refused or broken off; the last lines of the dialogue say why.",
		Menu:       "Size of the scan (resolution, file format), From and To addresses"},
	{Observed: LeftBeforeSignIn, Absence: true,
		Candidates: []catalogue.Code{catalogue.MechanismUnsupported, catalogue.NotAuthenticated},
		Sentence:   "The device left after STARTTLS without signing in or sending. Perhaps it knows none of the mechanisms LOGIN and XOAUTH2; perhaps it only tested the connection.",
		Menu:       "SMTP Authentication: LOGIN; then send a test message"},
	{Observed: HalfSignIn, Absence: true,
		Candidates: []catalogue.Code{catalogue.MechanismUnsupported},
		Sentence:   "The device began to sign in, but no complete sign-in came: it broke off, or what it sent is malformed.",
		Menu:       "SMTP Authentication: user name and password"},
	{Observed: LoginNoAddress,
		Candidates: []catalogue.Code{catalogue.BadCredentials},
		Sentence:   "The login is no full address, or the password looks like one: perhaps they are swapped, so the login is not shown. Microsoft expects name@domain, as the mailbox signs in.",
		Menu:       "SMTP Authentication: user name"},
	{Observed: CutOff,
		Sentence: "The device was still connected when smtpmend ended.",
		Menu:     "Press the button that sends a test message again"},
}
