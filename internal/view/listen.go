package view

import (
	"fmt"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/listen"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// A session is the answer of listen for one session of a device.
type session struct {
	report *listen.Report
	made   bool
	next   proposal
}

// Heard is the answer of listen for one session. Made is whether the
// certificate was made for this run.
func Heard(r *listen.Report, made bool, next NextCommand) Answer {
	return session{r, made, listenNext(r, next)}
}

func (s session) envelope() Envelope { return Envelope{Body: s.report, Next: s.next.first()} }

// text says to a technician what a device did, what is wrong and what to look
// for in its menu.
func (s session) text(p *page, _ int) {
	r := s.report
	p.line("%s", p.paint(bold, p.t("Device %s", r.Peer)))
	p.prose("", "%s", p.did(r))
	p.blank()
	if len(r.Upstream) > 0 {
		sideBySide(p, p.deviceColumn(r), p.serviceColumn(r.Upstream))
	} else {
		dialogueText(p, r.Stages)
	}
	p.blank()
	listenVerdict(p, r)
	for _, f := range r.Rows() {
		sentence := p.t(f.Sentence)
		if f.Cause != "" {
			sentence += " [" + string(f.Cause) + "]"
		}
		p.item("  - ", under, "%s", sentence)
		p.item(fmt.Sprintf("    %-9s ", p.t("Look for")), "              ", f.Menu)
		if answer := r.Answer(f); answer != "" {
			p.item("    Microsoft ", "              ", "%s", answer)
		}
	}
	passwordText(p, r)
	for _, note := range r.Notes {
		p.item("  - ", under, note)
	}
	for _, u := range r.Upstream {
		upstreamText(p, p.t("Handed on to %s", u.Probe.Server), u)
	}
	if r.Held != nil {
		upstreamText(p, p.t("What the service said before"), r.Held)
	}
	next := s.next
	if s.made {
		next.Say = strings.Replace(p.t(next.Say), "STARTTLS.", "STARTTLS. "+p.t(forget), 1)
	}
	next.text(p)
	p.blank()
}

// forget is for a device that goes back to the service.
const forget = "Where it was told to trust this test's certificate, remove that from it again."

// listenNext says what comes after a session: from what the service said last,
// where it was asked, else from what the device did.
func listenNext(r *listen.Report, next NextCommand) proposal {
	for _, f := range r.Rows() {
		if f.Observed != listen.SenderAllowed && r.Verdict == diagnose.Healthy {
			return proposal{Say: "Set that in the device's menu, then press test again."}
		}
	}
	d, mailbox := diagnose.Diagnosis{}, r.Login
	d.Verdict, d.Cause, d.Candidates = r.Verdict, r.Cause, r.Candidates
	u := r.Held
	if len(r.Upstream) > 0 {
		u = r.Upstream[len(r.Upstream)-1]
	}
	if u != nil {
		d, mailbox = u.Diagnosis, u.Probe.Mailbox
	}
	if !safe.IsAddress(mailbox) {
		mailbox = "" // what a device calls itself is no part of a command
	}
	s := situation("listen", d, false)
	if u != nil && s.Password == "" {
		s.Password = "password"
	}
	return propose(s, of(mailbox, d), next)
}

// upstreamText says what the service's answer to the device's sign-in means.
func upstreamText(p *page, heading string, u *listen.Upstream) {
	p.heading("%s", heading)
	switch {
	case u.Probe.Outcome == probe.Accepted:
	case u.Probe.Last() != nil:
		p.line("The server said")
		p.quoted(replyWords(u.Diagnosis.Reply), mostSteps)
	default:
		p.quoted(p.t(u.Probe.Decisive().Error), mostSteps)
	}
	if u.Verdict == diagnose.Healthy && u.Probe.Stage != probe.StageData {
		p.prose("", "The service accepted the sign-in. No message was handed on.")
		return
	}
	p.blank()
	(&verdict{Case: Case{Diagnosis: u.Diagnosis}}).reasonText(p, mostSteps)
}

// did says in a sentence or two what the device did.
func (p *page) did(r *listen.Report) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, p.t(format, args...)) }
	if r.Helo != "" {
		add("It called itself %s.", r.Helo)
	}
	switch {
	case r.TLS.Used != "":
		add("It used %s (offered: %s).", r.TLS.Used, p.offered(r.TLS))
	case len(r.TLS.Offered) > 0:
		add("It offered %s, but no TLS came about.", p.offered(r.TLS))
	default:
		add("It used no TLS.")
	}
	if len(r.Mechanisms) > 0 {
		add("It asked for %s.", strings.Join(r.Mechanisms, ", "))
	}
	if r.Login != "" {
		add("Its login is %s.", r.Login)
	}
	if r.From != "" {
		add("It sends from %s.", r.From)
	}
	for _, name := range r.Saved {
		add("A message is in %s.", name)
	}
	return strings.Join(parts, " ")
}

// offered is what a device's ClientHello says.
func (p *page) offered(t listen.TLS) string {
	text := p.t("%s, with %s", strings.Join(t.Offered, ", "), p.count(len(t.Ciphers), "cipher suite", "cipher suites"))
	if t.SNI != "" {
		text = p.t("%s, for the name %s", text, t.SNI)
	}
	return text
}

func listenVerdict(p *page, r *listen.Report) {
	asked := len(r.Upstream) > 0 || r.Held != nil
	switch {
	case r.Verdict == diagnose.Healthy && asked:
		p.prose("", "%s", p.paint(green, p.t(accepted(r.Upstream))))
	case r.Verdict == diagnose.Healthy:
		p.prose("", "%s", p.paint(green, p.t("Nothing stands in the way: Microsoft would have gone on to check the sign-in.")))
	case asked && len(r.Rows()) == 0 && r.Cause == catalogue.OAuthTokenInvalid:
		p.line("%s", p.paint(bold, p.t("The device signs in with a token that is not valid.")))
	case asked && len(r.Rows()) == 0:
		p.line("%s", p.paint(bold, p.t("The device does its part, but the service did not accept it.")))
	case r.Verdict == diagnose.Named:
		p.line("%s", p.paint(bold, p.t("Microsoft would refuse this device.")))
	default:
		p.line("%s", p.paint(bold, p.t("What is wrong cannot be told from this session alone.")))
	}
}

// accepted says how far a device came with the service.
func accepted(all []*listen.Upstream) string {
	if all[len(all)-1].Probe.Stage == probe.StageData {
		return "The service accepted the device's sign-in and its message."
	}
	return "The service accepted the device's sign-in."
}

func passwordText(p *page, r *listen.Report) {
	if r.Password == nil {
		return
	}
	p.item("  - ", under, "The password has %s; compare that with the real one.",
		p.count(r.Password.Length, "character", "characters"))
	for _, s := range r.Password.Sentences() {
		p.item("  - ", under, s)
	}
}
