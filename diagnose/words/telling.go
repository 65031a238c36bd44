package words

// Telling says how much of the reason a reply tells, from 0: that the client
// did not sign in follows from what was said before, a refused mechanism may be
// followed by another, the answer to the password or token says most.
func (r Reply) Telling() int { return rankOf(segment{Reply: r}) }
