package diagnose

import (
	"slices"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// A term holds when the fact has one of the values. Without values it holds
// when the fact is anything but none. The values in open leave it open.
type term struct {
	fact   fact.Name
	values []string
	open   []string
}

// A condition is what the tenant shows where a cause stands in the way: all
// of its terms hold. Any one of the causes suffices to stop a submission.
type condition struct {
	cause catalogue.Code
	terms []term
}

// conditions is the table of blockers. What smtpmend can mend comes first, the
// narrowest remedy before the wider ones; what only a person can mend follows.
// A cause with two rows stands in the way when either holds.
var conditions = []condition{
	{catalogue.SMTPAuthOffMailbox, []term{{fact: fact.MailboxSMTPAuth, values: []string{"off"}}}},
	{catalogue.SMTPAuthOffOrg, []term{{fact: fact.MailboxSMTPAuth, values: []string{"inherit"}}, {fact: fact.OrgSMTPAuth, values: []string{"off"}}}},
	// An enabled user is let in with the password until the registration is
	// done, which these settings do not tell (entra-docs howto-mfa-userstates).
	{catalogue.PerUserMFA, []term{{fact: fact.UserPerUserMFA, values: []string{"enforced"}, open: []string{"enabled"}}}},
	{catalogue.SecurityDefaults, []term{{fact: fact.OrgSecurityDefaults, values: []string{"on"}}}},
	{catalogue.AuthPolicyBlocksBasic, []term{{fact: fact.UserAuthPolicySMTP, values: []string{"block"}}}},
	{catalogue.ConditionalAccess, []term{{fact: fact.OrgConditionalAccess}}},
	{catalogue.AccountDisabled, []term{{fact: fact.UserAccount, values: []string{"disabled"}}}},
	{catalogue.NoLicensedMailbox, []term{{fact: fact.MailboxKind, values: []string{fact.None}}}},
	{catalogue.NoLicensedMailbox, []term{{fact: fact.UserExchangeLicence, values: []string{"no"}}}},
}

// logged are the causes that no setting shows, only the sign-in log.
var logged = []catalogue.Code{
	catalogue.BadCredentials, catalogue.PasswordExpired, catalogue.AccountLocked, catalogue.SuspiciousSignIn, catalogue.FederationUnreachable,
}

// A truth is an answer of three values: what could not be read, or does not
// settle the matter, is neither yes nor no.
type truth int

const (
	unread truth = iota
	no
	yes
)

func (t term) in(ev fact.Evidence) truth {
	r := ev.Get(t.fact)
	switch {
	case !r.Known(), slices.Contains(t.open, r.Value):
		return unread
	case len(t.values) == 0 && r.Value != fact.None:
		return yes
	}
	if slices.Contains(t.values, r.Value) {
		return yes
	}
	return no
}

// in reports whether all terms hold: one that fails decides, whatever could
// not be read.
func (c condition) in(ev fact.Evidence) truth {
	all := yes
	for _, t := range c.terms {
		switch t.in(ev) {
		case no:
			return no
		case unread:
			all = unread
		}
	}
	return all
}

// stands reports whether the tenant shows cause, for all it has rows for.
func stands(cause catalogue.Code, ev fact.Evidence) truth {
	answer, rows := no, 0
	for _, c := range conditions {
		if c.cause != cause {
			continue
		}
		rows++
		switch c.in(ev) {
		case yes:
			return yes
		case unread:
			answer = unread
		}
	}
	if rows == 0 {
		return unread
	}
	return answer
}

// Shows reports whether any setting of the tenant shows cause.
func Shows(cause catalogue.Code) bool {
	return slices.ContainsFunc(conditions, func(c condition) bool { return c.cause == cause })
}

// blockers lists what the tenant shows for certain to stand in the way, in
// the order of the table. What only a password meets is left out for a token.
func blockers(ev fact.Evidence, mechanism string) []catalogue.Code {
	var all []catalogue.Code
	for _, c := range conditions {
		if c.in(ev) == yes && concerns(c.cause, mechanism) && !slices.Contains(all, c.cause) {
			all = append(all, c.cause)
		}
	}
	return all
}

// concerns reports whether a sign-in with this mechanism can meet cause.
func concerns(cause catalogue.Code, mechanism string) bool {
	return mechanism != probe.MechXOAUTH2 || !words.PasswordOnly(cause)
}
