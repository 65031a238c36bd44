package cloudapi

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"

	"smtpmend/internal/secret"
)

// The kinds of failure.
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
)

// A Fault is why one request to an API gave nothing to use. Its text holds no
// token and fits in a sentence.
type Fault struct {
	Kind error
	What string // "status 503 ServiceUnavailable: try later"
	Next string // the next step, where it is known already
	Code string // the API's own word for it: "AccessDenied"
	// Said are the words of Entra itself where it refused a sign-in with a number
	// of its own, without secrets; "" for all else.
	Said string

	// Uncertain says that the request may have been carried out all the same.
	Uncertain bool
	// Unsent says that no request was made.
	Unsent bool
	// transient says that the same request may work a moment later.
	transient bool
	// Status is the HTTP status of a refusal, from 400; 0 for any other fault.
	Status int
	// RetryAfter is how long the API asked to be left alone; 0 where it named
	// no time.
	RetryAfter time.Duration
	// empty says that the request was granted with nothing in the answer.
	empty bool

	// rejected says that Options.Accept refused the token.
	rejected bool
	// lapsed says that the person did not finish the sign-in.
	lapsed bool
	// about is what a refusal of the sign-in is about; its Code is set then.
	about about
	// location is where a redirect points.
	location *url.URL
}

func (f *Fault) Error() string { return f.What }
func (f *Fault) Unwrap() error { return f.Kind }

// AsFault finds the fault behind err. What it does not find was made by the
// SDK out of an answer that it could not parse; such an error is never
// printed, for its text may hold the answer, and its Error method may panic.
func AsFault(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return &Fault{
		Kind:      ErrUnreachable,
		What:      "the answer was cut short or is not the JSON of this API",
		Next:      "look for a proxy in between, then try again",
		Uncertain: true,
	}
}

// A problem is a sentence for the user and the kind of failure behind it.
type problem struct {
	text string
	kind error
	said string
}

func (p *problem) Error() string { return p.text }
func (p *problem) Unwrap() error { return p.kind }

// Said returns Entra's own words in err, as Fault has them.
func Said(err error) string {
	if p, ok := errors.AsType[*problem](err); ok {
		return p.said
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Said
	}
	return ""
}

// Errorf returns a sentence for the user that is of that kind.
func Errorf(kind error, format string, args ...any) error {
	return &problem{text: fmt.Sprintf(format, args...), kind: kind}
}

// Clean makes an API's own words fit in a sentence: one line of bounded length
// without any of the secrets.
func Clean(text string, secrets ...string) string {
	for _, s := range secrets {
		for _, form := range forms(s) {
			text = strings.ReplaceAll(text, form, secret.Mask)
		}
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0x9f || r == 0xfffd }), " ")
	const most = 240
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strings.TrimRight(text, ". ")
}

// percent finds an octet as URLs write it.
var percent = regexp.MustCompile(`%[0-9A-F]{2}`)

// forms are the ways in which a server may echo a secret: as it is, and as the
// request or a page writes it.
func forms(s string) []string {
	if s == "" {
		return nil
	}
	all := []string{s, html.EscapeString(s)}
	for _, escaped := range []string{url.QueryEscape(s), url.PathEscape(s), strings.ReplaceAll(url.QueryEscape(s), "+", "%20")} {
		all = append(all, escaped, percent.ReplaceAllStringFunc(escaped, strings.ToLower))
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		padded := e.EncodeToString([]byte(s))
		all = append(all, padded, url.QueryEscape(padded), strings.TrimRight(padded, "="))
	}
	return all
}

// NoValue is the fault of a granted request whose answer lacks what was asked.
func NoValue(what string) *Fault {
	return &Fault{
		Kind: ErrRefused,
		What: "the answer does not hold " + what,
		Next: "the API may have changed: report it with these words",
	}
}
