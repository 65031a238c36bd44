package listen

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/dialogue"
	"smtpmend/internal/front"
	"smtpmend/probe"
)

// A Report is what one session showed and what it means. Its JSON form is a
// contract.
type Report struct {
	Peer       string           `json:"peer"`
	TLS        TLS              `json:"tls"`
	Mechanisms []string         `json:"mechanisms"`
	Stages     []dialogue.Stage `json:"stages"` // the device's side, as probe records its own
	From       string           `json:"from"`
	Login      string           `json:"login"`
	// Verdict is Healthy when Microsoft's front end would have gone on to
	// check the password or, with forwarding, when the service accepted it.
	Verdict  diagnose.Verdict `json:"verdict"`
	Cause    catalogue.Code   `json:"cause"`
	Findings []catalogue.Code `json:"findings"`

	Candidates   []catalogue.Code `json:"candidates"`
	Observations []Observation    `json:"observations"`
	Helo         string           `json:"helo"`
	HeaderFrom   string           `json:"header_from"` // of the message, "" when none came
	End          string           `json:"end"`
	// Password is nil when no complete sign-in came, and for a token.
	Password *Password   `json:"password,omitempty"`
	Saved    []string    `json:"saved,omitempty"`
	Upstream []*Upstream `json:"upstream,omitempty"`
	// Held is what the service said to the same credentials before, where they
	// were not handed on again.
	Held *Upstream `json:"-"`
	// Passwords is how many different ones the device has given for its account
	// so far, where sign-ins are handed on; from maxPasswords on it is that.
	Passwords int      `json:"passwords,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	MS        int64    `json:"ms"`
	// Crash is the text and the stack of a panic, smtpmend's own, "" for none.
	Crash string `json:"-"`

	flavour front.Flavour
}

// TLS is what the device offered, and what was used, "" for none.
type TLS struct {
	Offered []string `json:"offered"`
	Used    string   `json:"used"`
	SNI     string   `json:"sni"`
	Ciphers []string `json:"ciphers"`
}

// An Upstream is one sign-in that was handed on to the service.
type Upstream struct {
	Verdict    diagnose.Verdict `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Probe      *probe.Report    `json:"probe"`
	// Diagnosis is the same in full, for a person.
	Diagnosis diagnose.Diagnosis `json:"-"`
}

func newUpstream(rep *probe.Report) *Upstream {
	d := diagnose.Record(rep)
	candidates := append([]catalogue.Code{}, d.Candidates...)
	return &Upstream{Verdict: d.Verdict, Cause: d.Cause, Candidates: candidates, Probe: rep, Diagnosis: d}
}

// Longest address that is kept (RFC 5321 section 4.5.3.1.3 allows 256).
const maxAddress = 320

// newReport concludes a session that has ended.
func newReport(s *front.Session, h *heard) *Report {
	r := bareReport(s, h)
	name, _ := hello(s)
	r.TLS, r.Stages, r.Helo = newTLS(s), append(r.Stages, s.Stages...), clip(name)
	r.Mechanisms = append(r.Mechanisms, s.Mechanisms...)
	r.From, r.Login, r.HeaderFrom = clip(s.From), clip(s.Login), h.headerFrom
	r.Saved, r.Upstream, r.Held, r.Passwords = h.saved, h.upstream, h.held, h.tried
	r.MS = s.Ended.Sub(s.Started).Milliseconds()
	if h.overheard && !h.token {
		r.Password = &h.password
	}
	if s.Omitted > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d exchanges from the middle of the dialogue are not shown.", s.Omitted))
	}
	if h.tried > 1 {
		r.Notes = append(r.Notes, severalPasswords(h.tried))
	}
	r.conclude(observe(s, h), h.checked)
	return r
}

// bareReport says only who it was; it is all there is where smtpmend failed.
func bareReport(s *front.Session, h *heard) *Report {
	return &Report{
		Peer: s.Peer.String(), Mechanisms: []string{}, Stages: []dialogue.Stage{},
		TLS: TLS{Offered: []string{}, Ciphers: []string{}}, End: string(s.End),
		Verdict: diagnose.Unknown, Findings: []catalogue.Code{}, Candidates: []catalogue.Code{},
		Observations: []Observation{}, Notes: h.notes, Crash: h.crash, flavour: s.Flavour,
	}
}

// severalPasswords tells by number, never by value.
func severalPasswords(n int) string {
	many := fmt.Sprint(n)
	if n >= maxPasswords {
		many = fmt.Sprintf("%d or more", maxPasswords)
	}
	return "The device has given " + many + " different passwords for its account: look for a second place where one is set, or for somebody who guesses."
}

// conclude walks the table. checked is whether Microsoft would have checked
// the password.
func (r *Report) conclude(seen []Observation, checked bool) {
	for _, f := range findings {
		if !slices.Contains(seen, f.Observed) {
			continue
		}
		r.Observations = append(r.Observations, f.Observed)
		if f.Cause != "" && !slices.Contains(r.Findings, f.Cause) {
			r.Findings = append(r.Findings, f.Cause)
		}
		r.Candidates = append(r.Candidates, f.Candidates...)
	}
	switch {
	case len(r.Findings) > 0:
		r.Verdict, r.Cause, r.Candidates = diagnose.Named, r.Findings[0], []catalogue.Code{}
	case r.Held != nil:
		r.heed(r.Held)
	case checked:
		r.Verdict = diagnose.Healthy
		if n := len(r.Upstream); n > 0 {
			r.heed(r.Upstream[n-1])
		}
	case len(r.Candidates) > 0:
		r.Verdict = diagnose.Unsure
	default:
		r.Verdict = diagnose.Unknown
	}
	if r.Verdict != diagnose.Healthy {
		return
	}
	if slices.Contains(seen, NotSent) {
		r.Verdict = diagnose.Unsure
	} else {
		r.Candidates = []catalogue.Code{}
	}
}

// heed takes over what the service itself said.
func (r *Report) heed(u *Upstream) {
	r.Verdict, r.Cause = u.Verdict, u.Cause
	if u.Verdict != diagnose.Healthy {
		r.Candidates = append([]catalogue.Code{}, u.Candidates...)
	}
	if r.Cause != "" {
		r.Findings = append(r.Findings, r.Cause)
	}
}

// Rows returns the findings behind the observations, the decisive one first.
func (r *Report) Rows() []Finding {
	var rows []Finding
	for _, f := range findings {
		if slices.Contains(r.Observations, f.Observed) {
			rows = append(rows, f)
		}
	}
	return rows
}

// Answer is what Microsoft says to a device that shows f, "" where it says
// nothing.
func (r *Report) Answer(f Finding) string {
	if f.Reply == (front.Text{}) {
		return ""
	}
	reply := front.Say(f.Reply, r.flavour).String()
	return strings.NewReplacer("{login}", r.Login, "{from}", cmp.Or(r.From, r.HeaderFrom), "{mailbox-host}", "...").Replace(reply)
}

func newTLS(s *front.Session) TLS {
	t := TLS{Offered: []string{}, Ciphers: []string{}}
	if s.ClientHello != nil {
		t.SNI = clip(s.ClientHello.ServerName)
		for _, v := range s.ClientHello.Versions {
			if v>>8 == 3 { // not the reserved values of RFC 8701
				t.Offered = append(t.Offered, tls.VersionName(v))
			}
		}
		for _, c := range s.ClientHello.Ciphers {
			t.Ciphers = append(t.Ciphers, tls.CipherSuiteName(c))
		}
	}
	if s.TLS != nil {
		t.Used = tls.VersionName(s.TLS.Version)
	}
	return t
}

func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), maxAddress)], "?") }
