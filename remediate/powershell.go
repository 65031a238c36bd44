package remediate

import (
	"net/url"
	"strings"

	"smtpmend/diagnose/catalogue"
)

// Commands returns the PowerShell that does what the plan does, for an
// administrator to run: connect, set, show. Those of p.Inverse() put it back.
func (p Plan) Commands() []string {
	remedy, ok := Lookup(p.Cause)
	if !ok {
		return nil
	}
	lines := []string{remedy.Connect}
	for _, c := range p.Changes {
		lines = append(lines, fill(remedy.Set, p.Mailbox, remedy.literal(c.To)), fill(remedy.Show, p.Mailbox, ""))
	}
	return lines
}

// Steps returns what to do in Microsoft's admin pages to make the plan's
// change by hand.
func (p Plan) Steps() []string {
	cause, _ := catalogue.Lookup(p.Cause)
	return cause.Portal
}

// Instead returns the way to submit that weakens nothing.
func (p Plan) Instead() string {
	cause, _ := catalogue.Lookup(p.Cause)
	return cause.WeakensNothing
}

func (r Remedy) literal(value string) string {
	for _, l := range r.Literals {
		if l.Value == value {
			return l.PowerShell
		}
	}
	return quote(value)
}

// fill completes a command. The address goes in quoted or, in a path that is
// quoted already, escaped so that no quote can end it.
func fill(command, mailbox, value string) string {
	return strings.NewReplacer("MAILBOX", quote(mailbox), "PATH", url.PathEscape(mailbox), "VALUE", value).Replace(command)
}

// PowerShell completes a line of the catalogue of causes for a mailbox, "" for a
// reader who has to fill it in.
func PowerShell(line, mailbox string) string {
	if mailbox == "" {
		return strings.NewReplacer("MAILBOX", "'<mailbox>'", "PATH", "<mailbox>").Replace(line)
	}
	return fill(line, mailbox, "")
}

// quote makes a PowerShell string without expansion. PowerShell takes the
// typographic single quotes for the plain one, so they are doubled too.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		if strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}
