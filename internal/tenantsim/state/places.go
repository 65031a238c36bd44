package state

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"smtpmend/internal/fact"
)

// A place is where a fact stands in the state.
type place struct {
	name fact.Name
	// shared: the fact is the tenant's, whoever the user is, who may be nil.
	shared bool
	get    func(*State, *User) string
	// set does what an administrator, or for the sign-in log Entra, would do
	// to give the fact that value.
	set func(*State, *User, string)
}

// places has one row for each fact. user.auth-policy-smtp assigns or removes
// a policy, org.conditional-access leaves the one policy of that name, and
// user.sign-in-error adds a record, or for "none" removes those of the user.
var places = []place{
	ofOrg(fact.OrgSecurityDefaults, func(o *Org) *string { return &o.SecurityDefaults }),
	ofOrg(fact.OrgSMTPAuth, func(o *Org) *string { return &o.SMTPAuth }),
	{fact.OrgLegacyTLS, true, func(s *State, _ *User) string { return s.Org.legacyTLS() },
		func(s *State, _ *User, v string) { s.Org.LegacyTLS = v }},
	{fact.OrgPremium, true, func(s *State, _ *User) string { return s.Premium() },
		func(s *State, _ *User, v string) { s.Org.Premium = v }},
	{fact.OrgConditionalAccess, false, func(s *State, u *User) string { return orNone(s.StoppedBy(u)) },
		func(s *State, _ *User, v string) { s.Org.setConditionalAccess(v) }},
	ofUser(fact.MailboxSMTPAuth, func(u *User) *string { return &u.SMTPAuth }),
	ofUser(fact.MailboxKind, func(u *User) *string { return &u.Kind }),
	ofUser(fact.UserAccount, func(u *User) *string { return &u.Account }),
	ofUser(fact.UserExchangeLicence, func(u *User) *string { return &u.Licence }),
	{fact.UserPerUserMFA, false, func(_ *State, u *User) string { return u.PerUserMFA },
		func(_ *State, u *User, v string) { u.SetPerUserMFA(v) }},
	{fact.UserAuthPolicySMTP, false, (*State).AuthPolicySMTP, (*State).setAuthPolicySMTP},
	{fact.UserAdminRole, false, func(_ *State, u *User) string { return orNone(u.AdminRoles) },
		func(_ *State, u *User, v string) { u.AdminRoles = orNothing(v) }},
	{fact.UserSignInError, false, (*State).newestError, (*State).setNewestError},
}

func ofOrg(name fact.Name, field func(*Org) *string) place {
	return place{name, true,
		func(s *State, _ *User) string { return *field(&s.Org) },
		func(s *State, _ *User, v string) { *field(&s.Org) = v }}
}

func ofUser(name fact.Name, field func(*User) *string) place {
	return place{name, false,
		func(_ *State, u *User) string { return *field(u) },
		func(_ *State, u *User, v string) { *field(u) = v }}
}

func orNone(names []string) string { return cmp.Or(strings.Join(names, ", "), fact.None) }

func orNothing(value string) []string {
	if value == fact.None {
		return nil
	}
	return strings.Split(value, ", ")
}

func (o *Org) legacyTLS() string {
	if o.LegacyTLS == Unset {
		return "off"
	}
	return o.LegacyTLS
}

// setConditionalAccess leaves the one policy of that name, which keeps
// password sign-ins of everybody out.
func (o *Org) setConditionalAccess(name string) {
	o.ConditionalAccess = nil
	if name == fact.None {
		return
	}
	o.ConditionalAccess = []CAPolicy{{
		ID: "10ef4fe6-5e51-4f5c-8a52-000000000001", Name: name, State: "enabled",
		ClientApps: []string{"exchangeActiveSync", "other"}, Applications: []string{"All"},
		IncludeUsers: []string{"All"}, Controls: []string{"block"},
	}}
}

func (s *State) setAuthPolicySMTP(u *User, to string) {
	if u.AuthPolicy = ""; to == "block" {
		u.AuthPolicy = s.Org.blockPolicy()
	}
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
		if u.Named(r.Mailbox) && (newest == nil || r.Time.After(newest.Time)) {
			newest = &s.SignInLog.Records[i]
		}
	}
	if newest == nil {
		return fact.None
	}
	return strconv.Itoa(newest.Code)
}

func (s *State) setNewestError(u *User, to string) {
	var others []SignIn
	for _, r := range s.SignInLog.Records {
		if !u.Named(r.Mailbox) {
			others = append(others, r)
		}
	}
	code, err := strconv.Atoi(to)
	if s.SignInLog.Records = others; err == nil {
		s.SignInLog.Records = append(others, SignIn{
			ID: "66ea54eb-0000-0000-0001-" + u.ID[24:], Time: time.Now().UTC(), Mailbox: u.Principal(), Code: code,
		})
	}
}
