package inventory

import (
	"cmp"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// judge fills in what follows from what was read of the mailbox.
func (j *join) judge(r *Row, id string) {
	org := j.settings.Facts.Get(fact.OrgSMTPAuth)
	switch r.Switch {
	case "on", "off":
		r.Effective = r.Switch
	case "inherit":
		r.Effective = org.Value
	}
	licence := r.Licence
	if r.Kind != "user" && licence == "no" {
		licence = "" // a mailbox that is nobody's own needs none
	}
	r.Blockers = j.blockers(cells{
		{fact.MailboxSMTPAuth, r.Switch}, {fact.MailboxKind, r.Kind}, {fact.UserAuthPolicySMTP, r.Policy},
		{fact.UserExchangeLicence, licence}, {fact.UserAccount, r.Account}, {fact.OrgConditionalAccess, j.access(id)},
	})
	if r.Affected = affected(r.Used, r.Blockers); r.Affected == nil || *r.Affected {
		r.Ways = waysFor(*r, j.settings)
	}
}

// cells are the facts of one mailbox; "" is unread.
type cells [6]struct {
	name  fact.Name
	value string
}

// blockers are those of a mailbox with such cells. Most mailboxes of a tenant
// are alike, so each kind is judged once; the list is not to be changed.
func (j *join) blockers(c cells) []catalogue.Code {
	list, judged := j.judged[c]
	if judged {
		return list
	}
	ev := slices.Clone(j.settings.Facts)
	for _, f := range c {
		if f.value != "" {
			ev = append(ev, fact.Reading{Fact: f.name, Value: f.value})
		}
	}
	list = diagnose.Blockers(ev, passwordMechanism)
	if len(j.judged) < maxJudged {
		j.judged[c] = list
	}
	return list
}

// maxJudged bounds what is remembered of judgements.
const maxJudged = 4096

// passwordMechanism stands for a sign-in with a password.
const passwordMechanism = "LOGIN"

// affected judges by use, for no setting has been published that tells: what
// submits with a password today stops.
func affected(u Used, blockers []catalogue.Code) *bool {
	yes, no := true, false
	switch {
	case u.Basic != nil && *u.Basic > 0:
		return &yes
	case u.Basic != nil:
		return &no
	case u.Undetermined > 0:
		return nil
	case u.SMTPApp != nil && *u.SMTPApp:
		return nil // with a password or with OAuth
	case u.SMTPApp != nil, len(blockers) > 0:
		return &no
	}
	return nil
}

// access is the value of org.conditional-access for a user, "" where the
// policies leave it open.
func (j *join) access(id string) string {
	if j.settings.Access == nil || id == "" {
		return ""
	}
	certain, open := j.settings.Access.Stops(id)
	for _, why := range open {
		j.openPolicies[why] = true
	}
	switch {
	case len(certain) > 0:
		return strings.Join(certain, "; ")
	case len(open) > 0:
		return ""
	}
	return fact.None
}

// policy is what the policy of an account, or else the default one, makes of
// passwords; "" where that was not read.
func (s Settings) policy(own string) string {
	if s.PoliciesErr != nil {
		return ""
	}
	name := cmp.Or(own, s.DefaultPolicy)
	if name == "" {
		return "allow"
	}
	return s.Policies[strings.ToLower(name)]
}
