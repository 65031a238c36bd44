package view

import (
	"strings"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// Every missing link fits the screen with its command, whoever said what, with
// something unread and something else missing besides.
func TestEveryLinkFitsTheScreen(t *testing.T) {
	const guid = "3b37b804-13e8-4700-4792-31c0a1de3c9f"
	line := func(args ...string) (string, bool) { return safe.Command(append([]string{"smtpmend"}, args...)...) }
	said := strings.Repeat("Authentication unsuccessful, and more of it. ", 40)
	for _, l := range catalogue.Chain() {
		for _, token := range []*Token{nil, {Kind: "user", User: "scanner@contoso.com", Application: guid, Permissions: []string{"SMTP.Send", "openid"}, Expires: time.Now()}} {
			var ev fact.Evidence
			for _, term := range l.Missing {
				value := fact.None
				if len(term.Values) > 0 {
					value = term.Values[0]
				}
				ev = append(ev, fact.Reading{Fact: term.Fact, Value: value, Detail: "object id " + guid + " in place of " + guid})
			}
			ev = append(ev, fact.Reading{Fact: fact.AppRBAC, Error: "Exchange Online did not give app.rbac: it refused with status 403, for the cmdlet Test-ServicePrincipalAuthorization; the application holds Exchange.ManageAsApp and needs a role besides"})
			d := diagnose.Diagnosis{
				Meaning:   words.Meaning{Verdict: diagnose.Confirmed, Cause: l.Cause, Reply: words.Reply{Text: said}, Notes: []string{"A note of the words.", "A note."}},
				Mechanism: probe.MechXOAUTH2, Evidence: ev, Missing: []catalogue.Link{l}, Also: []catalogue.Code{"smtp-auth-off-mailbox"}, Unseen: []fact.Name{fact.AppRBAC},
			}
			rep := &probe.Report{Mailbox: "scanner@contoso.com", Server: "smtp.office365.com:587", Mechanism: probe.MechXOAUTH2, Outcome: probe.Refused, Stage: probe.StageAuth,
				Stages: []probe.Stage{{Name: probe.StageAuth, Exchanges: []probe.Exchange{{Reply: &probe.Reply{Code: 535, Lines: []string{"535 " + said}}}}}}}
			p := newPage(false)
			p.onOneScreen(Proven(Case{Mailbox: "scanner@contoso.com", Diagnosis: d, Report: rep, Asked: true, Heard: 1, OAuth: &OAuth{Token: token},
				Place: powershell.Place{Mailbox: "scanner@contoso.com", App: guid, Object: guid}}, line).text)
			text := p.String()
			if Height(text) > ScreenRows || !strings.Contains(text, "["+string(l.Cause)+"]") {
				t.Errorf("%s: %d rows\n%s", l.Cause, Height(text), text)
			}
			for _, command := range (powershell.Place{Mailbox: "scanner@contoso.com", App: guid, Object: guid}).Lines(l.Make) {
				if !strings.Contains(text, "    "+command+"\n") {
					t.Errorf("%s: without %s", l.Cause, command)
				}
			}
		}
	}
}
