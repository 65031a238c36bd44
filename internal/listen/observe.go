package listen

import (
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/dialogue"
	"smtpmend/internal/front"
	"smtpmend/internal/secret"
)

// observe lists what a session showed, in no order that counts. What a
// session that was cut off has not shown may have been about to come.
func observe(s *front.Session, h *heard) []Observation {
	seen := observeAll(s, h)
	if !cutOff(s) {
		return seen
	}
	seen = slices.DeleteFunc(seen, func(o Observation) bool {
		return slices.ContainsFunc(findings, func(f Finding) bool { return f.Observed == o && f.Absence })
	})
	if len(seen) == 0 && !h.checked {
		return []Observation{CutOff}
	}
	return seen
}

// cutOff reports whether the session was ended from this side, by Ctrl-C.
func cutOff(s *front.Session) bool { return s.End == front.EndClosed }

func observeAll(s *front.Session, h *heard) []Observation {
	var seen []Observation
	add := func(o Observation, holds bool) {
		if holds {
			seen = append(seen, o)
		}
	}
	if o := stranger(s); o != "" {
		add(o, true)
		add(OldTLS, s.TooOld() && o != OldTLS)
		return seen
	}
	mail := said(s, "MAIL")
	_, refusedName := hello(s)
	asked := len(s.Mechanisms) > 0
	known := slices.ContainsFunc(s.Mechanisms, front.Offers)
	add(OldTLS, s.TooOld())
	add(InvalidName, refusedName)
	if s.TLS == nil {
		add(NoSTARTTLS, !refusedName && (mail || asked || !cutOff(s)))
		add(CredentialsInClear, h.overheard || asked && said(s, secret.Mask))
	} else {
		add(WrongMechanism, asked && !known)
		add(NoSignIn, mail && (!asked || known && !h.complete))
		add(LeftBeforeSignIn, !mail && !asked && !refusedName)
		add(HalfSignIn, known && !h.complete)
	}
	refused, allowed := foreignSender(h)
	add(ForeignSender, refused)
	add(SenderAllowed, allowed)
	add(NotSent, h.checked && !refused && h.asked() == nil && (h.broken || unsent(s)))
	add(LoginNoAddress, h.complete && !strings.Contains(s.Login, "@"))
	add(EmptyPassword, h.complete && !h.token && h.password.Length == 0)
	add(EmptyToken, h.complete && h.token && h.password.Length == 0)
	return seen
}

// foreignSender says whether a From that is not the login counts. Only the
// service knows of Send As, so what it said, where it was asked, stands.
func foreignSender(h *heard) (refused, allowed bool) {
	asked := h.asked()
	if asked == nil || !h.foreign {
		return h.foreign, false
	}
	return asked.Cause == catalogue.SendAsDenied, asked.Verdict == diagnose.Healthy
}

// sent lists the lines of the client.
func sent(s *front.Session) []string {
	var lines []string
	for i, e := range s.Exchanges() {
		if i > 0 { // behind the greeting
			lines = append(lines, e.Sent)
		}
	}
	return lines
}

// onlyQuit reports whether a client took its leave and said nothing else.
func onlyQuit(s *front.Session) bool {
	return !slices.ContainsFunc(sent(s), func(line string) bool { return dialogue.Verb(line) != "QUIT" })
}

func said(s *front.Session, word string) bool {
	return slices.ContainsFunc(sent(s), func(line string) bool { return dialogue.Verb(line) == word })
}

// hello is the last name given with EHLO or HELO, valid or not, and whether
// the last answer to one was a refusal.
func hello(s *front.Session) (name string, refused bool) {
	for _, e := range s.Exchanges() {
		if v := dialogue.Verb(e.Sent); v != "EHLO" && v != "HELO" {
			continue
		}
		name = strings.TrimSpace(e.Sent[4:])
		if e.Reply != nil {
			refused = e.Reply.Code == 501
		}
	}
	return name, refused
}

// unsent reports whether the last message or envelope of a session was
// refused, or never came to its end. That smtpmend itself turned it away does
// not count.
func unsent(s *front.Session) bool {
	var last *dialogue.Exchange
	for _, e := range s.Exchanges() {
		if slices.Contains([]string{"MAIL", "RCPT", "DATA", "BDAT"}, dialogue.Verb(e.Sent)) {
			last = &e
		}
	}
	switch {
	case last == nil:
		return false
	case s.End == front.EndHungUp, last.Reply == nil: // at a limit, or in the middle
		return true
	}
	return last.Reply.Code/100 != 2 && !strings.Contains(last.Reply.Line(), ours)
}
