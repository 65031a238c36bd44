package diagnose

import (
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/probe"
)

// Record says what a probe's report means. Where a reply decided the probe,
// its words are held against the same table as a pasted text; where none did,
// the fault does. Whether the server is Microsoft 365 is judged by its
// greeting, its capabilities and its words, never by its address.
func Record(rep *probe.Report) Diagnosis {
	return Diagnosis{Meaning: record(rep), Mechanism: rep.Mechanism}
}

func record(rep *probe.Report) words.Meaning {
	who, stage := identify(rep), rep.Decisive()
	switch {
	case rep.Outcome == probe.Accepted:
		d := words.Meaning{Verdict: Healthy, Reply: lastReply(rep)}
		if who == somebodyElse {
			d.Notes = []string{"The server is not Microsoft 365."}
		}
		return d
	case stage == nil, stage.Fault == "" && rep.Last() == nil:
		return words.Meaning{Verdict: Unknown}
	case stage.Fault == probe.FaultNoToken:
		return refusedToken(stage.Error)
	case stage.Fault != "":
		return fromFault(rep, stage, who)
	}
	return fromRefusal(rep, stage, who)
}

// lastReply returns the reply that decided the report.
func lastReply(rep *probe.Report) Reply {
	if ex := rep.Last(); ex != nil {
		return words.Said(ex.Reply)
	}
	return Reply{}
}

// fromRefusal reads the reply that ended the probe.
func fromRefusal(rep *probe.Report, stage *probe.Stage, who identity) words.Meaning {
	d, ours := words.FromReply(rep.Last().Reply, stage.Name, rep.Mechanism)
	switch {
	case !ours && who == somebodyElse:
		return foreign(rep, d.Reply)
	case d.Verdict == OtherProvider && who != somebodyElse:
		return strange(rep, d, who)
	case d.Cause == catalogue.NotAuthenticated && rep.Mechanism == "":
		d.Notes = append(d.Notes, "The probe had no password: this is what a device gets that does not sign in.")
	}
	return d
}

// foreign is the verdict on a refusal, or a missing capability, of a server
// that is not Microsoft 365.
func foreign(rep *probe.Report, reply Reply) words.Meaning {
	if host := askedFor(rep); words.IsSubmission(host) {
		return words.Meaning{Verdict: Named, Cause: catalogue.SMTPIntercepted, Reply: reply,
			Notes: []string{"The probe asked for " + host + ", but the greeting is another server's."}}
	}
	return words.Meaning{Verdict: OtherProvider, Reply: reply}
}

// strange is the verdict on words that Microsoft 365 does not use, from a
// server whose greeting is Microsoft's or settles nothing.
func strange(rep *probe.Report, d words.Meaning, who identity) words.Meaning {
	if who == nobody && rep.Stage == probe.StageGreeting && words.IsSubmission(askedFor(rep)) {
		return words.Meaning{Verdict: Unsure, Candidates: []catalogue.Code{catalogue.SMTPIntercepted, catalogue.IPBlocked}, Reply: d.Reply,
			Notes: []string{"It refused before it said who it is, in words that are not those of Microsoft 365."}}
	}
	if who == nobody {
		return foreign(rep, d.Reply)
	}
	return words.Meaning{Verdict: Unknown, Reply: d.Reply,
		Notes: []string{"The greeting is Microsoft's, but the words of the refusal are another server's."}}
}

// askedFor returns the host that the probe was to talk to.
func askedFor(rep *probe.Report) string {
	host, _, _ := strings.Cut(rep.Server, ":")
	return host
}
