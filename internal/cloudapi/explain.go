package cloudapi

import (
	"fmt"
	"strings"
)

// A Need is what a caller must have for a request to be granted.
type Need struct {
	API         string   // Graph or Exchange
	Delegated   []string // permissions of an app that acts for a signed-in user
	Application []string // permissions of an app that acts on its own
	Role        string   // the least role that does
}

// Explain says why something could not be done: what happened at which API,
// and the missing permission or role or another next step. done is "did not
// give X" or "did not set X", c what the token tells.
func Explain(done string, need Need, c Claims, f *Fault) error {
	next := f.Next
	switch {
	case next != "":
	case f.Kind == ErrPermission:
		next = need.missing(c)
	case f.Kind == ErrSignIn:
		next = "sign in again"
	default:
		next = nextStep(f.Kind)
	}
	return Errorf(f.Kind, "%s %s: %s; %s", need.API, done, f.What, next)
}

// nextStep is what to do about a fault that does not say it itself. Only where
// the credentials were looked at is it worth looking at them again.
func nextStep(kind error) string {
	switch kind {
	case ErrSignIn:
		return "check the credentials and the tenant"
	case ErrThrottled:
		return "try again in a few minutes"
	}
	return "try again later"
}

// missing names what the caller lacks. What the token holds is read from it;
// of a token that cannot be read both are named.
func (n Need) missing(c Claims) string {
	const grant = ": grant it with admin consent, then sign in again"
	switch {
	case c.application():
		if lack := c.Lacking(n.Application); len(lack) > 0 {
			return "the token lacks the application " + permissions(lack) + grant
		}
		if n.API == Exchange {
			return fmt.Sprintf("the application holds %s and needs a role besides: assign %s to its service principal, then sign in again", join(n.Application), n.Role)
		}
		return fmt.Sprintf("the token holds the application %s that this needs, so the consent may still be spreading: try again in a few minutes", permissions(n.Application))
	case c.delegated():
		if lack := c.Lacking(n.Delegated); len(lack) > 0 && n.API == Graph {
			return "the token lacks the delegated " + permissions(lack) + grant
		}
		return fmt.Sprintf("%s needs the role %s: assign it, then sign in again", c.account(), n.Role)
	default:
		return fmt.Sprintf("it needs the %s (for an application: %s) and the role %s: grant what is missing, then sign in again",
			permissions(n.Delegated), join(n.Application), n.Role)
	}
}

func permissions(names []string) string {
	if len(names) == 1 {
		return "permission " + names[0]
	}
	return "permissions " + join(names)
}

func join(words []string) string { return strings.Join(words, " and ") }
