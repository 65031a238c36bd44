package view

import (
	"fmt"
	"io"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/view/safe"
	"smtpmend/remediate"
)

// changeWords says a change in words, with the values in positive ones.
func changeWords(c remediate.Change) string {
	row, _ := fact.Lookup(c.Fact)
	return fmt.Sprintf("%s of %s: %s -> %s", row.Title, c.Target, row.Words(c.From), row.Words(c.To))
}

// Plan writes what a person approves. What it costs comes first, then what
// else is known and unknown, and last, beside the question, who would change
// what for whom. The error is w's.
func Plan(w io.Writer, plan remediate.Plan, colour bool) error {
	p := newPage(colour)
	planText(p, plan)
	_, err := p.WriteTo(w)
	return err
}

func planText(p *page, plan remediate.Plan) {
	cause, _ := catalogue.Lookup(plan.Cause)
	remedy := cause.Change
	item := func(name, text string) { p.item(fmt.Sprintf("  %-10s", name), "            ", text) }
	p.heading("Plan: " + remedy.Title)
	item("Cause", fmt.Sprintf("%s [%s]", title(plan.Cause), plan.Cause))
	item("Weakens", remedy.Weakens)
	item("Instead", cause.WeakensNothing)
	if try, ok := tryOAuth(cause, plan.Mailbox); ok {
		item("", "This tries OAuth first, and changes nothing:")
		p.line("            %s", try)
	}
	item("Mind", strings.Join(catalogue.RetirementDates[1:2], " "))
	item("Needs", "the role "+remedy.Role())
	for _, text := range cautions(plan) {
		item("Caution", text)
	}
	s := plan.Context.Subject
	item("Journal", "will be "+plan.Context.Journal)
	item("Tenant", tenantWords(s))
	item("Signed in", SignedIn(s.Account, s.Visiting, s.Domain))
	if name := s.Mailbox.Name; name != "" && !strings.EqualFold(name, plan.Mailbox) {
		item("Mailbox", fmt.Sprintf("%s, which Exchange calls %s", plan.Mailbox, name))
	}
	if name := s.User.Name; name != "" && !strings.EqualFold(name, plan.Mailbox) {
		item("User", fmt.Sprintf("signs in as %s", name))
	}
	for _, c := range plan.Changes {
		item("Change", changeWords(c))
		item("Touches", fmt.Sprintf("%s (scope: %s)", remedy.ForWhom, c.Scope))
	}
}

// tryOAuth is the command that tries the way that weakens nothing, before
// anything is given up for a password; false where a token meets the same.
func tryOAuth(cause catalogue.Cause, mailbox string) (string, bool) {
	if cause.Meets != catalogue.Password {
		return "", false
	}
	return safe.Command("smtpmend", "diagnose", mailbox, "--oauth", string(catalogue.Browser))
}

// tenantWords names a tenant as far as it is known.
func tenantWords(s fact.Subject) string {
	text := s.Domain + " (" + s.TenantID + ")"
	if s.Organisation != "" {
		text = s.Organisation + ", " + text
	}
	return text
}

// SignedIn is who is signed in to a tenant that is named beside it. Whoever
// comes from another one, as a partner does, is told apart.
func SignedIn(account string, visiting bool, domain string) string {
	if visiting {
		return fmt.Sprintf("%s, an account of another organisation, in %s", account, domain)
	}
	return account
}

// cautions are what speaks against the change, or could.
func cautions(plan remediate.Plan) []string {
	c := plan.Context
	var all []string
	if !c.Told {
		all = append(all, "The reply does not name this cause; the tenant's settings alone show it, and the password is not proven. If it is wrong, this change does not help.")
	}
	if name := c.Subject.User.Name; !c.Told && name != "" && !strings.EqualFold(name, plan.Mailbox) {
		all = append(all, fmt.Sprintf("The account signs in as %s, not as %s: that alone may be why it was refused. Try that name first.", name, plan.Mailbox))
	}
	if plan.Scope() == fact.ScopeTenant {
		all = append(all, "Without effect at the end of the wait this change is put back by itself (--keep leaves it).")
	}
	for _, code := range c.Others {
		text := "Also in the way: " + title(code) + " [" + string(code) + "]"
		if _, mendable := remediate.Lookup(code); !mendable {
			text += " Only a person can remove that, and until then nothing is sent."
		}
		all = append(all, text)
	}
	for _, u := range unreadReasons(c.Unread) {
		all = append(all, "Not known, and perhaps in the way as well: "+strings.Join(u.titles, "; ")+". "+u.reason)
	}
	switch {
	case c.Roles.Known() && c.Roles.Value != fact.None:
		all = append(all, "The account is an administrator's ("+c.Roles.Value+"). A mailbox that does nothing but send is the better one for a device.")
	case plan.MustBeNamed():
		all = append(all, "Whether the account is an administrator's could not be read. An administrator's second factor must stay. "+c.Roles.Error)
	}
	return all
}
