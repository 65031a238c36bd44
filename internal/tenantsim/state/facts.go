package state

import (
	"fmt"
	"strconv"
	"strings"

	"smtpmend/internal/fact"
)

// Fact returns the value of a fact as a perfect reader would see it, for the
// facts of a mailbox or user that of mailbox. It is "" when there is no such
// user or fact.
func (s *State) Fact(mailbox string, name fact.Name) string {
	u := s.User(mailbox)
	switch name {
	case fact.OrgSecurityDefaults:
		return s.Org.SecurityDefaults
	case fact.OrgSMTPAuth:
		return s.Org.SMTPAuth
	case fact.OrgLegacyTLS:
		return s.Org.LegacyTLS
	}
	if u == nil {
		return ""
	}
	switch name {
	case fact.OrgConditionalAccess:
		return orNone(strings.Join(s.StoppedBy(u), ", "))
	case fact.UserAuthPolicySMTP:
		return s.AuthPolicySMTP(u)
	case fact.UserSignInError:
		return s.newestError(u)
	}
	if field := u.field(name); field != nil {
		return *field
	}
	return ""
}

// Set gives a fact a value, as an administrator would. org.conditional-access
// takes the name of a policy that is added, or "none"; user.auth-policy-smtp
// assigns or removes a policy; user.sign-in-error cannot be set.
func (s *State) Set(mailbox string, name fact.Name, value string) error {
	u := s.User(mailbox)
	if u == nil {
		return fmt.Errorf("the tenant has no mailbox %s", mailbox)
	}
	switch name {
	case fact.OrgSecurityDefaults:
		s.Org.SecurityDefaults = value
	case fact.OrgSMTPAuth:
		s.Org.SMTPAuth = value
	case fact.OrgLegacyTLS:
		s.Org.LegacyTLS = value
	case fact.OrgConditionalAccess:
		s.setConditionalAccess(value)
	case fact.UserAuthPolicySMTP:
		if u.AuthPolicy = ""; value == "block" {
			u.AuthPolicy = s.Org.blockPolicy()
		}
	default:
		field := u.field(name)
		if field == nil {
			return fmt.Errorf("fact %q cannot be set", name)
		}
		*field = value
	}
	return s.Validate()
}

func (u *User) field(name fact.Name) *string {
	switch name {
	case fact.MailboxSMTPAuth:
		return &u.SMTPAuth
	case fact.UserPerUserMFA:
		return &u.PerUserMFA
	case fact.UserAccount:
		return &u.Account
	case fact.UserExchangeLicence:
		return &u.Licence
	case fact.MailboxKind:
		return &u.Kind
	}
	return nil
}

// setConditionalAccess leaves the one policy of that name, which keeps
// password sign-ins of everybody out.
func (s *State) setConditionalAccess(name string) {
	s.Org.ConditionalAccess = nil
	if name == fact.None {
		return
	}
	s.Org.ConditionalAccess = []CAPolicy{{
		ID: "10ef4fe6-5e51-4f5c-8a52-000000000001", Name: name, State: "enabled",
		ClientApps: []string{"exchangeActiveSync", "other"}, Applications: []string{"All"},
		IncludeUsers: []string{"All"}, Controls: []string{"block"},
	}}
}

// blockPolicy names a policy that refuses passwords for SMTP, and makes it if
// there is none of that name.
func (o *Org) blockPolicy() string {
	if o.policy(BlockPolicy) == nil {
		o.AuthPolicies = append(o.AuthPolicies, AuthPolicy{Name: BlockPolicy, SMTP: "block"})
	}
	return BlockPolicy
}

func (s *State) newestError(u *User) string {
	var newest *SignIn
	for i, r := range s.SignInLog.Records {
		if strings.EqualFold(r.Mailbox, u.Mailbox) && (newest == nil || r.Time.After(newest.Time)) {
			newest = &s.SignInLog.Records[i]
		}
	}
	if newest == nil {
		return fact.None
	}
	return strconv.Itoa(newest.Code)
}

func orNone(s string) string {
	if s == "" {
		return fact.None
	}
	return s
}
