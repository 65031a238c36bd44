package diagnose

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words"
	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/dialogue"
	"smtpmend/probe"
)

// identity is who answered a probe.
type identity int

const (
	nobody       identity = iota // no greeting, or one that settles nothing
	microsoft365                 // or its MX endpoint, which takes no sign-in
	somebodyElse
)

// identify judges who answered by the greeting and the capabilities. A
// simulated tenant or a private cloud greets as Microsoft does and counts as
// Microsoft wherever it runs.
func identify(rep *probe.Report) identity {
	greeting, hello, auth := spoken(rep)
	switch {
	case greeting == "":
		return nobody
	case words.IsMicrosoft(firstWord(greeting)), words.IsMicrosoft(firstWord(hello)):
		return microsoft365
	case strings.Contains(greeting, signs.Greeting) && offersAsMicrosoft(auth):
		return microsoft365
	case offersAsMicrosoft(auth):
		return nobody
	}
	return somebodyElse
}

// spoken returns the server's greeting, the first line of its last answer to
// EHLO, and the mechanisms it listed there; all without codes. A refusal in
// place of a greeting does not count: it need not name who refuses.
func spoken(rep *probe.Report) (greeting, hello string, auth []string) {
	for _, stage := range rep.Stages {
		ex := stage.Last()
		if ex == nil || len(ex.Reply.Lines) == 0 {
			continue
		}
		said := dialogue.AfterCode(ex.Reply.Lines[0])
		switch {
		case stage.Name == probe.StageGreeting && !ex.Reply.Refuses():
			greeting = said
		case stage.Name == probe.StageEHLO:
			hello = said
			auth, _ = ex.Reply.Capability("AUTH")
		}
	}
	return greeting, hello, auth
}

// offersAsMicrosoft reports whether the mechanisms are those of Microsoft 365:
// LOGIN and XOAUTH2, never PLAIN, NTLM or GSSAPI. LOGIN alone is of 2017.
func offersAsMicrosoft(auth []string) bool {
	return slices.Contains(auth, "XOAUTH2") &&
		!slices.ContainsFunc(auth, func(m string) bool { return m != "LOGIN" && m != "XOAUTH2" })
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return word
}
