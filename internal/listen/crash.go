package listen

import (
	"fmt"
	"runtime/debug"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/front"
	"smtpmend/probe"
)

const noteCrash = "smtpmend itself failed while it served this device; what is said here may not be all. --verbose shows what a report of this needs."

// failedItself is what a device is told then.
var failedItself = front.Reply{Code: 451, Status: "4.3.0", Text: ours + "it failed itself; try again later", Verbatim: true}

// crashed takes note of a panic that was caught.
func (h *heard) crashed(p any) {
	h.crash = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
	h.checked = false
	h.note(noteCrash)
}

// survive is deferred by what handles a device: a panic ends neither the
// listener nor the sessions of others. reply is what the device is told then,
// nil where nothing is.
func (b *listener) survive(s *front.Session, reply *front.Reply) {
	p := recover()
	if p == nil {
		return
	}
	b.of(s).crashed(p)
	if reply != nil {
		*reply = failedItself
	}
}

// settle ends what is under way at the service, or what is left of it when
// that crashes.
func settle(s *front.Session, h *heard) {
	defer func() {
		if p := recover(); p != nil {
			h.crashed(p)
		}
	}()
	h.hangUp()
	if cutOff(s) {
		h.forgetInterrupted()
	}
}

// concluded is newReport, or what is left of it when that crashes.
func concluded(s *front.Session, h *heard) (r *Report) {
	defer func() {
		if p := recover(); p != nil {
			h.crashed(p)
			r = bareReport(s, h)
		}
	}()
	return newReport(s, h)
}

// report hands r over, or a bare report where that one makes Config.Report
// crash.
func (b *listener) report(s *front.Session, h *heard, r *Report) {
	defer func() {
		if p := recover(); p != nil {
			h.crashed(p)
			b.config.Report(bareReport(s, h))
		}
	}()
	b.config.Report(r)
}

// bareReport says only who it was and that smtpmend failed.
func bareReport(s *front.Session, h *heard) *Report {
	return &Report{
		Schema: 1, Peer: s.Peer.String(), Mechanisms: []string{}, Stages: []probe.Stage{},
		TLS: TLS{Offered: []string{}, Ciphers: []string{}}, End: string(s.End),
		Verdict: diagnose.Unknown, Findings: []catalogue.Code{}, Candidates: []catalogue.Code{},
		Observations: []Observation{}, Notes: h.notes, Crash: h.crash, flavour: s.Flavour,
	}
}

// crashed stands for an attempt to sign in that smtpmend itself did not
// survive.
func (f *Forward) crashed(c front.Credentials) *Upstream {
	return &Upstream{
		Verdict: diagnose.Unknown, Candidates: []catalogue.Code{},
		Diagnosis: diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Unknown}},
		Probe: &probe.Report{
			Schema: 1, Mailbox: c.User, Server: f.target.Server, Outcome: probe.Failed, Stage: probe.StageAuth,
			Stages: []probe.Stage{{Name: probe.StageAuth, Fault: probe.FaultCrashed, Error: noteCrash}},
		},
	}
}
