package m365

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"smtpmend/internal/fact"
	"smtpmend/internal/secret"
)

// The kinds of failure. An error of Write that is not ErrUncertain means that
// the tenant holds what it held before.
var (
	// ErrSignIn: no token, or the API does not accept it.
	ErrSignIn = errors.New("sign-in failed")
	// ErrPermission: the token lacks a permission, or the account a role.
	ErrPermission = errors.New("permission or role missing")
	// ErrThrottled: the API asked to wait longer than smtpmend waits.
	ErrThrottled = errors.New("throttled")
	// ErrUnreachable: no answer, or none of the API's own.
	ErrUnreachable = errors.New("not reachable")
	// ErrOutsideCloud: the request would have left the hosts of the cloud.
	ErrOutsideCloud = errors.New("outside the cloud")
	// ErrRefused: the API refused for another reason, such as an unknown user.
	ErrRefused = errors.New("refused")
	// ErrNotWritable: smtpmend does not write this fact, or not this value.
	ErrNotWritable = errors.New("not writable")
	// ErrUncertain: the answer to a write was lost and reading back did not
	// show the new value; it may take effect yet.
	ErrUncertain = fact.ErrUncertain
)

// errNoMore is ErrRefused where the tenant has no other answer, whoever asks
// and when.
var errNoMore = fmt.Errorf("%w for good", ErrRefused)

// A fault is why one request to an API gave nothing to use. Its text holds no
// token and fits in a sentence.
type fault struct {
	kind error
	what string // "status 503 ServiceUnavailable: try later"
	next string // the next step, where it is known already
	code string // the API's own word for it: "AccessDenied"

	// uncertain says that the request may have been carried out all the same.
	uncertain bool
	// unsent says that no request was made.
	unsent bool
	// transient says that the same request may work a moment later.
	transient bool
	// location is where a redirect points.
	location *url.URL
}

func (f *fault) Error() string { return f.what }
func (f *fault) Unwrap() error { return f.kind }

// asFault finds the fault behind err. What it does not find was made by the
// SDK out of an answer that it could not parse; such an error is never
// printed, for its text may hold the answer, and its Error method may panic.
func asFault(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	return &fault{
		kind:      ErrUnreachable,
		what:      "the answer was cut short or is not the JSON of this API",
		next:      "look for a proxy in between, then try again",
		uncertain: true,
	}
}

// A problem is a sentence for the user and the kind of failure behind it.
type problem struct {
	text string
	kind error
}

func (p *problem) Error() string { return p.text }
func (p *problem) Unwrap() error { return p.kind }

// explain says why a fact could not be read or written: what happened at which
// API, and the missing permission or role or another next step. done is "did
// not give X" or "did not set X".
func explain(done string, row fact.Row, access fact.Access, c claims, f *fault) *problem {
	next := f.next
	switch {
	case next != "":
	case f.kind == ErrPermission:
		next = missing(row.API, access, c)
	case f.kind == ErrSignIn:
		next = "sign in again"
	case f.kind == ErrThrottled:
		next = "try again in a few minutes"
	default:
		next = "try again later"
	}
	return &problem{fmt.Sprintf("%s %s: %s; %s", row.API, done, f.what, next), f.kind}
}

// missing names what the caller lacks. What the token holds is read from it;
// of a token that cannot be read both are named.
func missing(api string, a fact.Access, c claims) string {
	const grant = ": grant it with admin consent, then sign in again"
	switch {
	case c.application():
		if lack := c.lacking(a.Application); len(lack) > 0 {
			return "the token lacks the application " + permissions(lack) + grant
		}
		if api == fact.APIExchange {
			return fmt.Sprintf("the application holds %s and needs a role besides: assign %s to its service principal, then sign in again", join(a.Application), a.Role)
		}
		return fmt.Sprintf("the token holds the application %s that this needs, so the consent may still be spreading: try again in a few minutes", permissions(a.Application))
	case c.delegated():
		if lack := c.lacking(a.Delegated); len(lack) > 0 && api == fact.APIGraph {
			return "the token lacks the delegated " + permissions(lack) + grant
		}
		return fmt.Sprintf("%s needs the role %s: assign it, then sign in again", c.account(), a.Role)
	default:
		return fmt.Sprintf("it needs the %s (for an application: %s) and the role %s: grant what is missing, then sign in again",
			permissions(a.Delegated), join(a.Application), a.Role)
	}
}

func permissions(names []string) string {
	if len(names) == 1 {
		return "permission " + names[0]
	}
	return "permissions " + join(names)
}

func join(words []string) string { return strings.Join(words, " and ") }

// clean makes an API's own words fit in a sentence: one line of bounded length
// without any of the secrets.
func clean(text string, secrets ...string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, secret.Mask)
		}
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfffd }), " ")
	const most = 240
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strings.TrimRight(text, ". ")
}
