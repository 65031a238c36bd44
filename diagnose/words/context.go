package words

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"smtpmend/diagnose/catalogue"
)

// A context is what a dialogue in a text tells beside its replies.
type context struct {
	mechanisms []string // that the client used, in order
	offered    bool     // the server offered STARTTLS
	started    bool     // the client used it
}

var authCommand = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bAUTH[ =](LOGIN|PLAIN|NTLM|XOAUTH2|CRAM-MD5|GSSAPI)\b`)
})

// contextOf reads the client's commands and the server's offers.
func contextOf(r *reading) (c context) {
	for line := range strings.Lines(r.text) {
		upper := strings.ToUpper(strings.TrimSpace(line))
		lists := strings.Contains(upper, "250-") || strings.Contains(upper, "250 ")
		switch {
		case lists && strings.HasSuffix(upper, "STARTTLS"):
			c.offered = true
		case strings.HasSuffix(upper, "STARTTLS"):
			c.started = true
		case !lists && strings.Contains(upper, "AUTH"):
			if m := authCommand().FindStringSubmatch(upper); m != nil {
				c.mechanisms = append(c.mechanisms, m[1])
			}
		}
	}
	return c
}

// used returns the mechanism that the client used, "" when the text names none
// or several.
func (c context) used() string {
	slices.Sort(c.mechanisms)
	if all := slices.Compact(c.mechanisms); len(all) == 1 {
		return all[0]
	}
	return ""
}

// ForMechanism drops the candidates that the mechanism of a sign-in rules out.
// With a token, what only a token meets comes first.
func (m Meaning) ForMechanism(mechanism string) Meaning {
	if m.Verdict != Unsure || mechanism == "" {
		return m
	}
	var first, left []Code
	for _, code := range m.Candidates {
		switch c, _ := catalogue.Lookup(code); {
		case !c.MetBy(mechanism):
			m.Anything = m.Anything && c.Meets != catalogue.Password // a token meets less
		case c.Meets == catalogue.Token:
			first = append(first, code)
		default:
			left = append(left, code)
		}
	}
	if left = append(first, left...); len(left) > 0 {
		m.Candidates = left
	}
	return m
}

// mechanism weighs what the words leave open by the mechanism that the client
// used, where the text shows it.
func (r *reading) mechanism() {
	if r.pick.row == nil || r.m.Verdict != Unsure {
		return
	}
	name := r.ctx.used()
	switch {
	case !slices.Contains(foreignMechanisms, name) || r.pick.ours || r.pick.rank != rankSignIn:
		r.m = r.m.ForMechanism(name)
	case namesMicrosoft(r.text):
		r.m.Candidates = append([]Code{"mechanism-unsupported"}, r.m.Candidates...)
	default:
		r.m = Meaning{Verdict: OtherProvider, Reply: r.m.Reply,
			Notes: []string{"Microsoft 365 takes LOGIN and XOAUTH2; the client signed in with " + name + ", to another server."}}
	}
}

// foreignMechanisms are those that Exchange on the premises and others take,
// and Microsoft 365 answers with a 504.
var foreignMechanisms = []string{"NTLM", "GSSAPI", "CRAM-MD5"}

// possible returns the causes that the finding's row leaves open.
func (f finding) possible() []Code {
	if f.row == nil {
		return nil
	}
	return f.row.Possible()
}

// starttls names the client that was offered STARTTLS and signed in without.
func (r *reading) starttls() {
	if r.ctx.offered && !r.ctx.started && len(r.ctx.mechanisms) > 0 && slices.Contains(r.pick.possible(), "mechanism-unsupported") {
		r.m.Verdict, r.m.Cause, r.m.Candidates = Named, "starttls-not-used", nil
	}
}
