package view

import (
	"fmt"
	"io"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/remediate"
)

// changeWords says a change in words, with the values in positive ones.
func (p *page) changeWords(c remediate.Change) string {
	row, _ := fact.Lookup(c.Fact)
	return p.t("%s of %s: %s -> %s", p.t(row.Title), c.Target, p.valueWords(row, c.From), p.valueWords(row, c.To))
}

// Plan writes what a person approves. What it costs comes first, then what
// else is known and unknown, and last, beside the question, who would change
// what for whom. next writes the command that tries the way that weakens
// nothing. The error is w's.
func Plan(w io.Writer, plan remediate.Plan, f Form, next NextCommand) error {
	p := f.page()
	planText(p, plan, next)
	_, err := p.WriteTo(w)
	return err
}

func planText(p *page, plan remediate.Plan, next NextCommand) {
	cause, _ := catalogue.Lookup(plan.Cause)
	remedy := cause.Change
	entry := func(name, format string, args ...any) {
		p.item(fmt.Sprintf("  %-9s ", p.t(name)), "            ", format, args...)
	}
	p.heading("Plan: %s", p.t(remedy.Title))
	entry("Cause", "%s [%s]", p.t(title(plan.Cause)), plan.Cause)
	entry("Weakens", remedy.Weakens)
	entry("Instead", cause.WeakensNothing)
	if try, ok := tryOAuth(cause, plan.Mailbox, next); ok {
		p.item("            ", "            ", "This tries OAuth first, and changes nothing:")
		p.line("            %s", try)
	}
	entry("Mind", strings.Join(catalogue.RetirementDates[1:2], " "))
	entry("Needs", "the role %s", p.t(remedy.Role()))
	for _, text := range p.cautions(plan) {
		entry("Caution", "%s", text)
	}
	s := plan.Context.Subject
	entry("Journal", "will be %s", plan.Context.Journal)
	entry("Tenant", "%s", tenantWords(s))
	entry("Signed in", "%s", p.lang.SignedIn(s.Account, s.Visiting, s.Domain))
	if name := s.Mailbox.Name; name != "" && !strings.EqualFold(name, plan.Mailbox) {
		entry("Mailbox", "%s, which Exchange calls %s", plan.Mailbox, name)
	}
	if name := s.User.Name; name != "" && !strings.EqualFold(name, plan.Mailbox) {
		entry("User", "signs in as %s", name)
	}
	for _, c := range plan.Changes {
		entry("Change", "%s", p.changeWords(c))
		entry("Touches", "%s (scope: %s)", p.t(remedy.ForWhom), p.t(string(c.Scope)))
	}
}

// tryOAuth is the command that tries the way that weakens nothing, before
// anything is given up for a password; false where a token meets the same.
func tryOAuth(cause catalogue.Cause, mailbox string, next NextCommand) (string, bool) {
	if cause.Meets != catalogue.Password {
		return "", false
	}
	return next("diagnose", mailbox, "--oauth", string(catalogue.Browser))
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
func (l Language) SignedIn(account string, visiting bool, domain string) string {
	if visiting {
		return l.Say("%s, an account of another organisation, in %s", l.Say(account), domain)
	}
	return l.Say(account)
}

// cautions are what speaks against the change, or could.
func (p *page) cautions(plan remediate.Plan) []string {
	c := plan.Context
	var all []string
	add := func(format string, args ...any) { all = append(all, p.t(format, args...)) }
	if !c.Told {
		add("The reply does not name this cause; the tenant's settings alone show it, and the password is not proven. If it is wrong, this change does not help.")
	}
	if name := c.Subject.User.Name; !c.Told && name != "" && !strings.EqualFold(name, plan.Mailbox) {
		add("The account signs in as %s, not as %s: that alone may be why it was refused. Try that name first.", name, plan.Mailbox)
	}
	if plan.Scope() == fact.ScopeTenant {
		add("Without effect at the end of the wait this change is put back by itself (--keep leaves it).")
	}
	for _, code := range c.Others {
		text := p.t("Also in the way: %s [%s]", p.t(title(code)), code)
		if _, mendable := remediate.Lookup(code); !mendable {
			text += " " + p.t("Only a person can remove that, and until then nothing is sent.")
		}
		add("%s", text)
	}
	for _, u := range unreadReasons(c.Unread) {
		add("Not known, and perhaps in the way as well: %s. %s", p.titles(u, "; "), p.t(u.reason))
	}
	switch {
	case c.Roles.Known() && c.Roles.Value != fact.None:
		add("The account is an administrator's (%s). A mailbox that does nothing but send is the better one for a device.", c.Roles.Value)
	case plan.MustBeNamed():
		add("Whether the account is an administrator's could not be read. An administrator's second factor must stay. %s", p.t(c.Roles.Error))
	}
	return all
}
