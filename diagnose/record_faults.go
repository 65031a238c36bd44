package diagnose

import (
	"slices"

	"smtpmend/probe"
)

// A faultSign maps a fault of a probe to what it means. The row with a stage
// says more than the one without.
type faultSign struct {
	fault  probe.Fault
	stage  probe.StageName
	names  Code
	allows []Code
	// server: the fault is something the server left out, so it means what
	// the row says of Microsoft 365 only; others may lack it rightly.
	server bool
	note   string
}

const noteTimeout = "A timeout says nothing about the password. Microsoft 365 takes five seconds to refuse a sign-in; whatever waits less never sees the reason."

var faultSigns = []faultSign{
	{fault: probe.FaultNoSuchHost, allows: []Code{NetworkBlocked, WrongEndpoint}, note: noteName},
	{fault: probe.FaultUnreachable, names: NetworkBlocked},
	{fault: probe.FaultRefused, names: NetworkBlocked, note: "The host is there, but the port is closed."},
	{fault: probe.FaultTimeout, stage: probe.StageResolve, names: NetworkBlocked},
	{fault: probe.FaultTimeout, stage: probe.StageConnect, names: NetworkBlocked},
	{fault: probe.FaultTimeout, stage: probe.StageGreeting, allows: []Code{NetworkBlocked, SMTPIntercepted}},
	{fault: probe.FaultTimeout, stage: probe.StageTLS, allows: []Code{TLSHandshake, NetworkBlocked, SMTPIntercepted}},
	{fault: probe.FaultTimeout, allows: []Code{Temporary, NetworkBlocked}, note: noteTimeout},
	{fault: probe.FaultClosed, stage: probe.StageConnect, names: NetworkBlocked},
	{fault: probe.FaultClosed, stage: probe.StageGreeting, allows: []Code{NetworkBlocked, IPBlocked, SMTPIntercepted}},
	{fault: probe.FaultClosed, stage: probe.StageTLS, allows: []Code{TLSHandshake, SMTPIntercepted}},
	{fault: probe.FaultClosed, allows: []Code{Temporary, SMTPIntercepted, NetworkBlocked}},
	{fault: probe.FaultNotSMTP, allows: []Code{WrongEndpoint, SMTPIntercepted}},
	{fault: probe.FaultTLSExpected, names: TLSImplicitOnSTARTTLSPort, note: "The server expects TLS from the first byte on this port, as on port 465."},
	{fault: probe.FaultPlainExpected, names: TLSImplicitOnSTARTTLSPort, note: "The server speaks plain text on this port until STARTTLS, as on port 587."},
	{fault: probe.FaultNoSTARTTLS, allows: []Code{SMTPIntercepted}, server: true,
		note: "Microsoft 365 always offers STARTTLS: something in between takes it out."},
	{fault: probe.FaultCertificate, names: TLSHandshake},
	{fault: probe.FaultTLSVersion, allows: []Code{TLSHandshake, TLSTooOld, SMTPIntercepted}},
	{fault: probe.FaultHandshake, names: TLSHandshake},
	{fault: probe.FaultNoAuth, names: WrongEndpoint, server: true},
	{fault: probe.FaultNoMechanism, names: MechanismUnsupported, server: true},
	{fault: probe.FaultOutOfTurn, allows: []Code{Temporary, SMTPIntercepted}, server: true,
		note: "What the server said could not be matched to what it was asked, so nothing follows from it."},
	{fault: probe.FaultFlood, allows: []Code{SMTPIntercepted, WrongEndpoint}, server: true,
		note: "Microsoft 365 never sends that much: something else answers, or stands in between."},
	{fault: probe.FaultToken, names: OAuthTokenInvalid},
	{fault: probe.FaultTokenScope, names: OAuthScopeMissing},
}

// brokenPromise is what plain text means behind a STARTTLS that was agreed to.
var brokenPromise = faultSign{allows: []Code{TLSHandshake, SMTPIntercepted},
	note: "The server agreed to STARTTLS and then did not speak TLS: it is broken, or something in between answers."}

// fromFault is for a probe that no reply ended.
func fromFault(rep *probe.Report, stage *probe.Stage, who identity) Diagnosis {
	found, ok := faultMeaning(stage)
	if stage.Fault == probe.FaultPlainExpected && promised(rep) {
		found = brokenPromise
	}
	switch {
	case !ok:
		return Diagnosis{Verdict: Unknown, Reply: lastReply(rep)}
	case found.server && who == somebodyElse:
		return foreign(rep, lastReply(rep))
	}
	d := sign{names: found.names, allows: found.allows, note: found.note}.diagnosis()
	d.Reply = lastReply(rep)
	if stage.Fault == probe.FaultCertificate && isSubmission(askedFor(rep)) && namesSomebodyElse(rep.TLS) {
		d.Cause = SMTPIntercepted
		d.Notes = append(d.Notes, "The certificate names other hosts than Microsoft's.")
	}
	if isSubmission(askedFor(rep)) { // the name is Microsoft's own
		switch stage.Fault {
		case probe.FaultNotSMTP:
			if who != microsoft365 {
				d.Verdict, d.Cause, d.Candidates = Named, SMTPIntercepted, nil
			}
		case probe.FaultNoSuchHost:
			d.Verdict, d.Cause, d.Candidates = Named, NetworkBlocked, nil
		}
	}
	if who == somebodyElse && d.Cause != SMTPIntercepted {
		d.Notes = append(d.Notes, "The server's greeting is not that of Microsoft 365.")
	}
	return d
}

// faultMeaning returns the row that says most about a stage's fault.
func faultMeaning(stage *probe.Stage) (best faultSign, ok bool) {
	for _, s := range faultSigns {
		if s.fault != stage.Fault || s.stage != "" && s.stage != stage.Name {
			continue
		}
		if !ok || best.stage == "" && s.stage != "" {
			best, ok = s, true
		}
	}
	return best, ok
}

// promised reports whether the server agreed to STARTTLS.
func promised(rep *probe.Report) bool {
	return slices.ContainsFunc(rep.Stages, func(s probe.Stage) bool {
		last := s.Last()
		return s.Name == probe.StageSTARTTLS && last != nil && last.Reply.Code == 220
	})
}

// namesSomebodyElse reports whether the server's own certificate carries
// names, and none of Microsoft's.
func namesSomebodyElse(t *probe.TLS) bool {
	if t == nil || len(t.Chain) == 0 || len(t.Chain[0].Names) == 0 {
		return false
	}
	for _, name := range t.Chain[0].Names {
		if isMicrosoft(trimWildcard(name)) {
			return false
		}
	}
	return true
}

func trimWildcard(name string) string {
	if len(name) > 2 && name[:2] == "*." {
		return name[2:]
	}
	return name
}
