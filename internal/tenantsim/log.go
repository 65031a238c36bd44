package tenantsim

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"smtpmend/internal/secret"
)

// A Request is one that the HTTPS server got, in the order of arrival.
type Request struct {
	API    string // login, graph, exchange, or "" for a path that is nobody's
	Method string
	Path   string // with the query, unescaped
	Cmdlet string // of Exchange
	// Writes is whether it asks for a change of the tenant.
	Writes bool
	// Body is without passwords, secrets and codes.
	Body string
	// Status is 0 while the request is not answered, and when it never got
	// an answer.
	Status int
}

// A Moment is when a Hook runs.
type Moment string

const (
	Before Moment = "before" // nothing has happened yet
	After  Moment = "after"  // the effect, unless a fault prevented it, is there; the answer is not sent
)

// A Hook sees each request at both moments. It runs in the request's
// goroutine and may call the Tenant.
type Hook func(Request, Moment)

// OnRequest sets the hook; nil removes it.
func (t *Tenant) OnRequest(h Hook) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hook = h
}

// Requests returns the requests so far.
func (t *Tenant) Requests() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.log)
}

// Writes returns those requests that asked for a change.
func (t *Tenant) Writes() []Request {
	return slices.DeleteFunc(t.Requests(), func(r Request) bool { return !r.Writes })
}

// note logs a request and returns its place in the log.
func (t *Tenant) note(r Request) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log = append(t.log, r)
	return len(t.log) - 1
}

func (t *Tenant) noteStatus(i, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log[i].Status = status
}

func (t *Tenant) tell(r Request, m Moment) {
	t.mu.Lock()
	hook := t.hook
	t.mu.Unlock()
	if hook != nil {
		hook(r, m)
	}
}

// secretFields are the keys of form and JSON bodies that hold secrets.
var secretFields = []string{
	"client_secret", "client_assertion", "password", "refresh_token", "device_code", "code",
}

// maskBody returns the body with its secrets replaced.
func maskBody(contentType string, body []byte) string {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return "(not a form)"
		}
		for _, key := range secretFields {
			if form.Has(key) {
				form.Set(key, secret.Mask)
			}
		}
		text, _ := url.QueryUnescape(form.Encode())
		return text
	}
	var fields map[string]any
	if len(body) == 0 || json.Unmarshal(body, &fields) != nil {
		return string(body)
	}
	for _, key := range secretFields {
		if _, ok := fields[key]; ok {
			fields[key] = secret.Mask
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return "(not JSON)"
	}
	return string(text)
}
