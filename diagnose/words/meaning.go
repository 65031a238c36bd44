// Package words says what a text means: a pasted reply, a log line, a
// non-delivery report, a client's error, in whatever shape it arrives.
//
// It knows words alone. It reads no tenant, no network and no file, and it does
// not judge what the tenant's settings bear out; that is package diagnose.
package words

import (
	"slices"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
)

// Code names a cause of the catalogue.
type Code = catalogue.Code

// A Stage is the part of the dialogue that a reply belongs to.
type Stage = catalogue.Stage

// Verdict says how far the words settle the cause.
type Verdict string

const (
	// Healthy: the server accepted; there is nothing to mend.
	Healthy Verdict = "healthy"
	// Named: the words alone say it.
	Named Verdict = "named"
	// Unsure: several causes stand; Candidates ranks them.
	Unsure Verdict = "unsure"
	// Unknown: no row of the table knows these words.
	Unknown Verdict = "unknown"
	// OtherProvider: the words are not those of Microsoft 365.
	OtherProvider Verdict = "other-provider"
)

// A Reply is the server's refusal as far as it could be read out of a text.
// Code is the three-digit reply code (RFC 5321 section 4.2), 0 when the text
// does not show it; Status the enhanced status code (RFC 3463), "" likewise.
type Reply struct {
	Code   int    `json:"code"`
	Status string `json:"status"`
	Text   string `json:"text"`
}

// A Meaning is the answer to a text.
type Meaning struct {
	Verdict Verdict
	// Cause is set for Named.
	Cause Code
	// Candidates holds what Unsure leaves possible, the likeliest first.
	Candidates []Code
	// Anything: the words name nothing, Candidates is but the likeliest, and
	// any cause may stand behind them.
	Anything bool
	// Reply is the innermost refusal: a 535 nested in a 530 wins.
	Reply Reply
	// Others counts the refusals in the text that say something else than
	// Reply.
	Others int
	// Notes are plain sentences that qualify the verdict, for the reader.
	Notes []string
}

// Of returns what a row says, without a reply.
func Of(s signs.Sign) Meaning {
	m := Meaning{Verdict: Unsure, Candidates: slices.Clone(s.Allows), Anything: s.Anything}
	switch {
	case s.Other:
		m = Meaning{Verdict: OtherProvider}
	case s.Healthy:
		m = Meaning{Verdict: Healthy}
	case s.Names != "":
		m = Meaning{Verdict: Named, Cause: s.Names}
	}
	m.note(s.Note)
	return m
}

// Name makes m say that it was cause, and why.
func (m *Meaning) Name(cause Code, note string) {
	m.Verdict, m.Cause, m.Candidates = Named, cause, nil
	m.note(note)
}

// leave makes m unsure of codes, the likeliest first, and of nothing else.
func (m *Meaning) leave(note string, codes ...Code) {
	m.Verdict, m.Cause, m.Candidates, m.Anything = Unsure, "", distinct(codes), false
	m.note(note)
}

// possible returns the causes that m names or leaves possible.
func (m *Meaning) possible() []Code {
	if m.Cause != "" {
		return []Code{m.Cause}
	}
	return m.Candidates
}

// Allows reports whether m leaves possible what o says.
func (m *Meaning) Allows(o Meaning) bool {
	return m.Anything || slices.ContainsFunc(o.possible(), func(c Code) bool { return slices.Contains(m.possible(), c) })
}

func distinct(codes []Code) (all []Code) {
	for _, c := range codes {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// foreign makes m say that another provider refused, and why.
func (m *Meaning) foreign(note string) {
	*m = Meaning{Verdict: OtherProvider, Reply: m.Reply, Notes: []string{note}}
}

func (m *Meaning) note(note string) {
	if note != "" {
		m.Notes = append(m.Notes, note)
	}
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
