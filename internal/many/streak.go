package many

import "slices"

// mostRefusals is how many sign-ins may be refused in a row before no other is
// begun. A list whose passwords are wrong would lock one account after the
// other, and looks to the service like somebody who guesses.
const mostRefusals = 3

// A Streak is the refusals since a sign-in was accepted last. The zero value
// is none.
type Streak struct{ refused []string }

// Add takes in what an attempt told.
func (s *Streak) Add(mailbox string, signs Signs) {
	switch {
	case signs.Refused:
		s.refused = append(s.refused, mailbox)
	case signs.SignedIn:
		s.refused = nil
	}
}

// Left is how many more there may be.
func (s *Streak) Left() int { return max(0, mostRefusals-len(s.refused)) }

// Stops reports whether there are too many of them.
func (s *Streak) Stops() bool { return s.Left() == 0 }

// Refused are the mailboxes of the refusals, in the order of their results.
func (s *Streak) Refused() []string { return slices.Clone(s.refused) }

// Forget begins anew, because somebody said to go on.
func (s *Streak) Forget() { s.refused = nil }
