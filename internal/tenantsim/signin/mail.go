package signin

import (
	"net/http"
	"slices"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// The token with which a mailbox submits. Whoever asks for SMTP.Send signs in as
// a user of the tenant, and the rules for users hold.

// forMail reports whether the scopes ask for a user's submission.
func forMail(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return strings.HasSuffix(s, "/SMTP.Send") })
}

// admit chooses the person for a submission and judges whether the application
// lets that person in. That a disabled account is told before a missing
// assignment, and both before consent, is unconfirmed; at Microsoft they stay on
// the page before the person, which the client does not see.
func (g *grant) admit(c *web.Call, scopes []string) (web.Answer, bool) {
	if g.person == nil || !forMail(scopes) {
		return web.Answer{}, true
	}
	switch name := c.Now.MailSignIn; {
	case name != "":
		g.person = personOf(c.Now, name)
	case g.device && len(c.Now.Users) > 0:
		g.person = personOf(c.Now, c.Now.Users[0].Principal())
	}
	u := c.Now.Account(g.person.User)
	switch {
	case u != nil && u.Account == "disabled":
		return stsError(http.StatusBadRequest, "invalid_grant", 50057, "The user account is disabled."), false
	case !g.app.Admits(u):
		return stsError(http.StatusBadRequest, "invalid_grant", 50105,
			"Your administrator has configured the application "+g.app.Name+" ('"+g.app.ClientID+"') to block users unless they are specifically granted ('assigned') access to the application."), false
	}
	return web.Answer{}, true
}

// pass judges what Conditional Access says of a token for submission.
func (g *grant) pass(c *web.Call, granted []string) (web.Answer, bool) {
	var stopped []string
	switch u := g.user(c); {
	case g.person == nil:
		stopped = c.Now.AppStoppedBy(g.app)
	case u != nil && slices.Contains(granted, "SMTP.Send"):
		stopped = c.Now.TokenStoppedBy(u, g.device)
	}
	if len(stopped) == 0 {
		return web.Answer{}, true
	}
	return stsError(http.StatusBadRequest, "invalid_grant", 53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."), false
}

// user is the account behind the person, nil for one of no mailbox.
func (g *grant) user(c *web.Call) *state.User {
	if g.person == nil {
		return nil
	}
	return c.Now.Account(g.person.User)
}

// personID is the person's object id.
func (g *grant) personID(c *web.Call) string {
	if u := g.user(c); u != nil {
		return u.ID
	}
	return "e0000000-0000-4000-8000-0000000000ad"
}
