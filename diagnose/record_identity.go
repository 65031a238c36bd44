package diagnose

import (
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
	microsoft365                 // the sign-in service of Microsoft 365
	microsoftMX                  // its MX endpoint, which takes no sign-in
	somebodyElse
)

// identify judges who answered by the greeting and the capabilities. A
// simulated tenant or a private cloud greets as Microsoft does and counts as
// Microsoft wherever it runs.
func identify(rep *probe.Report) identity {
	greeting, hello, auth := spoken(rep)
	host := firstWord(greeting)
	switch {
	case greeting == "":
		return nobody
	case words.InDomains(host, []string{signs.MXDomain}):
		return microsoftMX
	case words.IsMicrosoft(host), words.IsMicrosoft(firstWord(hello)):
		return microsoft365
	case strings.Contains(greeting, signs.Greeting) && offersAsMicrosoft(auth):
		return microsoft365
	case offersAsMicrosoft(auth):
		return nobody
	}
	return somebodyElse
}

// spoken returns the server's greeting, the first line of its last answer to
// EHLO, and the mechanisms it listed there; all without codes. What came
// unasked or in part does not count, nor does a refusal in place of a greeting:
// it need not name who refuses.
func spoken(rep *probe.Report) (greeting, hello string, auth []string) {
	for _, stage := range rep.Stages {
		for _, ex := range stage.Exchanges {
			if ex.Unasked || ex.Reply == nil || ex.Reply.Partial || len(ex.Reply.Lines) == 0 {
				continue
			}
			switch stage.Name {
			case probe.StageGreeting:
				if ex.Reply.Refuses() {
					continue // anybody's words: who answers is not told yet
				}
				greeting = dialogue.AfterCode(ex.Reply.Lines[0])
			case probe.StageEHLO:
				hello = dialogue.AfterCode(ex.Reply.Lines[0])
				auth, _ = ex.Reply.Capability("AUTH")
			}
		}
	}
	return greeting, hello, auth
}

// offersAsMicrosoft reports whether the mechanisms are those of Microsoft 365:
// LOGIN and XOAUTH2, never PLAIN, NTLM or GSSAPI. LOGIN alone is of 2017.
func offersAsMicrosoft(auth []string) bool {
	xoauth2 := false
	for _, m := range auth {
		if m != "LOGIN" && m != "XOAUTH2" {
			return false
		}
		xoauth2 = xoauth2 || m == "XOAUTH2"
	}
	return xoauth2
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return word
}
