//go:build devices

package devices

import (
	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/listen"
)

// A condition is what a device is like, and what is to be said of it.
type condition struct {
	Is         string
	Verdict    diagnose.Verdict
	Cause      catalogue.Code // the one finding, "" for none
	Candidates []catalogue.Code
	Shows      []listen.Observation
	// TLSPort: the server expects TLS at once.
	TLSPort bool
}

type shows = []listen.Observation

// Nothing is wrong, as far as Microsoft's front end could tell.
var (
	right = condition{Is: "right", Verdict: diagnose.Healthy}

	rightWithToken = condition{Is: "right, with a token", Verdict: diagnose.Healthy}

	rightOnTLSPort = condition{Is: "right, where TLS is expected at once", Verdict: diagnose.Healthy, TLSPort: true}

	loginWithoutDomain = condition{Is: "a login that is no address", Verdict: diagnose.Healthy,
		Shows: shows{listen.LoginNoAddress}}
)

// TLS is wrong.
var (
	noTLS = condition{Is: "no TLS", Verdict: diagnose.Named,
		Cause: catalogue.STARTTLSNotUsed, Shows: shows{listen.NoSTARTTLS}}

	// The 504 comes before the password.
	asksWithoutTLS = condition{Is: "asks to sign in without TLS", Verdict: diagnose.Named,
		Cause: catalogue.STARTTLSNotUsed, Shows: shows{listen.NoSTARTTLS}}

	signInWithoutTLS = condition{Is: "a sign-in without TLS", Verdict: diagnose.Named,
		Cause: catalogue.STARTTLSNotUsed, Shows: shows{listen.NoSTARTTLS, listen.CredentialsInClear}}

	neither = condition{Is: "neither TLS nor a sign-in", Verdict: diagnose.Named,
		Cause: catalogue.STARTTLSNotUsed, Shows: shows{listen.NoSTARTTLS}}

	tlsAtOnce = condition{Is: "TLS at once", Verdict: diagnose.Named,
		Cause: catalogue.TLSImplicitOnSTARTTLSPort, Shows: shows{listen.TLSAtOnce}}

	plainOnTLSPort = condition{Is: "plain text where TLS is expected at once", Verdict: diagnose.Named, TLSPort: true,
		Cause: catalogue.TLSImplicitOnSTARTTLSPort, Shows: shows{listen.PlainOnTLSPort}}

	oldTLS = condition{Is: "nothing newer than TLS 1.1", Verdict: diagnose.Named,
		Cause: catalogue.TLSTooOld, Shows: shows{listen.OldTLS}}

	// Microsoft's own certificate would have been trusted.
	distrust = condition{Is: "distrusts the certificate", Verdict: diagnose.Unknown,
		Shows: shows{listen.CertificateRefused}}
)

// The sign-in is wrong.
var (
	noSignIn = condition{Is: "no sign-in", Verdict: diagnose.Named,
		Cause: catalogue.NotAuthenticated, Shows: shows{listen.NoSignIn}}

	onlyPLAIN = condition{Is: "only PLAIN, asked for", Verdict: diagnose.Named,
		Cause: catalogue.MechanismUnsupported, Shows: shows{listen.WrongMechanism}}

	onlyCRAM = condition{Is: "only CRAM-MD5, asked for", Verdict: diagnose.Named,
		Cause: catalogue.MechanismUnsupported, Shows: shows{listen.WrongMechanism}}

	// A client that looks for its mechanism among those on offer, and leaves
	// without asking for it, cannot be told from a test of the connection.
	missesPLAIN = condition{Is: "only PLAIN, not asked for", Verdict: diagnose.Unsure,
		Candidates: []catalogue.Code{catalogue.MechanismUnsupported, catalogue.NotAuthenticated},
		Shows:      shows{listen.LeftBeforeSignIn}}

	emptyPassword = condition{Is: "an empty password", Verdict: diagnose.Named,
		Cause: catalogue.BadCredentials, Shows: shows{listen.EmptyPassword}}
)

// A name is wrong.
var (
	dotBehindName = condition{Is: "a dot behind its name", Verdict: diagnose.Named,
		Cause: catalogue.InvalidHELO, Shows: shows{listen.InvalidName}}

	otherSender = condition{Is: "another sender", Verdict: diagnose.Named,
		Cause: catalogue.SendAsDenied, Shows: shows{listen.ForeignSender}}

	otherFrom = condition{Is: "another From in the message alone", Verdict: diagnose.Named,
		Cause: catalogue.SendAsDenied, Shows: shows{listen.ForeignSender}}
)

// It is no submission at all.
var (
	webClient = condition{Is: "a web client", Verdict: diagnose.Unknown, Shows: shows{listen.HTTP}}

	connectionTest = condition{Is: "a test of the connection", Verdict: diagnose.Unknown,
		Shows: shows{listen.ConnectedAndLeft}}
)
