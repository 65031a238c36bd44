package diagnose

import (
	"slices"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/diagnose/words/signs"
	"smtpmend/probe"
)

// fromFault is for a probe that no reply ended.
func fromFault(rep *probe.Report, stage *probe.Stage, who identity) words.Meaning {
	found, ok := faultMeaning(stage)
	if stage.Fault == probe.FaultPlainExpected && promised(rep) {
		found = brokenPromise
	}
	switch {
	case !ok:
		return words.Meaning{Verdict: Unknown, Reply: lastReply(rep)}
	case found.server && who == somebodyElse:
		return foreign(rep, lastReply(rep))
	}
	d := words.Of(signs.Sign{Names: found.names, Allows: found.allows, Note: found.note})
	d.Reply = lastReply(rep)
	if words.IsSubmission(askedFor(rep)) { // the name is Microsoft's own
		switch {
		case stage.Fault == probe.FaultCertificate && namesSomebodyElse(rep.TLS):
			d.Name(catalogue.SMTPIntercepted, "The certificate names other hosts than Microsoft's.")
		case stage.Fault == probe.FaultNotSMTP && who != microsoft365:
			d.Name(catalogue.SMTPIntercepted, "")
		case stage.Fault == probe.FaultNoSuchHost:
			d.Name(catalogue.NetworkBlocked, "")
		}
	}
	if who == somebodyElse && d.Cause != catalogue.SMTPIntercepted {
		d.Notes = append(d.Notes, "The server's greeting is not that of Microsoft 365.")
	}
	return d
}

// faultMeaning returns the row that says most about a stage's fault.
func faultMeaning(stage *probe.Stage) (best faultSign, ok bool) {
	for _, s := range faultSigns {
		if s.fault == stage.Fault && (s.stage == stage.Name || s.stage == "" && !ok) {
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
	return t != nil && len(t.Chain) > 0 && len(t.Chain[0].Names) > 0 &&
		!slices.ContainsFunc(t.Chain[0].Names, func(name string) bool {
			return words.IsMicrosoft(strings.TrimPrefix(name, "*."))
		})
}
