// Package signs holds the words by which a refusal is known: a row a phrase,
// with what it means.
//
// It is data. What a text says, and which row wins, is package words' work.
package signs

import (
	"slices"

	"smtpmend/diagnose/catalogue"
)

// Code names a cause of the catalogue.
type Code = catalogue.Code

// Cut ends a phrase whose last word may go on.
const Cut = "…"

// A Sign is one row of the table that maps words to what they mean. A row
// applies when everything it says holds; of those that apply, the one that
// says most decides. Exactly one of Names, Allows, Other and Healthy gives the
// answer; only beside Other may Allows stand as well.
type Sign struct {
	// Stage, Code and Status hold of the reply in which the words stand; their
	// zero values hold of any.
	Stage  catalogue.Stage
	Code   int
	Status string
	// Words is the shortest phrase that is distinctive, as the server writes
	// it. Case, blanks, quotes and line ends do not count, the bounds of words
	// do. And must be there as well, before or after.
	Words string
	And   string

	// Opens: the words begin the reply; elsewhere in it they are somebody's
	// guess.
	Opens bool
	// Wordy: the reply has words of its own, none of them Microsoft's mark.
	Wordy bool
	// Client: the words are a client's own and stand outside any reply. They
	// decide only where no reply does.
	Client bool
	// Loose: every network client says the words. They are meant of mail
	// beside a word of mail, or alone.
	Loose bool
	// Ours: the reply carries a mark of Microsoft.
	Ours bool
	// Shared: other servers use the words as well, so another host's name
	// beside them does not change the answer.
	Shared bool

	Names    Code   // the cause, where the words allow no other
	Allows   []Code // the causes they leave possible, the likeliest first
	Anything bool   // Allows is but the likeliest: the words name nothing, and any cause may stand behind them
	Other    bool   // another server's words; Allows then holds where a device says them of Microsoft 365
	Healthy  bool   // an acceptance
	Note     string // a sentence that qualifies the answer
}

// All is the whole table; order does not decide.
var All = slices.Concat(
	signInSigns,
	oauthSigns,
	connectionSigns,
	submissionSigns,
	clientSigns,
	deviceSigns,
	networkSigns,
	otherSigns,
	healthySigns,
	entraSigns(),
)

// Agrees reports whether two rows give the same answer.
func (s Sign) Agrees(o Sign) bool {
	return s.Other == o.Other && s.Healthy == o.Healthy && s.Names == o.Names && slices.Equal(s.Allows, o.Allows)
}

// Possible returns the causes that a row leaves open.
func (s Sign) Possible() []Code {
	switch {
	case s.Other, s.Healthy:
		return nil
	case s.Names != "":
		return []Code{s.Names}
	}
	return s.Allows
}
