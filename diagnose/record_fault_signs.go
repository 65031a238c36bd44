package diagnose

import (
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
	"smtpmend/probe"
)

// A faultSign maps a fault of a probe to what it means. The row with a stage
// says more than the one without.
type faultSign struct {
	fault  probe.Fault
	stage  probe.StageName
	names  catalogue.Code
	allows []catalogue.Code
	// server: the fault is something the server left out, so it means what
	// the row says of Microsoft 365 only; others may lack it rightly.
	server bool
	note   string
}

const noteTimeout = "A timeout says nothing about the password. Microsoft 365 takes five seconds to refuse a sign-in; whatever waits less never sees the reason."

var faultSigns = []faultSign{
	{fault: probe.FaultNoSuchHost, allows: []catalogue.Code{catalogue.NetworkBlocked, catalogue.WrongEndpoint}, note: signs.NoteName},
	{fault: probe.FaultUnreachable, names: catalogue.NetworkBlocked},
	{fault: probe.FaultRefused, names: catalogue.NetworkBlocked, note: "The host is there, but the port is closed."},
	{fault: probe.FaultTimeout, stage: probe.StageResolve, names: catalogue.NetworkBlocked},
	{fault: probe.FaultTimeout, stage: probe.StageConnect, names: catalogue.NetworkBlocked},
	{fault: probe.FaultTimeout, stage: probe.StageGreeting, allows: []catalogue.Code{catalogue.NetworkBlocked, catalogue.SMTPIntercepted}},
	{fault: probe.FaultTimeout, stage: probe.StageTLS, allows: []catalogue.Code{catalogue.TLSHandshake, catalogue.NetworkBlocked, catalogue.SMTPIntercepted}},
	{fault: probe.FaultTimeout, allows: []catalogue.Code{catalogue.Temporary, catalogue.NetworkBlocked}, note: noteTimeout},
	{fault: probe.FaultClosed, stage: probe.StageConnect, names: catalogue.NetworkBlocked},
	{fault: probe.FaultClosed, stage: probe.StageGreeting, allows: []catalogue.Code{catalogue.NetworkBlocked, catalogue.IPBlocked, catalogue.SMTPIntercepted}},
	{fault: probe.FaultClosed, stage: probe.StageTLS, allows: []catalogue.Code{catalogue.TLSHandshake, catalogue.SMTPIntercepted}},
	{fault: probe.FaultClosed, allows: []catalogue.Code{catalogue.Temporary, catalogue.SMTPIntercepted, catalogue.NetworkBlocked}},
	{fault: probe.FaultNotSMTP, allows: []catalogue.Code{catalogue.WrongEndpoint, catalogue.SMTPIntercepted}},
	{fault: probe.FaultTLSExpected, names: catalogue.TLSImplicitOnSTARTTLSPort, note: "The server expects TLS from the first byte on this port, as on port 465."},
	{fault: probe.FaultPlainExpected, names: catalogue.TLSImplicitOnSTARTTLSPort, note: "The server speaks plain text on this port until STARTTLS, as on port 587."},
	{fault: probe.FaultNoSTARTTLS, allows: []catalogue.Code{catalogue.SMTPIntercepted}, server: true,
		note: "Microsoft 365 always offers STARTTLS: something in between takes it out."},
	{fault: probe.FaultCertificate, names: catalogue.TLSHandshake},
	{fault: probe.FaultTLSVersion, allows: []catalogue.Code{catalogue.TLSHandshake, catalogue.TLSTooOld, catalogue.SMTPIntercepted}},
	{fault: probe.FaultHandshake, names: catalogue.TLSHandshake},
	{fault: probe.FaultNoAuth, names: catalogue.WrongEndpoint, server: true},
	{fault: probe.FaultNoMechanism, names: catalogue.MechanismUnsupported, server: true},
	{fault: probe.FaultOutOfTurn, allows: []catalogue.Code{catalogue.Temporary, catalogue.SMTPIntercepted}, server: true,
		note: "What the server said could not be matched to what it was asked, so nothing follows from it."},
	{fault: probe.FaultFlood, allows: []catalogue.Code{catalogue.SMTPIntercepted, catalogue.WrongEndpoint}, server: true,
		note: "Microsoft 365 never sends that much: something else answers, or stands in between."},
	{fault: probe.FaultToken, names: catalogue.OAuthTokenInvalid},
	{fault: probe.FaultTokenScope, names: catalogue.OAuthScopeMissing},
}

// brokenPromise is what plain text means behind a STARTTLS that was agreed to.
var brokenPromise = faultSign{allows: []catalogue.Code{catalogue.TLSHandshake, catalogue.SMTPIntercepted},
	note: "The server agreed to STARTTLS and then did not speak TLS: it is broken, or something in between answers."}
