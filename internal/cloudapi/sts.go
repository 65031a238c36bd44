package cloudapi

import (
	"cmp"
	"encoding/json"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// An stsError is the body of a refusal of the token endpoint.
type stsError struct {
	Error       string
	Description string `json:"error_description"`
}

// aadsts finds a refusal in a text: its number, and the words behind it.
var aadsts = regexp.MustCompile(`(?s)AADSTS(\d{5,8})\b.*`)

// parseSTS reads a body, or a text that came back from the browser. A body that
// is neither has nothing to say.
func parseSTS(body []byte) stsError {
	var e stsError
	if json.Unmarshal(body, &e) == nil {
		return e
	}
	return stsError{Description: html.UnescapeString(aadsts.FindString(string(body)))}
}

func (e stsError) said() bool { return e.Description != "" || e.Error != "" }

// pending reports whether the person has not answered yet.
func (e stsError) pending() bool {
	return e.Error == "authorization_pending" || e.Error == "slow_down"
}

// number is Entra's own for the refusal, 0 for none.
func (e stsError) number() int {
	match := aadsts.FindStringSubmatch(e.Description)
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(match[1])
	return n
}

// sentence is the description without the ids and times behind it.
func (e stsError) sentence() string {
	text, _, _ := strings.Cut(e.Description, "Trace ID:")
	return strings.TrimSpace(text)
}

// fault says what the refusal means for who asked with g; own are g's secrets.
func (e stsError) fault(g Grant, own []string) *Fault {
	row := stepFor(e.number())
	f := &Fault{
		Kind: ErrSignIn, Next: g.Called.in(row.next), about: row.about,
		lapsed: e.Error == "authorization_declined" || e.Error == "expired_token",
		What:   "the sign-in was refused: " + Clean(cmp.Or(e.sentence(), e.Error), own...),
	}
	if n := e.number(); n != 0 {
		f.Code = "AADSTS" + strconv.Itoa(n)
	}
	f.Said = e.refuses(own)
	if row.means != "" {
		f.What += " (" + row.means + ")"
	}
	return f
}

// refuses are the words of a well-formed refusal: an error with a description
// that begins with Entra's number. "" for any other.
func (e stsError) refuses(own []string) string {
	if e.Error == "" || !strings.HasPrefix(e.Description, "AADSTS") || e.number() == 0 {
		return ""
	}
	return Clean(e.sentence(), own...)
}

// in puts the names into a next step: TENANT, CLIENT, SECRET, CERTIFICATE and
// METHOD stand for them.
func (n Names) in(step string) string {
	return strings.NewReplacer("{tenant}", n.Tenant, "{client}", n.Client, "{secret}", n.Secret,
		"{certificate}", n.Certificate, "{method}", n.Method).Replace(step)
}
