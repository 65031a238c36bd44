package words

import (
	"slices"
	"strings"
)

// A sign is one row of the table that maps words to what they mean. A row
// applies when everything it says holds; of those that apply, the one that
// says most decides. Exactly one of names, allows and is gives the answer; only
// beside OtherProvider may allows stand as well.
type sign struct {
	// stage, code and status hold of the reply in which the words stand; their
	// zero values hold of any.
	stage  Stage
	code   int
	status string
	// words is the shortest phrase that is distinctive, as the server writes
	// it. Case, blanks, quotes and line ends do not count. and must be there
	// as well, before or after.
	words string
	and   string

	// opens: the words begin the reply; elsewhere in it they are somebody's
	// guess.
	opens bool
	// wordy: the reply has words of its own, none of them Microsoft's mark.
	wordy bool
	// client: the words are a client's own and stand outside any reply. They
	// decide only where no reply does.
	client bool
	// loose: the words mean mail because somebody pasted them here. In a log
	// they count only beside a word of mail.
	loose bool
	// ours: the reply carries a mark of Microsoft.
	ours bool
	// shared: other servers use the words as well, so another host's name
	// beside them does not change the answer.
	shared bool

	names  Code    // the cause, where the words allow no other
	allows []Code  // the causes they leave possible, the likeliest first
	is     Verdict // Healthy or OtherProvider; allows then holds where a device says the words of Microsoft 365
	note   string  // a sentence that qualifies the answer
}

// signs is the whole table; order does not decide.
var signs = slices.Concat(
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

// verdict returns what the row says.
func (s sign) verdict() Verdict {
	switch {
	case s.is != "":
		return s.is
	case s.names != "":
		return Named
	default:
		return Unsure
	}
}

// weight tells how much the row says: every word counts, a condition on stage,
// code or mark as one, on the status as two; among equals the longer words, of
// which there are length octets, squeezed.
func (s sign) weight(length int) int {
	n := 0
	for range strings.FieldsSeq(s.words + " " + s.and) {
		n++
	}
	if s.stage != "" {
		n++
	}
	if s.code != 0 {
		n++
	}
	if s.ours {
		n++
	}
	if s.status != "" {
		n += 2
	}
	return 1000*n + length
}

// diagnosis returns the row's answer without a reply.
func (s sign) diagnosis() Meaning {
	d := Meaning{Verdict: s.verdict(), Cause: s.names}
	if d.Verdict == Unsure {
		d.Candidates = slices.Clone(s.allows)
	}
	if s.note != "" {
		d.Notes = []string{s.note}
	}
	return d
}

// agrees reports whether two rows give the same answer.
func (s sign) agrees(o sign) bool {
	return s.is == o.is && s.names == o.names && slices.Equal(s.allows, o.allows)
}

// Phrases returns the words on which verdicts hang, and the names of Microsoft's
// hosts: everybody knows them, so nobody who masks secrets need mask them.
func Phrases() []string {
	words := slices.Concat(submissionHosts, microsoftDomains, []string{GreetingWords})
	for _, s := range signs {
		words = append(words, strings.TrimSuffix(s.words, cutMark), strings.TrimSuffix(s.and, cutMark))
	}
	return words
}
