package submission

import (
	"slices"
	"strings"

	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/token"
)

// A decision is what becomes of a sign-in over SMTP.
type decision struct {
	text front.Text
	// code is the AADSTS number in the sign-in log; reached is false when the
	// sign-in never came as far as Entra, which then has no record of it.
	code     int
	reached  bool
	policies []string // of Conditional Access, that stopped it
	// opener is the client id of the application that has to open the mailbox for
	// a message, "" for none.
	opener string
}

// The order in which a sign-in is stopped follows what threads saw one after
// the other when they mended one cause at a time: the switches of Exchange
// come first and hold for passwords and tokens alike, then what january.go
// assumes of passwords in general, then Exchange's authentication policies,
// then Entra. That Exchange decides before the
// password is looked at, and the order inside Entra, are unconfirmed.
func (b *Backend) decide(s *state.State, c front.Credentials) decision {
	token := c.Mechanism == "XOAUTH2"
	u := s.Holder(c.User)
	if u == nil || !token && !signsInAs(u, c.User) {
		return decision{text: front.CredentialsIncorrect, code: 50034, reached: true}
	}
	if u.Kind == "none" || u.Licence == "no" {
		return decision{text: front.MailboxInaccessible}
	}
	if text := switchedOff(s, u); text != (front.Text{}) {
		return decision{text: text}
	}
	if token {
		return b.decideToken(s, u, c.Secret.Reveal())
	}
	if text, off := basicAuthOff(s); off {
		return decision{text: text}
	}
	if s.AuthPolicySMTP(u) == "block" {
		return decision{text: front.BasicAuthDisabled}
	}
	d := decidePassword(s, u, c.Secret.Reveal())
	d.reached = true
	return d
}

// signsInAs decides that an address which is not the principal name is nobody's
// to Entra, like one that does not exist, and that a password sign-in goes to
// Entra by the name as it was given. Both are unconfirmed, and so is whether a
// token's user= field may name any address of the mailbox, as it may here.
func signsInAs(u *state.User, name string) bool {
	return u.AliasSignIn || strings.EqualFold(name, u.Principal())
}

// switchedOff is the refusal of a mailbox for which SMTP AUTH is off.
func switchedOff(s *state.State, u *state.User) front.Text {
	switch {
	case u.SMTPAuth == "off":
		return front.SMTPAuthOffMailbox
	case u.SMTPAuth == "inherit" && s.Org.SMTPAuth == "off":
		return front.SMTPAuthOffOrg
	}
	return front.Text{}
}

// decidePassword is Entra's part. Per-user MFA that is only enabled lets
// passwords through (Microsoft's user-states page). Which words go with a disabled account and
// with an expired password no source tells.
func decidePassword(s *state.State, u *state.User, password string) decision {
	appPassword := u.AppPassword != "" && password == u.AppPassword
	policies := s.StoppedBy(u)
	switch {
	case u.Locked:
		return decision{text: front.AccountLocked, code: 50053}
	case password == "" || password != u.Password && !appPassword:
		return decision{text: front.CredentialsIncorrect, code: 50126}
	case u.Account == "disabled":
		return decision{text: front.AccountIssue, code: 50057}
	case u.Expired:
		return decision{text: front.AccountIssue, code: 50055}
	case s.Org.SecurityDefaults == "on":
		return decision{text: front.SecurityDefaults, code: 530035}
	case u.PerUserMFA == "enforced" && !appPassword:
		return decision{text: front.CriteriaNotMet, code: 50076}
	case len(policies) > 0:
		return decision{text: front.CriteriaNotMet, code: 53003, policies: policies}
	}
	return decision{text: front.SignedIn}
}

// decideToken looks at an access token of the simulator's own. Microsoft
// says the same to all that is wrong with one.
func (b *Backend) decideToken(s *state.State, u *state.User, bearer string) decision {
	refused := decision{text: front.SignInRefused}
	t, err := token.Parse(bearer)
	if err != nil || t.Expired() || t.TenantID != s.TenantID || !b.forMail(t.Audience) {
		return refused
	}
	if t.User != "" { // a person's
		if !strings.EqualFold(t.User, u.Principal()) || !t.Allows("SMTP.Send") {
			return refused
		}
		return decision{text: front.SignedIn}
	}
	return decideApp(s, u, t)
}

// decideApp looks at the token of an application that acts on its own. With the
// permission in it the sign-in is accepted, and whether the application may open
// the mailbox is asked at the end of the message alone; without it Exchange's
// own role decides at once. What Exchange says where the mailbox is outside of
// the role's scope is unconfirmed.
func decideApp(s *state.State, u *state.User, t token.Claims) decision {
	app := s.App(t.AppID)
	switch {
	case app == nil, app.PrincipalID() != t.ObjectID:
	case t.Allows("SMTP.SendAsApp"):
		return decision{text: front.SignedIn, opener: t.AppID}
	case app.InScope(u):
		return decision{text: front.SignedIn}
	}
	return decision{text: front.SignInRefused}
}

func (b *Backend) forMail(audience string) bool {
	return audience == b.exchange || slices.Contains(token.MailAudiences, strings.TrimRight(audience, "/"))
}
