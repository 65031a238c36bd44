package diagnose

import (
	"slices"
	"strings"

	"smtpmend/probe"
)

// Record says what a probe's report means. Where a reply decided the probe,
// its words are held against the same table as a pasted text; where none did,
// the fault does. Whether the server is Microsoft 365 is judged by its
// greeting, its capabilities and its words, never by its address.
func Record(rep *probe.Report) Diagnosis {
	d := record(rep)
	d.Mechanism = rep.Mechanism
	return d
}

func record(rep *probe.Report) Diagnosis {
	who := identify(rep)
	if rep.Outcome == probe.Accepted {
		d := Diagnosis{Verdict: Healthy, Reply: lastReply(rep)}
		if who == somebodyElse {
			d.Notes = []string{"The server is not Microsoft 365."}
		}
		return d
	}
	stage := rep.Decisive()
	if stage == nil {
		return Diagnosis{Verdict: Unknown}
	}
	if stage.Fault != "" {
		return fromFault(rep, stage, who)
	}
	return fromRefusal(rep, stage, who)
}

// lastReply returns the reply that decided the report.
func lastReply(rep *probe.Report) Reply {
	ex := rep.Last()
	if ex == nil {
		return Reply{}
	}
	text := wireText(ex.Reply)
	if segs := segments(text); len(segs) > 0 {
		return segs[len(segs)-1].reply()
	}
	return Reply{Code: ex.Reply.Code, Status: ex.Reply.Status, Text: limit(text, maxReply)}
}

func wireText(r *probe.Reply) string { return clean(strings.Join(r.Lines, "\n")) }

// fromRefusal reads the reply that ended the probe.
func fromRefusal(rep *probe.Report, stage *probe.Stage, who identity) Diagnosis {
	ex := rep.Last()
	if ex == nil {
		return Diagnosis{Verdict: Unknown}
	}
	text := wireText(ex.Reply)
	found := refusals(text, segments(text), spanOf(stage.Name))
	f, rivals := decisive(found)
	if !f.ours && who == somebodyElse {
		return foreign(rep, lastReply(rep))
	}
	if f.row == nil {
		return Diagnosis{Verdict: Unknown, Reply: lastReply(rep)}
	}
	d := forMechanism(withRivals(conclude(f), rivals), rep.Mechanism)
	if d.Verdict == OtherProvider && who != somebodyElse {
		return strange(rep, d, who)
	}
	if d.Cause == NotAuthenticated && rep.Mechanism == "" {
		d.Notes = append(d.Notes, "The probe had no password: this is what a device gets that does not sign in.")
	}
	return d
}

// spanOf returns what the table of signs calls a stage of the dialogue.
func spanOf(stage probe.StageName) Stage {
	switch stage {
	case probe.StageMail, probe.StageRcpt, probe.StageData:
		return StageSubmit
	}
	return stage
}

// foreign is the verdict on a refusal, or a missing capability, of a server
// that is not Microsoft 365.
func foreign(rep *probe.Report, reply Reply) Diagnosis {
	if host := askedFor(rep); isSubmission(host) {
		return Diagnosis{Verdict: Named, Cause: SMTPIntercepted, Reply: reply,
			Notes: []string{"The probe asked for " + host + ", but the greeting is another server's."}}
	}
	return Diagnosis{Verdict: OtherProvider, Reply: reply}
}

// strange is the verdict on words that Microsoft 365 does not use, from a
// server whose greeting is Microsoft's or settles nothing.
func strange(rep *probe.Report, d Diagnosis, who identity) Diagnosis {
	if who == nobody && rep.Stage == probe.StageGreeting && isSubmission(askedFor(rep)) {
		return Diagnosis{Verdict: Unsure, Candidates: []Code{SMTPIntercepted, IPBlocked}, Reply: d.Reply,
			Notes: []string{"It refused before it said who it is, in words that are not those of Microsoft 365."}}
	}
	if who == nobody {
		return foreign(rep, d.Reply)
	}
	return Diagnosis{Verdict: Unknown, Reply: d.Reply,
		Notes: []string{"The greeting is Microsoft's, but the words of the refusal are another server's."}}
}

// askedFor returns the host that the probe was to talk to.
func askedFor(rep *probe.Report) string {
	if i := strings.LastIndexByte(rep.Server, ':'); i >= 0 {
		return strings.Trim(rep.Server[:i], "[]")
	}
	return rep.Server
}

// Only a token, or only a password, meets these.
var (
	tokenOnly = []Code{
		OAuthTokenInvalid, OAuthTokenWrongUser, OAuthScopeMissing, OAuthMailboxPermissionMissing,
	}
	passwordOnly = []Code{
		PerUserMFA, SecurityDefaults, BadCredentials, PasswordExpired, AuthPolicyBlocksBasic,
		BasicAuthOffConsumer, BasicAuthRetired, BasicAuthOffByDefault,
	}
)

// forMechanism drops the candidates that the mechanism rules out. With a
// token, what only a token meets comes first.
func forMechanism(d Diagnosis, mechanism string) Diagnosis {
	if d.Verdict != Unsure || mechanism == "" {
		return d
	}
	out := tokenOnly
	if mechanism == probe.MechXOAUTH2 {
		out = passwordOnly
	}
	var left []Code
	for _, c := range d.Candidates {
		if slices.Contains(out, c) {
			continue
		}
		left = append(left, c)
	}
	if mechanism == probe.MechXOAUTH2 {
		slices.SortStableFunc(left, func(a, b Code) int { return tokenFirst(a) - tokenFirst(b) })
	}
	if len(left) > 0 {
		d.Candidates = left
	}
	return d
}

func tokenFirst(c Code) int {
	if slices.Contains(tokenOnly, c) {
		return 0
	}
	return 1
}
