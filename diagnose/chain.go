package diagnose

import (
	"slices"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// Links lists the facts that a submission with OAuth depends on, for an
// application that gets its token that way.
func Links(way catalogue.Way) []fact.Name {
	var names []fact.Name
	for _, l := range catalogue.Chain() {
		for _, t := range l.Missing {
			if l.For(way) && !slices.Contains(names, t.Fact) {
				names = append(names, t.Fact)
			}
		}
	}
	return names
}

// refusedToken says what it means that Entra issued no token, by the number that
// its words begin with. It has a meaning for a submission alone: what is about
// the request of a program names no cause.
func refusedToken(said string) words.Meaning {
	if AADSTS(said) == 0 {
		return words.Meaning{Verdict: Unknown} // the words are ours
	}
	m := words.SignInCode(AADSTS(said))
	if asksForWeakening(m) {
		m = words.Meaning{Verdict: Unknown, Notes: []string{NotTheMailbox}}
	}
	if m.Verdict == Unsure && len(m.Candidates) == 0 {
		m.Verdict = Unknown
	}
	m.Reply = Reply{Text: said}
	return m
}

// NotTheMailbox is the note of a refusal of a token that a weaker tenant would
// lift: it is about the request, and no reason to weaken anything.
const NotTheMailbox = "Entra refuses this way of asking for a token; that says nothing about the mailbox, and nothing has to be weakened for it."

// asksForWeakening reports whether a change that fix makes would lift it.
func asksForWeakening(m words.Meaning) bool {
	return slices.ContainsFunc(append(slices.Clone(m.Candidates), m.Cause), func(c catalogue.Code) bool {
		cause, _ := catalogue.Lookup(c)
		return cause.Change != nil
	})
}

// Reached tells how far the probe with a token came; sent is whether it was to
// send a message.
func Reached(rep *probe.Report, sent bool) catalogue.Reach {
	signedIn := slices.ContainsFunc(rep.Stages, func(s probe.Stage) bool {
		last := s.Last()
		return s.Name == probe.StageAuth && s.Fault == "" && last != nil && last.Reply.Code == 235
	})
	switch {
	case rep.EndedBy(probe.FaultNoToken):
		return catalogue.Nowhere
	case rep.Outcome == probe.Accepted && sent && signedIn:
		return catalogue.Sent
	case signedIn:
		return catalogue.SignedIn
	}
	return catalogue.GotToken
}

// Along weighs d against the links of the chain: what refused the token comes
// first, then what the server names, then the first link that the tenant shows
// to be missing. What the attempt passed was there, whatever the tenant says of
// it by now.
func (d Diagnosis) Along(ev fact.Evidence, way catalogue.Way, reach catalogue.Reach) Diagnosis {
	d.Evidence, d.Notes = ev, slices.Clone(d.Notes)
	c := d.holdAgainst(way, reach)
	switch d.Verdict {
	case Unknown, Unsure:
		if !slices.Contains(d.Notes, NotTheMailbox) { // else no link is why
			d.settleLink(c, reach)
		}
	case Healthy:
		if len(c.ahead) > 0 {
			d.note("The sign-in was accepted; a whole message would be refused, which this attempt did not send.")
			d.confirm(c.ahead[0].Cause)
		}
	case Named:
		d.bearOutLink(c, way)
	default:
		return d
	}
	d.line(c.ahead)
	d.doubt(c.passed)
	return d
}

// A chain is what the evidence says of the links: those that are missing behind
// the place that the attempt reached, those missing before it, and those behind
// it that are not known.
type chain struct{ ahead, passed, open []catalogue.Link }

func (d *Diagnosis) holdAgainst(way catalogue.Way, reach catalogue.Reach) (c chain) {
	for _, l := range catalogue.Chain() {
		if !l.For(way) || reach == catalogue.Nowhere && asksForHolder(l) {
			continue // there is no holder of no token
		}
		ahead := l.Proof > reach
		switch conditionIn(l.Missing, d.Evidence) {
		case yes:
			if ahead {
				c.ahead = append(c.ahead, l)
			} else {
				c.passed = append(c.passed, l)
			}
		case unread:
			if ahead {
				c.open = append(c.open, l)
				d.miss(l)
			}
		}
	}
	return c
}

func asksForHolder(l catalogue.Link) bool {
	return slices.ContainsFunc(l.Missing, func(t catalogue.Term) bool { return t.Fact == fact.AppUser })
}

// miss notes the facts that keep a link from being known.
func (d *Diagnosis) miss(l catalogue.Link) {
	for _, t := range l.Missing {
		if !d.Evidence.Get(t.Fact).Known() && !slices.Contains(d.Unseen, t.Fact) {
			d.Unseen = append(d.Unseen, t.Fact)
		}
	}
}

// bearOutLink holds a cause that Entra or the server names against the chain.
func (d *Diagnosis) bearOutLink(c chain, way catalogue.Way) {
	missing := c.ahead
	same := func(l catalogue.Link) bool { return l.Cause == d.Cause }
	switch {
	case slices.ContainsFunc(missing, same):
		d.Verdict = Confirmed
	case slices.ContainsFunc(c.open, same):
	case slices.ContainsFunc(missing, func(l catalogue.Link) bool { return row(l.Cause).Mends(d.Cause) }):
		i := slices.IndexFunc(missing, func(l catalogue.Link) bool { return row(l.Cause).Mends(d.Cause) })
		d.confirm(missing[i].Cause)
	case slices.ContainsFunc(catalogue.Chain(), func(l catalogue.Link) bool { return same(l) && l.For(way) }):
		d.note("The tenant shows this in place: what was used here may be another than what is registered there, or a change has not arrived yet.")
	}
}

// settleLink looks for the link behind a refusal that names none: the words of
// the mail server carry nothing where they leave several open, those of Entra
// do. A link that only a whole message proves does not explain why the sign-in
// was refused, as long as others may.
func (d *Diagnosis) settleLink(c chain, reach catalogue.Reach) {
	may := func(l catalogue.Link) bool {
		return d.Verdict == Unknown || reach > catalogue.Nowhere || d.allows(l.Cause)
	}
	near := func(l catalogue.Link) bool { return l.Proof == reach+1 && may(l) }
	if i := slices.IndexFunc(c.ahead, near); i >= 0 {
		d.confirm(c.ahead[i].Cause)
		return
	}
	open := causesOf(slices.DeleteFunc(slices.Clone(c.open), func(l catalogue.Link) bool { return !near(l) }))
	if i := slices.IndexFunc(c.ahead, may); i >= 0 && len(open) == 0 {
		d.confirm(c.ahead[i].Cause)
		return
	}
	switch {
	case len(open) > 0:
		// The token is fresh and good: what the mail server asks of it is likelier
		// than what it would have named.
		slices.SortStableFunc(open, func(a, b catalogue.Code) int { return strings.Compare(string(row(b).Meets), string(row(a).Meets)) })
		// The causes that are no links stay open behind them, and the links that are
		// not known to be in place.
		for _, code := range d.Candidates {
			inPlace := isLink(code) && !slices.Contains(causesOf(slices.Concat(c.open, c.ahead)), code)
			if !inPlace && !slices.Contains(open, code) {
				open = append(open, code)
			}
		}
		d.Verdict, d.Anything, d.Candidates = Unsure, false, open
	case len(d.Unseen) == 0 && d.Verdict == Unsure:
		if left := slices.DeleteFunc(slices.Clone(d.Candidates), isLink); len(left) > 0 {
			d.Candidates = left
		}
		d.note("Everything that can be read is in place. A right given a moment ago takes 30 minutes to two hours to count; try again then.")
	}
}

// doubt notes what the tenant shows to be missing although the sign-in passed it.
// Of a delegate's sign-in the mailbox's own settings say nothing.
func (d *Diagnosis) doubt(passed []catalogue.Link) {
	user := d.Evidence.Get(fact.AppUser)
	for _, l := range passed {
		if l.Proof == catalogue.SignedIn && (!user.Known() || user.Value == "mailbox") {
			d.note("The tenant shows [%s] by now, which this sign-in passed: a change may be on its way, and stop it soon.", l.Cause)
		}
	}
}

// isLink reports whether the chain holds what is missing then.
func isLink(cause catalogue.Code) bool {
	return slices.ContainsFunc(catalogue.Chain(), func(l catalogue.Link) bool { return l.Cause == cause })
}

// line puts the missing links and the causes behind the first in order.
func (d *Diagnosis) line(missing []catalogue.Link) {
	for _, l := range missing {
		switch {
		case l.Cause == d.Cause && !slices.ContainsFunc(d.Missing, func(o catalogue.Link) bool { return o.Cause == d.Cause }):
			d.Missing = slices.Insert(d.Missing, 0, l)
		case !slices.ContainsFunc(d.Missing, func(o catalogue.Link) bool { return o.Cause == l.Cause }):
			d.Missing = append(d.Missing, l)
		}
	}
	d.Also = without(causesOf(d.Missing), d.Cause)
}

func causesOf(links []catalogue.Link) []catalogue.Code {
	var all []catalogue.Code
	for _, l := range links {
		if !slices.Contains(all, l.Cause) {
			all = append(all, l.Cause)
		}
	}
	return all
}

// Elsewhere returns another way to the token where Entra refused this way of
// asking and may not refuse another: policies on sign-in flows block the device
// code alone, and what security defaults or a second factor stop is asked for in
// a browser, or by the application itself. It is "" where no other way is known
// to help.
func Elsewhere(way catalogue.Way, code int) catalogue.Way {
	weakening := asksForWeakening(words.SignInCode(code))
	switch {
	case way == catalogue.Browser && weakening:
		return catalogue.ClientCertificate
	case weakening, way == catalogue.DeviceCode && slices.Contains([]int{530036, 53003}, code):
		return catalogue.Browser
	}
	return ""
}

// AADSTS is that of package words.
func AADSTS(said string) int { return words.AADSTS(said) }
